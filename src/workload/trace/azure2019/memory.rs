//! The files of memory.

use std::path::Path;

use super::durations::weight;
use super::invocations::Invocations;
use super::weighted::{DayRow, Weighted};
use super::{Azure2019, MemoryStatistic};
use crate::workload::trace::error::{Problem, TraceError, bad_cell};
use crate::workload::trace::header::Header;
use crate::workload::trace::rejects::Rejects;
use crate::workload::trace::rows::{Fields, Rows};

/// What the files say, in MiB; `None` without a row.
pub(super) struct MemoryUse {
    pub of_apps: Vec<Option<Weighted<1>>>,
    pub of_functions: Vec<Option<Weighted<1>>>,
    /// Files with at least one row.
    pub days: u64,
}

/// Reads the files of all days. A file with a column `HashFunction` has a row per function, others a row per app.
pub(super) fn read(
    config: &Azure2019,
    base: &Path,
    functions: &Invocations,
    rejects: &mut Rejects<'_>,
) -> Result<MemoryUse, TraceError> {
    let (of_apps, of_functions) = (vec![None; functions.apps.len()], vec![None; functions.functions.len()]);
    let mut memory = MemoryUse { of_apps, of_functions, days: 0 };
    for (day, path) in config.memory.under(base).enumerate() {
        let mut rows = Rows::open(&path)?;
        let header = Header::read(&mut rows)?;
        let keys = functions.key_columns.find(&header)?;
        if !functions.key_columns.app {
            header.require("HashFunction")?;
        }
        let column = config.memory_statistic.column();
        let (amount, samples) = (header.require(column)?, header.require("SampleCount")?);
        let accepted = rejects.each(config.on_bad_row, &mut rows, |rows| {
            let line = rows.number();
            let fields = header.fields(rows)?;
            let values = [mib(column, fields, amount)?];
            let row = DayRow { values, weight: weight("SampleCount", fields.get(samples))?, day, line };
            let field = |position| fields.get(position);
            let slot = match keys.function {
                Some(_) => functions.function(&keys.function(field)?).map(|index| &mut memory.of_functions[index]),
                None => functions.app(&keys.app(field)?).map(|index| &mut memory.of_apps[index]),
            };
            slot.map_or(Ok(()), |slot| Weighted::add(slot, row))
        })?;
        memory.days += u64::from(accepted > 0);
    }
    Ok(memory)
}

impl MemoryStatistic {
    fn column(self) -> &'static str {
        match self {
            Self::Average => "AverageAllocatedMb",
            Self::P50 => "AverageAllocatedMb_pct50",
            Self::P95 => "AverageAllocatedMb_pct95",
            Self::P99 => "AverageAllocatedMb_pct99",
            Self::Max => "AverageAllocatedMb_pct100",
        }
    }
}

fn mib(column: &str, fields: Fields<'_>, position: usize) -> Result<f64, Problem> {
    /// 1024 TiB, the most that [`crate::amount::Memory`] reads.
    const MOST: f64 = (1u64 << 30) as f64;
    let cell = fields.get(position);
    let number: Option<f64> = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok());
    number
        .filter(|mib| (0.0..=MOST).contains(mib))
        .ok_or_else(|| bad_cell(column, cell, "a number of MB, not negative"))
}
