//! From a price list to a book, and what became of every row.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::detect;
use super::list::{ImportError, PriceList, Row};
use super::targets::{Product, TARGETS, Target};
use super::text;
use crate::billing::book::Book;
use crate::billing::book_file;
use crate::billing::charge::Architecture;

/// A book that was made from a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The text of the book.
    pub text: String,
    /// What became of the rows.
    pub report: Report,
}

/// What became of the rows of a price list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows whose price is in the book.
    pub matched: usize,
    /// Rows that were left out, by reason.
    pub ignored: BTreeMap<&'static str, usize>,
    /// Meters without price: region, meter, and processor if the price depends on it.
    pub missing: Vec<String>,
    /// Free units of the list that differ from those of the book.
    pub free: Vec<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} rows matched, {} ignored", self.matched, self.ignored.values().sum::<usize>())?;
        self.ignored.iter().try_for_each(|(reason, count)| writeln!(f, "  {count} {reason}"))?;
        self.missing.iter().try_for_each(|missing| writeln!(f, "missing: {missing}"))?;
        self.free.iter().try_for_each(|free| writeln!(f, "free units: {free}"))
    }
}

/// A meter on a processor in a region.
pub type Key = (Option<String>, &'static str, Option<Architecture>);

/// The tiers of each meter: from where on, and the row.
pub type Prices = BTreeMap<Key, BTreeMap<Decimal, Row>>;

/// Makes a book of a price list. `book` says which, if the list has the prices of several; `region` leaves out others.
///
/// # Errors
/// If the file is no price list, or of another service, or says something that is not understood.
pub fn import(list: &str, book: Option<&str>, region: Option<&str>) -> Result<Imported, ImportError> {
    let list = detect::read(list)?;
    let target = target(&list, book)?;
    let mut report = Report { ignored: list.ignored.clone(), ..Report::default() };
    let mut prices = Prices::new();
    for row in &list.rows {
        match matching(target, row) {
            None => *report.ignored.entry("not a meter of the book").or_default() += 1,
            Some(_) if region.is_some() && row.region.is_some() && row.region.as_deref() != region => {
                *report.ignored.entry("of other regions").or_default() += 1;
            }
            Some(product) => {
                add(&mut prices, product, row)?;
                report.matched += 1;
            }
        }
    }
    if prices.is_empty() {
        return Err(ImportError::List(format!("no row is a price of {}; nothing to import", target.book)));
    }
    let like = Book::embedded(target.book).map_err(|error| ImportError::List(error.to_string()))?;
    report.missing = missing(target, &prices);
    for (key, tiers) in &mut prices {
        report.free.extend(without_free_tier(&like, key, tiers));
    }
    report.free.sort();
    report.free.dedup();
    let text = text::book(&list, &like, &prices, &report);
    book_file::parse("the imported book", &text).map_err(|error| ImportError::List(error.to_string()))?;
    Ok(Imported { text, report })
}

/// The book that is asked for, or the only one that the list has prices of.
fn target(list: &PriceList, book: Option<&str>) -> Result<&'static Target, ImportError> {
    let services = || list.services.iter().cloned().collect::<Vec<_>>().join(", ");
    let names = |targets: &[&Target]| targets.iter().map(|target| target.book).collect::<Vec<_>>().join(", ");
    let Some(name) = book else {
        let possible: Vec<&Target> = TARGETS.iter().filter(|target| list.services.contains(target.service)).collect();
        return match possible.as_slice() {
            [only] => Ok(TARGETS.iter().find(|target| target.book == only.book).unwrap_or(&TARGETS[0])),
            [] => Err(ImportError::List(format!("a price list of {}: no book is made from it", services()))),
            _ => Err(ImportError::List(format!(
                "the list has prices of several books; say --book: {}",
                names(&possible)
            ))),
        };
    };
    let all: Vec<&Target> = TARGETS.iter().collect();
    let found = TARGETS.iter().find(|target| target.book == name);
    let target = found.ok_or_else(|| {
        ImportError::List(format!("the book \"{name}\" cannot be imported; there is {}", names(&all)))
    })?;
    match list.services.contains(target.service) {
        true => Ok(target),
        false => Err(ImportError::List(format!(
            "a price list of {}, not of {}, from which {name} is made",
            services(),
            target.service
        ))),
    }
}

fn matching(target: &Target, row: &Row) -> Option<&'static Product>
where
    Target: 'static,
{
    let products: &'static [Product] = target.products;
    products.iter().find(|product| {
        row.service == target.service
            && row.product == product.name
            && (product.operation.is_empty() || product.operation == row.operation)
    })
}

fn add(prices: &mut Prices, product: &'static Product, row: &Row) -> Result<(), ImportError> {
    if !product.units.contains(&row.unit.as_str()) {
        let expected = product.units.join("\" or \"");
        return Err(ImportError::List(format!(
            "{} ({}): the unit is \"{}\", expected \"{expected}\"",
            row.product, row.sku, row.unit
        )));
    }
    let tiers = prices.entry((row.region.clone(), product.meter, product.architecture)).or_default();
    match tiers.insert(row.from, row.clone()) {
        Some(other) if other.price != row.price => Err(ImportError::List(format!(
            "{} has two prices from {} on: {} ({}) and {} ({})",
            row.product, row.from, other.price, other.sku, row.price, row.sku
        ))),
        _ => Ok(()),
    }
}

/// Meters of the target that some region lacks.
fn missing(target: &Target, prices: &Prices) -> Vec<String> {
    let regions: BTreeSet<&Option<String>> = prices.keys().map(|(region, ..)| region).collect();
    let mut missing = BTreeSet::new();
    for region in regions.iter().filter(|region| region.is_some() || regions.len() == 1) {
        for product in target.products {
            let has =
                |region: &Option<String>| prices.contains_key(&(region.clone(), product.meter, product.architecture));
            if !has(region) && !has(&None) {
                let on = product.architecture.map(|on| format!(" on {on}")).unwrap_or_default();
                missing.insert(format!("{}{on} in {}", product.meter, region.as_deref().unwrap_or("all regions")));
            }
        }
    }
    missing.into_iter().collect()
}

/// Takes away a first tier that costs nothing: the book has free units in a pool, and its tiers begin after them.
fn without_free_tier(like: &Book, key: &Key, tiers: &mut BTreeMap<Decimal, Row>) -> Option<String> {
    let first = tiers.get(&Decimal::ZERO)?;
    if !first.price.is_zero() || tiers.len() < 2 {
        return None;
    }
    let free = *tiers.keys().nth(1)?;
    tiers.remove(&Decimal::ZERO);
    *tiers = std::mem::take(tiers).into_iter().map(|(from, row)| (from - free, row)).collect();
    let place = like.charge(key.1)?;
    let pool = like.free.iter().find(|pool| pool.charges.contains(&place)).map(|pool| pool.quantity);
    (pool != Some(free)).then(|| {
        let has = pool.map_or_else(|| "none".into(), |pool| pool.to_string());
        format!("{free} of {} in the list, {has} in the book", key.1)
    })
}
