//! Averages over the days of a trace.

use crate::workload::trace::error::Problem;

/// Weighted averages of `N` columns for one function or app, at most one row a day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weighted<const N: usize> {
    /// The averages so far.
    pub means: [f64; N],
    weight: f64,
    day: usize,
    line: u64,
}

/// A row of day `day`, on line `line` of its file.
pub(super) struct DayRow<const N: usize> {
    pub values: [f64; N],
    pub weight: f64,
    pub day: usize,
    pub line: u64,
}

impl<const N: usize> Weighted<N> {
    /// Takes in a row; a second row of the same day is a problem.
    pub fn add(slot: &mut Option<Self>, row: DayRow<N>) -> Result<(), Problem> {
        // A row without samples still says something if it is the only one.
        let weight = row.weight.max(1.0);
        let Some(known) = slot else {
            *slot = Some(Self { means: row.values, weight, day: row.day, line: row.line });
            return Ok(());
        };
        if known.day == row.day {
            return Err(duplicate(known.line));
        }
        known.weight += weight;
        (known.day, known.line) = (row.day, row.line);
        let share = weight / known.weight;
        known.means.iter_mut().zip(row.values).for_each(|(mean, value)| *mean += (value - *mean) * share);
        Ok(())
    }
}

/// The problem of a key that was already on `line` of the same file.
pub(super) fn duplicate(line: u64) -> Problem {
    Problem(format!("the row repeats the key of line {line}, expected one row for each function (or app) and day"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_averaged_by_weight_and_refused_twice() {
        let row = |value, weight, day| DayRow { values: [value], weight, day, line: 7 };
        let mut slot = None;
        Weighted::add(&mut slot, row(10.0, 1.0, 0)).unwrap();
        assert_eq!(slot.as_ref().unwrap().means, [10.0], "one day is taken as it is");
        Weighted::add(&mut slot, row(20.0, 3.0, 1)).unwrap();
        assert_eq!(slot.as_ref().unwrap().means, [17.5]);
        assert!(Weighted::add(&mut slot, row(0.0, 1.0, 1)).unwrap_err().to_string().contains("line 7"));
        assert_eq!(slot.unwrap().means, [17.5]);
    }
}
