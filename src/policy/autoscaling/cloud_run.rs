//! Google Cloud Run.

use serde::Deserialize;

use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::{DemandView, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::Span;
use crate::workload::validate;

/// The window over which concurrency and CPU are averaged.
const WINDOW: Span = Span::from_secs(60);

/// Instances so that the mean concurrency of a minute is at most 60 % of what they can execute, and CPU is at most 60 % used; at
/// once as many as requests need that wait. What is too many goes after 15 idle minutes. O(1) per decision.
///
/// Source: Google Cloud, "About instance autoscaling in Cloud Run services". Decided every 5 s, as older editions of that page
/// said. An instance is too many when no decision of the last 15 minutes wanted it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudRun {
    /// The part of an instance's concurrency, and of its CPU, that shall be used.
    pub target: f64,
    /// The part of an instance's CPU that one execution uses; 0 leaves the decision to concurrency.
    pub cpu_per_execution: f64,
    /// How long an instance that is too many stays.
    pub idle_timeout: Span,
    /// Fewest instances.
    pub min_instances: u32,
    /// Most instances.
    pub max_instances: u32,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Default)]
struct State {
    window: Window,
    wanted: RecentMax,
}

impl Default for CloudRun {
    fn default() -> Self {
        Self {
            target: 0.6,
            cpu_per_execution: 0.0,
            idle_timeout: Span::from_secs(900),
            min_instances: 0,
            max_instances: 100,
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "cloud_run",
    summary: "Instances for 60 % of their concurrency and CPU, averaged over a minute; idle ones stay 15 minutes.",
    reference: "Google Cloud Run, \"About instance autoscaling in Cloud Run services\"",
    parameters: &[
        Parameter::optional("target", "share", "0.6", "the part of concurrency and CPU that shall be used"),
        Parameter::optional("cpu_per_execution", "share", "0", "the part of an instance's CPU that an execution uses"),
        Parameter::optional("idle_timeout", "duration", "15m", "how long an instance that is too many stays"),
        Parameter::optional("min_instances", "number", "0", "fewest instances"),
        Parameter::optional("max_instances", "number", "100", "most instances"),
    ],
    example: "{ target = 0.6, max_instances = 50 }",
    build: Build::Function(|parameters| {
        let policy: CloudRun = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl CloudRun {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::number("target", self.target, 0.01..=1.0)?;
        validate::number("cpu_per_execution", self.cpu_per_execution, 0.0..=1.0)?;
        validate::positive("max_instances", self.max_instances.into())?;
        validate::ordered("min_instances", &self.min_instances, "max_instances", &self.max_instances)?;
        Ok(())
    }
}

impl Autoscaling for CloudRun {
    fn period(&self) -> Span {
        Span::from_secs(5)
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        self.state.window.observe(view, WINDOW);
        let executions = self.state.window.last(WINDOW).mean_concurrency();
        let by_concurrency = round_up(executions / f64::from(view.instance_concurrency) / self.target);
        let by_cpu = round_up(executions * self.cpu_per_execution / self.target);
        let at_once = if view.waiting > 0 { view.in_flight.div_ceil(view.instance_concurrency) } else { 0 };
        let wanted = by_concurrency.max(by_cpu).max(at_once);
        let kept = self.state.wanted.push(view.now, wanted, self.idle_timeout);
        kept.clamp(self.min_instances, self.max_instances)
    }

    fn reacts_to_waiting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_a_minute(text: &str, in_flight: u32) -> u32 {
        let mut policy: CloudRun = toml::from_str(text).unwrap();
        let view = DemandView { instance_concurrency: 80, ..DemandView::start() };
        policy.desired(&view.later(WINDOW, in_flight, 0))
    }

    #[test]
    fn the_larger_of_two_drivers_decides() {
        assert_eq!(after_a_minute("", 96), 2, "96 at once, 48 each");
        assert_eq!(after_a_minute("", 97), 3);
        assert_eq!(after_a_minute("cpu_per_execution = 0.05", 96), 8, "4.8 CPUs at 60 %");
        assert_eq!(after_a_minute("cpu_per_execution = 0.01", 96), 2);
        assert_eq!(after_a_minute("max_instances = 2", 1000), 2);
        assert_eq!(after_a_minute("min_instances = 3", 0), 3);
    }

    #[test]
    fn requests_that_wait_need_no_minute() {
        let view = DemandView { in_flight: 81, waiting: 81, instance_concurrency: 80, ..DemandView::start() };
        assert_eq!(CloudRun::default().desired(&view), 2);
    }

    #[test]
    fn what_is_too_many_stays_15_minutes() {
        let mut policy = CloudRun::default();
        let mut view = DemandView::start();
        let mut ask = |span, in_flight| {
            view = view.later(span, in_flight, 0);
            policy.desired(&view)
        };
        assert_eq!(ask(WINDOW, 6), 10);
        let quiet: Vec<u32> = (0..16).map(|_| ask(WINDOW, 0)).collect();
        assert_eq!((&quiet[..15], quiet[15]), (&[10; 15][..], 0));
    }
}
