//! One row of a table.

use rust_decimal::{Decimal, dec, prelude::ToPrimitive};

use super::filter::Filter;
use super::order::Order;
use super::{ArrivalIs, MemoryUnit, Origin, Table};
use crate::amount::Memory;
use crate::time::Span;
use crate::workload::Trigger;
use crate::workload::trace::error::{Problem, TraceError, bad_cell};
use crate::workload::trace::header::Header;
use crate::workload::trace::number::{INSTANT, SPAN, decimal};
use crate::workload::trace::rows::Rows;
use crate::workload::trace::trigger::trigger;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invocation<'a> {
    /// Nanoseconds since the zero of the arrival column.
    pub at: i64,
    pub execution: Span,
    pub app: Option<&'a str>,
    pub function: Option<&'a str>,
    pub memory: Option<Memory>,
    pub trigger: Option<Trigger>,
}

/// Reads rows, one after the other: both passes accept the same ones.
pub(super) struct RowReader<'a> {
    table: &'a Table,
    header: Header,
    arrival: usize,
    duration: usize,
    app: Option<usize>,
    function: Option<usize>,
    memory: Option<usize>,
    trigger: Option<usize>,
    filter: Filter,
    pub order: Order,
}

impl<'a> RowReader<'a> {
    /// Finds the columns in the first line of `rows`. Rows may be out of order by no more than `disorder`.
    pub fn new(table: &'a Table, disorder: Span, rows: &mut Rows) -> Result<Self, TraceError> {
        let header = Header::read(rows)?;
        let optional = |name: &Option<String>| name.as_deref().map(|name| header.require(name)).transpose();
        let columns = &table.columns;
        Ok(Self {
            table,
            arrival: header.require(&columns.arrival)?,
            duration: header.require(&columns.duration)?,
            app: optional(&columns.app)?,
            function: optional(&columns.function)?,
            memory: optional(&columns.memory)?,
            trigger: optional(&columns.trigger)?,
            filter: table.filter.find(&header)?,
            header,
            order: Order::new(table.origin, disorder),
        })
    }

    /// Reads the present row; `None` if it is not an invocation (`where`).
    pub fn read<'r>(&mut self, rows: &'r mut Rows) -> Result<Option<Invocation<'r>>, Problem> {
        let fields = self.header.fields(rows)?;
        if !self.filter.takes(&fields) {
            return Ok(None);
        }
        let columns = &self.table.columns;
        let execution = fields.get(self.duration);
        let execution =
            self.table.duration_unit.span(execution).ok_or_else(|| bad_cell(&columns.duration, execution, SPAN))?;
        let text = |column: Option<usize>| column.map(|index| text(fields.get(index))).transpose();
        let cell = |column: Option<usize>| column.map(|index| fields.get(index)).filter(|cell| !cell.is_empty());
        let invocation = Invocation {
            at: self.arrival(fields.get(self.arrival), execution)?,
            execution,
            app: text(self.app)?,
            function: text(self.function)?,
            memory: cell(self.memory).map(|cell| self.memory(cell)).transpose()?,
            trigger: cell(self.trigger).map(|cell| trigger(name(&columns.trigger), cell)).transpose()?,
        };
        self.order.admit(invocation.at)?;
        Ok(Some(invocation))
    }

    fn arrival(&self, cell: &[u8], execution: Span) -> Result<i64, Problem> {
        /// Rounding errors of a difference of times; see [`Origin::Zero`].
        const ROUNDING: i64 = 1_000_000;
        let bad = |expected| bad_cell(&self.table.columns.arrival, cell, expected);
        let time = self.table.time_unit.instant(cell).ok_or_else(|| bad(INSTANT))?;
        let before = match self.table.arrival_is {
            ArrivalIs::Start => 0,
            ArrivalIs::End => execution.as_nanos() as i64,
        };
        let at = time.checked_sub(before).ok_or_else(|| bad(INSTANT))?;
        match self.table.origin {
            Origin::First => Ok(at),
            Origin::Zero if at >= -ROUNDING => Ok(at.max(0)),
            Origin::Zero => Err(bad("an arrival not before zero (or set origin = \"first\")")),
        }
    }

    fn memory(&self, cell: &[u8]) -> Result<Memory, Problem> {
        /// 1024 TiB, the most that [`Memory`] reads.
        const MOST: u64 = 1 << 50;
        let bytes =
            decimal(cell).and_then(|number| number.checked_mul(self.table.memory_unit.bytes())?.round().to_u64());
        let bytes = bytes.filter(|bytes| (1..=MOST).contains(bytes));
        bytes
            .map(Memory::from_bytes)
            .ok_or_else(|| bad_cell(name(&self.table.columns.memory), cell, "an amount of memory above zero"))
    }
}

fn name(column: &Option<String>) -> &str {
    column.as_deref().unwrap_or_default()
}

fn text(field: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(field).map_err(|_| Problem("a name is not UTF-8".into()))
}

impl MemoryUnit {
    fn bytes(self) -> Decimal {
        match self {
            Self::B => dec!(1),
            Self::KiB => dec!(1_024),
            Self::MiB => dec!(1_048_576),
            Self::GiB => dec!(1_073_741_824),
        }
    }
}
