//! A price list in the form that all providers have in common.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use toml::value::{Date, Datetime};

/// Why no book can be made of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file is no price list, or a damaged one.
    #[error("{line}: {problem}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The list as a whole cannot be used.
    #[error("{0}")]
    List(String),
}

/// What a provider published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// What it is called, with its version.
    pub title: String,
    /// When it was published; of lists that do not say so, the youngest date of a price.
    pub date: Date,
    /// The services in it, by the provider's codes.
    pub services: BTreeSet<String>,
    /// Prices on demand in dollars.
    pub rows: Vec<Row>,
    /// How many rows were left out, by reason.
    pub ignored: BTreeMap<&'static str, usize>,
}

/// The price of one tier of one product in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The code of the service.
    pub service: String,
    /// What is sold, in the provider's words.
    pub product: String,
    /// What is done with it, where the provider says so.
    pub operation: String,
    /// The number of the product.
    pub sku: String,
    /// The region; `None` means all.
    pub region: Option<String>,
    /// The unit, in the provider's words.
    pub unit: String,
    /// From how many units a month on.
    pub from: Decimal,
    /// Dollars for a unit.
    pub price: Decimal,
}

/// Reads the date at the beginning of a point in time.
pub fn date(text: &str) -> Result<Date, ImportError> {
    let day = text.get(..10).and_then(|day| day.parse::<Datetime>().ok()).and_then(|datetime| datetime.date);
    day.ok_or_else(|| ImportError::List(format!("\"{text}\" is not a date")))
}

/// Reads a number that is written as text.
pub fn number(text: &str) -> Result<Decimal, ImportError> {
    let number = Decimal::from_str_exact(text).ok().filter(|number| *number >= Decimal::ZERO);
    number.map(|number| number.normalize()).ok_or_else(|| ImportError::List(format!("\"{text}\" is not a price")))
}

/// An error of JSON, with its line.
pub fn json(error: &serde_json::Error) -> ImportError {
    ImportError::Line { line: error.line(), problem: error.to_string() }
}
