//! What is charged for: the meters of price books, and how they turn usage into quantities.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::amount::Memory;
use crate::billing::measure::Measure;
use crate::billing::unit::Unit;

/// A meter of a price book: what a price is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The key in price books and results.
    pub key: String,
    /// The name on an invoice.
    pub name: String,
    /// The unit in which it is counted.
    pub unit: Unit,
    /// How it follows from the usage of functions: the sum of the terms. Empty if only a user can say how much it is.
    pub terms: Vec<Term>,
    /// Items are counted in chunks of this size: an item of 65 KB is two chunks of 64 KB.
    pub chunk: Option<Memory>,
    /// What of each item costs nothing.
    pub included: Option<Memory>,
    /// How much of each load one unit can take: the largest share decides, as for capacity units of load balancers.
    pub capacity: BTreeMap<String, Decimal>,
    /// What one unit of a machine provides.
    pub machine: Option<Machine>,
    /// What else to know.
    pub note: Option<String>,
}

/// A part of a meter's quantity: a product of measures, in a unit, times a weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The measures.
    pub of: Vec<Measure>,
    /// The unit in which the product is counted.
    pub unit: Unit,
    /// Units of the meter for one unit of the product.
    pub weight: Decimal,
}

/// The size of a rented machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// vCPUs.
    pub cpu: u32,
    /// Memory.
    pub memory: Memory,
}

impl Charge {
    /// A meter that counts a product of measures.
    pub fn counting(key: &str, name: &str, unit: Unit, of: &[Measure]) -> Self {
        let terms = vec![Term { of: of.to_vec(), unit: unit.clone(), weight: Decimal::ONE }];
        let (key, name) = (key.into(), name.into());
        Self {
            key,
            name,
            unit,
            terms,
            chunk: None,
            included: None,
            capacity: BTreeMap::new(),
            machine: None,
            note: None,
        }
    }

    /// Whether its quantity depends on a measure.
    pub fn counts(&self, measure: Measure) -> bool {
        self.terms.iter().any(|term| term.of.contains(&measure))
    }

    /// Whether it is a fixed fee of the account.
    pub fn is_fee(&self) -> bool {
        self.counts(Measure::Window)
    }

    /// What one item of `size` counts as: chunks, or its size in the unit of the meter without what is included.
    pub fn item(&self, size: Memory) -> Option<Decimal> {
        let billed = size.as_bytes().saturating_sub(self.included.unwrap_or_default().as_bytes());
        if let Some(chunk) = self.chunk {
            // Something without content is still one item.
            return Some(Decimal::from(billed.div_ceil(chunk.as_bytes().max(1)).max(1)));
        }
        let base = u64::try_from(self.unit.base()).ok().filter(|_| self.unit.is_memory())?;
        Some(Decimal::from(billed) / Decimal::from(base))
    }
}

/// The kind of processor; prices differ between them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Architecture {
    /// Intel and AMD.
    #[default]
    #[serde(rename = "x86_64")]
    X86_64,
    /// ARM, such as AWS Graviton.
    #[serde(rename = "arm64")]
    Arm64,
}

impl Architecture {
    /// All of them, in the order in which they take a shared free tier.
    pub const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        })
    }
}

impl std::str::FromStr for Architecture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|architecture| architecture.to_string() == text);
        found.ok_or_else(|| format!("\"{text}\" is not an architecture; expected \"x86_64\" or \"arm64\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    fn meter(unit: &str, chunk: Option<&str>, included: Option<&str>) -> Charge {
        let size = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        let charge = Charge::counting("m", "Meter", Unit::parse(unit).unwrap(), &[]);
        Charge { chunk: size(chunk), included: size(included), ..charge }
    }

    #[test]
    fn items_are_counted_in_chunks() {
        let queue = meter("request", Some("64 KiB"), None);
        for (size, chunks) in [("0 B", 1), ("1 B", 1), ("64 KiB", 1), ("65537 B", 2), ("128 KiB", 2)] {
            assert_eq!(queue.item(size.parse().unwrap()), Some(Decimal::from(chunks)), "{size}");
        }
    }

    #[test]
    fn items_of_data_are_counted_by_size() {
        let streaming = meter("GB", None, Some("6 MB"));
        assert_eq!(streaming.item("8 MB".parse().unwrap()), Some(dec!(0.001953125)));
        assert_eq!(streaming.item("5 MB".parse().unwrap()), Some(dec!(0)));
        assert_eq!(meter("request", None, None).item("5 MB".parse().unwrap()), None);
    }
}
