//! Where a figure was read, and how far to trust it.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use toml::value::Date;

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
