//! Percentiles as scenario files write them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::{Quantity, Sampler};
use super::PercentileSampler;
use crate::workload::validate::{Invalid, non_negative, number};

/// Measured percentiles, from the 0th to the 100th, joined by straight lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Percentiles<Q: Quantity> {
    points: Vec<(f64, Q)>,
    mean: Option<Q>,
}

impl<Q: Quantity> Percentiles<Q> {
    /// Joins `points` of (percent, value) in any order. With a `mean`, every value is multiplied by the same factor so that
    /// this becomes the mean: a published average is worth more than the lines between percentiles.
    ///
    /// # Errors
    /// [`Invalid`] unless the percentages differ, begin with 0 and end with 100, and the values never fall.
    pub fn new(mut points: Vec<(f64, Q)>, mean: Option<Q>) -> Result<Self, Invalid> {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (percent, value) in &points {
            number("percent", *percent, 0.0..=100.0)?;
            non_negative(&format!("p{percent}"), value.to_f64())?;
        }
        if points.first().is_none_or(|point| point.0 != 0.0) || points.last().is_none_or(|point| point.0 != 100.0) {
            return Err(Invalid::new("`percentiles` needs `p0` and `p100`, the smallest and the largest value"));
        }
        for pair in points.windows(2) {
            let ((percent, value), (next_percent, next_value)) = (pair[0], pair[1]);
            if percent == next_percent {
                return Err(Invalid::new(format!("`percentiles` has two values for {percent} percent; expected one")));
            }
            if next_value < value {
                return Err(Invalid::new(format!(
                    "`p{next_percent}` is below `p{percent}`; percentiles must not fall"
                )));
            }
        }
        let all_zero = points.iter().all(|(_, value)| value.to_f64() == 0.0);
        if let Some(mean) = mean {
            non_negative("mean", mean.to_f64())?;
            if all_zero && mean.to_f64() > 0.0 {
                return Err(Invalid::new("`mean` is above zero but every percentile is zero"));
            }
        }
        Ok(Self { points, mean })
    }

    pub(crate) fn sampler(&self) -> Sampler {
        let points: Vec<_> = self.points.iter().map(|&(percent, value)| (percent, value.to_f64())).collect();
        let sampler = PercentileSampler::new(&points).expect("`Percentiles::new` wants two points at least");
        Sampler::Percentiles(match self.mean {
            Some(mean) => sampler.rescaled(mean.to_f64()),
            None => sampler,
        })
    }
}

impl<Q: Quantity> Serialize for Percentiles<Q> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (percent, value) in &self.points {
            map.serialize_entry(&format!("p{percent}"), value)?;
        }
        if let Some(mean) = &self.mean {
            map.serialize_entry("mean", mean)?;
        }
        map.end()
    }
}

impl<'de, Q: Quantity> Deserialize<'de> for Percentiles<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PercentilesVisitor(PhantomData))
    }
}

struct PercentilesVisitor<Q>(PhantomData<Q>);

impl<'de, Q: Quantity> Visitor<'de> for PercentilesVisitor<Q> {
    type Value = Percentiles<Q>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("percentiles, such as { p0 = .., p50 = .., p100 = .. } or [[0, ..], [50, ..], [100, ..]]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut points, mut mean) = (Vec::new(), None);
        while let Some(key) = map.next_key::<String>()? {
            match key.strip_prefix('p').and_then(|percent| percent.parse::<f64>().ok()) {
                Some(percent) => points.push((percent, map.next_value()?)),
                None if key == "mean" => mean = Some(map.next_value()?),
                None => {
                    return Err(A::Error::custom(format!(
                        "unknown key `{key}`; expected `p50`, `\"p99.9\"` or `mean`"
                    )));
                }
            }
        }
        Percentiles::new(points, mean).map_err(A::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut points = Vec::new();
        while let Some(point) = list.next_element()? {
            points.push(point);
        }
        Percentiles::new(points, None).map_err(A::Error::custom)
    }
}

impl<Q: Quantity> JsonSchema for Percentiles<Q> {
    fn schema_name() -> Cow<'static, str> {
        format!("Percentiles_{}", Q::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Q>();
        json_schema!({
            "description": "A table of `p` and a percentage to the value there, from `p0` to `p100`, and optionally `mean`, \
                to which all values are scaled; or a list of [percentage, value].",
            "anyOf": [
                {
                    "type": "object",
                    "properties": { "mean": value },
                    "patternProperties": { "^p[0-9]+(\\.[0-9]+)?$": value },
                    "required": ["p0", "p100"],
                    "additionalProperties": false,
                },
                { "type": "array", "items": { "type": "array", "prefixItems": [{ "type": "number" }, value] } },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn percentiles_that_make_no_sense_are_refused_with_the_reason() {
        for (text, reason) in [
            (r#"x = { p0 = "1ms", p50 = "2ms" }"#, "needs `p0` and `p100`"),
            (r#"x = { p0 = "1ms", p50 = "3ms", p99 = "2ms", p100 = "4ms" }"#, "`p99` is below `p50`"),
            (r#"x = [[0, "1ms"], [0, "2ms"], [100, "4ms"]]"#, "two values for 0 percent"),
            (r#"x = { p0 = "1ms", p100 = "4ms", p120 = "9ms" }"#, "`percent` is 120"),
            (r#"x = { p0 = "1ms", p100 = "4ms", median = "2ms" }"#, "unknown key `median`"),
            (r#"x = { p0 = "0ms", p100 = "0ms", mean = "2ms" }"#, "every percentile is zero"),
            (r#"x = "4ms""#, "expected percentiles, such as"),
        ] {
            let read: Result<std::collections::BTreeMap<String, Percentiles<Span>>, _> = toml::from_str(text);
            let error = read.unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
