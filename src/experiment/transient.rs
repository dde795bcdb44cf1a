//! What the timeline says of the beginning of a run: whether its start biases the averages.

use serde::Serialize;

use crate::experiment::{Run, mser5};
use crate::metrics::TimelineRow;

/// Where MSER-5 would cut the number of instances over time, averaged over the replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Transient {
    /// Where the measured window begins, in seconds since the start of the run.
    pub measured_from_s: f64,
    /// Until when the run looks like a start, in seconds since the start of the run; `None` if it does not settle in the first half:
    /// the run is short for its start, or its load varies.
    pub settled_from_s: Option<f64>,
    /// Mean number of instances over the measured window.
    pub mean: f64,
    /// The same from where it has settled.
    pub settled_mean: Option<f64>,
}

impl Transient {
    /// The judgement of several runs; `None` of fewer than fifty whole intervals, which is too few to tell.
    pub fn of(runs: &[Run]) -> Option<Self> {
        let series = instances(runs);
        if series.len() < 50 {
            return None;
        }
        let rows = &runs.first()?.timeline;
        let cut = mser5(&series);
        Some(Self {
            measured_from_s: rows.first()?.start_s,
            settled_from_s: cut.and_then(|cut| Some(rows.get(cut.observations)?.start_s)),
            mean: series.iter().sum::<f64>() / series.len() as f64,
            settled_mean: cut.map(|cut| cut.mean),
        })
    }

    /// How much the part before it settles changes the mean number of instances, relative to the mean after it.
    pub fn bias(&self) -> Option<f64> {
        self.settled_mean.filter(|settled| *settled > 0.0).map(|settled| self.mean / settled - 1.0)
    }
}

/// Instances in each interval, averaged over the runs. A last interval that is shorter than the others is left out.
fn instances(runs: &[Run]) -> Vec<f64> {
    let Some(first) = runs.first() else { return Vec::new() };
    let length = first.timeline.first().map_or(0.0, |row| row.length_s);
    let whole = first.timeline.iter().take_while(|row| row.length_s >= length).count();
    let alive = |row: &TimelineRow| row.starting + row.busy + row.idle;
    let mean = |index: usize| {
        runs.iter().filter_map(|run| run.timeline.get(index)).map(alive).sum::<f64>() / runs.len() as f64
    };
    (0..whole).map(mean).collect()
}
