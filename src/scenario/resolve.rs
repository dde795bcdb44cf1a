//! From the keys of a scenario to what the engine runs.

use std::num::NonZeroU32;
use std::path::Path;

use super::cold_start::ColdStartKeys;
use super::file::File;
use super::function::{Defaults, Function};
use super::sections::{PlatformSection, WorkerGroup};
use crate::amount::Memory;
use crate::id::AppId;
use crate::platform::client::Faults;
use crate::platform::cluster::Cluster;
use crate::platform::cold_start::ColdStart;
use crate::platform::cpu::Work;
use crate::platform::worker::Worker;
use crate::platform::{Deployment, Platform};
use crate::random::Streams;
use crate::time::Span;
use crate::workload::distribution::{Distribution, Sampler};
use crate::workload::trace::{Rejects, Table, Trace, TraceError};
use crate::workload::{self, App, Load, Workload};

/// Memory of a function when nothing says how much: the least of AWS Lambda (Lambda Developer Guide, "Lambda quotas").
const DEFAULT_MEMORY: Memory = Memory::from_mib(128);
/// Size of an image when nothing says how large: the most that AWS Lambda allows of unzipped code (Lambda quotas).
const DEFAULT_IMAGE: Memory = Memory::from_mib(250);

/// Everything that is invoked: the functions of the scenario itself, then those of its trace or population.
///
/// # Errors
/// What is wrong with the trace.
pub fn workload(file: &File, base: &Path, rejects: &mut Rejects<'_>) -> Result<Workload, TraceError> {
    let mut workload = own_functions(file);
    match &file.workload.trace {
        Some(Trace::Azure2019(trace)) => workload.append(trace.read(base, rejects)?),
        Some(Trace::Table(table)) => {
            let table = Table { memory: table.memory.or(file.defaults.memory), ..table.clone() };
            let (functions, scanned) = table.scan(base, rejects)?;
            workload.append(functions);
            workload.table = Some(scanned);
        }
        None => {}
    }
    if let Some(population) = &file.workload.population {
        workload.append(population.generate(&Streams::new(file.scenario.seed, 0)));
    }
    Ok(workload)
}

/// The functions that the scenario describes itself.
fn own_functions(file: &File) -> Workload {
    let mut workload = Workload::default();
    for function in &file.function {
        let settings = function.settings().over(&file.defaults);
        let memory = settings.memory.unwrap_or(DEFAULT_MEMORY);
        let app = app(&mut workload.apps, function, memory);
        let (name, trigger) = (function.name.clone(), settings.trigger.unwrap_or_default());
        workload.functions.push(crate::workload::Function { name, app, memory, trigger });
        let execution = settings.execution.as_ref().map_or(Sampler::Constant(0.0), sampler);
        workload.loads.push(Load { arrivals: function.arrivals.clone().model(), execution });
    }
    workload
}

/// The app of a function, which is as large as its largest function.
fn app(apps: &mut Vec<App>, function: &Function, memory: Memory) -> AppId {
    let name = function.app.as_ref().unwrap_or(&function.name);
    let index = apps.iter().position(|app| app.name == *name).unwrap_or_else(|| {
        apps.push(App { name: name.clone(), memory });
        apps.len() - 1
    });
    apps[index].memory = apps[index].memory.max(memory);
    AppId(index as u32)
}

/// The platform under the functions of `workload`, of which the first are those of the scenario itself.
pub fn platform(file: &File, workload: &Workload) -> Platform {
    let section = &file.platform;
    let functions = workload.functions.iter().zip(settings(file));
    let deployments = functions.map(|(function, settings)| deployment(file, function, &settings));
    Platform {
        scale_by: section.scale_by.unwrap_or_default(),
        concurrency: section.concurrency.unwrap_or(NonZeroU32::MIN),
        limits: section.limits.clone().unwrap_or_default(),
        cluster: cluster(section),
        overheads: section.overheads.unwrap_or_default(),
        deployments: deployments.collect(),
    }
}

/// What is said of each function, without end: first those of the scenario itself, then those of its trace or population.
pub fn settings(file: &File) -> impl Iterator<Item = Defaults> {
    let own = file.function.iter().map(|function| function.settings().over(&file.defaults));
    own.chain(std::iter::repeat(file.defaults.clone()))
}

/// What a CPU law scales of a function.
pub fn work(settings: &Defaults) -> Work {
    Work { io: settings.io.unwrap_or(Span::ZERO), parallel: settings.parallel.unwrap_or(0.0) }
}

fn cluster(section: &PlatformSection) -> Option<Cluster> {
    let rules = section.cluster.clone().unwrap_or_default();
    let worker = |group: &WorkerGroup| {
        let memory = Memory::from_bytes((group.memory.as_bytes() as f64 * group.overcommit) as u64);
        Worker::new(group.cores.get(), memory, group.speed)
    };
    let groups = section.workers.as_ref()?;
    let workers = groups.iter().flat_map(|group| std::iter::repeat_n(worker(group), group.count.get() as usize));
    Some(Cluster { workers: workers.collect(), rules })
}

fn deployment(file: &File, function: &workload::Function, settings: &Defaults) -> Deployment {
    let memory = function.memory;
    let law = file.platform.cpu.clone().unwrap_or_default();
    let vcpu = settings.vcpu.or(law.vcpu(memory)).unwrap_or(1.0);
    Deployment {
        app: function.app,
        vcpu: (vcpu * 1000.0).round() as u32,
        image: settings.image.unwrap_or(DEFAULT_IMAGE),
        deadline: settings.deadline,
        priority: settings.priority.unwrap_or(0),
        weight: settings.weight.unwrap_or(1.0),
        faults: Faults { errors: settings.error_rate.unwrap_or(0.0), crashes: settings.crash_rate.unwrap_or(0.0) },
        client: settings.client.unwrap_or_default(),
        cold_start: cold_start(&settings.cold_start.clone().over(&file.platform.cold_start)),
        cpu: law.at(memory, work(settings)),
        wait: law.wait(work(settings)),
        timeout: settings.timeout.or(file.platform.timeout),
        concurrency_limit: settings.concurrency_limit,
        provisioned: settings.provisioned.unwrap_or(0),
        warm_at_start: settings.warm_at_start.unwrap_or(0),
    }
}

fn cold_start(keys: &ColdStartKeys) -> ColdStart {
    ColdStart(keys.stages().map(|stage| stage.map_or(Sampler::Constant(0.0), sampler)))
}

fn sampler(distribution: &Distribution<Span>) -> Sampler {
    distribution.sampler()
}
