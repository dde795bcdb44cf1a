//! Documents that lead somewhere, and dependencies that are used and explained.

use std::fs;
use std::path::{Path, PathBuf};

use super::sources::sources;
use crate::workbench::{files_below, root};

/// README, CHANGELOG and everything under docs.
fn documents() -> Vec<PathBuf> {
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let all = top.chain(files_below(&root().join("docs")));
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The targets of links and images, outside code.
pub fn links(text: &str) -> Vec<String> {
    let blocks = text.split("```").step_by(2);
    let prose: String = blocks.flat_map(|block| block.split('`').step_by(2)).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.split(' ').next().unwrap().to_owned()).collect()
}

/// The anchors that a reader of Markdown makes of the headings.
fn anchors(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2).flat_map(str::lines);
    let headings = prose.filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    };
    headings.map(anchor).collect()
}

fn leads_somewhere(document: &Path, link: &str) -> bool {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { document.to_owned() } else { document.parent().unwrap().join(path) };
    let is_markdown = target.extension().is_some_and(|extension| extension == "md");
    target.exists()
        && (anchor.is_empty()
            || !is_markdown
            || anchors(&fs::read_to_string(target).unwrap()).contains(&anchor.to_owned()))
}

#[test]
fn links_lead_somewhere() {
    for document in documents() {
        let links = links(&fs::read_to_string(&document).unwrap());
        let relative = links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
        let dead: Vec<_> = relative.filter(|link| !leads_somewhere(&document, link)).collect();
        assert!(dead.is_empty(), "{}: {dead:?}", document.display());
    }
}

/// Paths of the repository in code, such as `src/main.rs`; those with a place to fill in, such as `<name>`, are left out.
fn paths(text: &str) -> Vec<&str> {
    let code = text.split("```").step_by(2).flat_map(|block| block.split('`').skip(1).step_by(2));
    let folders = ["src/", "tests/", "examples/", "benches/", "scenarios/", "prices/", "docs/", "notebooks/"];
    let is_path = |code: &&str| folders.iter().any(|folder| code.starts_with(folder));
    code.filter(is_path).filter(|code| !code.contains([' ', '<', '*'])).collect()
}

#[test]
fn paths_in_code_exist() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let dead: Vec<_> = paths(&text).into_iter().filter(|path| !root().join(path).exists()).collect();
        assert!(dead.is_empty(), "{}: {dead:?}", document.display());
    }
}

/// The names in a section of Cargo.toml.
fn dependencies(section: &str) -> Vec<String> {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    manifest[section].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn every_dependency_is_used() {
    let program: String = sources().into_iter().map(|source| source.text).collect();
    let rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let around = ["tests", "benches"].into_iter().flat_map(|folder| files_below(&root().join(folder))).filter(rust);
    let around: String = around.map(|path| fs::read_to_string(path).unwrap()).collect();
    for (section, text) in [("dependencies", &program), ("dev-dependencies", &(program.clone() + &around))] {
        for name in dependencies(section) {
            let name = name.replace('-', "_");
            let used = [format!("{name}::"), format!("use {name};")].iter().any(|path| text.contains(path));
            assert!(used, "{name} is in Cargo.toml, but nothing uses it");
        }
    }
}

#[test]
fn every_dependency_is_explained() {
    let document = root().join("docs/dependencies.md");
    let Ok(text) = fs::read_to_string(&document) else {
        println!("skipped: docs/dependencies.md does not exist");
        return;
    };
    for name in [dependencies("dependencies"), dependencies("dev-dependencies")].concat() {
        assert!(text.contains(&format!("`{name}`")), "docs/dependencies.md does not name `{name}`");
    }
}
