//! `[ranges]`: between which values uncertain inputs lie.

use std::borrow::Cow;

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error};
use toml::Value;

use super::problem::{Problem, ScenarioError};
use super::read::Scenario;
use crate::amount::Memory;
use crate::policy::catalog::Catalog;
use crate::time::Span;

/// The two ends of the range of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct InputRange {
    ends: [String; 2],
    between: Between,
}

/// How values between the ends are made.
#[derive(Debug, Clone, PartialEq)]
enum Between {
    Whole(i64, i64),
    Number(f64, f64),
    Time(Span, Span),
    Memory(Memory, Memory),
    /// Numbers with the same unit.
    Quantity(Decimal, Decimal, String),
}

impl InputRange {
    /// The lower and the upper end, as the scenario has them.
    pub fn ends(&self) -> [&str; 2] {
        self.ends.each_ref().map(String::as_str)
    }

    /// The value that lies `share` (0 to 1) of the way from the first end to the second, as TOML.
    pub fn at(&self, share: f64) -> String {
        let mix = |a: f64, b: f64| a + (b - a) * share;
        let text = match &self.between {
            Between::Whole(a, b) => return (mix(*a as f64, *b as f64).round() as i64).to_string(),
            Between::Number(a, b) => return Value::Float(mix(*a, *b)).to_string(),
            Between::Time(a, b) => Span::from_nanos_f64(mix(a.as_nanos() as f64, b.as_nanos() as f64)).to_string(),
            Between::Memory(a, b) => format!("{} MiB", mix(a.as_mib_f64(), b.as_mib_f64()).round().max(1.0)),
            Between::Quantity(a, b, unit) => {
                let value = mix(a.to_f64().unwrap_or(0.0), b.to_f64().unwrap_or(0.0));
                let value = Decimal::from_f64(value).unwrap_or(*a);
                let value = value.round_sf_with_strategy(9, RoundingStrategy::MidpointNearestEven).unwrap_or(*a);
                format!("{}{unit}", value.normalize())
            }
        };
        Value::String(text).to_string()
    }

    fn new(ends: &[Value; 2]) -> Result<Self, String> {
        let between = match ends {
            [Value::Integer(a), Value::Integer(b)] => Between::Whole(*a, *b),
            [Value::Float(a), Value::Float(b)] => Between::Number(*a, *b),
            [Value::Integer(a), Value::Float(b)] => Between::Number(*a as f64, *b),
            [Value::Float(a), Value::Integer(b)] => Between::Number(*a, *b as f64),
            [Value::String(a), Value::String(b)] => texts(a, b)?,
            _ => return Err("expected two numbers or two quantities, such as [\"90ms\", \"150ms\"]".into()),
        };
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Ok(Self { ends: ends.each_ref().map(shown), between })
    }
}

fn texts(a: &str, b: &str) -> Result<Between, String> {
    if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
        return Ok(Between::Time(a, b));
    }
    if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
        return Ok(Between::Memory(a, b));
    }
    let split = |text: &str| {
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '_')).unwrap_or(text.len());
        let number: Option<Decimal> = text[..end].replace('_', "").parse().ok();
        number.map(|number| (number, text[end..].to_owned()))
    };
    match (split(a), split(b)) {
        (Some((low, unit)), Some((high, other))) if unit == other => Ok(Between::Quantity(low, high, unit)),
        (Some(_), Some(_)) => Err(format!("\"{a}\" and \"{b}\" have different units; write both with the same one")),
        _ => Err(format!("\"{a}\" and \"{b}\" are not two quantities; expected such as [\"90ms\", \"150ms\"]")),
    }
}

impl<'de> Deserialize<'de> for InputRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&<[Value; 2]>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for InputRange {
    fn schema_name() -> Cow<'static, str> {
        "InputRange".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": ["number", "string"] },
            "minItems": 2,
            "maxItems": 2,
            "description": "the two ends of a range: numbers, or quantities such as \"90ms\"",
        })
    }
}

impl Scenario {
    /// Checks that both ends of each range can be set.
    ///
    /// # Errors
    /// The range that cannot, and why.
    pub fn check_ranges(&self, catalog: &Catalog) -> Result<(), ScenarioError> {
        for (key, range) in &self.file().ranges {
            for value in [0.0, 1.0].map(|share| range.at(share)) {
                let Err(error) = self.variant(&vec![(key.clone(), value.clone())], catalog) else { continue };
                let why = error.problems().first().map_or_else(String::new, |problem| problem.title().to_owned());
                let problem = Problem::new(format!("`{key}` cannot be {value}: {why}"));
                return Err(self.refuse(&["ranges", key], problem));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Result<InputRange, String> {
        #[derive(Deserialize)]
        struct File {
            x: InputRange,
        }
        toml::from_str(&format!("x = {text}")).map(|file: File| file.x).map_err(|error| error.to_string())
    }

    #[test]
    fn values_between_the_ends_are_of_the_same_kind() {
        for (text, [first, middle, last]) in [
            ("[\"90ms\", \"0.15s\"]", ["\"90ms\"", "\"120ms\"", "\"150ms\""]),
            ("[\"512 MiB\", \"2 GiB\"]", ["\"512 MiB\"", "\"1280 MiB\"", "\"2048 MiB\""]),
            ("[\"10/s\", \"25/s\"]", ["\"10/s\"", "\"17.5/s\"", "\"25/s\""]),
            ("[\"0.0000002 USD\", \"0.0000004 USD\"]", ["\"0.0000002 USD\"", "\"0.0000003 USD\"", "\"0.0000004 USD\""]),
            ("[1, 4]", ["1", "3", "4"]),
            ("[0.5, 1]", ["0.5", "0.75", "1.0"]),
        ] {
            let range = range(text).unwrap();
            assert_eq!([0.0, 0.5, 1.0].map(|share| range.at(share)), [first, middle, last], "{text}");
        }
        assert_eq!(range("[\"90ms\", \"150ms\"]").unwrap().ends(), ["90ms", "150ms"]);
    }

    #[test]
    fn what_has_no_values_between_is_refused() {
        for (text, reason) in [
            ("[\"90ms\", \"2/s\"]", "different units"),
            ("[\"low\", \"high\"]", "not two quantities"),
            ("[true, false]", "expected two numbers"),
            ("[1]", "2"),
        ] {
            let error = range(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
