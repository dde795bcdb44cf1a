//! The incremental scale controller of Azure Functions.

use serde::Deserialize;

use super::pace::Pace;
use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::time::Span;
use crate::workload::validate;

/// One instance more or less at a time: with HTTP triggers at most one more per second, with others one per 30 s. O(1).
///
/// The product's documentation ("Event-driven scaling in Azure Functions") gives these rates and the limit of 200 instances,
/// but not the heuristics. Here, one more is started while what is in flight needs more than all instances, those that start
/// included; one goes when the peak of the last five minutes needed fewer. (Idle instances were seen to go after 5 to 6
/// minutes: Lin et al., "Demystifying Serverless Costs on Public Platforms", EuroSys 2026.)
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Azure {
    /// What invokes the function.
    pub trigger: Trigger,
    /// How long an instance must have been too many before it goes.
    pub scale_in_after: Span,
    /// Most instances.
    pub max_instances: u32,
    #[serde(skip)]
    state: State,
}

/// What invokes an Azure function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// HTTP requests.
    Http,
    /// Queues, events, timers and the rest.
    Other,
}

impl Trigger {
    /// The time between two new instances.
    fn interval(self) -> Span {
        match self {
            Self::Http => Span::from_secs(1),
            Self::Other => Span::from_secs(30),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct State {
    instances: u32,
    started: Pace,
    stopped: Pace,
    needed: RecentMax,
}

impl Default for Azure {
    fn default() -> Self {
        Self {
            trigger: Trigger::Http,
            scale_in_after: Span::from_secs(300),
            max_instances: 200,
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "azure",
    summary: "One instance more or less at a time: one more per second (HTTP) or per 30 seconds (other triggers).",
    reference: "Azure Functions, \"Event-driven scaling\" (Consumption plan), incremental scale controller",
    parameters: &[
        Parameter::optional("trigger", "\"http\" or \"other\"", "\"http\"", "what invokes the function"),
        Parameter::optional("scale_in_after", "duration", "5m", "how long an instance is too many before it goes"),
        Parameter::optional("max_instances", "number", "200", "most instances"),
    ],
    example: r#"{ trigger = "http" }"#,
    build: Build::Function(|parameters| {
        let policy: Azure = read(parameters)?;
        validate::positive("max_instances", policy.max_instances.into())?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Autoscaling for Azure {
    fn period(&self) -> Span {
        self.trigger.interval()
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        let (state, interval) = (&mut self.state, self.trigger.interval());
        let needed = view.in_flight.div_ceil(view.instance_concurrency);
        let peak = view.peak.max(view.in_flight).div_ceil(view.instance_concurrency);
        let recent_peak = state.needed.push(view.now, peak, self.scale_in_after);
        if needed > state.instances && state.started.is_due(view.now, interval) {
            state.started.done(view.now);
            state.instances += 1;
        } else if recent_peak < state.instances && state.stopped.is_due(view.now, interval) {
            state.stopped.done(view.now);
            state.instances -= 1;
        }
        state.instances = state.instances.min(self.max_instances);
        state.instances
    }

    fn reacts_to_waiting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Azure {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn one_more_per_second_until_all_in_flight_fit() {
        let mut policy = of("max_instances = 4");
        let view = DemandView { instance_concurrency: 10, ..DemandView::start() };
        assert_eq!(policy.desired(&DemandView { in_flight: 1, ..view }), 1, "from zero at once");
        let second = Span::from_secs(1);
        let early = view.later(Span::from_millis(900), 25, 0);
        assert_eq!(policy.desired(&early), 1, "the second is not over");
        let counts: Vec<u32> = (1..5).map(|n| policy.desired(&view.later(Span::from_secs(n), 25, 0))).collect();
        assert_eq!(counts, [2, 3, 3, 3]);
        let flood = view.later(Span::from_secs(5), 900, 0);
        assert_eq!([policy.desired(&flood), policy.desired(&flood.later(second, 900, 0))], [4, 4], "the limit");
    }

    #[test]
    fn other_triggers_are_slower() {
        let mut policy = of("trigger = 'other'");
        assert_eq!(policy.period(), Span::from_secs(30));
        let view = DemandView::start();
        let at = |secs| view.later(Span::from_secs(secs), 9, 0);
        assert_eq!([0, 29, 30, 59, 60].map(|secs| policy.desired(&at(secs))), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn one_goes_when_the_recent_peak_fits_into_fewer() {
        let mut policy = of("scale_in_after = '10s'");
        let mut view = DemandView::start();
        let mut step = |in_flight| {
            view = view.later(Span::from_secs(1), in_flight, 0);
            policy.desired(&view)
        };
        assert_eq!([3, 3, 3].map(&mut step), [1, 2, 3]);
        let quiet: Vec<u32> = (0..14).map(|_| step(0)).collect();
        assert_eq!(quiet, [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 1, 0, 0]);
    }
}
