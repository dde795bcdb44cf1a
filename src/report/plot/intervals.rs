//! The timeline averaged over the replications and made coarse enough to be drawn.

use crate::metrics::TimelineRow;

/// An interval averaged over the replications.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Interval {
    pub start_s: f64,
    pub end_s: f64,
    pub arrivals: f64,
    pub cold: f64,
    pub throttled: f64,
    pub starting: f64,
    pub busy: f64,
    pub idle: f64,
}

/// The mean over the replications of each interval that all of them have.
pub fn mean(timelines: &[&[TimelineRow]]) -> Vec<Interval> {
    let rows = timelines.iter().map(|rows| rows.len()).min().unwrap_or(0);
    let mean = |i: usize| {
        let each = |figure: fn(&TimelineRow) -> f64| {
            timelines.iter().map(|rows| figure(&rows[i])).sum::<f64>() / timelines.len() as f64
        };
        Interval {
            start_s: each(|row| row.start_s),
            end_s: each(|row| row.start_s + row.length_s),
            arrivals: each(|row| row.arrivals as f64),
            cold: each(|row| row.cold as f64),
            throttled: each(|row| row.throttled as f64),
            starting: each(|row| row.starting),
            busy: each(|row| row.busy),
            idle: each(|row| row.idle),
        }
    };
    (0..rows).map(mean).filter(|interval| interval.end_s > interval.start_s).collect()
}

/// Joins neighbours until there are at most `most`: counts are added, averages weighted by time.
pub fn coarsen(intervals: &[Interval], most: usize) -> Vec<Interval> {
    let joined = |group: &[Interval]| {
        let sum = |figure: fn(&Interval) -> f64| group.iter().map(figure).sum::<f64>();
        let length: f64 = sum(|i| i.end_s - i.start_s);
        Interval {
            start_s: group[0].start_s,
            end_s: group[group.len() - 1].end_s,
            arrivals: sum(|i| i.arrivals),
            cold: sum(|i| i.cold),
            throttled: sum(|i| i.throttled),
            starting: sum(|i| i.starting * (i.end_s - i.start_s)) / length,
            busy: sum(|i| i.busy * (i.end_s - i.start_s)) / length,
            idle: sum(|i| i.idle * (i.end_s - i.start_s)) / length,
        }
    };
    intervals.chunks(intervals.len().div_ceil(most).max(1)).map(joined).collect()
}

/// The shortest unit of time in which at least one happens at the peak.
pub fn rate_unit(intervals: &[Interval], count: fn(&Interval) -> f64) -> (f64, &'static str) {
    let peak = rates(intervals, 1.0, count).into_iter().fold(0.0, f64::max);
    let units = [(1.0, "second"), (60.0, "minute"), (3_600.0, "hour")];
    let found = units.into_iter().find(|(seconds, _)| peak == 0.0 || peak * seconds >= 1.0);
    found.unwrap_or((86_400.0, "day"))
}

pub fn rates(intervals: &[Interval], per: f64, count: fn(&Interval) -> f64) -> Vec<f64> {
    intervals.iter().map(|i| per * count(i) / (i.end_s - i.start_s)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    const MOST: usize = 320;

    #[test]
    fn coarsening_keeps_counts_and_time_averages() {
        let outcome = sample::slow_and_long();
        let fine = mean(&[&outcome.runs[0].timeline]);
        let coarse = coarsen(&fine, MOST);
        let arrivals = |intervals: &[Interval]| intervals.iter().map(|i| i.arrivals).sum::<f64>();
        let busy = |intervals: &[Interval]| intervals.iter().map(|i| i.busy * (i.end_s - i.start_s)).sum::<f64>();
        assert!(coarse.len() <= MOST && fine.len() == 20_160);
        assert!((arrivals(&coarse) - arrivals(&fine)).abs() < 1e-6);
        assert!((busy(&coarse) / busy(&fine) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn rates_take_a_unit_that_can_be_read() {
        let interval = |cold| Interval { end_s: 60.0, cold, ..Interval::default() };
        let unit = |cold| rate_unit(&[interval(cold)], |i| i.cold).1;
        assert_eq!([120.0, 5.0, 0.1, 0.001].map(unit), ["second", "minute", "hour", "day"]);
    }
}
