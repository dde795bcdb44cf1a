//! Provisioned concurrency that follows its own utilisation.

use serde::Deserialize;

use crate::policy::demand::{DemandView, Interval, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;
use crate::workload::validate;

const MINUTE: Span = Span::from_secs(60);

/// Consecutive minutes above the target after which there are more instances.
const MINUTES_OUT: u32 = 3;

/// Consecutive minutes below 90 % of the target after which there are fewer.
const MINUTES_IN: u32 = 15;

/// Provisioned instances = ceil(instances x utilisation / target), when utilisation is above the target for 3 minutes or below
/// 90 % of it for 15; while the alarm holds, again every minute. O(1) per minute.
///
/// AWS Application Auto Scaling, target tracking of `LambdaProvisionedConcurrencyUtilization` (cooldowns 0 s; alarms and the
/// proportional step as observed, not documented). As there, utilisation is at most 1, spill-over does not count, and a minute
/// without invocations has no data point: it changes nothing. The average is that of all invocations, at most 1, so that
/// invocations that spill over while others leave provisioned instances idle count a little too much.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetTracking {
    /// Fewest instances, and those at the start.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// The utilisation to hold.
    #[serde(default = "target")]
    pub target: f64,
    /// Of which utilisation in a minute.
    #[serde(default)]
    pub statistic: Statistic,
    #[serde(skip)]
    state: State,
}

fn target() -> f64 {
    0.7
}

/// Which utilisation of a minute counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// The mean, which hides short peaks.
    #[default]
    Average,
    /// The largest.
    Maximum,
}

#[derive(Debug, Clone, Default)]
struct State {
    window: Window,
    instances: u32,
    minutes_above: u32,
    minutes_below: u32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "target_tracking",
    summary: "Provisioned instances that follow their utilisation: more after 3 minutes above the target, fewer after 15 below.",
    reference: "AWS Application Auto Scaling, target tracking of LambdaProvisionedConcurrencyUtilization",
    parameters: &[
        Parameter { name: "min", kind: "number", default: None, meaning: "fewest instances, and those at the start" },
        Parameter { name: "max", kind: "number", default: None, meaning: "most instances" },
        Parameter::optional("target", "share", "0.7", "the utilisation to hold"),
        Parameter::optional("statistic", "\"average\" or \"maximum\"", "\"average\"", "which utilisation of a minute"),
    ],
    example: "{ min = 5, max = 100, target = 0.7 }",
    build: Build::Function(|parameters| {
        let policy: TargetTracking = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl TargetTracking {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::positive("min", self.min.into())?;
        validate::ordered("min", &self.min, "max", &self.max)?;
        validate::number("target", self.target, 0.1..=0.9)?;
        Ok(())
    }

    /// The utilisation of a minute; `None` without invocations.
    fn utilisation(&self, view: &DemandView, minute: &Interval) -> Option<f64> {
        let used = match self.statistic {
            Statistic::Average => minute.mean_concurrency(),
            Statistic::Maximum => f64::from(view.peak),
        };
        let places = f64::from(self.state.instances) * f64::from(view.instance_concurrency);
        (minute.concurrency > 0).then_some((used / places).min(1.0))
    }

    /// What a data point does.
    fn follow(&mut self, utilisation: f64) {
        let state = &mut self.state;
        state.minutes_above = if utilisation > self.target { state.minutes_above + 1 } else { 0 };
        state.minutes_below = if utilisation < 0.9 * self.target { state.minutes_below + 1 } else { 0 };
        if state.minutes_above >= MINUTES_OUT || state.minutes_below >= MINUTES_IN {
            let proportional = round_up(f64::from(state.instances) * utilisation / self.target);
            state.instances = proportional.clamp(self.min, self.max);
        }
    }
}

impl Prewarm for TargetTracking {
    fn period(&self) -> Span {
        MINUTE
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        self.state.instances = self.state.instances.max(self.min);
        self.state.window.observe(view, MINUTE);
        let minute = self.state.window.last(MINUTE);
        if let Some(utilisation) = self.utilisation(view, &minute) {
            self.follow(utilisation);
        }
        Wanted::Provisioned(self.state.instances)
    }

    fn provisions(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(policy: &mut TargetTracking, view: &mut DemandView, minutes: usize, in_flight: u32) -> Vec<u32> {
        let minute = |_| {
            *view = view.later(MINUTE, in_flight, 0);
            match policy.wanted(view) {
                Wanted::Provisioned(instances) => instances,
                Wanted::AtLeast(n) => panic!("{n} on demand"),
            }
        };
        (0..minutes).map(minute).collect()
    }

    #[test]
    fn more_after_three_minutes_and_fewer_after_fifteen() {
        let mut policy: TargetTracking = toml::from_str("min = 4\nmax = 40").unwrap();
        let mut view = DemandView::start();
        // Always full: ceil(n / 0.7) each minute from the third on, until 20 of 29 are 0.69.
        assert_eq!(run(&mut policy, &mut view, 9, 20), [4, 4, 6, 9, 13, 19, 28, 29, 29]);
        // 7 of 29 are 0.24: ceil(29 x 0.24 / 0.7) = 10, where 0.7 is not below 0.63.
        let fewer = run(&mut policy, &mut view, 17, 7);
        assert_eq!((&fewer[..14], &fewer[14..]), (&[29; 14][..], &[10; 3][..]));
        assert_eq!(run(&mut policy, &mut view, 15, 1).last(), Some(&4), "the fewest");
        assert_eq!(run(&mut policy, &mut view, 12, 900).last(), Some(&40), "the most");
    }

    #[test]
    fn minutes_without_invocations_change_nothing() {
        let mut policy: TargetTracking = toml::from_str("min = 4\nmax = 40").unwrap();
        let mut view = DemandView::start();
        run(&mut policy, &mut view, 9, 20);
        assert_eq!(run(&mut policy, &mut view, 60, 0), [29; 60]);
    }

    #[test]
    fn a_short_interruption_begins_anew() {
        let mut policy: TargetTracking = toml::from_str("min = 10\nmax = 40").unwrap();
        let mut view = DemandView::start();
        let instances: Vec<u32> = [9, 9, 7, 9, 9, 9].iter().flat_map(|n| run(&mut policy, &mut view, 1, *n)).collect();
        assert_eq!(instances, [10, 10, 10, 10, 10, 13]);
    }

    #[test]
    fn the_maximum_sees_peaks_that_the_average_hides() {
        let peaks = |text: &str| {
            let mut policy: TargetTracking = toml::from_str(text).unwrap();
            let mut view = DemandView::start();
            (0..3)
                .map(|_| {
                    view = DemandView { peak: 10, ..view.later(MINUTE, 1, 1) };
                    policy.wanted(&view)
                })
                .last()
                .unwrap()
        };
        assert_eq!(peaks("min = 10\nmax = 40"), Wanted::Provisioned(10));
        assert_eq!(peaks("min = 10\nmax = 40\nstatistic = 'maximum'"), Wanted::Provisioned(15));
    }
}
