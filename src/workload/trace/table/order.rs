//! Rows that are almost in order of arrival.

use super::Origin;
use crate::time::Span;
use crate::workload::trace::error::Problem;

/// Watches the arrivals of successive rows, in nanoseconds of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    origin: Origin,
    limit: Span,
    bounds: Option<(i64, i64)>,
    /// The most that a row arrived before one above it.
    pub disorder: Span,
    /// How many rows did.
    pub late_rows: u64,
}

impl Order {
    /// Rows may be out of order by no more than `limit`.
    pub fn new(origin: Origin, limit: Span) -> Self {
        Self { origin, limit, bounds: None, disorder: Span::ZERO, late_rows: 0 }
    }

    /// Takes the arrival of the next row, unless it is too far from the others.
    pub fn admit(&mut self, at: i64) -> Result<(), Problem> {
        let (earliest, latest) = self.bounds.unwrap_or((at, at));
        let late = if at < latest { Span::from_nanos(latest.abs_diff(at)) } else { Span::ZERO };
        if late > self.limit {
            let limit = self.limit;
            return Err(Problem(format!(
                "the row arrives {late} before one above it, expected at most {limit}: sort the file by arrival, or raise reorder"
            )));
        }
        let (earliest, latest) = (earliest.min(at), latest.max(at));
        if latest.abs_diff(self.zero(earliest)) > Span::LONGEST.as_nanos() {
            return Err(Problem(
                "the row arrives more than 100 years after time zero: check time_unit and origin".into(),
            ));
        }
        self.bounds = Some((earliest, latest));
        self.disorder = self.disorder.max(late);
        self.late_rows += u64::from(late > Span::ZERO);
        Ok(())
    }

    /// The latest arrival so far.
    pub fn latest(&self) -> Option<i64> {
        self.bounds.map(|(_, latest)| latest)
    }

    /// Time zero, in nanoseconds of the file, after all rows.
    pub fn origin(&self) -> i64 {
        self.bounds.map_or(0, |(earliest, _)| self.zero(earliest))
    }

    fn zero(&self, earliest: i64) -> i64 {
        match self.origin {
            Origin::First => earliest,
            Origin::Zero => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_disorder_is_measured_and_large_refused() {
        let mut order = Order::new(Origin::First, Span::from_nanos(5));
        for at in [-10, 20, 15, 18, 30] {
            order.admit(at).unwrap();
        }
        assert!(order.admit(24).unwrap_err().to_string().contains("6ns before one above it, expected at most 5ns"));
        assert_eq!(
            (order.disorder, order.late_rows, order.origin(), order.latest()),
            (Span::from_nanos(5), 2, -10, Some(30))
        );
    }

    #[test]
    fn the_last_arrival_is_within_the_clock() {
        let century = Span::LONGEST.as_nanos() as i64;
        let mut order = Order::new(Origin::First, Span::ZERO);
        order.admit(i64::MIN).unwrap();
        assert!(order.admit(i64::MAX).is_err());
        order.admit(i64::MIN + century).unwrap();
        assert!(Order::new(Origin::Zero, Span::ZERO).admit(century + 1).is_err());
    }
}
