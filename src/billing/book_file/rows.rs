//! The tables of a price book as they are written.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Date;

use crate::amount::{Memory, Money};
use crate::billing::book::{Currency, Trust};
use crate::billing::charge::{Architecture, Machine};
use crate::billing::measure::Measure;
use crate::time::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookFile {
    pub name: String,
    /// A book of the program whose meters, rounding rules and free units hold if the file has none.
    pub like: Option<Spanned<String>>,
    pub provider: Option<String>,
    pub service: Option<String>,
    /// The preset of the platform that the book bills.
    pub platform: Option<String>,
    pub currency: Currency,
    pub as_of: Date,
    pub default_region: Option<Spanned<String>>,
    /// The text of each source that a row names.
    pub sources: BTreeMap<String, String>,
    /// For each region of the book the provider's regions where its prices hold.
    #[serde(default)]
    pub regions: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    pub rounding: Vec<Spanned<RoundingRow>>,
    #[serde(default)]
    pub meter: Vec<Spanned<MeterRow>>,
    pub price: Vec<Spanned<PriceRow>>,
    #[serde(default)]
    pub free: Vec<Spanned<FreeRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingRow {
    pub from: Option<Date>,
    pub granularity: Span,
    pub minimum: Span,
    pub init: bool,
    #[serde(default)]
    pub init_of_images: bool,
    pub memory_step: Option<Memory>,
    #[serde(default)]
    pub memory_minimum: Memory,
    #[serde(default)]
    pub memory_sizes: Vec<Memory>,
    pub provisioned_step: Option<Span>,
    #[serde(default)]
    pub storage_included: Memory,
    #[serde(default)]
    pub clock: Vec<ClockRow>,
    pub source: String,
    pub date: Date,
    pub verified: Trust,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRow {
    pub memory: Memory,
    pub megahertz: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterRow {
    pub key: String,
    pub name: String,
    pub unit: String,
    #[serde(default)]
    pub counts: Vec<Measure>,
    #[serde(default)]
    pub sum: Vec<TermRow>,
    pub chunk: Option<Memory>,
    pub included: Option<Memory>,
    #[serde(default)]
    pub capacity: BTreeMap<String, Exact>,
    pub machine: Option<Machine>,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermRow {
    pub counts: Vec<Measure>,
    pub unit: Option<String>,
    pub weight: Option<Exact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    pub meter: String,
    pub region: Option<String>,
    pub architecture: Option<Architecture>,
    pub purchase_option: Option<String>,
    pub price: Exact,
    pub unit: String,
    #[serde(default)]
    pub tier_from: u64,
    pub tier_to: Option<u64>,
    pub beyond: Option<Beyond>,
    pub source: String,
    pub date: Date,
    pub verified: Trust,
    pub note: Option<String>,
}

/// What holds after the last tier.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Nobody has read the price: such quantities cannot be billed.
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeRow {
    pub meters: Vec<String>,
    pub quantity: u64,
    pub unit: String,
    pub worth: Option<Exact>,
    pub source: String,
    pub date: Date,
    pub verified: Trust,
    pub note: Option<String>,
}

/// A number that is not negative, as decimal text, so that no digit is lost.
#[derive(Clone, Copy)]
pub struct Exact(pub Decimal);

impl Exact {
    pub const fn money(self) -> Money {
        Money::from_dollars(self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = Decimal::from_str_exact(&text).map_err(|_| {
            D::Error::custom(format!("\"{text}\" is not a price; expected decimal text such as \"0.0000166667\""))
        })?;
        if number < Decimal::ZERO {
            return Err(D::Error::custom(format!("the price \"{text}\" is negative; expected zero or more")));
        }
        Ok(Self(number))
    }
}
