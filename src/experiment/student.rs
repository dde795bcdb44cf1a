//! Student's t: intervals, tests, and their correction for many comparisons.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::experiment::Estimate;

/// An estimate and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The estimate.
    pub center: f64,
    /// Its standard error; zero if all replications agree, or there is one only.
    pub error: f64,
    /// Degrees of freedom; below one if nothing is known of the error.
    pub freedom: f64,
    /// Number of replications.
    pub n: usize,
}

impl Spread {
    /// Whether there is more than one replication, so that the error says something.
    pub fn is_known(&self) -> bool {
        self.freedom >= 1.0
    }

    /// center +- t error; the center alone if the error is not known.
    pub fn interval(&self, level: f64) -> Estimate {
        let half = if self.is_known() { quantile(0.5 + level / 2.0, self.freedom) * self.error } else { 0.0 };
        Estimate { mean: self.center, ci_low: self.center - half, ci_high: self.center + half, n: self.n }
    }

    /// Two-sided p of the estimate being zero in truth; `None` if the error is not known. Without any error it is 1 at zero and 0 elsewhere.
    pub fn p(&self) -> Option<f64> {
        if !self.is_known() {
            return None;
        }
        if self.error == 0.0 {
            return Some(if self.center == 0.0 { 1.0 } else { 0.0 });
        }
        let t = (self.center / self.error).abs();
        Some(StudentsT::new(0.0, 1.0, self.freedom).map_or(1.0, |student| 2.0 * student.sf(t)).min(1.0))
    }

    /// An estimate that deviates by `weight` times the deviation of another, independent one, less than this one does, with the degrees
    /// of freedom of Welch and Satterthwaite (Welch, "The generalization of Student's problem when several different population
    /// variances are involved", Biometrika 1947).
    pub fn less(&self, other: &Self, weight: f64) -> Self {
        let [a, b] = [self.error, weight * other.error].map(|error| error * error);
        let (sum, fewer) = (a + b, self.freedom.min(other.freedom));
        let welch = || sum * sum / (a * a / self.freedom + b * b / other.freedom);
        let freedom = if sum > 0.0 && fewer >= 1.0 { welch() } else { fewer };
        Self { center: self.center - weight * other.center, error: sum.sqrt(), freedom, n: self.n.min(other.n) }
    }

    /// The same in another unit.
    pub fn divided(&self, by: f64) -> Self {
        Self { center: self.center / by, error: (self.error / by).abs(), ..*self }
    }
}

/// The quantile of Student's t; infinite at 1.
pub fn quantile(probability: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |student| student.inverse_cdf(probability))
}

/// Holm's correction: p-values so that rejecting all that are at most alpha rejects any true hypothesis with a probability of at most
/// alpha, whatever their dependence (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
/// Statistics 1979). The k-th smallest of m is multiplied by m - k + 1, and none is below one before it. What is `None` is no test.
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p_values.iter().enumerate().filter_map(|(i, p)| Some((i, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![None; p_values.len()];
    let mut before = 0.0f64;
    for (rank, (index, p)) in order.iter().enumerate() {
        before = before.max(p * (order.len() - rank) as f64).min(1.0);
        adjusted[*index] = Some(before);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    /// Holm 1979 by hand: 0.01 x 4, 0.02 x 3, 0.03 x 2 (not below the one before), 0.5 x 1.
    #[test]
    fn holm_by_hand() {
        let adjusted = holm(&[Some(0.03), Some(0.5), None, Some(0.01), Some(0.02)]);
        let expected = [Some(0.06), Some(0.5), None, Some(0.04), Some(0.06)];
        assert!(adjusted.iter().zip(expected).all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => close(*a, b),
            (a, b) => a.is_none() && b.is_none(),
        }));
        assert_eq!(holm(&[Some(0.9), Some(0.8)]), [Some(1.0), Some(1.0)]);
    }

    /// t(0.975, 9) = 2.262157 has two-sided p = 0.05.
    #[test]
    fn p_of_a_known_quantile() {
        let spread = Spread { center: 2.262_157, error: 1.0, freedom: 9.0, n: 10 };
        assert!(close(spread.p().unwrap(), 0.05));
        assert!(close(spread.interval(0.95).ci_low, 0.0));
        assert_eq!(Spread { error: 0.0, ..spread }.p(), Some(0.0));
        assert_eq!(Spread { error: 0.0, center: 0.0, ..spread }.p(), Some(1.0));
        assert_eq!(Spread { freedom: 0.0, n: 1, ..spread }.p(), None);
        let none = Spread { freedom: 0.0, n: 1, ..spread }.interval(0.95);
        assert_eq!((none.ci_low, none.ci_high), (2.262_157, 2.262_157));
    }

    /// Variances 4 of 5 and 1 of 10 replications: errors squared 0.8 and 0.1, freedom 0.81 / (0.64 / 4 + 0.01 / 9) = 5.027586.
    #[test]
    fn welch_by_hand() {
        let a = Spread { center: 3.0, error: 0.8f64.sqrt(), freedom: 4.0, n: 5 };
        let b = Spread { center: 1.0, error: 0.1f64.sqrt(), freedom: 9.0, n: 10 };
        let difference = a.less(&b, 1.0);
        assert!(
            close(difference.error * difference.error, 0.9) && close(difference.freedom, 5.027_586),
            "{difference:?}"
        );
        let one = a.less(&Spread { error: 0.0, freedom: 0.0, n: 1, ..b }, 1.0);
        assert!(!one.is_known() && one.p().is_none());
    }
}
