//! The text form of quantities: a decimal number and a unit, as people write them in scenario files.

use std::fmt;

use rust_decimal::Decimal;

/// Why a text is not the quantity it should be. The message says what was expected and shows an example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuantityError(String);

impl QuantityError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A unit that may follow the number, and how many base units it is.
pub(crate) type Unit = (&'static str, Decimal);

/// What a kind of quantity is called, and the units in which it can be written.
pub(crate) struct Kind {
    pub what: &'static str,
    pub example: &'static str,
    pub units: &'static [Unit],
}

impl Kind {
    /// Reads `text` as an exact, non-negative number of base units.
    pub fn parse(&self, text: &str) -> Result<Decimal, QuantityError> {
        let text = text.trim();
        let digits = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | '_')).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number: Decimal =
            number.parse().map_err(|_| self.error(format!("\"{text}\" does not begin with a number")))?;
        if number.is_sign_negative() && !number.is_zero() {
            return Err(self.error(format!("\"{text}\" is negative")));
        }
        let unit = unit.trim();
        let (_, factor) = self.units.iter().find(|(name, _)| *name == unit).ok_or_else(|| {
            let problem =
                if unit.is_empty() { "has no unit".into() } else { format!("has the unknown unit \"{unit}\"") };
            let names: Vec<_> = self.units.iter().map(|(name, _)| *name).collect();
            self.error(format!("\"{text}\" {problem}; units are {}", names.join(", ")))
        })?;
        number.checked_mul(*factor).ok_or_else(|| self.error(format!("\"{text}\" is too large")))
    }

    pub fn error(&self, problem: String) -> QuantityError {
        QuantityError(format!("{problem}; expected {}, such as \"{}\"", self.what, self.example))
    }

    /// Writes `base` in the largest unit in which it is a whole number.
    pub fn write(&self, f: &mut fmt::Formatter<'_>, base: Decimal) -> fmt::Result {
        let fits = |unit: &&Unit| base.checked_rem(unit.1).is_some_and(|rest| rest.is_zero());
        let (name, factor) =
            self.units.iter().rev().filter(|unit| unit.1 >= Decimal::ONE).find(fits).unwrap_or(&self.units[0]);
        let space = if name.len() > 2 { " " } else { "" };
        write!(f, "{}{space}{name}", (base / factor).normalize())
    }
}

/// Implements serde and JSON-Schema for a type that is written as text with a unit.
macro_rules! as_text {
    ($type:ty, $kind:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "{}, such as \"{}\"", $kind.what, $kind.example)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let units: Vec<_> = $kind.units.iter().map(|(name, _)| *name).collect();
                schemars::json_schema!({
                    "type": "string",
                    "description": format!("{}: a number and one of {}", $kind.what, units.join(", ")),
                    "examples": [$kind.example],
                })
            }
        }
    };
}
pub(crate) use as_text;
