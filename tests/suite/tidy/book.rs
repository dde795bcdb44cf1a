//! The documentation as a book.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::docs::links;
use crate::workbench::{files_below, root};

/// The pages, by their path from docs.
fn pages() -> Vec<PathBuf> {
    let files = files_below(&root().join("docs")).into_iter();
    let pages = files.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let relative = pages.map(|path| path.strip_prefix(root().join("docs")).unwrap().to_owned());
    relative.filter(|path| path != Path::new("SUMMARY.md")).collect()
}

#[test]
fn every_page_is_in_the_book_once() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let mut listed: Vec<PathBuf> = links(&summary).into_iter().map(PathBuf::from).collect();
    listed.sort();
    let mut pages = pages();
    pages.sort();
    assert_eq!(listed, pages, "docs/SUMMARY.md and the pages under docs");
}

/// What is elsewhere in the repository is not in the book: pages name it as code.
#[test]
fn links_of_pages_stay_in_the_book() {
    for page in pages() {
        let depth = page.components().count() - 1;
        let text = fs::read_to_string(root().join("docs").join(&page)).unwrap();
        let leaves = |link: &String| link.matches("../").count() > depth;
        let out: Vec<_> = links(&text).into_iter().filter(leaves).collect();
        assert!(
            out.is_empty(),
            "docs/{}: {out:?} would lead nowhere in the book; write the path as code",
            page.display()
        );
    }
}

#[test]
fn the_book_is_built_without_warnings_and_its_links_lead_somewhere() {
    let Some(mdbook) = mdbook() else {
        println!("skipped: mdbook is neither in target/tools/bin nor on the PATH; .ci/run installs it");
        return;
    };
    let built = Command::new(mdbook).arg("build").current_dir(root()).env_remove("MDBOOK_LOG").output().unwrap();
    let said = String::from_utf8_lossy(&built.stderr).into_owned() + &String::from_utf8_lossy(&built.stdout);
    let complains = ["WARN", "ERROR"].iter().any(|word| said.contains(word));
    assert!(built.status.success() && !complains, "{said}");
    let book = root().join("target/book");
    for page in pages() {
        let page =
            book.join(page.with_file_name(page.file_name().unwrap().to_str().unwrap().replace("README", "index")));
        assert_links_lead_somewhere(&page.with_extension("html"));
    }
}

/// That of `.ci/run`, or that of the user.
fn mdbook() -> Option<PathBuf> {
    let candidates = [root().join("target/tools/bin/mdbook"), "mdbook".into()];
    candidates.into_iter().find(|program| Command::new(program).arg("--version").output().is_ok())
}

/// The values of an attribute in a page of HTML.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn assert_links_lead_somewhere(page: &Path) {
    let html = fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    for link in [attributes(&html, "href"), attributes(&html, "src")].concat() {
        if link.contains("://") || link.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
        assert!(target.exists(), "{}: {link} leads nowhere", page.display());
        let found = anchor.is_empty() || attributes(&fs::read_to_string(&target).unwrap(), "id").contains(&anchor);
        assert!(found, "{}: {link} has no such anchor", page.display());
    }
}
