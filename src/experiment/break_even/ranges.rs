//! What the declared ranges of inputs do to the bills, by simulating again.

use serde::Serialize;

/// What the declared ranges do. Amounts are per month of 730 hours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranged {
    /// Each input at the ends of its range, all others as the scenario has them: the largest effect first.
    pub inputs: Vec<RangeEffect>,
    /// Number of samples of all inputs together (Latin hypercube), each simulated once with random numbers of its own.
    pub samples: usize,
    /// The bill of the functions over the samples.
    pub serverless: Quantiles,
    /// The bill of the servers over the samples.
    pub servers: Quantiles,
    /// Share of the samples in which serverless is cheaper, 0 to 1.
    pub serverless_cheaper: f64,
}

/// Both bills at the ends of the range of one input, with the same random numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RangeEffect {
    /// The key of the scenario.
    pub key: String,
    /// Its values.
    pub values: [String; 2],
    /// The bill of the functions at each.
    pub serverless: [f64; 2],
    /// The bill of the servers at each.
    pub servers: [f64; 2],
}

/// Both bills of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The bill of the functions.
    pub serverless: f64,
    /// The bill of the servers.
    pub servers: f64,
}

/// Quantiles of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantiles {
    /// 5 % of the samples are below.
    pub p5: f64,
    /// The median.
    pub p50: f64,
    /// 5 % of the samples are above.
    pub p95: f64,
}

impl Quantiles {
    /// Of figures in any order, interpolated between neighbours (Hyndman and Fan, The American Statistician 1996, type 7).
    pub fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let last = figures.len().saturating_sub(1);
        let at = |share: f64| {
            let place = share * last as f64;
            let (below, rest) = (place as usize, place.fract());
            let figure = |index: usize| figures.get(index.min(last)).copied().unwrap_or(0.0);
            figure(below) + rest * (figure(below + 1) - figure(below))
        };
        Self { p5: at(0.05), p50: at(0.5), p95: at(0.95) }
    }
}

impl RangeEffect {
    /// How far apart the bills are, of the functions and of the servers together.
    pub fn swing(&self) -> f64 {
        (self.serverless[1] - self.serverless[0]).abs().max((self.servers[1] - self.servers[0]).abs())
    }
}

impl Ranged {
    /// Puts together what was simulated.
    pub fn new(mut inputs: Vec<RangeEffect>, samples: &[Sample]) -> Self {
        inputs.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
        let cheaper = samples.iter().filter(|sample| sample.serverless < sample.servers).count();
        Self {
            inputs,
            samples: samples.len(),
            serverless: Quantiles::of(samples.iter().map(|sample| sample.serverless).collect()),
            servers: Quantiles::of(samples.iter().map(|sample| sample.servers).collect()),
            serverless_cheaper: cheaper as f64 / samples.len().max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let figures: Vec<f64> = (0..=20).rev().map(f64::from).collect();
        assert_eq!(Quantiles::of(figures), Quantiles { p5: 1.0, p50: 10.0, p95: 19.0 });
        assert_eq!(Quantiles::of(vec![1.0, 2.0]), Quantiles { p5: 1.05, p50: 1.5, p95: 1.95 });
    }

    #[test]
    fn the_largest_effect_comes_first() {
        let input = |key: &str, serverless| RangeEffect {
            key: key.into(),
            values: ["1".into(), "2".into()],
            serverless,
            servers: [5.0, 5.0],
        };
        let samples = [(1.0, 2.0), (3.0, 2.0)].map(|(serverless, servers)| Sample { serverless, servers });
        let ranged = Ranged::new(vec![input("a", [1.0, 2.0]), input("b", [9.0, 4.0])], &samples);
        assert_eq!(ranged.inputs[0].key, "b");
        assert_eq!((ranged.serverless_cheaper, ranged.serverless.p50, ranged.samples), (0.5, 2.0, 2));
    }
}
