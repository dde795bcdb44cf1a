//! An estimate over replications together with what each replication contributes, so that differences and ratios of estimates keep
//! their pairing.

use crate::experiment::student::Spread;

/// An estimate that is, to first order, a mean over replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The estimate.
    pub estimate: f64,
    /// What each replication deviates: the estimate is itself plus their mean, which is zero. That of a mean is x - mean; that of a
    /// ratio R of sums of y and x is (y - R x) / mean(x), the delta method.
    deviations: Vec<f64>,
}

impl Sample {
    /// The mean of one figure per replication; `None` of none.
    pub fn mean(figures: &[f64]) -> Option<Self> {
        let estimate = figures.iter().sum::<f64>() / figures.len() as f64;
        (!figures.is_empty()).then(|| Self { estimate, deviations: figures.iter().map(|x| x - estimate).collect() })
    }

    /// The ratio of sums of which each replication has (ratio, denominator); `None` if the denominators sum up to zero.
    pub fn ratio(parts: &[(f64, f64)]) -> Option<Self> {
        let sum: f64 = parts.iter().map(|(_, over)| over).sum();
        let estimate = parts.iter().map(|(ratio, over)| ratio * over).sum::<f64>() / sum;
        let mean = sum / parts.len() as f64;
        let deviations = || parts.iter().map(|(ratio, over)| (ratio - estimate) * over / mean).collect();
        (sum > 0.0).then(|| Self { estimate, deviations: deviations() })
    }

    /// This minus another over the same replications.
    pub fn minus(&self, other: &Self) -> Self {
        let pairs = self.deviations.iter().zip(&other.deviations);
        Self { estimate: self.estimate - other.estimate, deviations: pairs.map(|(a, b)| a - b).collect() }
    }

    /// This divided by another over the same replications, minus one; `None` if the other is zero. Delta method: a ratio A / B deviates by
    /// (a - A / B b) / B.
    pub fn relative_to(&self, other: &Self) -> Option<Self> {
        let ratio = self.estimate / other.estimate;
        let pairs = self.deviations.iter().zip(&other.deviations);
        let deviations = || pairs.map(|(a, b)| (a - ratio * b) / other.estimate).collect();
        (other.estimate != 0.0).then(|| Self { estimate: ratio - 1.0, deviations: deviations() })
    }

    /// How far the estimate may be off.
    pub fn spread(&self) -> Spread {
        let n = self.deviations.len();
        let squares = self.deviations.iter().map(|x| x * x).sum::<f64>();
        let variance = if n < 2 { 0.0 } else { squares / (n as f64 - 1.0) / n as f64 };
        Spread { center: self.estimate, error: variance.sqrt(), freedom: n as f64 - 1.0, n }
    }
}
