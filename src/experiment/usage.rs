//! What a replication used, as bills count it.

use crate::billing::{FunctionUsage, Usage};
use crate::experiment::Experiment;
use crate::experiment::units::Units;
use crate::metrics::{FunctionTotal, InstanceTime, Totals, UnitTotal};

/// Everything that is billed. What instances do is an entry of its own beside the invocations: the instances of an app have the
/// memory of the app, and else the sizes of its largest function.
pub(super) fn usage(experiment: &Experiment, totals: &Totals) -> Usage {
    let units = Units::new(&experiment.workload, experiment.platform.scale_by);
    let invocations = totals.functions.iter().map(|total| of_invocations(experiment, total));
    let instances = totals.units.iter().map(|total| of_instances(experiment, &units, total));
    Usage { window: totals.window.length(), functions: invocations.chain(instances).collect() }
}

fn of_invocations(experiment: &Experiment, total: &FunctionTotal) -> FunctionUsage {
    let usage = if experiment.tariff.metering().instances {
        // Zero, and not unknown: what instances do is counted with them.
        let zero = Some(0);
        FunctionUsage { active: zero, provisioned_active: zero, idle: zero, lifetime: zero, ..total.usage }
    } else {
        total.usage
    };
    usage.with_sizes_of(&experiment.sizes[total.function.index()])
}

fn of_instances(experiment: &Experiment, units: &Units, total: &UnitTotal) -> FunctionUsage {
    let unit = total.unit as usize;
    let mut usage = FunctionUsage { provisioned_time: total.provisioned, ..FunctionUsage::default() };
    if let Some(InstanceTime { active, provisioned_active, idle, lifetime }) = total.instances {
        usage.active = Some(active);
        usage.provisioned_active = Some(provisioned_active);
        usage.idle = Some(idle);
        usage.lifetime = Some(lifetime);
    }
    if experiment.tariff.metering().cpu_time {
        usage.cpu_time = Some(0);
    }
    let sizes = units.members[unit].iter().map(|function| &experiment.sizes[function.index()]);
    // The first of the largest.
    let largest = sizes.rev().max_by_key(|sizes| sizes.memory).copied().unwrap_or_default();
    usage.with_sizes_of(&FunctionUsage { memory: units.memory[unit], ..largest })
}
