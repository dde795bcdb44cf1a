//! Demand step by step, as forecasters want it.

use crate::policy::demand::{DemandView, Interval, Window, round_up};
use crate::time::Span;

/// A forecast below this is zero: half of the least concurrency that FeMux (EuroSys 2026, artefact ubc-cirrus-lab/femux) tells
/// from zero.
const LEAST_FORECAST: f64 = 8e-6;

/// Cuts demand into steps.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    window: Window,
}

impl Steps {
    /// The demand of the step that ends now; `None` at the start of the run.
    pub fn next(&mut self, view: &DemandView, step: Span) -> Option<Interval> {
        self.window.observe(view, step);
        Some(self.window.last(step)).filter(|interval| interval.length > Span::ZERO)
    }
}

/// The demand of a step in instances: the mean concurrency over what an instance executes at once.
pub(super) fn in_instances(interval: &Interval, view: &DemandView) -> f64 {
    interval.mean_concurrency() / f64::from(view.instance_concurrency)
}

/// Whole instances for a forecast.
pub(super) fn whole(forecast: f64) -> u32 {
    if forecast < LEAST_FORECAST { 0 } else { round_up(forecast).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_the_mean_since_the_last_one() {
        let (mut steps, minute) = (Steps::default(), Span::from_secs(60));
        let view = DemandView { instance_concurrency: 4, ..DemandView::start() };
        assert_eq!(steps.next(&view, minute), None);
        steps.next(&view.later(minute, 9, 0), minute);
        let view = view.later(minute, 9, 0).later(minute, 6, 30);
        let interval = steps.next(&view, minute).unwrap();
        assert_eq!((in_instances(&interval, &view), interval.arrivals), (1.5, 30));
    }

    #[test]
    fn the_least_demand_needs_an_instance_and_none_needs_none() {
        assert_eq!([-1.0, 0.0, 7e-6, 9e-6, 1.0, 1.2].map(whole), [0, 0, 0, 1, 1, 2]);
    }
}
