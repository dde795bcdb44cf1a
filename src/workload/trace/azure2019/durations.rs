//! The files of execution times.

use std::path::Path;

use super::Azure2019;
use super::invocations::Invocations;
use super::keys::KeyPositions;
use super::weighted::{DayRow, Weighted};
use crate::workload::trace::error::{Problem, TraceError, bad_cell};
use crate::workload::trace::header::Header;
use crate::workload::trace::number::{SPAN, TimeUnit};
use crate::workload::trace::percentiles::PERCENTILES;
use crate::workload::trace::rejects::Rejects;
use crate::workload::trace::rows::{Fields, Rows};

/// What the files say of each function.
pub(super) struct Durations {
    /// Seven percentiles, then the average, in nanoseconds; `None` for a function without a row.
    pub of: Vec<Option<Weighted<8>>>,
    /// Files with at least one row.
    pub days: u64,
}

/// Reads the files of all days.
pub(super) fn read(
    config: &Azure2019,
    base: &Path,
    functions: &Invocations,
    rejects: &mut Rejects<'_>,
) -> Result<Durations, TraceError> {
    let mut durations = Durations { of: vec![None; functions.functions.len()], days: 0 };
    for (day, path) in config.durations.under(base).enumerate() {
        let mut rows = Rows::open(&path)?;
        let header = Header::read(&mut rows)?;
        let columns = Columns::find(&header, functions)?;
        let accepted = rejects.each(config.on_bad_row, &mut rows, |rows| {
            let line = rows.number();
            let fields = header.fields(rows)?;
            let (key, row) = columns.row(fields, day, line)?;
            // Functions that were not invoked in the minutes read are of no interest.
            functions.function(&key).map_or(Ok(()), |function| Weighted::add(&mut durations.of[function], row))
        })?;
        durations.days += u64::from(accepted > 0);
    }
    Ok(durations)
}

struct Columns {
    keys: KeyPositions,
    count: usize,
    /// Seven percentiles, then the average.
    values: Vec<(String, usize)>,
}

impl Columns {
    fn find(header: &Header, functions: &Invocations) -> Result<Self, TraceError> {
        header.require("HashFunction")?;
        let names = PERCENTILES.map(|percentile| format!("percentile_Average_{percentile}"));
        let values = names.into_iter().chain(["Average".into()]).map(|name| Ok((name.clone(), header.require(&name)?)));
        let keys = functions.key_columns.find(header)?;
        Ok(Self { keys, count: header.require("Count")?, values: values.collect::<Result<_, TraceError>>()? })
    }

    fn row(&self, fields: Fields<'_>, day: usize, line: u64) -> Result<(String, DayRow<8>), Problem> {
        let key = self.keys.function(|position| fields.get(position))?;
        let mut values = [0.0; 8];
        for (value, (name, position)) in values.iter_mut().zip(&self.values) {
            let cell = fields.get(*position);
            let span = TimeUnit::Ms.span(cell).ok_or_else(|| bad_cell(name, cell, SPAN))?;
            *value = span.as_nanos() as f64;
        }
        if !values[..7].is_sorted() {
            return Err(Problem("a percentile is below a lower one, expected percentiles that do not decrease".into()));
        }
        Ok((key, DayRow { values, weight: weight("Count", fields.get(self.count))?, day, line }))
    }
}

/// A number of samples.
pub(super) fn weight(column: &str, cell: &[u8]) -> Result<f64, Problem> {
    let number: Option<f64> = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok());
    let count = number.filter(|count| (0.0..1e18).contains(count));
    count.ok_or_else(|| bad_cell(column, cell, "a number of samples, not negative"))
}
