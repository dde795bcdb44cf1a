//! Memory, rates, money and percentages.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, dec, prelude::ToPrimitive};

use crate::quantity::{Kind, QuantityError, as_text};

/// An amount of memory in bytes. Providers call 1024 x 1024 bytes an "MB"; so does coldcast when it bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Memory(u64);

impl Memory {
    /// `mib` times 1024 x 1024 bytes.
    pub const fn from_mib(mib: u64) -> Self {
        Self(mib << 20)
    }

    /// An exact number of bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// Mebibytes, for display and derived figures.
    pub fn as_mib_f64(self) -> f64 {
        self.0 as f64 / f64::from(1 << 20)
    }
}

impl std::ops::Add for Memory {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::AddAssign for Memory {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::ops::SubAssign for Memory {
    /// Takes away what is there.
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

const MEMORY: Kind = Kind {
    what: "an amount of memory",
    example: "512 MiB",
    units: &[
        ("B", dec!(1)),
        ("KiB", dec!(1_024)),
        ("KB", dec!(1_024)),
        ("MiB", dec!(1_048_576)),
        ("MB", dec!(1_048_576)),
        ("GiB", dec!(1_073_741_824)),
        ("GB", dec!(1_073_741_824)),
        ("TiB", dec!(1_099_511_627_776)),
        ("TB", dec!(1_099_511_627_776)),
    ],
};

impl FromStr for Memory {
    type Err = QuantityError;

    /// Reads a number and a unit. "KB", "MB", "GB" and "TB" mean what the providers mean: KiB, MiB, GiB and TiB. A part of a byte
    /// counts as one: 1.7 GB is no whole number of bytes.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let bytes = MEMORY.parse(text)?.ceil();
        if bytes > dec!(1_125_899_906_842_624) {
            return Err(MEMORY.error(format!("\"{text}\" is more than 1024 TiB")));
        }
        bytes.to_u64().map(Self).ok_or_else(|| MEMORY.error(format!("\"{text}\" is too large")))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // "MiB" rather than "MB": the written form leaves no doubt.
        const WRITTEN: Kind = Kind {
            units: &[("B", dec!(1)), ("KiB", dec!(1_024)), ("MiB", dec!(1_048_576)), ("GiB", dec!(1_073_741_824))],
            ..MEMORY
        };
        WRITTEN.write(f, Decimal::from(self.0))
    }
}

as_text!(Memory, MEMORY);

/// How often something happens, per second. Positive or zero, and finite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Rate(f64);

impl Rate {
    /// A rate per second; `None` if it is negative or not finite.
    pub fn per_second(rate: f64) -> Option<Self> {
        (rate >= 0.0 && rate.is_finite()).then_some(Self(rate))
    }

    /// Events per second.
    pub const fn as_per_second(self) -> f64 {
        self.0
    }
}

/// All factors are 1: the division by the unit's seconds is done in floating point, so that a rate per second, which is how rates
/// are written, is read back to the last bit.
const RATE: Kind = Kind {
    what: "a rate",
    example: "20/s",
    units: &[("/s", dec!(1)), ("/m", dec!(1)), ("/h", dec!(1)), ("/d", dec!(1))],
};

impl FromStr for Rate {
    type Err = QuantityError;

    /// Reads a number and `/s`, `/m`, `/h` or `/d`.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        RATE.parse(text)?;
        // The decimal number was checked; as text it becomes the nearest floating-point number.
        let number = text.split('/').next().unwrap_or_default().trim().replace('_', "").parse::<f64>().ok();
        let seconds = match text.trim_end().chars().last() {
            Some('d') => 86_400.0,
            Some('h') => 3_600.0,
            Some('m') => 60.0,
            _ => 1.0,
        };
        number.and_then(|n| Self::per_second(n / seconds)).ok_or_else(|| RATE.error(format!("\"{text}\" is too large")))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

as_text!(Rate, RATE);

/// A price or a sum of money in US dollars, as an exact decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An exact amount of dollars.
    pub const fn from_dollars(dollars: Decimal) -> Self {
        Self(dollars)
    }

    /// Dollars, exactly.
    pub const fn as_dollars(self) -> Decimal {
        self.0
    }

    /// Dollars as a floating-point number, for derived figures and plots.
    pub fn as_f64(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }
}

impl std::ops::Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, std::ops::Add::add)
    }
}

const MONEY: Kind = Kind { what: "an amount of US dollars", example: "0.0000166667 USD", units: &[("USD", dec!(1))] };

impl FromStr for Money {
    type Err = QuantityError;

    /// Reads a number and "USD".
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        MONEY.parse(text).map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} USD", self.0.normalize())
    }
}

as_text!(Money, MONEY);

/// A part of a whole in per cent, above 0 and below 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentage(Decimal);

impl Percentage {
    /// As a number from 0 to 1.
    pub fn as_ratio(self) -> f64 {
        self.0.to_f64().unwrap_or(0.0) / 100.0
    }
}

const PERCENTAGE: Kind =
    Kind { what: "a percentage above 0 % and below 100 %", example: "2%", units: &[("%", dec!(1))] };

impl FromStr for Percentage {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let percent = PERCENTAGE.parse(text)?;
        match percent > Decimal::ZERO && percent < dec!(100) {
            true => Ok(Self(percent)),
            false => Err(PERCENTAGE.error(format!("\"{text}\" is out of range"))),
        }
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PERCENTAGE.write(f, self.0)
    }
}

as_text!(Percentage, PERCENTAGE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_survive_being_written_and_read() {
        for text in ["512 MiB", "1536 MB", "1.5 GiB", "1 B"] {
            let memory: Memory = text.parse().unwrap();
            assert_eq!(memory.to_string().parse::<Memory>().unwrap(), memory, "{text}");
        }
        for text in ["20/s", "3/m", "0.1/h", "1/h", "1/d", "0.00039999/s", "123.456789/s"] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(rate.to_string().parse::<Rate>().unwrap(), rate, "{text}");
        }
        assert_eq!("0.0000166667 USD".parse::<Money>().unwrap().to_string(), "0.0000166667 USD");
    }

    #[test]
    fn memory_with_a_fraction_is_rounded_up_to_a_byte() {
        for (text, bytes) in [
            ("100 KB", 102_400),
            ("62.85MB", 65_903_002),
            ("0.3GB", 322_122_548),
            ("1.7GB", 1_825_361_101),
            ("0.1 B", 1),
            ("2 TB", 2_199_023_255_552),
        ] {
            assert_eq!(text.parse::<Memory>().unwrap().as_bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn rates_are_per_second() {
        assert_eq!("90/m".parse::<Rate>().unwrap().as_per_second(), 1.5);
        assert!("20".parse::<Rate>().is_err());
        assert!("-1/s".parse::<Rate>().unwrap_err().to_string().contains("negative"));
    }
}
