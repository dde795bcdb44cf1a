//! Numbers of bill files: exact, with or without a unit.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, prelude::FromPrimitive};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use crate::billing::scale::greatest_common_divisor;
use crate::billing::unit::Unit;

/// An exact number that is not negative: a number, or text such as `"0.167"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Number(pub Decimal);

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = Decimal::from_str_exact(&text.replace('_', ""));
        match number {
            Ok(number) if number >= Decimal::ZERO => Ok(Self(number.normalize())),
            Ok(_) => Err(format!("\"{text}\" is negative; expected zero or more")),
            Err(_) => Err(format!("\"{text}\" is not a number; expected one such as 3000000 or \"0.167\"")),
        }
    }
}

/// Reads a number of TOML, or text, with `FromStr`.
fn read<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(deserializer: D) -> Result<T, D::Error> {
    struct Text<T>(std::marker::PhantomData<T>);
    impl<T: FromStr<Err = String>> Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number, or text such as \"0.167\"")
        }
        fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }
        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }
        fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
            // The shortest text that means this number: what the user wrote.
            self.visit_str(&number.to_string())
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_any(Text(std::marker::PhantomData))
}

/// What both are in the JSON Schema of scenario files.
macro_rules! as_number_or_text {
    ($type:ty, $description:literal, $example:literal) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": ["number", "string"], "description": $description, "examples": [$example],
                })
            }
        }
    };
}

as_number_or_text!(Number, "a number, zero or more: plain, or as text so that no digit is lost", "0.167");
as_number_or_text!(
    Quantity,
    "a quantity: a number in the unit of the meter, or text with another unit of the same kind",
    "20 KB"
);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

/// How much of a meter: a number in the unit of the meter, or text with another unit of the same kind (`"72 TB"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    number: Decimal,
    unit: Option<Unit>,
}

impl From<Number> for Quantity {
    fn from(number: Number) -> Self {
        Self { number: number.0, unit: None }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            None => write!(f, "{}", self.number),
            Some(unit) => write!(f, "{} {unit}", self.number),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '_')).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = Some(unit.trim()).filter(|unit| !unit.is_empty()).map(Unit::parse).transpose()?;
        Ok(Self { number: number.parse::<Number>()?.0, unit })
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl Quantity {
    /// The number in the unit of a meter.
    ///
    /// # Errors
    /// If the units do not convert, or the number is too large.
    pub fn in_unit(&self, meter: &Unit) -> Result<Decimal, String> {
        let Some(unit) = &self.unit else { return Ok(self.number) };
        if !unit.converts(meter) {
            return Err(format!("\"{unit}\" cannot be counted in \"{meter}\""));
        }
        let divisor = greatest_common_divisor(unit.base(), meter.base());
        let scale = |unit: &Unit| Decimal::from_u128(unit.base() / divisor);
        let converted = || self.number.checked_mul(scale(unit)?)?.checked_div(scale(meter)?);
        converted().ok_or_else(|| format!("{} {unit} is too much", self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    #[derive(Deserialize)]
    struct Row {
        quantity: Quantity,
    }

    fn read(text: &str, unit: &str) -> Result<Decimal, String> {
        let row = toml::from_str(&format!("quantity = {text}"));
        row.map_err(|error: toml::de::Error| error.to_string())
            .and_then(|row: Row| row.quantity.in_unit(&Unit::parse(unit).unwrap()))
    }

    #[test]
    fn numbers_are_what_was_written() {
        for (text, expected) in [("3_000", dec!(3000)), ("0.167", dec!(0.167)), ("\"1.10\"", dec!(1.1))] {
            assert_eq!(read(text, "request"), Ok(expected), "{text}");
        }
        for text in ["-1", "nan", "inf", "\"-0.5\"", "\"many\"", "true", "1e300"] {
            assert!(read(text, "request").is_err(), "{text}");
        }
    }

    #[test]
    fn units_of_the_same_kind_convert() {
        assert_eq!(read("\"72 TB\"", "GB"), Ok(dec!(73728)));
        assert_eq!(read("\"2 hour\"", "minute"), Ok(dec!(120)));
        // Microsoft Learn, functions-consumption-costs: 1,110,000,000 MB-milliseconds are 1,083.984375 GB-seconds.
        assert_eq!(read("\"1110000000 MB-ms\"", "GB-second"), Ok(dec!(1083.984375)));
        assert!(read("\"72 TB\"", "GB-month").unwrap_err().contains("cannot be counted in \"GB-month\""));
        assert!(read("\"79228162514264337593543950335 TB\"", "KB").unwrap_err().contains("too much"));
    }
}
