//! The TOML form of a price book, read strictly.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Date;

use crate::amount::Money;
use crate::billing::book::{Book, Currency, Evidence, Service, Trust};
use crate::billing::charge::{Architecture, Charge, Unit};
use crate::billing::error::{BookError, suggest};
use crate::billing::meter::Meter;
use crate::billing::plan::{Free, Schedule, Tier};
use crate::time::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookFile {
    name: String,
    provider: String,
    service: Service,
    currency: Currency,
    as_of: Date,
    /// The text of each source that a row names.
    sources: BTreeMap<String, String>,
    rounding: Spanned<RoundingRow>,
    price: Vec<Spanned<PriceRow>>,
    #[serde(default)]
    free: Vec<Spanned<FreeRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundingRow {
    granularity: Span,
    minimum: Span,
    init: bool,
    source: String,
    date: Date,
    verified: Trust,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceRow {
    meter: Charge,
    region: String,
    architecture: Architecture,
    #[serde(deserialize_with = "price")]
    price: Money,
    unit: Unit,
    #[serde(default)]
    tier_from: u64,
    tier_to: Option<u64>,
    source: String,
    date: Date,
    verified: Trust,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreeRow {
    meter: Charge,
    quantity: u64,
    unit: Unit,
    source: String,
    date: Date,
    verified: Trust,
    note: Option<String>,
}

/// Reads the price of a row: decimal text, so that no digit is lost.
fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    let text = String::deserialize(deserializer)?;
    let price = Decimal::from_str_exact(&text).map_err(|_| {
        D::Error::custom(format!("\"{text}\" is not a price; expected decimal text such as \"0.0000166667\""))
    })?;
    if price < Decimal::ZERO {
        return Err(D::Error::custom(format!("the price \"{text}\" is negative; expected zero or more")));
    }
    Ok(Money::from_dollars(price))
}

/// A text and its name, to say where an error is.
struct Place<'a> {
    file: &'a str,
    text: &'a str,
    sources: BTreeMap<String, String>,
}

impl Place<'_> {
    fn error<T>(&self, row: &Spanned<T>, problem: impl Into<String>) -> BookError {
        BookError::Row { file: self.file.into(), line: self.line(row), problem: problem.into() }
    }

    fn line<T>(&self, row: &Spanned<T>) -> usize {
        line_of(self.text, row.span().start)
    }

    fn evidence<T>(&self, row: &Spanned<T>, of: (&str, Date, Trust, &Option<String>)) -> Result<Evidence, BookError> {
        let (name, date, verified, note) = of;
        let unknown = || {
            let nearest = suggest(name, self.sources.keys().map(String::as_str));
            self.error(row, format!("[sources] has no \"{name}\"; {nearest}"))
        };
        let source = self.sources.get(name).ok_or_else(unknown)?.clone();
        Ok(Evidence { source, date, verified, note: note.clone() })
    }

    fn check_unit<T>(&self, row: &Spanned<T>, charge: Charge, unit: Unit, service: Service) -> Result<(), BookError> {
        if !service.charges().contains(&charge) {
            return Err(self.error(row, format!("the service does not bill the meter \"{}\"", charge.key())));
        }
        if charge.unit() != unit {
            let expected = charge.unit();
            return Err(self.error(row, format!("the unit of \"{}\" is \"{expected}\", not \"{unit}\"", charge.key())));
        }
        Ok(())
    }
}

/// The line, from 1, of a byte of a text.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count()
}

/// Reads a book from `text`; `file` is its name in errors.
pub(super) fn parse(file: &str, text: &str) -> Result<Book, BookError> {
    let book: BookFile = toml::from_str(text).map_err(|error| BookError::Row {
        file: file.into(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        problem: error.message().into(),
    })?;
    let place = Place { file, text, sources: book.sources };
    let (meter, meter_evidence) = rounding(&place, &book.rounding)?;
    let regions = prices(&place, book.price, book.service)?;
    let free = free_units(&place, &book.free, book.service)?;
    let (name, provider, service, currency, as_of) =
        (book.name, book.provider, book.service, book.currency, book.as_of);
    Ok(Book { name, provider, service, currency, as_of, meter, meter_evidence, regions, free })
}

fn rounding(place: &Place, row: &Spanned<RoundingRow>) -> Result<(Meter, Evidence), BookError> {
    let rounding = row.get_ref();
    if rounding.granularity == Span::ZERO {
        return Err(place.error(row, "the granularity is zero; exact billing has \"1ns\""));
    }
    let meter = Meter { granularity: rounding.granularity, minimum: rounding.minimum, bills_init: rounding.init };
    let evidence = place.evidence(row, (&rounding.source, rounding.date, rounding.verified, &rounding.note))?;
    Ok((meter, evidence))
}

type Prices = BTreeMap<String, BTreeMap<(Charge, Architecture), Schedule>>;

fn prices(place: &Place, rows: Vec<Spanned<PriceRow>>, service: Service) -> Result<Prices, BookError> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        let price = row.get_ref();
        place.check_unit(&row, price.meter, price.unit, service)?;
        groups.entry((price.region.clone(), (price.meter, price.architecture))).or_default().push(row);
    }
    let mut prices = Prices::new();
    for ((region, key), rows) in groups {
        prices.entry(region).or_default().insert(key, schedule(place, rows)?);
    }
    Ok(prices)
}

/// The tiers of one charge: together they must cover every quantity from zero, each once.
fn schedule(place: &Place, mut rows: Vec<Spanned<PriceRow>>) -> Result<Schedule, BookError> {
    rows.sort_by_key(|row| row.get_ref().tier_from);
    let mut tiers = Vec::new();
    let mut covered = Some(0);
    for row in &rows {
        let tier = row.get_ref();
        check_tier(place, row, covered)?;
        let evidence = Some(place.evidence(row, (&tier.source, tier.date, tier.verified, &tier.note))?);
        tiers.push(Tier { from: Decimal::from(tier.tier_from), price: tier.price, evidence });
        covered = tier.tier_to;
    }
    if let (Some(end), Some(last)) = (covered, rows.last()) {
        let problem =
            format!("no tier covers quantities above {end}; add a row with tier_from = {end}, or remove tier_to");
        return Err(place.error(last, problem));
    }
    Ok(Schedule::tiered(tiers))
}

/// Checks that a tier begins where the tiers before it end; `covered` is `None` if they have no end.
fn check_tier(place: &Place, row: &Spanned<PriceRow>, covered: Option<u64>) -> Result<(), BookError> {
    let tier = row.get_ref();
    let from = tier.tier_from;
    if tier.tier_to.is_some_and(|to| to <= from) {
        return Err(place.error(row, format!("the tier ends before it begins: tier_to must be more than {from}")));
    }
    match covered {
        Some(end) if end == from => Ok(()),
        Some(end) if end < from => Err(place.error(row, format!("no tier covers quantities from {end} to {from}"))),
        _ => {
            let key = (tier.meter.key(), &tier.region, tier.architecture);
            let problem = format!("this tier of {} in {} on {} overlaps the one before it", key.0, key.1, key.2);
            Err(place.error(row, problem))
        }
    }
}

fn free_units(place: &Place, rows: &[Spanned<FreeRow>], service: Service) -> Result<BTreeMap<Charge, Free>, BookError> {
    let mut free = BTreeMap::new();
    for row in rows {
        let units = row.get_ref();
        place.check_unit(row, units.meter, units.unit, service)?;
        let evidence = place.evidence(row, (&units.source, units.date, units.verified, &units.note))?;
        let entry = Free { quantity: Decimal::from(units.quantity), evidence };
        if free.insert(units.meter, entry).is_some() {
            return Err(
                place.error(row, format!("\"{}\" already has free units; an account has one pool", units.meter.key()))
            );
        }
    }
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"
name = "mine"
provider = "me"
service = "lambda"
currency = "USD"
as_of = 2026-01-01
sources = { offer = "my offer" }
rounding = { granularity = "1ms", minimum = "0s", init = true, source = "offer", date = 2026-01-01, verified = "price-list" }
"#;

    /// A row at line 9 or later; `changes` replace or add `key = value`, an empty value removes the key.
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
        let schedule = &book.regions["home"][&(Charge::Duration, Architecture::Arm64)];
        let tiers: Vec<_> =
            schedule.tiers().iter().map(|tier| (tier.from.to_string(), tier.price.to_string())).collect();
        assert_eq!(tiers, [("0".into(), "0.2 USD".into()), ("5".into(), "0.1 USD".into())]);
    }

    #[test]
    fn wrong_rows_are_refused_with_their_line() {
        for (changes, reason) in [
            (("unit", ""), "missing field `unit`"),
            (("unit", r#""GB-hour""#), "unknown variant `GB-hour`"),
            (("unit", r#""request""#), "the unit of \"duration\" is \"GB-second\", not \"request\""),
            (("price", r#""-0.1""#), "is negative"),
            (("price", r#""cheap""#), "is not a price"),
            (("price", "0.1"), "expected a string"),
            (("meter", r#""duratoin""#), "unknown variant `duratoin`, expected one of `request`, `duration`"),
            (("meter", r#""time""#), "does not bill the meter"),
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
            assert!(message.starts_with("my.toml:19: ") && message.contains(reason), "{message}");
        }
        let message = error(HEAD, &[row(&[]), row(&[])]);
        assert!(message.contains("this tier of duration in home on arm64 overlaps"), "{message}");
    }

    #[test]
    fn wrong_heads_are_refused() {
        for (right, wrong, reason) in [
            ("USD", "EUR", "unknown variant `EUR`, expected `USD`"),
            ("\"lambda\"", "\"lamda\"", "unknown variant `lamda`, expected `lambda`"),
            ("\"1ms\"", "\"0ms\"", "the granularity is zero"),
            ("name = \"mine\"\n", "", "missing field `name`"),
        ] {
            let message = error(&HEAD.replace(right, wrong), &[row(&[])]);
            assert!(message.starts_with("my.toml:") && message.contains(reason), "{message}");
        }
        let free = "[[free]]\nmeter = \"request\"\nquantity = 1\nunit = \"request\"\nsource = \"offer\"\n\
                    date = 2026-01-01\nverified = \"price-list\"\n";
        assert!(error(HEAD, &[row(&[]), free.into(), free.into()]).contains("already has free units"));
        assert!(error(HEAD, &[]).contains("missing field `price`"));
    }
}
