//! The Horizontal Pod Autoscaler of Kubernetes.

use std::num::NonZeroU32;

use serde::Deserialize;

use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::{DemandView, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::Span;
use crate::workload::validate;

/// Replicas in proportion to the measured utilisation: ceil(ready x utilisation / target). O(1) per decision.
///
/// Within the tolerance nothing changes. Replicas that are not ready count as idle when more are needed. Fewer only if no larger
/// number was recommended in the stabilisation window. In one sync period at most four more, or twice as many (the default
/// `behavior` of autoscaling/v2). Sources: Kubernetes documentation, "Horizontal Pod Autoscaling"; kubernetes/kubernetes,
/// `pkg/controller/podautoscaler/replica_calculator.go`. It cannot scale to zero.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HorizontalPod {
    /// What is measured.
    #[serde(default = "Metric::default")]
    metric: Metric,
    /// The utilisation to hold, as a share of what an instance executes at once.
    #[serde(default = "defaults::target")]
    target: f64,
    /// How far from 1 the ratio of utilisation and target must be for a change.
    #[serde(default = "defaults::tolerance")]
    tolerance: f64,
    /// How often it decides; the metric is the mean since the last decision.
    #[serde(default = "defaults::sync_period")]
    sync_period: Span,
    /// How long the largest recommendation counts before replicas go.
    #[serde(default = "defaults::stabilization")]
    stabilization: Span,
    /// Fewest replicas.
    #[serde(default = "defaults::min_replicas")]
    min_replicas: NonZeroU32,
    /// Most replicas.
    max_replicas: NonZeroU32,
    #[serde(skip)]
    state: State,
}

/// What the autoscaler measures of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// CPU: the executions, as if each used its part of the instance's CPU; never above 100 %.
    #[default]
    Cpu,
    /// Invocations in flight, those that wait included.
    Concurrency,
}

mod defaults {
    use super::{NonZeroU32, Span};

    pub fn target() -> f64 {
        0.8
    }

    pub fn tolerance() -> f64 {
        0.1
    }

    pub fn sync_period() -> Span {
        Span::from_secs(15)
    }

    pub fn stabilization() -> Span {
        Span::from_secs(300)
    }

    pub fn min_replicas() -> NonZeroU32 {
        NonZeroU32::MIN
    }
}

#[derive(Debug, Clone, Default)]
struct State {
    window: Window,
    recommended: RecentMax,
    /// 0 before the first decision.
    replicas: u32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "horizontal_pod",
    summary: "Replicas in proportion to utilisation over target, fewer only after five minutes.",
    reference: "Kubernetes, Horizontal Pod Autoscaler (autoscaling/v2), defaults of kube-controller-manager",
    parameters: &[
        Parameter::optional("metric", "\"cpu\" or \"concurrency\"", "\"cpu\"", "what is measured of an instance"),
        Parameter::optional("target", "share", "0.8", "the utilisation to hold"),
        Parameter::optional("tolerance", "share", "0.1", "how far the ratio may be from 1 without a change"),
        Parameter::optional("sync_period", "duration", "15s", "how often it decides"),
        Parameter::optional("stabilization", "duration", "5m", "how long the largest recommendation counts"),
        Parameter::optional("min_replicas", "number", "1", "fewest replicas"),
        Parameter { name: "max_replicas", kind: "number", default: None, meaning: "most replicas" },
    ],
    example: "{ target = 0.6, max_replicas = 20 }",
    build: Build::Function(|parameters| {
        let policy: HorizontalPod = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl HorizontalPod {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::number("target", self.target, 0.01..=100.0)?;
        validate::number("tolerance", self.tolerance, 0.0..=10.0)?;
        validate::span("sync_period", self.sync_period)?;
        validate::ordered("min_replicas", &self.min_replicas, "max_replicas", &self.max_replicas)?;
        Ok(())
    }

    /// The replicas for a measured load, in fully used instances.
    fn proportional(&self, replicas: u32, ready: u32, starting: u32, load: f64) -> u32 {
        let wanted = load / self.target;
        let more = wanted > f64::from(ready);
        let counted = if more { ready + starting } else { ready };
        let ratio = wanted / f64::from(counted);
        let turned = more != (ratio > 1.0);
        if counted == 0 || turned || (ratio - 1.0).abs() <= self.tolerance + 1e-9 {
            return replicas;
        }
        round_up(wanted)
    }

    fn load(&self, view: &DemandView, ready: u32) -> f64 {
        let load = self.state.window.last(self.sync_period).mean_concurrency() / f64::from(view.instance_concurrency);
        match self.metric {
            Metric::Cpu => load.min(f64::from(ready)),
            Metric::Concurrency => load,
        }
    }
}

impl Autoscaling for HorizontalPod {
    fn period(&self) -> Span {
        self.sync_period
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        self.state.window.observe(view, self.sync_period);
        if self.state.replicas == 0 {
            self.state.replicas = view.instances().max(self.min_replicas.get());
            self.state.recommended.push(view.now, self.state.replicas, self.stabilization);
        }
        let replicas = self.state.replicas;
        // Instances that are to go but still execute are no replicas any more.
        let ready = view.ready().min(replicas);
        let proportional = self.proportional(replicas, ready, view.starting, self.load(view, ready));
        let stable = self.state.recommended.push(view.now, proportional, self.stabilization);
        // The window holds back those that are to go, never those that are to come.
        let desired = if proportional < replicas { stable.min(replicas) } else { proportional };
        let most = replicas.saturating_add(4).max(replicas.saturating_mul(2));
        self.state.replicas = desired.min(most).clamp(self.min_replicas.get(), self.max_replicas.get());
        self.state.replicas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> HorizontalPod {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn replicas_are_proportional_outside_of_the_tolerance() {
        let policy = of("target = 0.6\nmax_replicas = 100");
        for (ready, starting, utilisation, expected) in [
            (4, 0, 0.90, 6),
            (4, 0, 0.62, 4),
            (4, 0, 0.66, 4),
            (4, 0, 0.30, 2),
            (4, 0, 0.0, 0),
            // Two that start count as idle: 3.6 / 6 is the target.
            (4, 2, 0.90, 6),
            // They would turn a need for more into one for fewer.
            (4, 4, 0.90, 8),
            (4, 1, 0.20, 2),
            (0, 3, 0.0, 3),
        ] {
            let found = policy.proportional(ready + starting, ready, starting, utilisation * f64::from(ready));
            assert_eq!(found, expected, "{ready} ready, {starting} starting, {utilisation}");
        }
    }

    /// Asked every 15 s, with that many in flight and everything ready that was asked for.
    fn run(policy: &mut HorizontalPod, in_flight: &[u32]) -> Vec<u32> {
        let mut view = DemandView { idle: 1, ..DemandView::start() };
        let ask = |n: &u32| {
            view = view.later(Span::from_secs(15), *n, 0);
            view.idle = policy.desired(&view);
            view.idle
        };
        in_flight.iter().map(ask).collect()
    }

    #[test]
    fn more_at_once_but_at_most_four_or_twice_as_many() {
        let mut policy = of("metric = 'concurrency'\ntarget = 1.0\nmax_replicas = 30");
        assert_eq!(run(&mut policy, &[100, 100, 100, 100]), [5, 10, 20, 30]);
    }

    #[test]
    fn cpu_is_never_used_above_100_percent() {
        let mut policy = of("target = 0.5\nmax_replicas = 30");
        assert_eq!(run(&mut policy, &[100, 100, 100]), [2, 4, 8]);
    }

    #[test]
    fn fewer_only_when_the_largest_recommendation_is_old() {
        let mut policy = of("metric = 'concurrency'\ntarget = 1.0\nmax_replicas = 30");
        let mut load = vec![4; 3];
        load.extend([2; 25]);
        let replicas = run(&mut policy, &load);
        // 4 were last recommended at 45 s; that is more than 300 s ago at 360 s.
        assert_eq!(replicas.iter().rposition(|n| *n == 4), Some(22));
        assert_eq!(replicas[23..], [2; 5]);
    }
}
