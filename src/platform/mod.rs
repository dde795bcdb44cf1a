//! Where functions run: instances, how they start, how fast they compute, and what limits them.

pub mod client;
pub mod cluster;
pub mod cold_start;
pub mod cpu;
pub mod history;
pub mod idle;
pub mod images;
pub mod instance;
pub mod limits;
pub mod loads;
pub mod overheads;
pub mod pool;
pub mod presets;
pub mod request;
pub mod sharing;
pub mod sites;
pub mod worker;

use std::num::NonZeroU32;

use crate::amount::Memory;
use crate::id::{AppId, FunctionId};
use crate::time::Span;
use client::{Client, Faults};
use cluster::Cluster;
use cold_start::ColdStart;
use cpu::Cpu;
use limits::Limits;
use overheads::Overheads;

/// A platform, ready to run.
#[derive(Debug, Clone)]
pub struct Platform {
    /// What shares instances.
    pub scale_by: ScaleBy,
    /// How many invocations one instance executes at once.
    pub concurrency: NonZeroU32,
    /// Who is admitted.
    pub limits: Limits,
    /// The workers. `None`: room is unlimited.
    pub cluster: Option<Cluster>,
    /// What each invocation waits for the decisions of the platform itself.
    pub overheads: Overheads,
    /// How each function is deployed; `deployments[i]` belongs to function `i` of the workload.
    pub deployments: Vec<Deployment>,
}

impl Platform {
    /// What a function has reserved of the account's concurrency; `None`: nothing, it shares with the others.
    pub fn reserved(&self, function: FunctionId) -> Option<u32> {
        self.limits.least_unreserved.and(self.deployments[function.index()].concurrency_limit)
    }

    /// What a function takes from the account's concurrency, used or not: what it reserves, else what it provisions.
    pub fn claimed(&self, function: FunctionId) -> u64 {
        u64::from(self.reserved(function).unwrap_or(self.deployments[function.index()].provisioned))
    }
}

/// What shares instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleBy {
    /// Each function has instances of its own (AWS Lambda, Google Cloud).
    #[default]
    Function,
    /// The functions of an app run in the same instances (Azure Functions).
    App,
}

/// How one function is deployed.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// How its instances start.
    pub cold_start: ColdStart,
    /// How its memory turns CPU time into execution time.
    pub cpu: Cpu,
    /// What of each drawn execution time is waiting, without the processor.
    pub wait: Span,
    /// Executions are stopped after this long; `None`: never.
    pub timeout: Option<Span>,
    /// Most invocations of this function in flight at once, and where the platform has it ([`Limits::least_unreserved`]) what it
    /// reserves; `None`: the platform's limit.
    pub concurrency_limit: Option<u32>,
    /// Instances that are kept started and paid for.
    pub provisioned: u32,
    /// Idle instances that exist when the run starts; their keep-alive begins then.
    pub warm_at_start: u32,
    /// The app that it belongs to.
    pub app: AppId,
    /// Cores that an instance uses while it executes, in thousandths.
    pub vcpu: u32,
    /// Size of the image in a worker's cache.
    pub image: Memory,
    /// How long after its arrival a response is due.
    pub deadline: Option<Span>,
    /// More is more urgent.
    pub priority: i32,
    /// More gets a larger share.
    pub weight: f64,
    /// How often executions go wrong.
    pub faults: Faults,
    /// What its callers do when it is refused or fails.
    pub client: Client,
}
