//! Price books: what a provider charges, where each figure was read, and how far to trust it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::value::Date;

use crate::billing::book_file;
use crate::billing::charge::{Architecture, Charge};
use crate::billing::embedded::EMBEDDED;
use crate::billing::error::{BookError, suggest};
pub use crate::billing::evidence::{Evidence, Trust};
use crate::billing::measure::Sizing;
use crate::billing::meter::Meter;
use crate::billing::plan::{Free, Schedule};
pub use crate::billing::selection::Selection;
use crate::time::Span;

/// The currency of prices. Amounts are never converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Currency {
    /// US dollars.
    #[default]
    #[serde(rename = "USD")]
    Usd,
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usd => f.write_str("USD"),
        }
    }
}

/// How invocations and sizes are rounded from a date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounding {
    /// From when it holds; `None` means from the beginning.
    pub from: Option<Date>,
    /// How the time of each invocation, or of each active interval of an instance, is rounded.
    pub meter: Meter,
    /// Whether the initialisation of container images and custom runtimes is billed although that of archives is not.
    pub init_of_images: bool,
    /// How configured sizes are rounded.
    pub sizing: Sizing,
    /// The time that instances are kept provisioned is billed in steps of this.
    pub provisioned_step: Span,
    /// Where it was read.
    pub evidence: Evidence,
}

/// What a price in a book is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// The place of the meter in the book.
    pub charge: usize,
    /// The processor; `None` means all.
    pub architecture: Option<Architecture>,
    /// Such as a commitment for three years; `None` means on demand.
    pub purchase_option: Option<String>,
}

/// The prices of a region.
pub type Prices = BTreeMap<Offer, Schedule>;

/// A price book that was read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Name of the book.
    pub name: String,
    /// Who provides the service.
    pub provider: String,
    /// What is sold, in the provider's words.
    pub service: String,
    /// The preset of the platform that it bills, such as `"aws-lambda"`; `None` if there is none.
    pub platform: Option<String>,
    /// The currency of all prices.
    pub currency: Currency,
    /// When the prices were read, for the youngest of them.
    pub as_of: Date,
    /// The meters.
    pub charges: Vec<Charge>,
    /// How usage of functions is rounded, in rising order of dates. Empty if the service has no functions.
    pub rounding: Vec<Rounding>,
    /// Prices that hold in every region.
    pub everywhere: Prices,
    /// The prices of each region.
    pub regions: BTreeMap<String, Prices>,
    /// The region of the book whose prices hold in a region of the provider.
    pub aliases: BTreeMap<String, String>,
    /// The region that is meant where a bill names none.
    pub default_region: Option<String>,
    /// The free units of an account, over all regions.
    pub free: Vec<Free>,
}

/// What a region is called whose book has the same prices everywhere.
pub const EVERYWHERE: &str = "all regions";

impl Book {
    /// One of the books of [`EMBEDDED`].
    ///
    /// # Errors
    /// If there is no such book.
    pub fn embedded(name: &str) -> Result<Self, BookError> {
        let book = EMBEDDED.iter().find(|(known, _)| *known == name);
        let (name, text) = book.ok_or_else(|| BookError::Unknown {
            key: "book",
            name: name.into(),
            problem: format!("unknown price book; {}", suggest(name, EMBEDDED.iter().map(|(name, _)| *name))),
        })?;
        book_file::parse(&format!("prices/{name}.toml"), text)
    }

    /// Reads a book of the user's.
    ///
    /// # Errors
    /// If it cannot be read or is wrong.
    pub fn read(path: &Path) -> Result<Self, BookError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => book_file::parse(&file, &text),
            Err(source) => Err(BookError::Read { file, source }),
        }
    }

    /// The place of a meter, by its key.
    pub fn charge(&self, key: &str) -> Option<usize> {
        self.charges.iter().position(|charge| charge.key == key)
    }

    /// Whether it bills invocations, not tasks that are started for each request and billed for a minute or more.
    pub fn bills_invocations(&self) -> bool {
        self.rounding.last().is_some_and(|rounding| rounding.meter.minimum < Span::from_secs(60))
    }

    /// The prices of a region: of the book, and those that hold everywhere.
    pub fn prices<'a>(&'a self, region: &str) -> impl Iterator<Item = (&'a Offer, &'a Schedule)> + use<'a> {
        self.everywhere.iter().chain(self.regions.get(region).into_iter().flatten())
    }

    /// The name of the region that a scenario asks for; it may ask for none if the book has a single one.
    ///
    /// # Errors
    /// If the book does not have it, or has several and none is asked for.
    pub fn region(&self, asked: Option<&str>) -> Result<&str, BookError> {
        let names = || self.regions.keys().map(String::as_str);
        if self.regions.is_empty() {
            return Ok(EVERYWHERE);
        }
        let Some(name) = asked else {
            let single = names().next().filter(|_| self.regions.len() == 1);
            let regions = || names().collect::<Vec<_>>().join(", ");
            return single.ok_or_else(|| BookError::NoRegion { book: self.name.clone(), regions: regions() });
        };
        let priced = self.aliases.get(name).map_or(name, String::as_str);
        let all = || names().chain(self.aliases.keys().map(String::as_str));
        names().find(|known| *known == priced).ok_or_else(|| BookError::Unknown {
            key: "region",
            name: name.into(),
            problem: format!("the price book \"{}\" has no such region; {}", self.name, regions_like(name, all())),
        })
    }
}

/// The nearest region, if one is near, and all of them.
fn regions_like<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: std::collections::BTreeSet<&str> = known.collect();
    let all = known.iter().copied().collect::<Vec<_>>().join(", ");
    match suggest(name, known) {
        nearest if nearest.starts_with("did you mean") => format!("{nearest} It has {all}"),
        _ => format!("it has {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_bills_init_in_steps_of_a_millisecond() {
        let book = Book::embedded("aws-lambda").unwrap();
        let lambda = Meter { granularity: Span::from_millis(1), minimum: Span::ZERO, bills_init: true };
        assert_eq!(book.rounding.last().unwrap().meter, lambda);
    }

    #[test]
    fn misspelt_names_get_the_nearest_right_one() {
        let message = Book::embedded("aws-lamda").unwrap_err().to_string();
        assert_eq!(message, "pricing.book = \"aws-lamda\": unknown price book; did you mean \"aws-lambda\"?");
        let message = Book::embedded("lambda").unwrap_err().to_string();
        assert!(message.contains("did you mean one of aws-lambda, aws-lambda-edge"), "{message}");
        let book = Book::embedded("aws-lambda").unwrap();
        let message = book.region(Some("us-esat-1")).unwrap_err().to_string();
        assert!(message.contains("no such region; did you mean \"us-east-1\"? It has af-south-1"), "{message}");
        let message = book.region(None).unwrap_err().to_string();
        assert!(message.contains("pricing.region is missing") && message.contains("us-east-1"), "{message}");
    }
}
