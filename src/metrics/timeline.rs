//! The measured window in equal intervals: arrivals, cold starts, and instances by phase.

use crate::engine::fact::{Fact, Fate};
use crate::metrics::{TimelineRow, Window};
use crate::platform::instance::Phase;
use crate::platform::request::{Outcome, Start};
use crate::time::{Span, Time};

/// The timeline has at most this many rows.
const ROWS: u64 = 1000;
/// Cells to a row. Instances are sampled once per cell for the peak.
const CELLS_PER_ROW: u64 = 20;

/// Counts by cell. Sums of integers: shards can be merged in any order.
#[derive(Debug, Clone)]
pub struct Timeline {
    window: Window,
    /// Length of a cell in nanoseconds.
    cell: u64,
    /// The current cell and its end, so that most facts need no division.
    current: usize,
    current_end: Time,
    arrivals: Vec<u32>,
    cold: Vec<u32>,
    throttled: Vec<u32>,
    starting: Level,
    busy: Level,
    /// Starting, busy or idle.
    alive: Level,
}

/// A count of instances that steps up and down.
#[derive(Debug, Clone, Default)]
struct Level {
    /// Net steps in each cell.
    steps: Vec<i32>,
    /// Instance-nanoseconds that the steps of a cell add to that cell itself.
    area: Vec<i64>,
}

impl Timeline {
    /// An empty timeline.
    pub fn new(window: Window) -> Self {
        let length = window.length().as_nanos().max(1);
        let row = nice_step(length.div_ceil(ROWS));
        let cell = row / CELLS_PER_ROW;
        let cells = length.div_ceil(row) as usize * CELLS_PER_ROW as usize;
        // One more cell takes what happens at the very end.
        let level = Level { steps: vec![0; cells + 1], area: vec![0; cells + 1] };
        let counts = || vec![0; cells + 1];
        let (arrivals, cold, throttled) = (counts(), counts(), counts());
        let (starting, busy) = (level.clone(), level.clone());
        Self {
            window,
            cell,
            current: 0,
            current_end: Time::ZERO,
            arrivals,
            cold,
            throttled,
            starting,
            busy,
            alive: level,
        }
    }

    /// Counts a fact.
    #[inline(always)]
    pub fn observe(&mut self, fact: &Fact) {
        match fact {
            Fact::Arrived { at, .. } if self.window.contains(*at) => {
                let cell = self.cell_at(*at);
                self.arrivals[cell] += 1;
            }
            Fact::Lost { arrived, fate: Fate::Throttled, .. } if self.window.contains(*arrived) => {
                let cell = self.offset(*arrived) / self.cell;
                self.throttled[cell as usize] += 1;
            }
            Fact::Executed(done)
                if done.start == Start::Cold
                    && done.outcome == Outcome::Completed
                    && self.window.contains(done.arrived) =>
            {
                let cell = self.offset(done.arrived) / self.cell;
                self.cold[cell as usize] += 1;
            }
            Fact::Phase { at, ends, begins, .. } => {
                let at = self.window.clamp(*at);
                let cell = self.cell_at(at);
                let rest = (self.current_end - at).as_nanos() as i64;
                match ends {
                    Some((Phase::Starting, _)) => self.starting.step(cell, -1, -rest),
                    Some((Phase::Busy, _)) => self.busy.step(cell, -1, -rest),
                    Some((Phase::Idle, _)) => {}
                    None => self.alive.step(cell, 1, rest),
                }
                match begins {
                    Some(Phase::Starting) => self.starting.step(cell, 1, rest),
                    Some(Phase::Busy) => self.busy.step(cell, 1, rest),
                    Some(Phase::Idle) => {}
                    None => self.alive.step(cell, -1, -rest),
                }
            }
            _ => {}
        }
    }

    /// Nanoseconds since the start of the window.
    #[inline]
    fn offset(&self, at: Time) -> u64 {
        (at - self.window.start).as_nanos()
    }

    /// The cell of an instant of the window. Facts come in time order, so it is mostly the current one.
    #[inline(always)]
    fn cell_at(&mut self, at: Time) -> usize {
        if at >= self.current_end {
            self.move_to(at);
        }
        self.current
    }

    fn move_to(&mut self, at: Time) {
        self.current = (self.offset(at) / self.cell) as usize;
        self.current_end = self.window.start + Span::from_nanos((self.current as u64 + 1) * self.cell);
    }

    /// Begins another shard, whose time starts again at zero.
    pub fn rewind(&mut self) {
        self.current_end = Time::ZERO;
    }

    /// Adds the counts of another timeline of the same window.
    pub fn merge(&mut self, other: &Self) {
        let add = |sum: &mut Vec<u32>, more: &[u32]| sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        add(&mut self.arrivals, &other.arrivals);
        add(&mut self.cold, &other.cold);
        add(&mut self.throttled, &other.throttled);
        self.starting.merge(&other.starting);
        self.busy.merge(&other.busy);
        self.alive.merge(&other.alive);
    }

    /// The rows, in time order.
    pub fn rows(&self) -> Vec<TimelineRow> {
        let per_row = CELLS_PER_ROW as usize;
        let cells = self.arrivals.len() - 1;
        let [starting, busy, alive] = [&self.starting, &self.busy, &self.alive].map(|level| level.cells(self.cell));
        let row = |first: usize| {
            let cells = first..(first + per_row).min(cells);
            let start = Span::from_nanos(first as u64 * self.cell);
            let length = Span::from_nanos(self.cell * per_row as u64).min(self.window.length().saturating_sub(start));
            let sum = |counts: &[u32]| counts[cells.clone()].iter().map(|count| u64::from(*count)).sum();
            let mean = |area: &[i128]| area[cells.clone()].iter().sum::<i128>() as f64 / length.as_nanos() as f64;
            let idle = || cells.clone().map(|cell| alive[cell] - starting[cell] - busy[cell]).sum::<i128>();
            TimelineRow {
                start_s: (self.window.start + start).as_secs_f64(),
                length_s: length.as_secs_f64(),
                arrivals: sum(&self.arrivals),
                cold: sum(&self.cold),
                throttled: sum(&self.throttled),
                starting: mean(&starting),
                busy: mean(&busy),
                idle: idle() as f64 / length.as_nanos() as f64,
            }
        };
        (0..cells)
            .step_by(per_row)
            .filter(|first| *first as u64 * self.cell < self.window.length().as_nanos())
            .map(row)
            .collect()
    }

    /// How many invocations arrived in each cell, one after another: cells are a twentieth of a row, and the last may be shorter.
    pub fn arrivals(&self) -> Vec<(Span, u64)> {
        let length = self.window.length().as_nanos();
        let cells = self.arrivals.iter().enumerate().map(|(index, arrivals)| {
            let start = index as u64 * self.cell;
            (Span::from_nanos(self.cell.min(length.saturating_sub(start))), u64::from(*arrivals))
        });
        cells.filter(|(length, _)| *length > Span::ZERO).collect()
    }

    /// Most instances at the end of any cell.
    pub fn peak(&self) -> u64 {
        let mut alive = 0i64;
        let cells = 0..self.arrivals.len() - 1;
        let before_the_end = cells.filter(|cell| (*cell as u64 + 1) * self.cell <= self.window.length().as_nanos());
        before_the_end.fold(0, |peak, cell| {
            alive += i64::from(self.alive.steps[cell]);
            peak.max(alive)
        }) as u64
    }
}

impl Level {
    #[inline(always)]
    fn step(&mut self, cell: usize, step: i32, area: i64) {
        self.steps[cell] += step;
        self.area[cell] += area;
    }

    fn merge(&mut self, other: &Self) {
        self.steps.iter_mut().zip(&other.steps).for_each(|(sum, more)| *sum += more);
        self.area.iter_mut().zip(&other.area).for_each(|(sum, more)| *sum += more);
    }

    /// Instance-nanoseconds in each cell of `cell` nanoseconds.
    fn cells(&self, cell: u64) -> Vec<i128> {
        let mut level = 0i128;
        let area = self.steps.iter().zip(&self.area).map(|(step, area)| {
            let here = level * i128::from(cell) + i128::from(*area);
            level += i128::from(*step);
            here
        });
        area.collect()
    }
}

/// The smallest round step that is not shorter: 1, 2, 5, 10, 20, 50 ... ns up to a second, then whole parts of minutes, hours, days.
fn nice_step(nanos: u64) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    let fractions = (2..9).flat_map(|power| [1, 2, 5].map(|digit| digit * 10u64.pow(power)));
    let seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];
    let steps = fractions.chain(seconds.map(|secs| secs * SECOND));
    steps.into_iter().find(|step| *step >= nanos).unwrap_or_else(|| nanos.next_multiple_of(86_400 * SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: u64) -> Time {
        Time::from_nanos(secs * 1_000_000_000)
    }

    fn phase(at: Time, ends: Option<(Phase, Time)>, begins: Option<Phase>) -> Fact {
        Fact::Phase { pool: 0, at, created: at, instance: 0, provisioned: false, ends, begins }
    }

    #[test]
    fn one_instance_by_hand() {
        let mut timeline = Timeline::new(Window { start: secs(100), end: secs(1_100) });
        timeline.observe(&Fact::Arrived { function: 0, at: secs(99) });
        timeline.observe(&phase(secs(90), None, Some(Phase::Busy)));
        timeline.observe(&Fact::Arrived { function: 0, at: secs(102) });
        timeline.observe(&phase(secs(102), Some((Phase::Busy, secs(90))), Some(Phase::Idle)));
        timeline.observe(&phase(Time::from_nanos(104_500_000_000), Some((Phase::Idle, secs(102))), None));
        let rows = timeline.rows();
        assert_eq!(rows.len(), 1_000);
        assert_eq!((rows[0].start_s, rows[0].length_s), (100.0, 1.0));
        assert_eq!(rows.iter().map(|row| row.arrivals).sum::<u64>(), 1);
        assert_eq!(rows.iter().map(|row| row.busy).collect::<Vec<_>>()[..3], [1.0, 1.0, 0.0]);
        assert_eq!(rows.iter().map(|row| row.idle).collect::<Vec<_>>()[..6], [0.0, 0.0, 1.0, 1.0, 0.5, 0.0]);
        assert_eq!(timeline.peak(), 1);
    }

    #[test]
    fn a_window_that_rows_do_not_divide_ends_with_a_short_row() {
        let mut timeline = Timeline::new(Window { start: Time::ZERO, end: Time::from_nanos(1_500_500_000_000) });
        timeline.observe(&phase(Time::ZERO, None, Some(Phase::Idle)));
        timeline.observe(&phase(Time::from_nanos(1_500_500_000_000), Some((Phase::Idle, Time::ZERO)), None));
        let rows = timeline.rows();
        let last = rows.last().unwrap();
        assert_eq!((last.start_s, last.length_s, last.idle), (1_500.0, 0.5, 1.0));
        assert_eq!(rows.iter().map(|row| row.length_s).sum::<f64>(), 1_500.5);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(nice_step(1), 100);
        assert_eq!(nice_step(3_600_000_000), 5_000_000_000);
        assert_eq!(nice_step(86_400_000_000), 120_000_000_000);
        assert_eq!(nice_step(200_000 * 1_000_000_000), 3 * 86_400_000_000_000);
    }
}
