//! Sequential stopping: how many replications a wanted precision needs.

use serde::Serialize;

use crate::experiment::Estimate;
use crate::metrics::{Figure, Summary};

/// How precise the figures of a run are to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The relative error gamma, such as 0.02: half the interval is to be at most gamma / (1 + gamma) of the estimate, so that the
    /// error relative to the truth is at most gamma.
    pub relative: f64,
    /// The figures that are to be so precise.
    pub of: Vec<Figure>,
    /// Most replications.
    pub most: u32,
}

/// What came of a wanted precision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reached {
    /// The relative error that was wanted.
    pub wanted: f64,
    /// Whether every figure is so precise.
    pub reached: bool,
    /// How precise each is.
    pub figures: Vec<HalfWidth>,
}

/// How precise a figure is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HalfWidth {
    /// Its dotted path.
    pub figure: String,
    /// Half the confidence interval over the estimate; `None` if the estimate is zero and the interval is not, or fewer than two
    /// replications have the figure.
    pub relative: Option<f64>,
}

impl Precision {
    /// How many more replications to run after those of `summaries`; 0: enough.
    ///
    /// A rule of the summaries alone, so that neither threads nor interruptions change a result. As many as the intervals so far ask
    /// for, n (h / h')^2 with the half width h wanted to be h', but at least a tenth and at most as many again, because h is an
    /// estimate, too (Law, "Simulation Modeling and Analysis", section 9.4.1: sequential procedure; its coverage is slightly below
    /// the nominal one where few replications are enough, so begin with ten or more).
    pub fn more(&self, summaries: &[&Summary]) -> u32 {
        let n = summaries.len() as u32;
        let left = self.most.saturating_sub(n);
        let wanted = self.half_width();
        let excess =
            self.half_widths(summaries).into_iter().map(|half| half.relative.unwrap_or(f64::INFINITY) / wanted);
        let excess = excess.fold(0.0, f64::max);
        if excess <= 1.0 {
            return 0;
        }
        let needed = libm::ceil(f64::from(n) * (excess * excess - 1.0));
        let needed = needed.clamp(f64::from(n.div_ceil(10).max(1)), f64::from(n.max(1)));
        left.min(needed as u32)
    }

    /// How precise the figures of `summaries` are.
    pub fn reached(&self, summaries: &[&Summary]) -> Reached {
        let figures = self.half_widths(summaries);
        let reached = figures.iter().all(|half| half.relative.is_some_and(|half| half <= self.half_width()));
        Reached { wanted: self.relative, reached, figures }
    }

    /// The largest relative half width that is precise enough.
    fn half_width(&self) -> f64 {
        self.relative / (1.0 + self.relative)
    }

    fn half_widths(&self, summaries: &[&Summary]) -> Vec<HalfWidth> {
        let summaries: Vec<_> = summaries.iter().filter_map(|summary| serde_json::to_value(summary).ok()).collect();
        let half_width = |figure: &Figure| {
            let estimate = Estimate::pooled(figure, &summaries);
            let (half, size) = (estimate.half_width(), estimate.mean.abs());
            let relative = if half == 0.0 { Some(0.0) } else { (size > 0.0).then(|| half / size) };
            HalfWidth { figure: figure.path.clone(), relative: relative.filter(|_| estimate.n > 1) }
        };
        self.of.iter().map(half_width).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Balance, Distribution, Instances, Invocations, Latencies, MemoryTime, Stages};

    fn summary(throughput_per_s: f64) -> Summary {
        let times = Distribution::default();
        Summary {
            invocations: Invocations::default(),
            latency_ms: Latencies { response: times, queueing: times, cold_start: times, execution: times },
            stages_ms: Stages::default(),
            throughput_per_s,
            cold_start_ratio: 0.0,
            instances: Instances::default(),
            balance: Balance::default(),
            memory_gb_s: MemoryTime::default(),
            utilisation: 0.0,
            cost: None,
        }
    }

    fn precision(relative: f64, path: &str) -> Precision {
        Precision { relative, of: vec![Figure::find(path).unwrap()], most: 100 }
    }

    fn more(precision: &Precision, figures: &[f64]) -> u32 {
        let summaries: Vec<Summary> = figures.iter().map(|figure| summary(*figure)).collect();
        precision.more(&summaries.iter().collect::<Vec<_>>())
    }

    /// 1 to 10: mean 5.5, half width 2.1658, relative 0.39378. Enough for gamma / (1 + gamma) = 0.4 but not for 0.39.
    #[test]
    fn stops_when_half_the_interval_is_the_wanted_part_of_the_mean() {
        let figures: Vec<f64> = (1..=10).map(f64::from).collect();
        let gamma = |half: f64| half / (1.0 - half);
        assert_eq!(more(&precision(gamma(0.4), "throughput_per_s"), &figures), 0);
        assert_eq!(more(&precision(gamma(0.39), "throughput_per_s"), &figures), 1);
        // 10 (0.39378 / 0.3)^2 - 10 = 7.2.
        assert_eq!(more(&precision(gamma(0.3), "throughput_per_s"), &figures), 8);
        assert_eq!(more(&precision(gamma(0.01), "throughput_per_s"), &figures), 10, "at most as many again");
        let few = Precision { most: 13, ..precision(gamma(0.01), "throughput_per_s") };
        assert_eq!(more(&few, &figures), 3);
        assert_eq!(more(&Precision { most: 10, ..few }, &figures), 0);
    }

    #[test]
    fn what_never_varies_is_precise_and_what_nobody_has_is_not() {
        assert_eq!(more(&precision(0.02, "throughput_per_s"), &[0.0, 0.0]), 0);
        assert_eq!(more(&precision(0.02, "throughput_per_s"), &[1.0, -1.0]), 2, "a mean of zero");
        let cost = precision(0.02, "cost.total");
        assert_eq!(more(&cost, &[1.0, 1.0]), 2);
        let runs = [summary(1.0), summary(1.0)];
        assert_eq!(cost.reached(&[&runs[0], &runs[1]]).figures[0].relative, None);
        assert!(!cost.reached(&[&runs[0], &runs[1]]).reached);
        assert_eq!(more(&precision(0.02, "throughput_per_s"), &[1.0]), 1, "one replication says nothing");
    }
}
