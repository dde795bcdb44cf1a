//! Published examples of bills, reproduced to the cent. They are samples for users, too: `coldcast bill` reads them.

use std::path::{Path, PathBuf};

use crate::billing::bill::{self, Bill};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("prices/examples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn bills() -> Vec<Bill> {
    files().iter().flat_map(|path| bill::read(path).unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn published_examples_are_reproduced() {
    let mut wrong = Vec::new();
    for bill in bills() {
        let expected = bill.expected.clone().unwrap_or_else(|| panic!("{} expects something", bill.name));
        assert!(expected.source.is_some() && expected.kind.is_some(), "{} says where it stands", bill.name);
        match (bill.meets(&expected), &expected.differs) {
            (Ok(()), None) | (Err(_), Some(_)) => (),
            (Err(problem), None) => wrong.push(format!("{}: {problem}", bill.name)),
            (Ok(()), Some(_)) => wrong.push(format!("{} does not differ", bill.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_example_is_there() {
    let kinds: Vec<String> = bills().into_iter().filter_map(|bill| bill.expected?.kind).collect();
    let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
    // Two more are no bills: the rounding of memory by Azure and of init by AWS, in `measure` and `bill::function`.
    assert_eq!(count("official"), 28);
    assert_eq!(count("official-inconsistent") + count("official-model-dependent"), 3);
    assert_eq!(count("official-test-code"), 5);
    assert_eq!(count("official-historic"), 1);
    assert_eq!(count("third-party-golden"), 13);
}

#[test]
fn names_are_unique() {
    let mut names: Vec<String> = bills().into_iter().map(|bill| bill.name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// The example with that mark in docs/pricing.md.
fn in_the_guide(mark: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pricing.md");
    let text = std::fs::read_to_string(guide).unwrap();
    let (_, rest) = text.split_once(&format!("```toml {mark}\n")).unwrap();
    rest.split("```").next().unwrap().to_owned()
}

#[test]
fn the_examples_of_the_guide_are_right() {
    let bills = bill::parse("docs/pricing.md", &in_the_guide("bill"), Path::new("")).unwrap();
    let sold: Vec<&str> =
        bills[0].lines().filter(|line| !line.amount.as_dollars().is_zero()).map(|line| line.meter.as_str()).collect();
    for meter in ["duration", "provisioned_duration", "standard_request", "alb_lcu", "management_fee"] {
        assert!(sold.contains(&meter), "{meter} is not on the bill: {sold:?}");
    }
    let book = crate::billing::book_file::parse("docs/pricing.md", &in_the_guide("book")).unwrap();
    assert_eq!((book.name.as_str(), book.service.as_str()), ("our-lambda", "AWS Lambda"));
}
