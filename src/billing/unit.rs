//! Units of prices and quantities: products of time, memory, processors and things, such as `GB-second`.

use std::fmt;

use crate::billing::usage::Usage;

/// What a word of a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Time,
    Memory,
    Cpu,
    Clock,
}

const SECOND: u128 = 1_000_000_000;

/// Words with a scale, in what usage counts: nanoseconds, bytes, thousandths of a vCPU, megahertz. Providers call
/// 1024 x 1024 bytes an "MB". A month has 730 hours.
const WORDS: &[(&str, Kind, u128)] = &[
    ("ms", Kind::Time, SECOND / 1_000),
    ("second", Kind::Time, SECOND),
    ("minute", Kind::Time, 60 * SECOND),
    ("hour", Kind::Time, 3_600 * SECOND),
    ("month", Kind::Time, Usage::MONTH.as_nanos() as u128),
    ("KB", Kind::Memory, 1 << 10),
    ("MB", Kind::Memory, 1 << 20),
    ("GB", Kind::Memory, 1 << 30),
    ("GiB", Kind::Memory, 1 << 30),
    ("TB", Kind::Memory, 1 << 40),
    ("vCPU", Kind::Cpu, 1_000),
    ("GHz", Kind::Clock, 1_000),
];

/// How often time, memory, processors and clock rate are factors, and the things that are only counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dimension {
    factors: [u8; 4],
    things: Vec<String>,
}

impl Dimension {
    /// Whether both measure the same, whatever the things are called.
    pub fn matches(&self, other: &Self) -> bool {
        self.factors == other.factors
    }

    /// The product of two.
    pub fn times(mut self, other: &Self) -> Self {
        self.factors.iter_mut().zip(other.factors).for_each(|(own, other)| *own += other);
        self
    }

    fn of(kind: Kind) -> Self {
        let mut factors = [0; 4];
        factors[kind as usize] = 1;
        Self { factors, things: Vec::new() }
    }

    /// Of a time.
    pub fn time() -> Self {
        Self::of(Kind::Time)
    }

    /// Of memory and disks.
    pub fn memory() -> Self {
        Self::of(Kind::Memory)
    }

    /// Of vCPUs.
    pub fn cpu() -> Self {
        Self::of(Kind::Cpu)
    }

    /// Of clock rates.
    pub fn clock() -> Self {
        Self::of(Kind::Clock)
    }
}

/// The unit of a price: words joined by hyphens, such as `request`, `GB-second`, `vCPU-hour` or `LCU-hour`.
///
/// Words that are not times, sizes or processors are names of things that are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    name: String,
    base: u128,
    dimension: Dimension,
}

impl Unit {
    /// A month of 730 hours.
    pub fn month() -> Self {
        Self { name: "month".into(), base: u128::from(Usage::MONTH.as_nanos()), dimension: Dimension::time() }
    }

    /// Reads a unit.
    ///
    /// # Errors
    /// What is wrong, for the end of a sentence.
    pub fn parse(name: &str) -> Result<Self, String> {
        let mut unit = Self { name: name.into(), base: 1, dimension: Dimension::default() };
        for word in name.split('-') {
            if word.is_empty() || !word.chars().all(|c| c.is_alphanumeric() || c == ' ') {
                return Err(format!("\"{name}\" is not a unit; expected words such as \"request\" or \"GB-second\""));
            }
            let Some((_, kind, scale)) = WORDS.iter().find(|(known, ..)| *known == word) else {
                unit.dimension.things.push(word.into());
                continue;
            };
            unit.dimension = unit.dimension.times(&Dimension::of(*kind));
            let base = unit.base.checked_mul(*scale).filter(|base| *base < 1 << 95);
            unit.base = base.ok_or_else(|| format!("the unit \"{name}\" is too large"))?;
        }
        Ok(unit)
    }

    /// How many of the integers that a run counts make one unit: nanoseconds, bytes, thousandths of a vCPU.
    pub const fn base(&self) -> u128 {
        self.base
    }

    /// What it measures.
    pub const fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// Whether quantities in `other` can be converted: the same measures of the same things.
    pub fn converts(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// Whether it is an amount of data or memory.
    pub fn is_memory(&self) -> bool {
        self.dimension.matches(&Dimension::memory())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_multiply() {
        for (name, base) in [
            ("request", 1),
            ("GB-second", SECOND << 30),
            ("vCPU-hour", 3_600_000 * SECOND),
            ("connection-minute", 60 * SECOND),
            ("MB-ms", (SECOND / 1_000) << 20),
        ] {
            assert_eq!(Unit::parse(name).unwrap().base(), base, "{name}");
        }
        assert!(Unit::parse("GB--second").is_err());
        assert!(Unit::parse("TB-month-month-month").unwrap_err().contains("too large"));
    }

    #[test]
    fn only_the_same_measures_of_the_same_things_convert() {
        let converts = |a, b| Unit::parse(a).unwrap().converts(&Unit::parse(b).unwrap());
        assert!(converts("GB-second", "MB-ms") && converts("TB", "GiB") && converts("LCU-hour", "LCU-minute"));
        assert!(!converts("GB-second", "GB") && !converts("LCU-hour", "AZ-hour") && !converts("request", "event"));
    }
}
