//! From the text of a price book to the book.

use std::collections::BTreeMap;

use toml::Spanned;

use super::place::{Place, line_of};
use super::rows::BookFile;
use super::{meters, prices};
use crate::billing::book::{Book, Prices};
use crate::billing::error::BookError;

/// Reads a book from `text`; `file` is its name in errors.
///
/// # Errors
/// What is wrong, with the line.
pub fn parse(file: &str, text: &str) -> Result<Book, BookError> {
    let book: BookFile = toml::from_str(text).map_err(|error| BookError::Row {
        file: file.into(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        problem: error.message().into(),
    })?;
    let place = Place { file, text, sources: book.sources };
    let like = book.like.as_ref().map(|name| model(&place, name)).transpose()?;
    let known = like.as_ref().map(|like| like.charges.clone()).unwrap_or_default();
    let charges = meters::charges(&place, &book.meter, known)?;
    let mut regions = prices::prices(&place, book.price, &charges)?;
    let everywhere = regions.remove(&None).unwrap_or_default();
    let regions: BTreeMap<String, Prices> =
        regions.into_iter().filter_map(|(name, prices)| Some((name?, prices))).collect();
    let aliases = aliases(&place, &book.regions, &regions)?;
    let own = Book {
        name: book.name,
        provider: book.provider.unwrap_or_default(),
        service: book.service.unwrap_or_default(),
        platform: book.platform,
        currency: book.currency,
        as_of: book.as_of,
        rounding: meters::rounding(&place, &book.rounding)?,
        free: prices::free_units(&place, &book.free, &charges)?,
        charges,
        everywhere,
        regions,
        aliases,
        default_region: book.default_region.as_ref().map(|region| region.get_ref().clone()),
    };
    if let Some(region) = &book.default_region {
        own.region(Some(region.get_ref())).map_err(|error| place.error(region, error.to_string()))?;
    }
    check_head(&own, like.as_ref()).map_err(|problem| BookError::Row { file: file.into(), line: 1, problem })?;
    Ok(like.into_iter().fold(own, filled))
}

/// The book of the program that a book is like.
fn model(place: &Place, name: &Spanned<String>) -> Result<Book, BookError> {
    Book::embedded(name.get_ref()).map_err(|error| match error {
        BookError::Unknown { problem, .. } => place.error(name, problem),
        other => other,
    })
}

/// A book that is like no other says all of itself.
fn check_head(own: &Book, like: Option<&Book>) -> Result<(), String> {
    let missing = [
        ("provider", own.provider.is_empty()),
        ("service", own.service.is_empty()),
        ("[[meter]]", own.charges.is_empty()),
    ];
    match missing.iter().find(|(_, missing)| *missing && like.is_none()) {
        Some((key, _)) => Err(format!("{key} is missing; add it, or say like = \"aws-lambda\" to take that book's")),
        None => Ok(()),
    }
}

/// What the book leaves out is as in the other.
fn filled(own: Book, like: Book) -> Book {
    let text = |own: String, like: String| if own.is_empty() { like } else { own };
    Book {
        provider: text(own.provider, like.provider),
        service: text(own.service, like.service),
        platform: own.platform.or(like.platform),
        rounding: if own.rounding.is_empty() { like.rounding } else { own.rounding },
        free: if own.free.is_empty() { like.free } else { own.free },
        ..own
    }
}

/// The region of the book for each region of the provider.
fn aliases(
    place: &Place,
    rows: &BTreeMap<String, Spanned<Vec<String>>>,
    regions: &BTreeMap<String, Prices>,
) -> Result<BTreeMap<String, String>, BookError> {
    let mut aliases = BTreeMap::new();
    for (priced, names) in rows {
        if !regions.contains_key(priced) {
            return Err(place.error(names, format!("[regions] names \"{priced}\", which has no prices")));
        }
        for name in names.get_ref() {
            if regions.contains_key(name) || aliases.insert(name.clone(), priced.clone()).is_some() {
                return Err(place.error(names, format!("the region \"{name}\" has two prices")));
            }
        }
    }
    Ok(aliases)
}
