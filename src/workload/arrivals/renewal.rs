//! Renewal processes: independent gaps with a chosen variability.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::distribution::{GammaSampler, HyperexponentialSampler, WeibullSampler};
use crate::workload::validate::{self, Invalid};

/// Independent gaps of one family. The process is stationary: the run begins in the middle of a gap, so that the expected
/// number of arrivals is rate x time from the first moment on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// Mean number of arrivals per unit of time.
    pub rate: Rate,
    /// Coefficient of variation of the gaps (standard deviation over mean): from 0.001 (for hyperexponential 1) to 100.
    /// 1 is about Poisson, below is more regular, above more bursty.
    pub cv: f64,
}

impl Renewal {
    pub(super) fn validate(&self, least_cv: f64) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)?;
        validate::number("cv", self.cv, least_cv..=100.0)
    }

    /// With gamma gaps.
    pub fn gamma(&self) -> RenewalModel<GammaSampler> {
        RenewalModel { gaps: GammaSampler::by_mean(self.mean_gap(), self.cv), rate: self.rate }
    }

    /// With Weibull gaps.
    pub fn weibull(&self) -> RenewalModel<WeibullSampler> {
        RenewalModel { gaps: WeibullSampler::by_mean(self.mean_gap(), self.cv), rate: self.rate }
    }

    /// With hyper-exponential gaps; `cv` must not be below 1.
    pub fn hyperexponential(&self) -> RenewalModel<HyperexponentialSampler> {
        RenewalModel { gaps: HyperexponentialSampler::by_mean(self.mean_gap(), self.cv), rate: self.rate }
    }

    /// In nanoseconds.
    fn mean_gap(&self) -> f64 {
        1e9 / self.rate.as_per_second()
    }
}

/// A renewal process, ready to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct RenewalModel<G> {
    gaps: G,
    rate: Rate,
}

/// A family of gaps.
trait Gaps: Debug + Copy + Send + Sync + 'static {
    /// A whole gap.
    fn gap(&self, stream: &mut Stream) -> f64;

    /// What remains of the gap in which an arbitrary instant falls.
    fn residual(&self, stream: &mut Stream) -> f64;
}

macro_rules! gaps {
    ($($family:ty),*) => {$(
        impl Gaps for $family {
            fn gap(&self, stream: &mut Stream) -> f64 {
                self.sample(stream)
            }

            fn residual(&self, stream: &mut Stream) -> f64 {
                <$family>::residual(self, stream)
            }
        }
    )*};
}

gaps!(GammaSampler, WeibullSampler, HyperexponentialSampler);

#[allow(private_bounds)]
impl<G: Gaps> ArrivalModel for RenewalModel<G> {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { gaps: self.gaps, at: None })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second())
    }
}

struct Process<G> {
    gaps: G,
    at: Option<Time>,
}

impl<G: Gaps> ArrivalProcess for Process<G> {
    #[inline(always)]
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let next = match self.at {
            Some(at) => at + Span::from_nanos_f64(self.gaps.gap(stream)),
            None => Time::ZERO + Span::from_nanos_f64(self.gaps.residual(stream)),
        };
        self.at = Some(next);
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gaps, mean_and_variance, model, until};
    use super::*;

    #[test]
    fn gaps_have_the_coefficient_of_variation_that_was_asked_for() {
        for (family, cv) in
            [("gamma", 0.3), ("gamma", 2.0), ("weibull", 0.3), ("weibull", 2.0), ("hyperexponential", 2.0)]
        {
            let gaps = gaps(&*model(&format!(r#"{family} = {{ rate = "20/s", cv = {cv} }}"#)), 1, 40_000);
            let (mean, variance) = mean_and_variance(&gaps);
            let fourth = gaps.iter().map(|gap| (gap - mean).powi(4)).sum::<f64>() / gaps.len() as f64;
            // Standard error of cv^2, by that of the variance.
            let error = (fourth - variance * variance).sqrt() / (gaps.len() as f64).sqrt() / (mean * mean);
            assert!((variance / (mean * mean) - cv * cv).abs() < 5.0 * error, "{family}: {variance} {mean}");
        }
    }

    /// A process that began with a whole gap would give (cv^2 - 1) / 2 = 7.5 arrivals too many, whatever the time.
    #[test]
    fn a_run_begins_in_the_middle_of_a_gap() {
        for family in ["gamma", "weibull", "hyperexponential"] {
            let model = model(&format!(r#"{family} = {{ rate = "1/s", cv = 4.0 }}"#));
            let counts: Vec<_> = (0..4000).map(|seed| until(&*model, seed, Span::from_secs(2)).len() as f64).collect();
            let (mean, variance) = mean_and_variance(&counts);
            let error = (variance / counts.len() as f64).sqrt();
            assert!((mean - 2.0).abs() < 4.5 * error, "{family}: {mean} +- {error}");
        }
    }
}
