//! Price books: what a provider charges, where each figure was read, and how far to trust it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};
use toml::value::Date;

use crate::billing::book_file;
use crate::billing::charge::{Architecture, Charge};
use crate::billing::error::{BookError, suggest};
use crate::billing::meter::Meter;
use crate::billing::plan::{Free, Plan, Schedule};

/// The books that are part of the program: name and text.
pub const EMBEDDED: &[(&str, &str)] = &[("aws-lambda", include_str!("../../prices/aws-lambda.toml"))];

/// How a figure was verified, from the most to the least trustworthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Read in the provider's machine-readable price list.
    PriceList,
    /// Read on the provider's own page.
    OfficialPage,
    /// A third party states that it read it at the provider.
    Secondary,
    /// Not opened; unknown until somebody checks.
    Memory,
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PriceList => "price list",
            Self::OfficialPage => "official page",
            Self::Secondary => "second-hand",
            Self::Memory => "from memory",
        })
    }
}

/// Writes a date as text, such as "2026-09-06", in any format.
pub(super) fn as_text<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What was read.
    pub source: String,
    /// The date of what was read.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// How it was verified.
    pub verified: Trust,
    /// What else to know about the figure.
    pub note: Option<String>,
}

/// How a service bills: which meters there are, and so which of them must have a price when they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// AWS Lambda: requests, and rounded time weighted by configured memory.
    Lambda,
}

impl Service {
    /// The meters of the service.
    pub const fn charges(self) -> &'static [Charge] {
        use Charge::{Duration, EphemeralStorage, ProvisionedConcurrency, ProvisionedDuration, Request};
        match self {
            Self::Lambda => &[Request, Duration, ProvisionedConcurrency, ProvisionedDuration, EphemeralStorage],
        }
    }
}

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

/// A price book that was read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Name of the book.
    pub name: String,
    /// Who provides the service.
    pub provider: String,
    /// How the service bills.
    pub service: Service,
    /// The currency of all prices.
    pub currency: Currency,
    /// When the prices were read, for the youngest of them.
    pub as_of: Date,
    /// How invocations are rounded.
    pub meter: Meter,
    /// Where the rounding was read.
    pub meter_evidence: Evidence,
    /// The prices of each region.
    pub regions: BTreeMap<String, BTreeMap<(Charge, Architecture), Schedule>>,
    /// The free units of an account, over all regions.
    pub free: BTreeMap<Charge, Free>,
}

impl Book {
    /// One of the books of [`EMBEDDED`].
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
    pub fn read(path: &Path) -> Result<Self, BookError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => book_file::parse(&file, &text),
            Err(source) => Err(BookError::Read { file, source }),
        }
    }

    /// The prices of a region, with or without free units. Empty if the book does not have the region.
    pub fn plan(&self, region: &str, free_tier: bool) -> Plan {
        let prices = self.regions.get(region).cloned().unwrap_or_default();
        let free = if free_tier { self.free.clone() } else { BTreeMap::new() };
        Plan { prices, free }
    }

    /// The name of the region that a scenario asks for; it may ask for none if the book has a single one.
    pub fn region(&self, asked: Option<&str>) -> Result<&str, BookError> {
        let names = || self.regions.keys().map(String::as_str);
        let Some(name) = asked else {
            let single = names().next().filter(|_| self.regions.len() == 1);
            let regions = || names().collect::<Vec<_>>().join(", ");
            return single.ok_or_else(|| BookError::NoRegion { book: self.name.clone(), regions: regions() });
        };
        names().find(|known| *known == name).ok_or_else(|| BookError::Unknown {
            key: "region",
            name: name.into(),
            problem: format!("the price book \"{}\" has no such region; {}", self.name, suggest(name, names())),
        })
    }

    /// Checks that the region has any price for the architecture.
    pub fn check_architecture(&self, region: &str, asked: Architecture) -> Result<(), BookError> {
        let prices = self.regions.get(region).into_iter().flat_map(BTreeMap::keys);
        let known: BTreeSet<String> = prices.map(|(_, architecture)| architecture.to_string()).collect();
        if known.contains(&asked.to_string()) {
            return Ok(());
        }
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let problem = format!("the price book \"{}\" has only {known} in {region}", self.name);
        Err(BookError::Unknown { key: "architecture", name: asked.to_string(), problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn embedded_books_are_right_and_named_after_their_files() {
        for (name, _) in EMBEDDED {
            let book = Book::embedded(name).unwrap();
            assert_eq!(book.name, *name);
            let dates = book.regions.values().flat_map(BTreeMap::values).flat_map(Schedule::tiers);
            let youngest = dates.filter_map(|tier| tier.evidence.as_ref()).map(|evidence| evidence.date).max();
            assert_eq!(youngest, Some(book.as_of), "{name} is as old as its youngest price");
        }
    }

    #[test]
    fn lambda_bills_init_in_steps_of_a_millisecond() {
        let meter = Book::embedded("aws-lambda").unwrap().meter;
        assert_eq!(meter, Meter { granularity: Span::from_millis(1), minimum: Span::ZERO, bills_init: true });
    }

    #[test]
    fn misspelt_names_get_the_nearest_right_one() {
        let message = Book::embedded("aws-lamda").unwrap_err().to_string();
        assert_eq!(message, "pricing.book = \"aws-lamda\": unknown price book; did you mean \"aws-lambda\"?");
        let book = Book::embedded("aws-lambda").unwrap();
        let message = book.region(Some("us-esat-1")).unwrap_err().to_string();
        assert!(message.ends_with("no such region; did you mean \"us-east-1\"?"), "{message}");
        let message = book.region(None).unwrap_err().to_string();
        assert!(message.contains("pricing.region is missing") && message.contains("us-east-1"), "{message}");
    }
}
