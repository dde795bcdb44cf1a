//! What a distribution declares about itself.

/// Mean and variance of a distribution, in base units; `None` where infinite or not known in closed form.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    /// The mean.
    pub mean: Option<f64>,
    /// The variance.
    pub variance: Option<f64>,
}

impl Moments {
    /// Both are known.
    pub const fn new(mean: f64, variance: f64) -> Self {
        Self { mean: Some(mean), variance: Some(variance) }
    }

    /// From the means of the value and of its square.
    pub fn from_raw(mean: f64, mean_square: f64) -> Self {
        // Rounding can take the difference below zero when the values are nearly all the same.
        Self::new(mean, (mean_square - mean * mean).max(0.0))
    }

    /// Standard deviation over mean.
    pub fn cv(&self) -> Option<f64> {
        Some(self.variance?.sqrt() / self.mean?)
    }
}
