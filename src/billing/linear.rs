//! The plain cost model C = k x T.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::amount::Money;
use crate::billing::charge::Charge;
use crate::billing::measure::Measure;
use crate::billing::meter::Meter;
use crate::billing::plan::{Plan, Schedule};
use crate::billing::unit::Unit;
use crate::time::Span;

/// The linear cost model C = k x T: a price k for billed time T, the same for every unit.
///
/// At least one price must be given; several add up. Executions on provisioned instances cost the same as the others,
/// and idle provisioned instances cost nothing. There are no tiers and no free units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Linear {
    /// Price of one second of billed time, whatever the memory, such as `"0.00002 USD"`. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<Money>,
    /// Price of one second of billed time with 1 GB (1024 MiB) of configured memory. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_gb_second: Option<Money>,
    /// Price of one invocation. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_request: Option<Money>,
    /// The time of each invocation is rounded up to a multiple of this. Default: `"1ns"`, which is exact.
    #[serde(default = "nanosecond")]
    pub granularity: Span,
    /// The least time that is billed for an invocation. Default: `"0s"`.
    #[serde(default)]
    pub minimum: Span,
    /// Whether T includes the initialisation of a cold start. Default: `false`, T is the execution time.
    #[serde(default)]
    pub init: bool,
}

/// A meter: key, name, unit, what it counts, and its price if there is one.
type Metered = (&'static str, &'static str, &'static str, &'static [Measure], fn(&Linear) -> Option<Money>);

/// Time on provisioned instances costs what other time costs.
const METERS: [Metered; 4] = [
    ("request", "Requests", "request", &[Measure::Requests], |linear| linear.per_request),
    ("duration", "Duration", "GB-second", &[Measure::Billed, Measure::Memory], |linear| linear.per_gb_second),
    (
        "provisioned_duration",
        "Duration on provisioned instances",
        "GB-second",
        &[Measure::ProvisionedBilled, Measure::Memory],
        |linear| linear.per_gb_second,
    ),
    ("time", "Billed time", "second", &[Measure::TotalBilled], |linear| linear.per_second),
];

const fn nanosecond() -> Span {
    Span::from_nanos(1)
}

impl Linear {
    fn check(&self) -> Result<(), &'static str> {
        if self.granularity == Span::ZERO {
            return Err("granularity is zero; exact billing has granularity = \"1ns\"");
        }
        match (self.per_second, self.per_gb_second, self.per_request) {
            (None, None, None) => Err("no price; expected per_second, per_gb_second or per_request"),
            _ => Ok(()),
        }
    }

    /// How invocations are rounded.
    pub const fn meter(&self) -> Meter {
        Meter { granularity: self.granularity, minimum: self.minimum, bills_init: self.init }
    }

    /// The meters and their prices, the same for every processor.
    pub(super) fn plan(&self) -> (Vec<Charge>, Plan) {
        let (mut charges, mut plan) = (Vec::new(), Plan::default());
        for (key, name, unit, measures, price) in METERS {
            // The units of the table are right: a test bills with each of them.
            let (Some(price), Ok(unit)) = (price(self), Unit::parse(unit)) else { continue };
            plan.prices.insert((charges.len(), None), Schedule::flat(price));
            charges.push(Charge::counting(key, name, unit, measures));
        }
        (charges, plan)
    }
}

impl<'de> Deserialize<'de> for Linear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let linear = Self::deserialize(deserializer)?;
        linear.check().map_err(serde::de::Error::custom)?;
        Ok(linear)
    }
}

impl Serialize for Linear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::{FunctionUsage, Pricing, Usage};
    use rust_decimal::dec;

    fn pricing(linear: &str) -> Result<Pricing, String> {
        toml::from_str(&format!("linear = {linear}")).map_err(|error: toml::de::Error| error.to_string())
    }

    /// 3 invocations of 200 ms with 512 MiB at 0.01 USD per second.
    #[test]
    fn cost_is_k_times_t_exactly_in_the_window() {
        let usage = FunctionUsage {
            memory: "512 MiB".parse().unwrap(),
            requests: 3,
            billed: 600_000_000,
            ..FunctionUsage::default()
        };
        // A month is no whole number of times 7 h, and still nothing is lost.
        let usage = Usage { window: Span::from_secs(7 * 3_600), functions: vec![usage] };
        for (linear, total) in [
            (r#"{ per_second = "0.01 USD" }"#, dec!(0.006)),
            (r#"{ per_gb_second = "0.01 USD" }"#, dec!(0.003)),
            (r#"{ per_request = "0.01 USD" }"#, dec!(0.03)),
            (r#"{ per_second = "0.01 USD", per_request = "1 USD" }"#, dec!(3.006)),
        ] {
            let tariff = pricing(linear).unwrap().resolve(std::path::Path::new(".")).unwrap();
            let invoice = tariff.invoice(&usage).unwrap();
            assert_eq!(invoice.total.as_dollars(), total, "{linear}");
            assert_eq!((invoice.per_month.as_dollars() - total * dec!(730) / dec!(7)).round_dp(20), dec!(0));
        }
    }

    #[test]
    fn provisioned_executions_cost_the_same_and_idling_nothing() {
        let linear = Linear {
            per_second: None,
            per_gb_second: Some("0.5 USD".parse().unwrap()),
            per_request: None,
            granularity: nanosecond(),
            minimum: Span::ZERO,
            init: false,
        };
        let usage = FunctionUsage {
            memory: "1 GiB".parse().unwrap(),
            billed: 1_000_000_000,
            provisioned_billed: 3_000_000_000,
            provisioned_time: 9_000_000_000,
            ..FunctionUsage::default()
        };
        let pricing = Pricing { linear: Some(linear), ..Pricing::default() };
        let tariff = pricing.resolve(std::path::Path::new(".")).unwrap();
        assert_eq!(tariff.invoice(&Usage::month(vec![usage])).unwrap().total.as_dollars(), dec!(2));
    }

    #[test]
    fn a_model_without_price_or_step_is_refused() {
        assert!(pricing("{}").unwrap_err().contains("expected per_second"));
        assert!(
            pricing(r#"{ per_second = "1 USD", granularity = "0s" }"#).unwrap_err().contains("granularity is zero")
        );
        assert!(pricing(r#"{ per_second = "1 EUR" }"#).unwrap_err().contains("unknown unit \"EUR\""));
        assert!(pricing(r#"{ per_second = "-1 USD" }"#).unwrap_err().contains("negative"));
    }
}
