//! Price books, price lists and usage that are wrong.

use crate::workbench::Bench;

/// A right book, of which each case replaces a part.
const BOOK: &str = r#"name = "mine"
provider = "me"
service = "Functions of mine"
currency = "USD"
as_of = 2026-01-01

[sources]
contract = "our contract"

[[rounding]]
granularity = "1ms"
minimum = "0ms"
init = true
source = "contract"
date = 2026-01-01
verified = "price-list"

[[meter]]
key = "duration"
name = "Duration"
unit = "GB-second"
counts = ["billed", "memory"]

[[price]]
meter = "duration"
region = "home"
price = "0.00001"
unit = "GB-second"
tier_to = 1_000
source = "contract"
date = 2026-01-01
verified = "price-list"

[[price]]
meter = "duration"
region = "home"
price = "0.000009"
unit = "GB-second"
tier_from = 1_000
source = "contract"
date = 2026-01-01
verified = "price-list"
"#;

/// What is replaced once, by what, the line that is named, and what is told.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("price = \"0.00001\"\nunit = \"GB-second\"", "price = \"0.00001\"", "book.toml:24", "missing field `unit`"),
    ("tier_from = 1_000", "tier_from = 900", "book.toml:34", "overlaps the one before it"),
    ("tier_from = 1_000", "tier_from = 1_100", "book.toml:34", "no tier covers quantities from 1000 to 1100"),
    ("tier_from = 1_000", "tier_from = 1_000\ntier_to = 2_000", "book.toml:34", "add a row with tier_from = 2000"),
    ("\"0.000009\"", "\"-0.000009\"", "book.toml:37", "is negative; expected zero or more"),
    ("\"0.000009\"", "0.000009", "book.toml:37", "expected a string"),
    ("meter = \"duration\"", "meter = \"duratoin\"", "book.toml:24", "did you mean \"duration\"?"),
    ("\"USD\"", "\"EUR\"", "book.toml:4", "unknown variant `EUR`, expected `USD`"),
    ("counts = [\"billed\", \"memory\"]", "counts = [\"billed\"]", "book.toml:18", "not measured in \"GB-second\""),
    (
        "source = \"contract\"\ndate = 2026-01-01\nverified = \"price-list\"\n\n[[meter]]",
        "source = \"contact\"\ndate = 2026-01-01\nverified = \"price-list\"\n\n[[meter]]",
        "book.toml:10",
        "did you mean \"contract\"?",
    ),
    ("granularity = \"1ms\"", "granularity = \"0ms\"", "book.toml:10", "the granularity is zero"),
];

const FUNCTION: &str =
    "[[bill]]\n\n[[bill.function]]\nbook_file = \"book.toml\"\nrequests = 10\nduration = \"1s\"\nmemory = \"1 GiB\"\n";

#[test]
fn a_right_book_is_right_and_bills() {
    let bench = Bench::with(&[("book.toml", BOOK), ("usage.toml", FUNCTION)]);
    assert_eq!(bench.succeed(&["prices", "check", "book.toml"]).out, "mine is right: 1 meters, 1 prices, 1 regions\n");
    let bill = bench.succeed(&["bill", "usage.toml", "--json", "--today", "2026-02-01"]);
    let bill: serde_json::Value = serde_json::from_str(&bill.out).unwrap();
    assert_eq!((&bill["bills"][0]["total"], &bill["notes"]), (&"0.0001 USD".into(), &serde_json::json!([])));
}

#[test]
fn each_mistake_in_a_book_is_told_with_file_and_line() {
    for (from, to, place, told) in WRONG {
        assert!(BOOK.contains(from), "{from}");
        let bench = Bench::with(&[("book.toml", &BOOK.replacen(from, to, 1)), ("usage.toml", FUNCTION)]);
        bench.run(&["prices", "check", "book.toml"]).assert_refused(&[place, told]);
        bench.run(&["bill", "usage.toml"]).assert_refused(&["usage.toml:3: ", place, told]);
        bench.run(&["bill", "--book-file", "book.toml", "--requests", "1"]).assert_refused(&[place, told]);
    }
}

#[test]
fn each_mistake_in_usage_is_told_with_file_and_line() {
    let service = "[[bill]]\n[[bill.service]]\nbook = \"aws-sqs\"\nmeter = \"standard_request\"\nquantity = 1\n";
    for (text, place, told) in [
        (FUNCTION.replace("book.toml", "nosuch.toml"), "usage.toml:3", "nosuch.toml: cannot read the price book"),
        (
            FUNCTION.replace("book_file = \"book.toml\"\n", ""),
            "usage.toml:3",
            "no price book; add book = \"aws-lambda\"",
        ),
        (
            FUNCTION.replace("book_file = \"book.toml\"", "book = \"aws-lamda\""),
            "usage.toml:3",
            "did you mean \"aws-lambda\"?",
        ),
        (FUNCTION.replace("requests = 10", "requests = -10"), "usage.toml:5", "expected u64"),
        (FUNCTION.replace("requests", "request"), "usage.toml:5", "unknown field `request`"),
        (FUNCTION.replace("1s", "1"), "usage.toml:6", "has no unit"),
        (format!("{FUNCTION}region = \"hone\"\n"), "usage.toml:3", "did you mean \"home\"?"),
        (format!("{FUNCTION}cold_starts = 11\n"), "usage.toml:3", "11 cold starts of 10 requests"),
        (format!("{FUNCTION}purchase_option = \"cud\"\n"), "usage.toml:3", "has prices on demand only"),
        (
            FUNCTION.replace("book_file = \"book.toml\"", "book = \"aws-sqs\""),
            "usage.toml:3",
            "bills no functions; use [[bill.service]]",
        ),
        (
            FUNCTION.replace("book_file = \"book.toml\"", "book = \"azure-functions-premium\""),
            "usage.toml:3",
            "add lifetime",
        ),
        (
            FUNCTION.replace("book_file = \"book.toml\"", "book = \"gcp-cloud-run\""),
            "usage.toml:3",
            "needs the number of vCPUs",
        ),
        (
            format!("{FUNCTION}provisioned = {{ instances = 1, time = \"1h\" }}\n"),
            "usage.toml:3",
            "has no meter for provisioned instances",
        ),
        (service.replace("standard_request", "request"), "usage.toml:2", "has no meter \"request\""),
        (service.replace("= 1", "= -1"), "usage.toml:5", "is negative"),
        (service.replace("= 1", "= \"1 GB\""), "usage.toml:2", "cannot be counted in \"request\""),
        (
            service.replace("= 1", "= 100_000_000_001"),
            "usage.toml:2",
            "no price for \"standard_request\" above 100000000000",
        ),
        (format!("{service}load = {{ speed = 1 }}\n"), "usage.toml:2", "has no capacity; remove load"),
        ("name = 1".into(), "usage.toml:1", "unknown field `name`, expected `bill`"),
    ] {
        let bench = Bench::with(&[("book.toml", BOOK), ("usage.toml", &text)]);
        bench.run(&["bill", "usage.toml"]).assert_refused(&[place, told]);
        assert_eq!(bench.names(), ["book.toml", "usage.toml"], "nothing is left");
    }
}

#[test]
fn wrong_options_are_refused() {
    let bench = Bench::new();
    for (arguments, told) in [
        (vec!["bill"], "required arguments were not provided"),
        (vec!["bill", "--book", "aws-lamda"], "did you mean \"aws-lambda\"?"),
        (vec!["bill", "--book", "aws-lambda", "--requests", "many"], "is not a whole number"),
        (vec!["bill", "--book", "aws-lambda", "--memory", "1536"], "has no unit"),
        (vec!["bill", "--book", "aws-lambda", "--region", "us-esat-1"], "did you mean \"us-east-1\"?"),
        (vec!["bill", "--book", "aws-lambda", "--architecture", "arm"], "expected \"x86_64\" or \"arm64\""),
        (vec!["bill", "--book", "aws-lambda", "--today", "soon"], "is not a date"),
        (vec!["bill", "nosuch.toml"], "nosuch.toml: cannot read the usage"),
        (vec!["prices", "show", "aws-lamda"], "did you mean \"aws-lambda\"?"),
        (vec!["prices", "compare"], "nothing to compare"),
        (vec!["prices", "compare", "--meter", "nosuch"], "no book has a meter `nosuch`"),
        (vec!["prices", "check", "nosuch.toml"], "nosuch.toml: cannot read the price book"),
        (vec!["prices", "import", "nosuch.csv"], "nosuch.csv: cannot read the price list"),
    ] {
        bench.run(&arguments).assert_refused(&[told]);
    }
}

#[test]
fn a_price_list_of_another_service_is_refused() {
    let list = "\"FormatVersion\",\"v1.0\"\n\"Publication Date\",\"2026-08-31T00:00:00Z\"\n\"Version\",\"1\"\n\"OfferCode\",\"AmazonEC2\"\n\
                \"SKU\",\"TermType\",\"StartingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"serviceCode\",\"usageType\"\n";
    let bench = Bench::with(&[("list.csv", list), ("broken.json", "{\n  \"skus\": [\n")]);
    let told = "list.csv: a price list of AmazonEC2, not of AWSLambda, from which aws-lambda is made";
    bench.run(&["prices", "import", "list.csv", "--book", "aws-lambda", "--out", "b.toml"]).assert_refused(&[told]);
    bench.run(&["prices", "import", "broken.json"]).assert_refused(&["broken.json:3: EOF"]);
    assert_eq!(bench.names(), ["broken.json", "list.csv"]);
}

#[test]
fn old_and_second_hand_prices_are_told() {
    let bench = Bench::with(&[]);
    let bill = |today: &str| {
        let options =
            ["bill", "--book", "aws-lambda", "--requests", "3000000", "--duration", "120ms", "--memory", "1536MB"];
        bench.succeed(&[options.as_slice(), &["--today", today]].concat()).out
    };
    let young = bill("2027-03-05");
    assert!(young.contains("2.73 USD") && young.contains("duration (second-hand)"), "{young}");
    assert!(!young.contains("days ago"), "180 days are not old: {young}");
    assert!(bill("2027-03-06").contains("the oldest price is of 2026-09-06, 181 days ago"));
}
