//! Books that are read, and books that are refused.

use std::collections::BTreeMap;

use super::parse;
use crate::billing::book::Offer;
use crate::billing::charge::Architecture;

const HEAD: &str = r#"
name = "mine"
provider = "me"
service = "functions"
currency = "USD"
as_of = 2026-01-01
sources = { offer = "my offer" }
rounding = [{ granularity = "1ms", minimum = "0s", init = true, source = "offer", date = 2026-01-01, verified = "price-list" }]
meter = [{ key = "duration", name = "Duration", unit = "GB-second", counts = ["billed", "memory"] }, { key = "request", name = "Requests", unit = "request" }]
"#;

/// A row at line 10 or later; `changes` replace or add `key = value`, an empty value removes the key.
fn row(changes: &[(&str, &str)]) -> String {
    let mut keys = BTreeMap::from([
        ("meter", r#""duration""#),
        ("region", r#""home""#),
        ("architecture", r#""arm64""#),
        ("price", r#""0.1""#),
        ("unit", r#""GB-second""#),
        ("source", r#""offer""#),
        ("date", "2026-01-01"),
        ("verified", r#""price-list""#),
    ]);
    keys.extend(changes.iter().copied());
    let lines = keys.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key} = {value}\n"));
    format!("[[price]]\n{}", lines.collect::<String>())
}

fn error(head: &str, rows: &[String]) -> String {
    parse("my.toml", &format!("{head}{}", rows.concat())).unwrap_err().to_string()
}

#[test]
fn tiers_in_any_order_make_a_schedule() {
    let rows = [row(&[("tier_from", "5")]), row(&[("tier_to", "5"), ("price", r#""0.2""#)])];
    let book = parse("my.toml", &format!("{HEAD}{}", rows.concat())).unwrap();
    let schedule =
        &book.regions["home"][&Offer { charge: 0, architecture: Some(Architecture::Arm64), purchase_option: None }];
    let tiers: Vec<_> = schedule.tiers().iter().map(|tier| (tier.from.to_string(), tier.price.to_string())).collect();
    assert_eq!(tiers, [("0".into(), "0.2 USD".into()), ("5".into(), "0.1 USD".into())]);
}

#[test]
fn wrong_rows_are_refused_with_their_line() {
    for (changes, reason) in [
        (("unit", ""), "missing field `unit`"),
        (("unit", r#""GB-hour""#), "the unit of \"duration\" is \"GB-second\", not \"GB-hour\""),
        (("unit", r#""request""#), "the unit of \"duration\" is \"GB-second\", not \"request\""),
        (("price", r#""-0.1""#), "is negative"),
        (("price", r#""cheap""#), "is not a price"),
        (("price", "0.1"), "expected a string"),
        (("meter", r#""duratoin""#), "the book has no meter \"duratoin\"; did you mean \"duration\"?"),
        (("meter", r#""invocations""#), "there is duration, request"),
        (("architecture", r#""arm""#), "expected `x86_64` or `arm64`"),
        (("source", r#""ofer""#), "did you mean \"offer\"?"),
        (("source", ""), "missing field `source`"),
        (("verified", r#""trust me""#), "unknown variant `trust me`"),
        (("date", r#""yesterday""#), "expected"),
        (("tier_from", "7"), "no tier covers quantities from 0 to 7"),
        (("tier_to", "7"), "no tier covers quantities above 7"),
        (("tier_to", "0"), "ends before it begins"),
        (("pirce", "1"), "unknown field `pirce`"),
    ] {
        let message = error(HEAD, &[row(&[changes])]);
        assert!(message.contains(reason), "{changes:?}: {message}");
        assert!(message.starts_with("my.toml:"), "{message}");
    }
}

#[test]
fn overlapping_and_gapped_tiers_are_refused() {
    let first = row(&[("tier_to", "10")]);
    for (from, reason) in [("9", "overlaps the one before it"), ("11", "no tier covers quantities from 10 to 11")] {
        let message = error(HEAD, &[first.clone(), row(&[("tier_from", from)])]);
        assert!(message.starts_with("my.toml:20: ") && message.contains(reason), "{message}");
    }
    let message = error(HEAD, &[row(&[]), row(&[])]);
    assert!(message.contains("this tier of duration in home on arm64 overlaps"), "{message}");
}

#[test]
fn wrong_heads_are_refused() {
    for (right, wrong, reason) in [
        ("USD", "EUR", "unknown variant `EUR`, expected `USD`"),
        ("\"GB-second\", counts", "\"GB-\", counts", "\"GB-\" is not a unit"),
        ("[\"billed\", \"memory\"]", "[\"billed\"]", "is not measured in \"GB-second\""),
        ("[\"billed\", \"memory\"]", "[\"biled\", \"memory\"]", "unknown variant `biled`"),
        ("key = \"request\"", "key = \"duration\"", "the meter \"duration\" exists already"),
        ("provider = \"me\"\n", "", "provider is missing"),
        ("\"1ms\"", "\"0ms\"", "the granularity is zero"),
        ("name = \"mine\"\n", "", "missing field `name`"),
    ] {
        let message = error(&HEAD.replace(right, wrong), &[row(&[])]);
        assert!(message.starts_with("my.toml:") && message.contains(reason), "{message}");
    }
    let free = "[[free]]\nmeters = [\"request\"]\nquantity = 1\nunit = \"request\"\nsource = \"offer\"\n\
                date = 2026-01-01\nverified = \"price-list\"\n";
    assert!(error(HEAD, &[row(&[]), free.into(), free.into()]).contains("already has free units"));
    assert!(error(HEAD, &[]).contains("missing field `price`"));
}

#[test]
fn an_end_of_what_is_known_must_be_said() {
    let known = [row(&[("tier_to", "10"), ("beyond", r#""unknown""#)])];
    let book = parse("my.toml", &format!("{HEAD}{}", known.concat())).unwrap();
    let schedule = book.regions["home"].values().next().unwrap();
    assert_eq!(schedule.known_to(), Some(rust_decimal::Decimal::from(10)));
    assert!(error(HEAD, &[row(&[("beyond", r#""unknown""#)])]).contains("add tier_to"));
}

#[test]
fn a_book_can_be_like_another() {
    let head = "name = \"mine\"\nlike = \"aws-lambda\"\ncurrency = \"USD\"\nas_of = 2026-01-01\nsources = { offer = \"my offer\" }\n";
    let book = parse("my.toml", &format!("{head}{}", row(&[]))).unwrap();
    assert_eq!((book.provider.as_str(), book.service.as_str()), ("aws", "AWS Lambda"));
    assert!(!book.free.is_empty() && !book.rounding.is_empty());
    assert_eq!(book.regions.keys().collect::<Vec<_>>(), ["home"], "prices are its own");
    let message = error(&head.replace("aws-lambda", "aws-lamda"), &[row(&[])]);
    assert_eq!(message, "my.toml:2: unknown price book; did you mean \"aws-lambda\"?");
}

#[test]
fn regions_can_be_known_by_several_names() {
    let regions = |table: &str| format!("{HEAD}{}[regions]\n{table}", row(&[]));
    let book = parse("my.toml", &regions("home = [\"here\", \"there\"]")).unwrap();
    assert_eq!(book.region(Some("there")).unwrap(), "home");
    for (table, reason) in [
        ("hone = [\"here\"]", "which has no prices"),
        ("home = [\"here\", \"here\"]", "has two prices"),
        ("home = [\"home\"]", "has two prices"),
    ] {
        let message = parse("my.toml", &regions(table)).unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn two_rules_of_the_same_time_are_refused() {
    let rule = "{ granularity = \"1ms\", minimum = \"0s\", init = true, source = \"offer\", date = 2026-01-01, verified = \"price-list\" }";
    let twice = HEAD.replace(rule, &format!("{rule}, {rule}"));
    assert!(error(&twice, &[row(&[])]).contains("hold from the same date"));
}
