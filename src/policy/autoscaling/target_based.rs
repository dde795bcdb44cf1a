//! Target-based scaling of Azure Functions.

use std::num::NonZeroU32;

use serde::Deserialize;

use super::pace::Pace;
use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::Span;
use crate::workload::validate;

/// Instances = ceil(event source length / target executions per instance), at most four more at a time. O(1).
///
/// The length counts what waits and what executes, as queues do whose messages are deleted when they are done. The product's
/// documentation ("Target-based scaling") gives the equation and the four; the time between two steps is that of the incremental
/// controller for the same triggers, 30 s, and so is the time after which instances go that the peak has not needed.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetBased {
    /// Target executions per instance; by default what an instance executes at once.
    pub target: Option<NonZeroU32>,
    /// The time between two decisions.
    pub interval: Span,
    /// Most instances that one decision adds.
    pub step: u32,
    /// How long an instance must have been too many before it goes.
    pub scale_in_after: Span,
    /// Most instances.
    pub max_instances: u32,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Default)]
struct State {
    started: Pace,
    instances: u32,
    needed: RecentMax,
}

impl Default for TargetBased {
    fn default() -> Self {
        Self {
            target: None,
            interval: Span::from_secs(30),
            step: 4,
            scale_in_after: Span::from_secs(300),
            max_instances: 200,
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "target_based",
    summary: "Queue length over target executions per instance, at most four more instances at a time.",
    reference: "Azure Functions, \"Target-based scaling\" (queues, Service Bus, Event Hubs, Cosmos DB, Kafka)",
    parameters: &[
        Parameter::optional("target", "number", "the instance's concurrency", "target executions per instance"),
        Parameter::optional("interval", "duration", "30s", "the time between two decisions"),
        Parameter::optional("step", "number", "4", "most instances that one decision adds"),
        Parameter::optional("scale_in_after", "duration", "5m", "how long an instance is too many before it goes"),
        Parameter::optional("max_instances", "number", "200", "most instances"),
    ],
    example: "{ target = 16 }",
    build: Build::Function(|parameters| {
        let policy: TargetBased = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl TargetBased {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::span("interval", self.interval)?;
        validate::positive("step", self.step.into())?;
        validate::positive("max_instances", self.max_instances.into())?;
        Ok(())
    }
}

impl Autoscaling for TargetBased {
    fn period(&self) -> Span {
        self.interval
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        let target = self.target.map_or(view.instance_concurrency, NonZeroU32::get);
        let state = &mut self.state;
        let peak = view.peak.max(view.in_flight).div_ceil(target);
        let recent_peak = state.needed.push(view.now, peak, self.scale_in_after);
        let wanted = view.in_flight.div_ceil(target).min(self.max_instances);
        if wanted > state.instances && state.started.is_due(view.now, self.interval) {
            state.started.done(view.now);
            state.instances = wanted.min(state.instances.saturating_add(self.step));
        }
        state.instances = state.instances.min(recent_peak);
        state.instances
    }

    fn reacts_to_waiting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_more_every_30_seconds_and_fewer_when_the_recent_peak_fits() {
        let mut policy: TargetBased = toml::from_str("target = 16\nscale_in_after = '60s'").unwrap();
        let view = DemandView::start();
        let at = |secs, length| view.later(Span::from_secs(secs), length, 0);
        let asked = [(0, 100), (10, 100), (30, 100), (60, 17), (90, 17), (121, 17), (130, 33), (140, 0), (200, 0)];
        let instances = asked.map(|(secs, length)| policy.desired(&at(secs, length)));
        // ceil(100 / 16) = 7, ceil(17 / 16) = 2, ceil(33 / 16) = 3.
        assert_eq!(instances, [4, 4, 7, 7, 7, 2, 3, 3, 0]);
    }

    #[test]
    fn the_target_is_the_concurrency_of_an_instance() {
        let mut policy = TargetBased::default();
        let view = DemandView { instance_concurrency: 5, in_flight: 11, ..DemandView::start() };
        assert_eq!(policy.desired(&view), 3);
    }
}
