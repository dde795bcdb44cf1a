//! What a scenario says about an Azure Functions 2019 trace.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::invocations::Invocations;
use super::{durations, join, memory};
use crate::amount::Memory;
use crate::time::Span;
use crate::workload::Workload;
use crate::workload::trace::expand::Expand;
use crate::workload::trace::{Files, OnBadRow, Rejects, TraceError};

/// The public Azure Functions trace of 2019, or a sample of it in the same columns: `trace.azure2019 = { invocations =
/// "invocations_per_function_md.anon.d01.csv", durations = "function_durations_percentiles.anon.d01.csv", memory =
/// "app_memory_percentiles.anon.d01.csv" }`. Files may be gzip.
///
/// What the trace does not say, and coldcast assumes: when within its minute an invocation arrives (`expand`). The
/// trace counts an invocation in the minute when it ends; here that is the minute when it arrives. Execution times are
/// without cold starts; their percentiles are of averages over 30 seconds and so understate the spread of busy
/// functions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Azure2019 {
    /// Invocations per minute: one file, or one for each day in order. Time zero is the first minute column of the
    /// first file; the columns may be a window of the day.
    pub invocations: Files,
    /// Execution times. Files of several days are joined by function: averages weighted by `Count`. Default: none.
    #[serde(default)]
    pub durations: Files,
    /// Memory by app, or by function if there is a column `HashFunction` (then an app has the sum of its functions).
    /// Files of several days are joined: averages weighted by `SampleCount`. Default: none.
    #[serde(default)]
    pub memory: Files,
    /// Where in its minute an invocation arrives. Default: "uniform".
    #[serde(default)]
    pub expand: Expand,
    /// Scale the execution times of a function so that their mean is the recorded average. Default: true.
    #[serde(default = "preserve_mean")]
    pub preserve_mean: bool,
    /// Shorter execution times are raised to this: the trace has whole milliseconds, so that short work, and some
    /// logging errors, are 0. Default: "1ms", the finest that the trace records.
    #[serde(default = "minimum_execution")]
    pub minimum_execution: Span,
    /// What a function without a row of durations does. Default: `{ execution = "684ms" }`.
    #[serde(default)]
    pub without_durations: WithoutDurations,
    /// Which column of the memory files counts. Default: "average".
    #[serde(default)]
    pub memory_statistic: MemoryStatistic,
    /// Memory of a function where the files give that of its app. Default: "whole".
    #[serde(default)]
    pub function_memory: FunctionMemory,
    /// Memory of an app (or function) without a row of memory. Default: "140 MiB", the median app of the whole trace
    /// (the Burr distribution of section 3 of the paper).
    #[serde(default = "without_memory")]
    pub without_memory: Memory,
    /// What happens to a row that cannot be understood. Default: "fail".
    #[serde(default)]
    pub on_bad_row: OnBadRow,
}

fn preserve_mean() -> bool {
    true
}

fn minimum_execution() -> Span {
    Span::from_millis(1)
}

fn without_memory() -> Memory {
    Memory::from_mib(140)
}

/// What a function without a row of durations does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithoutDurations {
    /// It is left out with its invocations, and both are counted.
    Drop,
    /// It executes for this long, always. Default "684ms": the median of the log-normal distribution that the paper
    /// (section 3) fits to the functions' averages, exp(-0.38) s.
    Execution(Span),
}

impl Default for WithoutDurations {
    fn default() -> Self {
        Self::Execution(Span::from_millis(684))
    }
}

/// A column of the memory files. The trace's "MB" is read as MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryStatistic {
    /// `AverageAllocatedMb`.
    #[default]
    Average,
    /// `AverageAllocatedMb_pct50`.
    P50,
    /// `AverageAllocatedMb_pct95`.
    P95,
    /// `AverageAllocatedMb_pct99`.
    P99,
    /// `AverageAllocatedMb_pct100`.
    Max,
}

/// Memory of a function where the files give that of its app, which is one process for all of its functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FunctionMemory {
    /// As much as the whole app: what was measured is one process that serves any of its functions.
    #[default]
    Whole,
    /// An even share, as InVitro and FaasCache do.
    Split,
}

impl Azure2019 {
    /// All files of the trace.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.invocations, &self.durations, &self.memory].into_iter().flat_map(|files| &files.0)
    }

    /// Reads the files (relative paths start at `base`) and joins them. Rows that are skipped go to `rejects`; rows
    /// that took a fallback are counted in the workload's notes.
    pub fn read(&self, base: &Path, rejects: &mut Rejects<'_>) -> Result<Workload, TraceError> {
        let earlier = rejects.count();
        let invocations = Invocations::read(self, base, rejects)?;
        let durations = durations::read(self, base, &invocations, rejects)?;
        let memory = memory::read(self, base, &invocations, rejects)?;
        let mut workload = join::join(self, invocations, &durations, &memory);
        if workload.functions.is_empty() {
            return Err(TraceError::Empty { path: self.durations.under(base).next().unwrap_or_default() });
        }
        workload.notes.push(rejects.note(earlier)?);
        workload.notes.retain(|note| note.count > 0);
        Ok(workload)
    }
}
