//! The second pass over a table: its invocations in time order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::ScannedTable;
use super::row::RowReader;
use super::scan::key;
use crate::id::FunctionId;
use crate::time::{Span, Time};
use crate::workload::trace::OnBadRow;
use crate::workload::trace::TraceError;
use crate::workload::trace::error::Problem;
use crate::workload::trace::rows::Rows;
use crate::workload::{Arrival, Source};

/// Replays a table. After the last arrival [`TableSource::failure`] tells whether the file was read to its end and is
/// still the one that was scanned; if not, what was replayed must not be used.
pub struct TableSource<'a> {
    scanned: &'a ScannedTable,
    rows: Rows,
    reader: RowReader<'a>,
    key: Vec<u8>,
    /// Rows that later ones may still precede.
    waiting: BinaryHeap<Reverse<(i64, u64, FunctionId, Span)>>,
    taken: u64,
    ended: bool,
    digest: DefaultHasher,
    next: Arrival,
    failure: Option<TraceError>,
}

/// What comes after the last arrival.
const NONE: Arrival = Arrival { at: Time::NEVER, function: FunctionId(0), execution: Span::ZERO };

impl<'a> TableSource<'a> {
    pub(super) fn new(scanned: &'a ScannedTable) -> Result<Self, TraceError> {
        let mut rows = Rows::open(&scanned.path)?.separated_by(scanned.table.separator.byte());
        let reader = RowReader::new(&scanned.table, scanned.disorder, &mut rows)?;
        let (waiting, digest) = (BinaryHeap::new(), DefaultHasher::new());
        let mut source = Self {
            scanned,
            rows,
            reader,
            key: Vec::new(),
            waiting,
            taken: 0,
            ended: false,
            digest,
            next: NONE,
            failure: None,
        };
        source.advance();
        Ok(source)
    }

    /// Why the replay ended early or must not be used, if so.
    pub fn failure(&self) -> Option<&TraceError> {
        self.failure.as_ref()
    }

    /// The same, when the replay is over.
    pub fn into_failure(self) -> Option<TraceError> {
        self.failure
    }

    fn advance(&mut self) {
        self.next = self.pull().unwrap_or_else(|failure| {
            self.failure = Some(failure);
            NONE
        });
    }

    /// The next arrival, once no row below can precede it.
    fn pull(&mut self) -> Result<Arrival, TraceError> {
        while !self.ended && !self.is_settled() {
            self.read()?;
        }
        let Some(Reverse((at, _, function, execution))) = self.waiting.pop() else { return Ok(NONE) };
        let nanos = at
            .checked_sub(self.scanned.origin)
            .and_then(|nanos| u64::try_from(nanos).ok())
            .ok_or_else(|| self.changed())?;
        Ok(Arrival { at: Time::from_nanos(nanos), function, execution })
    }

    /// Whether the earliest row that waits precedes all rows below: those are late by no more than was measured.
    fn is_settled(&self) -> bool {
        let latest = self.reader.order.latest();
        let first = self.waiting.peek().map(|Reverse((at, ..))| *at);
        first.zip(latest).is_some_and(|(first, latest)| latest.abs_diff(first) >= self.scanned.disorder.as_nanos())
    }

    /// Takes in one row, or the end of the file.
    fn read(&mut self) -> Result<(), TraceError> {
        if !self.rows.advance()? {
            self.ended = true;
            return if self.digest.finish() == self.scanned.digest { Ok(()) } else { Err(self.changed()) };
        }
        match self.accept() {
            Err(_) if self.scanned.table.on_bad_row == OnBadRow::Fail => Err(self.changed()),
            // A row that the scan skipped too, or else the digest will differ.
            _ => Ok(()),
        }
    }

    fn accept(&mut self) -> Result<(), Problem> {
        let Some(invocation) = self.reader.read(&mut self.rows)? else { return Ok(()) };
        key(&invocation, &mut self.key);
        let function = self.scanned.functions.get(&self.key);
        let function = *function.ok_or_else(|| Problem("the function is new".into()))?;
        (invocation.at, function, invocation.execution).hash(&mut self.digest);
        self.waiting.push(Reverse((invocation.at, self.taken, function, invocation.execution)));
        self.taken += 1;
        Ok(())
    }

    fn changed(&self) -> TraceError {
        TraceError::Changed { path: self.scanned.path.clone() }
    }
}

impl Source for TableSource<'_> {
    fn next_of(&self, _: FunctionId) -> Option<Time> {
        // The file is read once, in the order of arrival.
        None
    }

    #[inline]
    fn next_at(&self) -> Time {
        self.next.at
    }

    fn take(&mut self) -> Arrival {
        let arrival = self.next;
        self.advance();
        arrival
    }
}
