//! The workers of a platform, and how work shares them.

use serde::{Deserialize, Serialize};

use crate::amount::{Memory, Rate};
use crate::platform::limits::Queue;
use crate::platform::worker::Worker;
use crate::time::Span;

/// A platform with workers: room is limited.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The workers, empty.
    pub workers: Vec<Worker>,
    /// How it works.
    pub rules: ClusterRules,
}

/// How work shares the workers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Cluster")]
pub struct ClusterRules {
    /// How executions use the cores of their worker: `"unlimited"` (they never slow one another), `"exclusive"` (each holds a core
    /// from its assignment to its end, others wait) or `"shared"` (all run at once and share them). Default: `"unlimited"`.
    pub cores: CoreUse,
    /// Whether runtime and user initialisation of cold starts compute on the worker's cores; only with shared cores. Default: false.
    pub init_on_cores: bool,
    /// How much slower an execution gets for each other one per core that runs on its worker when it begins (memory bandwidth, caches):
    /// 0.1 is 10 % with as many others as cores. Not with shared cores. Default: 0.
    pub interference: f64,
    /// Invocations that wait for a core or for memory at a worker; more are dropped. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_queue: Option<Queue>,
    /// Invocations that wait at the front door for any worker; more are dropped. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front_queue: Option<Queue>,
    /// How often workers report their load to the load balancer. Default: at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_every: Option<Span>,
    /// How many instances the control plane can start per unit of time; more wait their turn. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_rate: Option<Rate>,
    /// How many instances each worker can start per unit of time; more wait their turn. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_creation_rate: Option<Rate>,
    /// Disk of each worker for images, of which the least recently used go: a start whose image is there skips the stage `code`.
    /// Default: no cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_cache: Option<Memory>,
    /// When workers stop and return. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outages: Option<Outages>,
}

/// How executions use the cores of their worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoreUse {
    /// They never slow one another.
    #[default]
    Unlimited,
    /// Each holds a core from its assignment to its end; others wait.
    Exclusive,
    /// All run at once. Each instance has its vCPU (`vcpu` of the function); when together they want more than there is, all get the
    /// same part of what they want.
    Shared,
}

/// Workers stop at random, each by itself, and return empty. What ran or waited there fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outages {
    /// Mean time from return to stop, exponential.
    pub mean_time_between: Span,
    /// Mean time from stop to return, exponential.
    pub mean_time_to_repair: Span,
}
