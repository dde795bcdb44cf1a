//! Knative's autoscaler, the KPA: a stable window, and a short one for panic.

use serde::Deserialize;

use super::recent_max::RecentMax;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::{DemandView, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::{Span, Time};
use crate::workload::validate;

/// How often the autoscaler decides.
const TICK: Span = Span::from_secs(2);

/// Instances so that each has its target of concurrency (or of requests per second), averaged over a stable window; when a short
/// window asks for many more, it panics: that window counts, and nothing goes until a stable window later. O(1) per decision.
///
/// Rules and defaults: knative/serving, `pkg/autoscaler/scaling/autoscaler.go` and the ConfigMap `config-autoscaler`. The metric
/// is exact here, where Knative samples pods once a second. The activator's buffer is the queue of the platform, always in the
/// path, and routes change at once, so that the scale-to-zero grace period (an upper bound for that change) takes no time.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knative {
    /// What is measured.
    pub metric: Metric,
    /// What one instance can take of it; by default what it executes at once, or 200 requests per second.
    pub target: Option<f64>,
    /// The part of the target that an instance shall have.
    pub target_utilization: f64,
    /// The window over which demand is averaged.
    pub stable_window: Span,
    /// The window that notices bursts, in percent of the stable one.
    pub panic_window_percentage: f64,
    /// Panic begins when that window asks for this many percent of the ready instances.
    pub panic_threshold_percentage: f64,
    /// At most this many times the ready instances in one decision.
    pub max_scale_up_rate: f64,
    /// At least the ready instances divided by this in one decision.
    pub max_scale_down_rate: f64,
    /// Instances go when so much time has passed at lower demand.
    pub scale_down_delay: Span,
    /// How long the last instance stays after the decision that none is needed.
    pub pod_retention: Span,
    /// Instances at the start of the run.
    pub initial_scale: u32,
    /// Fewest instances unless there are none.
    pub activation_scale: u32,
    /// Fewest instances.
    pub min_scale: u32,
    /// Most instances; 0 for no limit.
    pub max_scale: u32,
    #[serde(skip)]
    state: State,
}

/// What Knative measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Requests at once.
    Concurrency,
    /// Requests per second.
    Rps,
}

#[derive(Debug, Clone, Default)]
struct State {
    window: Window,
    next_tick: Time,
    /// The last decision; `None` before the first.
    desired: Option<u32>,
    /// Since when there has been an instance.
    active_since: Time,
    /// Since when none is needed.
    unneeded_since: Option<Time>,
    /// When the panic threshold was last passed; `None` when calm.
    panic: Option<Time>,
    most_in_panic: u32,
    delayed: RecentMax,
}

impl Default for Knative {
    fn default() -> Self {
        Self {
            metric: Metric::Concurrency,
            target: None,
            target_utilization: 0.7,
            stable_window: Span::from_secs(60),
            panic_window_percentage: 10.0,
            panic_threshold_percentage: 200.0,
            max_scale_up_rate: 1000.0,
            max_scale_down_rate: 2.0,
            scale_down_delay: Span::ZERO,
            pod_retention: Span::ZERO,
            initial_scale: 1,
            activation_scale: 1,
            min_scale: 0,
            max_scale: 0,
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "knative",
    summary: "Instances for the mean concurrency of a minute; in panic for that of six seconds.",
    reference: "Knative Pod Autoscaler: knative/serving, pkg/autoscaler/scaling and ConfigMap config-autoscaler",
    parameters: &[
        Parameter::optional("metric", "\"concurrency\" or \"rps\"", "\"concurrency\"", "what is measured"),
        Parameter::optional(
            "target",
            "number",
            "the instance's concurrency, or 200 per second",
            "what an instance can take",
        ),
        Parameter::optional("target_utilization", "share", "0.7", "the part of the target that an instance shall have"),
        Parameter::optional("stable_window", "duration", "60s", "the window over which demand is averaged"),
        Parameter::optional(
            "panic_window_percentage",
            "percent",
            "10",
            "the window that notices bursts, of the stable one",
        ),
        Parameter::optional(
            "panic_threshold_percentage",
            "percent",
            "200",
            "wanted of ready instances at which panic begins",
        ),
        Parameter::optional("max_scale_up_rate", "number", "1000", "most instances, in multiples of the ready ones"),
        Parameter::optional("max_scale_down_rate", "number", "2", "fewest instances: the ready ones divided by this"),
        Parameter::optional("scale_down_delay", "duration", "0s", "how long demand must be lower before instances go"),
        Parameter::optional("pod_retention", "duration", "0s", "how long the last instance stays when none is needed"),
        Parameter::optional("initial_scale", "number", "1", "instances at the start of the run"),
        Parameter::optional("activation_scale", "number", "1", "fewest instances unless there are none"),
        Parameter::optional("min_scale", "number", "0", "fewest instances"),
        Parameter::optional("max_scale", "number", "0", "most instances; 0 for no limit"),
    ],
    example: r#"{ stable_window = "60s", target_utilization = 0.7 }"#,
    build: Build::Function(|parameters| {
        let policy: Knative = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Knative {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::positive("target", self.target.unwrap_or(1.0))?;
        validate::number("target_utilization", self.target_utilization, 0.01..=1.0)?;
        validate::span("stable_window", self.stable_window)?;
        validate::number("panic_window_percentage", self.panic_window_percentage, 1.0..=100.0)?;
        validate::number("panic_threshold_percentage", self.panic_threshold_percentage, 110.0..=1000.0)?;
        validate::number("max_scale_up_rate", self.max_scale_up_rate, 1.01..=1e6)?;
        validate::number("max_scale_down_rate", self.max_scale_down_rate, 1.01..=1e6)?;
        Ok(())
    }

    /// What is measured over the last `span`. In the first instant after zero, requests count in full.
    fn measured(&self, view: &DemandView, span: Span) -> f64 {
        let interval = self.state.window.last(span);
        match self.metric {
            _ if interval.length == Span::ZERO => f64::from(view.in_flight),
            Metric::Concurrency => interval.mean_concurrency(),
            Metric::Rps => interval.arrival_rate(),
        }
    }

    /// Instances that the stable and the panic window ask for.
    fn wanted(&self, view: &DemandView) -> [u32; 2] {
        let total = match self.metric {
            Metric::Concurrency => f64::from(view.instance_concurrency),
            Metric::Rps => 200.0,
        };
        let target = self.target.unwrap_or(total) * self.target_utilization;
        let panic_nanos = self.stable_window.as_nanos() as f64 * self.panic_window_percentage / 100.0;
        [self.stable_window, Span::from_nanos_f64(panic_nanos)].map(|span| round_up(self.measured(view, span) / target))
    }

    /// One decision of the autoscaler, from what both windows ask for.
    fn decide(&mut self, now: Time, [stable, panic]: [u32; 2], ready: u32) -> u32 {
        let ready = f64::from(ready.max(1));
        let most = round_up(self.max_scale_up_rate * ready);
        let fewest = (ready / self.max_scale_down_rate).floor() as u32;
        let [stable_bounded, panic_bounded] = [stable, panic].map(|wanted| {
            let activation = if wanted > 0 { self.activation_scale } else { 0 };
            wanted.clamp(fewest, most).max(activation)
        });
        self.update_panic(now, f64::from(panic) / ready >= self.panic_threshold_percentage / 100.0);
        let desired = if self.state.panic.is_some() {
            self.state.most_in_panic = self.state.most_in_panic.max(stable_bounded).max(panic_bounded);
            self.state.most_in_panic
        } else {
            stable_bounded
        };
        self.state.delayed.push(now, desired, self.scale_down_delay)
    }

    fn update_panic(&mut self, now: Time, over_threshold: bool) {
        let state = &mut self.state;
        if over_threshold {
            state.panic = Some(now);
        } else if state.panic.is_some_and(|last| now - last > self.stable_window) {
            (state.panic, state.most_in_panic) = (None, 0);
        }
    }

    /// The last instance stays for a stable window after the activation, and for the retention.
    fn keep_last(&mut self, now: Time, desired: u32) -> u32 {
        if desired > 0 {
            self.state.unneeded_since = None;
            return desired;
        }
        let unneeded = now - *self.state.unneeded_since.get_or_insert(now);
        let young = now - self.state.active_since < self.stable_window;
        u32::from(young || unneeded < self.pod_retention)
    }

    fn first(&mut self, view: &DemandView) -> u32 {
        if view.ready() > 1 {
            (self.state.panic, self.state.most_in_panic) = (Some(view.now), view.ready());
        }
        self.state.active_since = view.now;
        self.initial_scale
    }

    fn within_limits(&self, desired: u32) -> u32 {
        let most = if self.max_scale == 0 { u32::MAX } else { self.max_scale };
        desired.max(self.min_scale).min(most)
    }
}

impl Autoscaling for Knative {
    fn period(&self) -> Span {
        TICK
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        let previous = self.state.desired.unwrap_or_else(|| self.first(view));
        if previous > 0 && view.now < self.state.next_tick {
            // The activator hurries the autoscaler only from zero.
            return previous;
        }
        if view.now >= self.state.next_tick {
            self.state.next_tick = view.now + TICK;
        }
        if previous == 0 && view.in_flight > 0 {
            self.state.window.restart(view);
        }
        self.state.window.observe(view, self.stable_window);
        let wanted = self.wanted(view);
        let decided = self.decide(view.now, wanted, view.ready());
        let desired = self.keep_last(view.now, decided);
        if previous == 0 && desired > 0 {
            self.state.active_since = view.now;
        }
        *self.state.desired.insert(self.within_limits(desired))
    }

    fn reacts_to_waiting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: u32 = 2;

    /// Fed at each tick with `in_flight` invocations for `secs` seconds; the decisions.
    fn run(policy: &mut Knative, view: &mut DemandView, secs: u64, in_flight: u32) -> Vec<u32> {
        let tick = |_| {
            *view = view.later(TICK, in_flight, 0);
            policy.desired(view)
        };
        (0..secs / 2).map(tick).collect()
    }

    fn of(text: &str) -> Knative {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn panic_follows_the_short_window_and_never_decreases() {
        // A mean of 100 over 60 s and of 500 over 6 s, at a target of 70: 2 and 8 instances, 8 of 2 ready ones is panic.
        let mut policy = Knative::default();
        let mut view = DemandView { instance_concurrency: 100, idle: READY, ..DemandView::start() };
        view = view.later(Span::from_secs(54), 0, 0);
        view.concurrency = 3_000_000_000_000;
        policy.desired(&view);
        (policy.state.panic, policy.state.most_in_panic) = (None, 0);
        view = view.later(Span::from_secs(6), 500, 0);
        assert_eq!((policy.desired(&view), policy.state.panic), (8, Some(view.now)));
        // 100 each from now on: the panic window is below the threshold 6 s later, and calm comes more than 60 s after that.
        let decisions = run(&mut policy, &mut view, 80, 100);
        let calm = decisions.iter().position(|desired| *desired < 8).unwrap();
        assert!(decisions[..calm].iter().all(|desired| *desired == 8));
        assert!((31..=34).contains(&calm), "{calm} ticks");
        assert_eq!(decisions[calm], 2);
    }

    #[test]
    fn decisions_are_bounded_by_the_ready_instances() {
        let mut policy = of("max_scale_up_rate = 1.5\nmax_scale_down_rate = 2.0\npanic_threshold_percentage = 1000.0");
        assert_eq!(policy.decide(Time::ZERO, [50, 50], 7), 11, "1.5 x 7, rounded up");
        let later = Time::ZERO + Span::from_secs(1);
        assert_eq!(policy.decide(later, [0, 0], 7), 3, "7 / 2, rounded down");
        let mut activated = of("activation_scale = 5");
        assert_eq!([[0, 0], [1, 1], [6, 6]].map(|wanted| activated.decide(Time::ZERO, wanted, 1)), [0, 5, 6]);
    }

    #[test]
    fn the_last_instance_goes_a_stable_window_after_the_last_request() {
        let mut policy = of("target_utilization = 1.0");
        let mut view = DemandView { busy: 1, ..DemandView::start() };
        assert_eq!(run(&mut policy, &mut view, 100, 1), [1; 50]);
        let idle = run(&mut policy, &mut view, 70, 0);
        assert_eq!(idle.iter().position(|desired| *desired == 0), Some(29), "nothing for 60 s: {idle:?}");
        // Retention keeps the last one longer.
        let mut policy = of("target_utilization = 1.0\npod_retention = '20s'");
        let mut view = DemandView { busy: 1, ..DemandView::start() };
        run(&mut policy, &mut view, 100, 1);
        let idle = run(&mut policy, &mut view, 90, 0);
        assert_eq!(idle.iter().position(|desired| *desired == 0), Some(39), "60 s and 20 s");
    }

    #[test]
    fn a_request_from_zero_hurries_the_autoscaler_and_later_ones_do_not() {
        let mut policy = Knative::default();
        let mut view = DemandView::start();
        let idle = run(&mut policy, &mut view, 62, 0);
        assert_eq!(idle[29..], [1, 0], "the initial instance stays for a stable window after the first decision");
        view = view.later(Span::from_millis(500), 0, 0);
        let poked = DemandView { in_flight: 1, waiting: 1, arrivals: 1, ..view };
        assert_eq!(policy.desired(&poked), 2);
        let again = DemandView { in_flight: 40, waiting: 40, arrivals: 40, ..poked };
        assert_eq!(policy.desired(&again), 2, "the next tick has not come");
        assert!(policy.desired(&again.later(Span::from_millis(1500), 40, 0)) > 40);
    }

    #[test]
    fn delay_and_limits_hold_back() {
        let mut policy = of("scale_down_delay = '30s'");
        let decisions = [(0, 4), (10, 2), (30, 2), (31, 2)]
            .map(|(secs, n)| policy.decide(Time::ZERO + Span::from_secs(secs), [n, n], 4));
        assert_eq!(decisions, [4, 4, 4, 2]);
        let limited = of("min_scale = 2\nmax_scale = 5");
        assert_eq!([0, 3, 9].map(|desired| limited.within_limits(desired)), [2, 3, 5]);
    }

    #[test]
    fn requests_per_second_have_a_target_of_200() {
        let mut policy = of("metric = 'rps'");
        let view = DemandView::start().later(Span::from_secs(60), 0, 60 * 700);
        assert_eq!(policy.desired(&view), 5, "700 per second at 140 each");
    }

    #[test]
    fn impossible_numbers_are_named() {
        for text in ["target = 0.0", "target = nan", "target_utilization = 1.5", "stable_window = '0s'"] {
            let error = ENTRY.build(toml::from_str(text).unwrap()).err().map(|error| error.0).unwrap_or_default();
            assert!(error.contains(text.split(' ').next().unwrap()), "{text}: {error}");
        }
    }
}
