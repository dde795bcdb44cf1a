//! Variants of a scenario against a baseline: paired differences, and what they allow to say.

use serde::Serialize;

use crate::experiment::Estimate;
use crate::metrics::Figure;

/// Every cell of a study against one of them, figure by figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Name of the study.
    pub name: String,
    /// Names of the cells, in their order.
    pub cells: Vec<String>,
    /// Number of the cell with which the others are compared, from 0.
    pub baseline: usize,
    /// Confidence of each interval and of the verdicts, such as 0.95.
    pub level: f64,
    /// How replications are compared.
    pub pairing: Pairing,
    /// What is compared, in the order asked for; figures that no cell has, such as the cost of scenarios without prices, are left out.
    pub figures: Vec<Compared>,
}

/// How the replications of two cells are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pairing {
    /// Replications of the same number saw the same arrivals and execution times (common random numbers), so that the differences within each are
    /// independent of one another: paired t. Only numbers that both cells have count.
    Paired,
    /// The workloads differ, so that nothing pairs the replications: Welch's t.
    Independent,
}

/// One figure of every cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Which figure.
    pub figure: Figure,
    /// Its unit; for amounts of money the currency of the baseline.
    pub unit: String,
    /// The cells, in their order.
    pub cells: Vec<Contrast>,
    /// Number of the cell with the best estimate, the first of several; `None` if neither less nor more of the figure is better, or no
    /// cell has it.
    pub best: Option<usize>,
}

/// One figure of one cell, beside that of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contrast {
    /// The figure itself over all replications of the cell. `None` if it has none: the cell failed, has no bill, or one in another currency.
    pub estimate: Option<Estimate>,
    /// Cell minus baseline. `None` for the baseline itself, and if either has no such figure or they have no replication in common.
    pub difference: Option<Difference>,
    /// What the difference allows to say.
    pub verdict: Verdict,
    /// Where the cell stands among all.
    pub standing: Standing,
}

/// The difference of a cell to the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Cell - baseline, in the unit of the figure. Its interval holds for this difference alone.
    pub absolute: Estimate,
    /// Cell / baseline - 1: -0.12 is 12 % less. By the delta method; `None` if the baseline is zero.
    pub relative: Option<Estimate>,
    /// Two-sided p of no difference; `None` if there is one replication only. Zero if all replications differ by the same.
    pub p: Option<f64>,
    /// The same after Holm's correction for all cells that are compared with the baseline in this figure.
    pub p_adjusted: Option<f64>,
}

/// What a difference to the baseline allows to say. The probability that any cell is wrongly called different in a figure is at most
/// 1 - level (Holm 1979).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the baseline.
    Baseline,
    /// Distinguishable, in the direction that users want.
    Better,
    /// Distinguishable, in the other direction.
    Worse,
    /// Distinguishably less, of a figure of which neither less nor more is better.
    Less,
    /// Distinguishably more, of such a figure.
    More,
    /// The difference may be chance.
    NotDistinguishable,
    /// There is no difference, or no more than one replication to judge it by.
    Unknown,
}

/// Whether a cell may be the best of all in a figure. The cells that may be hold the truly best one with the probability of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has the best estimate.
    Best,
    /// Not distinguishable from the one with the best estimate.
    MayBeBest,
    /// Distinguishably worse than that one.
    NotBest,
    /// The figure has no best, or the cell no such figure, or there is one replication only.
    Unknown,
}
