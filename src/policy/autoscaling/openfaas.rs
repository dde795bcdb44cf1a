//! The autoscaler of OpenFaaS Pro.

use serde::Deserialize;

use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::{DemandView, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::{Span, Time};
use crate::workload::validate;

/// Replicas = ceil(load / (target x proportion)) for the load of all replicas together. O(1) per decision.
///
/// Source of rule and defaults: OpenFaaS documentation, "Auto-scaling your functions" (labels `com.openfaas.scale.*`) and "Scale to
/// zero". The page does not say how often the load is queried nor over which window; both are parameters here.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenFaas {
    /// What load is.
    pub r#type: LoadType,
    /// The load for one replica.
    pub target: f64,
    /// The part of the target at which replicas are added.
    pub target_proportion: f64,
    /// Fewest replicas under load.
    pub min: u32,
    /// Most replicas.
    pub max: u32,
    /// Whether there are no replicas after a time without load.
    pub zero: bool,
    /// That time.
    pub zero_duration: Span,
    /// The time for which the largest number counts before replicas go; at most five minutes in the product.
    pub down_window: Span,
    /// The window over which the load is averaged.
    pub window: Span,
    /// How often it decides.
    pub period: Span,
    #[serde(skip)]
    state: State,
}

/// What the load of a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadType {
    /// Requests per second.
    Rps,
    /// Requests in flight.
    Capacity,
}

#[derive(Debug, Clone, Default)]
struct State {
    window: Window,
    wanted: RecentMax,
    /// The last instant with load.
    last_load: Time,
}

impl Default for OpenFaas {
    fn default() -> Self {
        Self {
            r#type: LoadType::Rps,
            target: 50.0,
            target_proportion: 0.9,
            min: 1,
            max: 20,
            zero: false,
            zero_duration: Span::from_secs(900),
            down_window: Span::ZERO,
            window: Span::from_secs(60),
            period: Span::from_secs(10),
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "openfaas",
    summary: "Replicas for the load (requests per second or in flight) at 90 % of its target per replica.",
    reference: "OpenFaaS Pro documentation, \"Auto-scaling your functions\"",
    parameters: &[
        Parameter::optional("type", "\"rps\" or \"capacity\"", "\"rps\"", "requests per second, or in flight"),
        Parameter::optional("target", "number", "50", "the load for one replica"),
        Parameter::optional("target_proportion", "share", "0.9", "the part of it at which replicas are added"),
        Parameter::optional("min", "number", "1", "fewest replicas under load"),
        Parameter::optional("max", "number", "20", "most replicas"),
        Parameter::optional("zero", "true or false", "false", "no replicas after a time without load"),
        Parameter::optional("zero_duration", "duration", "15m", "that time"),
        Parameter::optional("down_window", "duration", "0s", "how long the largest number counts before replicas go"),
        Parameter::optional("window", "duration", "1m", "the window over which the load is averaged"),
        Parameter::optional("period", "duration", "10s", "how often it decides"),
    ],
    example: r#"{ type = "capacity", target = 5.0, zero = true }"#,
    build: Build::Function(|parameters| {
        let policy: OpenFaas = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl OpenFaas {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::positive("target", self.target)?;
        validate::number("target_proportion", self.target_proportion, 0.01..=10.0)?;
        validate::positive("max", self.max.into())?;
        validate::ordered("min", &self.min, "max", &self.max)?;
        validate::span("window", self.window)?;
        validate::span("period", self.period)?;
        Ok(())
    }
}

impl Autoscaling for OpenFaas {
    fn period(&self) -> Span {
        self.period
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        self.state.window.observe(view, self.window);
        let interval = self.state.window.last(self.window);
        let load = match self.r#type {
            LoadType::Rps => interval.arrival_rate(),
            LoadType::Capacity => interval.mean_concurrency(),
        };
        if view.peak > 0 || view.in_flight > 0 {
            self.state.last_load = view.now;
        }
        if self.zero && view.now - self.state.last_load >= self.zero_duration {
            return 0;
        }
        let wanted = round_up(load / (self.target * self.target_proportion));
        self.state.wanted.push(view.now, wanted, self.down_window).clamp(self.min, self.max)
    }

    fn reacts_to_waiting(&self) -> bool {
        // The gateway starts replicas of a function that has none.
        self.zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_a_minute(text: &str, in_flight: u32, arrivals: u64) -> u32 {
        let mut policy: OpenFaas = toml::from_str(text).unwrap();
        policy.desired(&DemandView::start().later(Span::from_secs(60), in_flight, arrivals))
    }

    #[test]
    fn replicas_share_the_load_at_the_proportion_of_their_target() {
        // The example of the documentation: 15 in flight, 5 for each.
        assert_eq!(after_a_minute("type = 'capacity'\ntarget = 5.0\ntarget_proportion = 1.0", 15, 0), 3);
        assert_eq!(after_a_minute("type = 'capacity'\ntarget = 5.0", 15, 0), 4, "15 / 4.5");
        assert_eq!(after_a_minute("", 1, 60 * 450), 10, "450 per second, 45 for each");
        assert_eq!([after_a_minute("", 1, 60 * 100_000), after_a_minute("", 0, 0)], [20, 1]);
    }

    #[test]
    fn none_stay_after_the_time_without_load_and_a_request_brings_them_back() {
        let mut policy: OpenFaas = toml::from_str("zero = true\nzero_duration = '5m'\nmin = 2").unwrap();
        let mut view = DemandView::start().later(Span::from_secs(10), 1, 1);
        assert_eq!(policy.desired(&view), 2);
        let quiet: Vec<u32> = (0..6)
            .map(|_| {
                view = view.later(Span::from_secs(60), 0, 0);
                policy.desired(&view)
            })
            .collect();
        assert_eq!(quiet, [2, 2, 2, 2, 0, 0]);
        assert_eq!(policy.desired(&view.later(Span::from_secs(1), 1, 1)), 2);
    }
}
