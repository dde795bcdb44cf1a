//! `[sweep]`: which keys vary, and over which values.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Value;

use super::range::Range;

/// Keys that vary: every combination of their values is a cell of the sweep.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sweep {
    /// Each key with its values, in the order of the file.
    pub keys: Vec<(String, Values)>,
    /// Keys that vary together, value by value.
    pub zip: Vec<Vec<String>>,
}

/// The values of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// One after the other.
    List(Vec<Value>),
    /// Equal differences.
    Linear(Range),
    /// Equal ratios.
    Logarithmic(Range),
}

impl Sweep {
    /// Whether nothing varies.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Values {
    /// The values in their order.
    ///
    /// # Errors
    /// Why there are none.
    pub fn all(&self) -> Result<Vec<Value>, String> {
        let values = match self {
            Self::List(values) => values.clone(),
            Self::Linear(range) => range.linear()?,
            Self::Logarithmic(range) => range.logarithmic()?,
        };
        let twice = values.iter().enumerate().find(|(index, value)| values[..*index].contains(value));
        match twice {
            _ if values.is_empty() => Err("no value; expected a list of at least one".into()),
            Some((_, value)) => Err(format!("{value} is there twice; each value once is enough")),
            None => Ok(values),
        }
    }
}

impl<'de> Deserialize<'de> for Sweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Sweep;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys in quotes, each with its values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sweep, A::Error> {
                let mut sweep = Sweep::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "zip" {
                        sweep.zip = map.next_value()?;
                    } else {
                        sweep.keys.push((key, map.next_value()?));
                    }
                }
                Ok(sweep)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrRange;
        impl<'de> Visitor<'de> for ListOrRange {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a list of values, `{ linear = { from = ..., to = ..., steps = ... } }` or `{ logarithmic = ... }`",
                )
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(Values::List(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let one = || de::Error::invalid_length(0, &self);
                let key = map.next_key::<String>()?.ok_or_else(one)?;
                let values = match key.as_str() {
                    "linear" => Values::Linear(map.next_value()?),
                    "logarithmic" => Values::Logarithmic(map.next_value()?),
                    _ if is_range(&map.next_value()?) => {
                        return Err(de::Error::unknown_field(&key, &["linear", "logarithmic"]));
                    }
                    _ => return Err(de::Error::custom(UNQUOTED)),
                };
                match map.next_key::<String>()? {
                    None => Ok(values),
                    Some(_) => Err(de::Error::custom("expected one of `linear` and `logarithmic`")),
                }
            }
        }
        deserializer.deserialize_any(ListOrRange)
    }
}

/// Whether a value looks like a [`Range`], so that only its kind is misspelt.
fn is_range(value: &Value) -> bool {
    value.as_table().is_some_and(|table| table.contains_key("from") || table.contains_key("steps"))
}

const UNQUOTED: &str = "the whole key must be in quotes, such as \"policy.keep_alive.fixed.ttl\" = [\"1m\", \"10m\"]";

impl JsonSchema for Sweep {
    fn schema_name() -> Cow<'static, str> {
        "Sweep".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let range = generator.subschema_for::<Range>();
        let spaced = |name: &str| json_schema!({"type": "object", "properties": { name: range }, "required": [name], "additionalProperties": false});
        json_schema!({
            "description": "Keys that vary, in quotes as `--set` names them, each with a list of values or a range: every combination is a cell. \
                            A value may be a table, such as a whole policy.",
            "type": "object",
            "properties": {
                "zip": {
                    "description": "Lists of keys that vary together, value by value, instead of in all combinations. Default: none.",
                    "type": "array",
                    "items": { "type": "array", "items": { "type": "string" } },
                },
            },
            "additionalProperties": {
                "anyOf": [{ "type": "array", "minItems": 1 }, spaced("linear"), spaced("logarithmic")],
            },
        })
    }
}
