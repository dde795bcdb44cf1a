//! Execution time as a function of memory: d(m) = a0 + a1 exp(-m / a2), all parameters at least zero.

/// An execution that was measured.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Memory in MiB, more than zero.
    pub size: f64,
    /// Execution time in seconds.
    pub time: f64,
}

/// The fitted curve.
#[derive(Debug, Clone, Copy, Default)]
pub struct Model {
    a0: f64,
    a1: f64,
    a2: f64,
}

/// Decay lengths that are tried: from 8 MiB, each 5 % longer than the one before, up to about 140,000 MiB.
const DECAYS: i32 = 200;

impl Model {
    /// The time at a size in MiB.
    pub fn time(&self, size: f64) -> f64 {
        self.a0 + if self.a1 > 0.0 { self.a1 * libm::exp(-size / self.a2) } else { 0.0 }
    }

    /// The curve with the least sum of squared errors of the cost m d(m), as Parrotfish fits it.
    ///
    /// With a2 given, the cost is linear in a0 and a1, so that trying values of a2 cannot end in a local optimum.
    pub fn fit(points: &[Point]) -> Self {
        let candidates = (0..DECAYS).flat_map(|n| Self::with_decay(points, 8.0 * libm::pow(1.05, f64::from(n))));
        let best = candidates.map(|model| (model.error(points), model)).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or_else(Self::default, |(_, model)| model)
    }

    /// The solutions with both terms, with the constant alone, and with the exponential alone; those that are not negative.
    fn with_decay(points: &[Point], a2: f64) -> impl Iterator<Item = Self> {
        let (mut uu, mut uv, mut vv, mut uy, mut vy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for point in points {
            let (u, v, y) = (point.size, point.size * libm::exp(-point.size / a2), point.size * point.time);
            (uu, uv, vv, uy, vy) = (uu + u * u, uv + u * v, vv + v * v, uy + u * y, vy + v * y);
        }
        let determinant = uu * vv - uv * uv;
        let both = ((uy * vv - vy * uv) / determinant, (vy * uu - uy * uv) / determinant);
        let possible = |(a0, a1): &(f64, f64)| *a0 >= 0.0 && *a1 >= 0.0 && a0.is_finite() && a1.is_finite();
        [both, (uy / uu, 0.0), (0.0, vy / vv)].into_iter().filter(possible).map(move |(a0, a1)| Self { a0, a1, a2 })
    }

    fn error(&self, points: &[Point]) -> f64 {
        let residual = |point: &Point| point.size * (self.time(point.size) - point.time);
        points.iter().map(|point| residual(point) * residual(point)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_the_family_is_found_again() {
        for exact in [Model { a0: 0.2, a1: 3.0, a2: 400.0 }, Model { a0: 0.0, a1: 1.0, a2: 900.0 }] {
            let points = [128.0, 512.0, 1024.0, 3008.0].map(|size| Point { size, time: exact.time(size) });
            let fitted = Model::fit(&points);
            for size in [128.0, 300.0, 700.0, 2000.0, 3008.0] {
                let off = (fitted.time(size) - exact.time(size)).abs();
                assert!(off < 0.02 * exact.time(128.0), "{exact:?} at {size}: {fitted:?}");
            }
        }
    }

    #[test]
    fn no_time_is_negative_and_a_constant_stays_one() {
        let constant = Model::fit(&[128.0, 1024.0, 3008.0].map(|size| Point { size, time: 0.5 }));
        assert!((constant.time(2000.0) - 0.5).abs() < 1e-9, "{constant:?}");
        let rising = Model::fit(&[128.0, 1024.0, 3008.0].map(|size| Point { size, time: size }));
        assert!(rising.time(128.0) >= 0.0 && rising.time(3008.0) >= 0.0);
    }
}
