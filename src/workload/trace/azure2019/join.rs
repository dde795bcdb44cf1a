//! The three files become one workload.

use super::durations::Durations;
use super::invocations::{Invocations, Recorded};
use super::memory::MemoryUse;
use super::weighted::Weighted;
use super::{Azure2019, FunctionMemory, WithoutDurations};
use crate::amount::Memory;
use crate::id::AppId;
use crate::time::Span;
use crate::workload::distribution::Sampler;
use crate::workload::trace::expand::MinuteArrivals;
use crate::workload::trace::percentiles::{Percentiles, sampler};
use crate::workload::{App, Function, Load, Note, Workload};

/// How many functions or days took which fallback.
#[derive(Default)]
struct Tally {
    without_durations: u64,
    invocations_without_durations: u64,
    without_memory: u64,
    raised: u64,
    contradictory: u64,
    longer_than_a_minute: u64,
    never_invoked: u64,
}

/// Joins what the files say. Where they say nothing, the fallbacks of `config` hold and are counted in the notes.
pub(super) fn join(
    config: &Azure2019,
    invocations: Invocations,
    durations: &Durations,
    memory: &MemoryUse,
) -> Workload {
    let mut tally = Tally::default();
    let days = day_notes(config, &invocations, durations, memory);
    let minutes = invocations.minutes;
    let mut workload = Workload { length: Some(Span::from_secs(u64::from(minutes) * 60)), ..Workload::default() };
    let (apps, of_functions) = memories(config, &invocations, memory, &mut tally);
    workload.apps = apps;
    for ((index, recorded), memory) in invocations.functions.into_iter().enumerate().zip(of_functions) {
        let Some(execution) = execution(config, durations.of[index].as_ref(), &recorded, &mut tally) else { continue };
        tally.never_invoked += u64::from(recorded.counts.total() == 0);
        let Recorded { name, app, trigger, counts, .. } = recorded;
        workload.functions.push(Function { name, app: AppId(app as u32), memory, trigger });
        let arrivals = Box::new(MinuteArrivals { counts, length: minutes, expand: config.expand });
        workload.loads.push(Load { arrivals, execution });
    }
    workload.notes = days.into_iter().chain(tally.notes(config)).collect();
    workload
}

/// Execution times of a function; `None` if it is to be dropped.
fn execution(config: &Azure2019, row: Option<&Weighted<8>>, recorded: &Recorded, tally: &mut Tally) -> Option<Sampler> {
    let Some(Weighted { means: [points @ .., average], .. }) = row else {
        tally.without_durations += 1;
        tally.invocations_without_durations += recorded.counts.total();
        return match config.without_durations {
            WithoutDurations::Drop => None,
            WithoutDurations::Execution(span) => Some(Sampler::Constant(span.as_nanos() as f64)),
        };
    };
    let minimum = config.minimum_execution.as_nanos() as f64;
    tally.raised += u64::from(points[0] < minimum || *average < minimum);
    // Averages and percentiles are rounded to whole milliseconds, each by itself.
    let recorded = points[0] - 1e6..=points[6] + 1e6;
    tally.contradictory += u64::from(!recorded.contains(average));
    tally.longer_than_a_minute += u64::from(*average > 60e9);
    let points = points.map(|point| point.max(minimum));
    let mean = config.preserve_mean.then_some(average.max(minimum));
    Some(sampler(&Percentiles { points, mean, minimum }))
}

/// The apps, and the memory of each function.
fn memories(
    config: &Azure2019,
    invocations: &Invocations,
    memory: &MemoryUse,
    tally: &mut Tally,
) -> (Vec<App>, Vec<Memory>) {
    let mut of_functions: Vec<_> = memory.of_functions.iter().map(bytes).collect();
    let mut default = || {
        tally.without_memory += 1;
        config.without_memory.as_bytes()
    };
    let mut apps = Vec::with_capacity(invocations.apps.len());
    for (app, functions) in members(invocations).into_iter().enumerate() {
        let whole = if functions.iter().any(|&function| of_functions[function].is_some()) {
            functions.iter().map(|&function| *of_functions[function].get_or_insert_with(&mut default)).sum()
        } else {
            let whole = bytes(&memory.of_apps[app]).unwrap_or_else(&mut default);
            let own = config.function_memory.of(whole, functions.len());
            functions.iter().for_each(|&function| of_functions[function] = Some(own));
            whole
        };
        apps.push(App { name: invocations.apps[app].clone(), memory: Memory::from_bytes(whole) });
    }
    (apps, of_functions.into_iter().flatten().map(Memory::from_bytes).collect())
}

impl FunctionMemory {
    /// Bytes of one of `functions` functions of an app that has `whole` bytes.
    fn of(self, whole: u64, functions: usize) -> u64 {
        match self {
            Self::Whole => whole,
            Self::Split => (whole / functions as u64).max(1),
        }
    }
}

/// The functions of each app; no app is without.
fn members(invocations: &Invocations) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); invocations.apps.len()];
    for (index, function) in invocations.functions.iter().enumerate() {
        members[function.app].push(index);
    }
    members
}

/// MiB as bytes; zero is no answer.
fn bytes(row: &Option<Weighted<1>>) -> Option<u64> {
    let mib = row.as_ref()?.means[0];
    Some((mib * f64::from(1 << 20)).round() as u64).filter(|&bytes| bytes > 0)
}

fn note(count: u64, what: impl Into<String>) -> Note {
    Note { what: what.into(), count }
}

const LONGER_THAN_A_MINUTE: &str = "functions that execute for more than a minute on average: the trace counts an \
    invocation in the minute when it ends, here it arrives in that minute";

fn day_notes(config: &Azure2019, invocations: &Invocations, durations: &Durations, memory: &MemoryUse) -> Vec<Note> {
    let days = config.invocations.0.len() as u64;
    let other = "their functions take rows of other days, or the fallback";
    vec![
        note(invocations.empty_days, "days without invocations"),
        note(days.saturating_sub(durations.days), format!("days without rows of durations: {other}")),
        note(days.saturating_sub(memory.days), format!("days without rows of memory: {other}")),
    ]
}

impl Tally {
    fn notes(self, config: &Azure2019) -> [Note; 7] {
        let kept = if config.preserve_mean { "average is kept" } else { "percentiles are kept" };
        let fallback = match config.without_durations {
            WithoutDurations::Drop => "dropped".to_owned(),
            WithoutDurations::Execution(span) => format!("execute for {span}"),
        };
        [
            note(self.without_durations, format!("functions without a row of durations: {fallback}")),
            note(
                self.invocations_without_durations,
                format!("invocations of functions without a row of durations: {fallback}"),
            ),
            note(
                self.without_memory,
                format!("apps or functions without a row of memory: given {}", config.without_memory),
            ),
            note(
                self.raised,
                format!("functions with recorded execution times below {}: raised to it", config.minimum_execution),
            ),
            note(
                self.contradictory,
                format!("functions whose recorded average is not between their least and longest times: the {kept}"),
            ),
            note(self.longer_than_a_minute, LONGER_THAN_A_MINUTE),
            note(self.never_invoked, "functions without an invocation"),
        ]
    }
}
