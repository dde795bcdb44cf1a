//! The predictor of IceBreaker.

use serde::Deserialize;

use super::steps::{Steps, in_instances};
use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::forecast::{Forecaster, Fourier};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;

/// Every minute the lowest harmonics of the last hour's concurrency are extrapolated by a minute, and rounded to the nearest
/// number of instances. O(history x harmonics) per minute.
///
/// Roy, Patel and Tiwari, "IceBreaker: Warming Serverless Functions Better with Heterogeneity", ASPLOS 2022; ten harmonics, 60
/// minutes and the rounding as in ubc-cirrus-lab/femux, `forecasting_sim.py`. Its other half, which chooses between high-end
/// and low-end servers by a utility score, is not part of this policy: only how many instances are warmed is decided here.
#[derive(Debug, Clone)]
pub struct IceBreaker {
    predictor: Fourier,
    steps: Steps,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    harmonics: usize,
    history: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { harmonics: 10, history: 60 }
    }
}

const MINUTE: Span = Span::from_secs(60);

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "icebreaker",
    summary: "Every minute, the concurrency that ten harmonics of the last hour predict for the next.",
    reference: "Roy, Patel, Tiwari, \"IceBreaker\", ASPLOS 2022 (predictor; without placement on mixed servers)",
    parameters: &[
        Parameter::optional("harmonics", "number", "10", "how many harmonics go on"),
        Parameter::optional("history", "number", "60", "how many minutes count"),
    ],
    example: "{ harmonics = 10 }",
    build: Build::Function(|parameters| {
        let Parameters { harmonics, history } = read(parameters)?;
        let predictor = Fourier::new(harmonics, history);
        predictor.validate()?;
        let policy = IceBreaker { predictor, steps: Steps::default() };
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Prewarm for IceBreaker {
    fn period(&self) -> Span {
        MINUTE
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        if let Some(interval) = self.steps.next(view, MINUTE) {
            self.predictor.observe(in_instances(&interval, view));
        }
        // Casts saturate: negative predictions are zero.
        Wanted::AtLeast(self.predictor.forecast(1).round() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five minutes of 0 and five of 8, symmetric in the hour: after an hour it knows when they come, and rounds what ten harmonics
    /// leave of the edges.
    #[test]
    fn a_pattern_of_ten_minutes_is_expected() {
        let mut policy = ENTRY.build(toml::Table::new()).unwrap()();
        let in_flight = |minute: u32| if minute % 10 < 5 { 0 } else { 8 };
        let mut view = DemandView::start();
        let mut wanted = Vec::new();
        for minute in 0..120 {
            view = view.later(MINUTE, in_flight(minute), 0);
            wanted.push(policy.wanted(&view));
        }
        let errors: Vec<u32> = (60..119)
            .map(|minute| match wanted[minute as usize] {
                Wanted::AtLeast(n) => n.abs_diff(in_flight(minute + 1)),
                Wanted::Provisioned(n) => panic!("{n} provisioned"),
            })
            .collect();
        let mean = f64::from(errors.iter().sum::<u32>()) / errors.len() as f64;
        // A guess of 4 all the time would be wrong by 4.
        assert!(mean < 2.0, "wrong by {mean}: {errors:?}");
    }
}
