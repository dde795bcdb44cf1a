//! Memory sizes that an allocation policy chooses before the run.

use std::collections::BTreeMap;

use super::billing::thousandths;
use super::file::File;
use super::problem::Problem;
use super::resolve::{settings, work};
use crate::amount::{Memory, Money};
use crate::billing::{FunctionUsage, InvoiceError, Tariff, Usage};
use crate::platform::cpu::CpuLaw;
use crate::policy::Allocation;
use crate::policy::allocation::{Chosen, Measurement};
use crate::random::Streams;
use crate::time::Span;
use crate::workload::{Note, Workload};

/// Up to so many functions are named in the notes; more are counted.
const NAMED: usize = 10;

/// Gives each function the memory that the policy `name` chooses. `tariff` has no free units.
///
/// # Errors
/// If the policy needs what the scenario does not have.
pub fn allocate(
    file: &File,
    tariff: &Tariff,
    name: &str,
    policy: &dyn Allocation,
    workload: &mut Workload,
) -> Result<(), Problem> {
    if policy.grid().is_empty() {
        return Ok(());
    }
    check(file, tariff, name, policy, workload)?;
    let chosen = choose(file, tariff, policy, workload).map_err(|error| Problem::new(error.to_string()))?;
    workload.notes.extend(notes(name, workload, &chosen));
    for (function, chosen) in workload.functions.iter_mut().zip(chosen) {
        function.memory = chosen.memory;
    }
    resize_apps(workload);
    Ok(())
}

/// Whether the sizes can make a difference that the policy sees.
fn check(
    file: &File,
    tariff: &Tariff,
    name: &str,
    policy: &dyn Allocation,
    workload: &Workload,
) -> Result<(), Problem> {
    if law(file) == CpuLaw::AsMeasured {
        let problem =
            Problem::new(format!("`{name}` needs a CPU law; without one, memory does not change execution times"));
        let help = "add `cpu.fluid = { full_vcpu = \"1769 MiB\" }` to [platform], the law of AWS Lambda";
        return Err(problem.label("`platform.cpu` is `as_measured`").help(help));
    }
    if policy.needs_prices() && !tariff.has_prices() {
        let problem = Problem::new(format!("`{name}` compares costs, but nothing has a price"));
        return Err(problem.help("add `[pricing]` with `book = \"aws-lambda\"` and `region = \"us-east-1\"`"));
    }
    if workload.table.is_some() {
        let problem = Problem::new(format!(
            "`{name}` measures functions, but those of a table have no distribution of execution times"
        ));
        return Err(problem.help("give each function its memory in the table, or describe it as a [[function]]"));
    }
    Ok(())
}

fn law(file: &File) -> CpuLaw {
    file.platform.cpu.clone().unwrap_or_default()
}

fn choose(
    file: &File,
    tariff: &Tariff,
    policy: &dyn Allocation,
    workload: &Workload,
) -> Result<Vec<Chosen>, InvoiceError> {
    let (law, streams) = (law(file), Streams::new(file.scenario.seed, 0));
    let functions = workload.function_ids().zip(&workload.functions).zip(&workload.loads);
    let chosen = functions.zip(settings(file)).map(|(((id, function), load), settings)| {
        let measurement = Measurement {
            law: &law,
            work: work(&settings),
            execution: &load.execution,
            timeout: settings.timeout.or(file.platform.timeout),
            draws: policy.draws(),
            streams,
            id,
        };
        let vcpu = |memory| settings.vcpu.or(law.vcpu(memory));
        let price = |memory, times: &[Span]| price(tariff, memory, vcpu(memory), times);
        let profile = measurement.profile(&function.name, function.memory, policy.grid(), price)?;
        Ok(policy.choose(&profile))
    });
    chosen.collect()
}

/// What warm executions cost in a month of their own.
fn price(tariff: &Tariff, memory: Memory, vcpu: Option<f64>, times: &[Span]) -> Result<Money, InvoiceError> {
    let meter = tariff.meter();
    let billed = times.iter().map(|time| u128::from(meter.billed(Span::ZERO, *time).as_nanos())).sum();
    let cpu = thousandths(vcpu);
    let usage = FunctionUsage { memory, cpu, requests: times.len() as u64, billed, ..FunctionUsage::default() };
    tariff.invoice(&Usage::month(vec![usage])).map(|invoice| invoice.total)
}

/// What was chosen, in words, each with the number of functions.
fn notes(name: &str, workload: &Workload, chosen: &[Chosen]) -> Vec<Note> {
    let mut counts = BTreeMap::<String, u64>::new();
    for (function, chosen) in workload.functions.iter().zip(chosen) {
        let named = if workload.functions.len() <= NAMED { format!("{} ", function.name) } else { String::new() };
        let remark = chosen.remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
        let what = format!("memory chosen by {name}: {named}{} -> {}{remark}", function.memory, chosen.memory);
        *counts.entry(what).or_default() += 1;
    }
    counts.into_iter().map(|(what, count)| Note { what, count }).collect()
}

/// An app is as large as its largest function.
fn resize_apps(workload: &mut Workload) {
    workload.apps.iter_mut().for_each(|app| app.memory = Memory::default());
    for function in &workload.functions {
        let app = &mut workload.apps[function.app.index()];
        app.memory = app.memory.max(function.memory);
    }
}
