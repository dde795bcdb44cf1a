//! Evenly spaced values of a key: numbers, or quantities of one unit.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Value;

/// Evenly spaced values, the first and the last included.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The first value: a number, or a text with a unit, such as `"128 MiB"`.
    #[schemars(with = "serde_json::Value")]
    pub from: Value,
    /// The last value, in the same unit.
    #[schemars(with = "serde_json::Value")]
    pub to: Value,
    /// How many values, 2 or more. They are rounded to six digits; between whole numbers to whole numbers.
    pub steps: u32,
}

/// A number, what follows it, and whether it is a text.
struct Measured<'a> {
    number: f64,
    unit: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Whole,
    Number,
    Text,
}

impl Range {
    /// Values of equal differences.
    ///
    /// # Errors
    /// If the ends do not fit together.
    pub fn linear(&self) -> Result<Vec<Value>, String> {
        self.spaced(|from, to, share| from + (to - from) * share)
    }

    /// Values of equal ratios.
    ///
    /// # Errors
    /// If the ends do not fit together, or one is not above zero.
    pub fn logarithmic(&self) -> Result<Vec<Value>, String> {
        let [from, to] = [measured(&self.from)?, measured(&self.to)?];
        if from.number <= 0.0 || to.number <= 0.0 {
            return Err("a logarithmic range needs ends above zero".into());
        }
        self.spaced(|from, to, share| from * libm::pow(to / from, share))
    }

    fn spaced(&self, at: impl Fn(f64, f64, f64) -> f64) -> Result<Vec<Value>, String> {
        let [from, to] = [measured(&self.from)?, measured(&self.to)?];
        if from.unit != to.unit {
            return Err(format!("`from` is in \"{}\" and `to` in \"{}\"; write both in one unit", from.unit, to.unit));
        }
        if self.steps < 2 {
            return Err(format!("steps = {}; expected 2 or more", self.steps));
        }
        let kind = if from.kind == to.kind { from.kind } else { Kind::Number };
        let last = self.steps - 1;
        let value = |step: u32| match step {
            0 => self.from.clone(),
            step if step == last => self.to.clone(),
            step => write(at(from.number, to.number, f64::from(step) / f64::from(last)), from.unit, kind),
        };
        Ok((0..self.steps).map(value).collect())
    }
}

fn measured(value: &Value) -> Result<Measured<'_>, String> {
    match value {
        Value::Integer(number) => Ok(Measured { number: *number as f64, unit: "", kind: Kind::Whole }),
        Value::Float(number) => Ok(Measured { number: *number, unit: "", kind: Kind::Number }),
        Value::String(text) => {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
            let number = text[..end].parse();
            let number =
                number.map_err(|_| format!("\"{text}\" does not begin with a number, so there is nothing between"))?;
            Ok(Measured { number, unit: &text[end..], kind: Kind::Text })
        }
        other => Err(format!("{other} is not a number; expected one, or a text such as \"128 MiB\"")),
    }
}

fn write(number: f64, unit: &str, kind: Kind) -> Value {
    match kind {
        Kind::Whole => Value::Integer(number.round() as i64),
        Kind::Number => Value::Float(six_digits(number)),
        Kind::Text => Value::String(format!("{}{unit}", six_digits(number))),
    }
}

/// The number with six significant digits, so that 255.99999999999997 is 256.
fn six_digits(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Range {
        toml::from_str(text).unwrap()
    }

    fn shown(values: Result<Vec<Value>, String>) -> Vec<String> {
        values.unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn values_keep_the_unit_and_the_ends() {
        let memory = range("from = \"128 MiB\"\nto = \"1024 MiB\"\nsteps = 4");
        assert_eq!(shown(memory.logarithmic()), ["\"128 MiB\"", "\"256 MiB\"", "\"512 MiB\"", "\"1024 MiB\""]);
        let time = range("from = \"1m\"\nto = \"2m\"\nsteps = 3");
        assert_eq!(shown(time.linear()), ["\"1m\"", "\"1.5m\"", "\"2m\""]);
        assert_eq!(shown(range("from = 1\nto = 10\nsteps = 4").linear()), ["1", "4", "7", "10"]);
        assert_eq!(shown(range("from = 1.0\nto = 2.0\nsteps = 4").linear()), ["1.0", "1.33333", "1.66667", "2.0"]);
    }

    #[test]
    fn ends_that_do_not_fit_are_refused() {
        for (text, reason) in [
            ("from = \"1m\"\nto = \"1h\"\nsteps = 3", "write both in one unit"),
            ("from = 1\nto = 2\nsteps = 1", "expected 2 or more"),
            ("from = \"a lot\"\nto = 2\nsteps = 2", "does not begin with a number"),
            ("from = true\nto = 2\nsteps = 2", "is not a number"),
        ] {
            assert!(range(text).linear().unwrap_err().contains(reason), "{text}");
        }
        assert!(range("from = 0\nto = 2\nsteps = 2").logarithmic().unwrap_err().contains("above zero"));
    }
}
