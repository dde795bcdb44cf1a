//! Poisson arrivals with a rate made of straight pieces, drawn by exact inversion of the integrated rate.

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};

/// A stretch of time in which the rate is a straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    length: Span,
    /// At its start, per nanosecond.
    rate: f64,
    /// Per nanosecond and nanosecond.
    slope: f64,
}

impl Piece {
    /// The rate stays the same; a length of [`Span::MAX`] never ends.
    pub fn flat(rate: Rate, length: Span) -> Self {
        Self { length, rate: rate.as_per_second() / 1e9, slope: 0.0 }
    }

    /// The rate goes in a straight line from `from` to `to`.
    pub fn line(from: Rate, to: Rate, length: Span) -> Self {
        let flat = Self::flat(from, length);
        Self { slope: (to.as_per_second() / 1e9 - flat.rate) / length.as_nanos() as f64, ..flat }
    }

    /// How long it takes from `offset` on until `work` arrivals are expected: the smaller root t of work = r t + s t^2 / 2,
    /// in the form that does not cancel. Infinite or NaN if that never happens.
    fn time_for(&self, offset: f64, work: f64) -> f64 {
        if self.slope == 0.0 {
            return work / self.rate;
        }
        let rate = self.rate + self.slope * offset;
        2.0 * work / (rate + (rate * rate + 2.0 * self.slope * work).sqrt())
    }

    /// Arrivals that are expected from `offset` to the end.
    fn work_after(&self, offset: f64) -> f64 {
        let left = self.length.as_nanos() as f64 - offset;
        left * (self.rate + self.slope * (offset + left / 2.0))
    }
}

/// Pieces one after another, once or again and again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piecewise {
    pub pieces: Box<[Piece]>,
    pub repeat: bool,
    /// Long-run mean number of arrivals per second.
    pub mean_rate: f64,
}

impl ArrivalModel for Piecewise {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { model: self, index: 0, piece_start: Time::ZERO, at: Time::ZERO })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.mean_rate)
    }
}

struct Process<'a> {
    model: &'a Piecewise,
    index: usize,
    piece_start: Time,
    at: Time,
}

impl Process<'_> {
    fn next_piece(&mut self, length: Span) {
        self.piece_start = self.piece_start + length;
        self.at = self.piece_start;
        self.index += 1;
        if self.index == self.model.pieces.len() && self.model.repeat {
            self.index = 0;
        }
    }
}

impl ArrivalProcess for Process<'_> {
    /// O(1), and one more step for each piece that ends.
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let mut work = stream.exponential();
        while self.piece_start < Time::NEVER {
            let piece = *self.model.pieces.get(self.index)?;
            let offset = (self.at - self.piece_start).as_nanos() as f64;
            let gap = piece.time_for(offset, work);
            if gap < piece.length.as_nanos() as f64 - offset {
                self.at = self.at + Span::from_nanos_f64(gap);
                return Some(self.at);
            }
            work = (work - piece.work_after(offset)).max(0.0);
            self.next_piece(piece.length);
        }
        None
    }
}
