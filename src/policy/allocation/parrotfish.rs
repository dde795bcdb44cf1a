//! Parrotfish: a few measurements and a parametric model of the rest.

mod model;

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use model::{Model, Point};

/// Measures few sizes, fits the execution time to d(m) = a0 + a1 exp(-m / a2), and takes the size with the least m d(m), which is
/// proportional to the cost where memory x time is billed.
///
/// The first sizes are the least, the one a third up, and the largest. The next is the one with the least m d(m) (1 + k(m)), where k, the
/// knowledge, is a sum of Gaussians at the measured sizes. It ends when 1 + k at the cheapest size passes a threshold, or with the
/// number of measurements. The original measures a size again while its times vary; here the number is fixed. O(sizes x measured sizes).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parrotfish {
    grid: Grid,
    samples: usize,
    maximum: usize,
    threshold: f64,
}

impl Default for Parrotfish {
    fn default() -> Self {
        Self { grid: Grid::steps(128, 3008, 10), samples: 4, maximum: 20, threshold: 3.0 }
    }
}

/// Width of the knowledge around a measured size, in MiB.
const SIGMA: f64 = 200.0;

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "parrotfish",
    summary: "Measures a few sizes, fits a curve to them, and takes the size with the least memory x time.",
    reference: "Moghimi et al., \"Parrotfish: Parametric Regression for Optimizing Serverless Functions\", SoCC 2023",
    parameters: &[
        Parameter {
            name: "grid",
            kind: "list of memory sizes",
            default: Some("128 MiB to 3008 MiB in steps of 10 MiB"),
            meaning: "the sizes to choose from",
        },
        Parameter {
            name: "samples",
            kind: "number",
            default: Some("4"),
            meaning: "executions at a measured size; 1 to 1000",
        },
        Parameter {
            name: "maximum",
            kind: "number",
            default: Some("20"),
            meaning: "no further size is measured after more than so many executions; at most 10000",
        },
        Parameter {
            name: "threshold",
            kind: "number",
            default: Some("3.0"),
            meaning: "1 + knowledge at the cheapest size that is enough",
        },
    ],
    example: "{ samples = 4, maximum = 20 }",
    build: Build::Function(|parameters| {
        let policy: Parrotfish = read(parameters)?;
        policy.check()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Parrotfish {
    fn check(&self) -> Result<(), ParameterError> {
        let refuse = |why: &str| Err(ParameterError(why.into()));
        match self {
            _ if !(1..=1_000).contains(&self.samples) => refuse("`samples` is out of range; expected 1 to 1000"),
            _ if self.maximum > 10_000 => refuse("`maximum` is out of range; expected at most 10000"),
            _ if !self.threshold.is_finite() => refuse("`threshold` is not a number; expected one such as 3.0"),
            _ => Ok(()),
        }
    }
}

/// What has been measured of one function.
struct Exploration<'a> {
    profile: &'a Profile<'a>,
    /// Sizes in MiB.
    sizes: Vec<f64>,
    /// Which sizes were measured, in this order.
    measured: Vec<usize>,
    points: Vec<Point>,
}

impl Exploration<'_> {
    /// Measures a size: other executions than those of the sizes before.
    fn measure(&mut self, size: usize, samples: usize) {
        let times = &self.profile.trials[size].times;
        let first = self.measured.len() * samples;
        let draws = (first..first + samples).filter_map(|draw| times.get(draw));
        self.points.extend(draws.map(|time| Point { size: self.sizes[size], time: time.as_secs_f64() }));
        self.measured.push(size);
    }

    /// 1 + the sum of Gaussians at the measured sizes, each 1 at its centre.
    fn knowledge(&self, size: usize) -> f64 {
        let distance = |measured: &usize| (self.sizes[size] - self.sizes[*measured]) / SIGMA;
        1.0 + self.measured.iter().map(distance).map(|d| libm::exp(-d * d / 2.0)).sum::<f64>()
    }

    /// The size with the least value among `candidates`.
    fn least(&self, candidates: impl Iterator<Item = usize>, value: impl Fn(usize) -> f64) -> Option<usize> {
        candidates.map(|size| (value(size), size)).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, size)| size)
    }
}

impl Allocation for Parrotfish {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn draws(&self) -> usize {
        // The last size is begun with at most `maximum` executions; the first three are measured in any case.
        self.samples * 3 + self.maximum + self.samples
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        let sizes: Vec<f64> = profile.trials.iter().map(|trial| trial.memory.as_mib_f64()).collect();
        let count = sizes.len();
        let mut exploration = Exploration { profile, sizes, measured: Vec::new(), points: Vec::new() };
        for size in [0, count.div_ceil(3), count.saturating_sub(1)] {
            if size < count && !exploration.measured.contains(&size) {
                exploration.measure(size, self.samples);
            }
        }
        loop {
            let model = Model::fit(&exploration.points);
            let cost = |size: usize| exploration.sizes[size] * model.time(exploration.sizes[size]);
            let Some(cheapest) = exploration.least(0..count, cost) else { return profile.memory.into() };
            let enough = exploration.points.len() > self.maximum || exploration.knowledge(cheapest) > self.threshold;
            let unmeasured = (0..count).filter(|size| !exploration.measured.contains(size));
            match exploration.least(unmeasured, |size| cost(size) * exploration.knowledge(size)) {
                Some(next) if !enough => exploration.measure(next, self.samples),
                _ => return profile.trials[cheapest].memory.into(),
            }
        }
    }
}
