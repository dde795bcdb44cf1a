//! `[[function]]` and `[defaults]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::cold_start::ColdStartKeys;
use crate::amount::Memory;
use crate::billing::charge::Architecture;
use crate::platform::client::Client;
use crate::time::Span;
use crate::workload::Trigger;
use crate::workload::arrivals::Arrivals;
use crate::workload::distribution::Distribution;

/// A struct with keys of its own and those that `[[function]]` and `[defaults]` have in common. (serde's `flatten` would do this
/// too, but its errors have no line.)
macro_rules! with_function_keys {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// Memory of one instance. Default: "128 MiB", the least of AWS Lambda; functions of a trace have what the trace says.
            pub memory: Option<Memory>,
            /// What invokes it: `http`, `timer`, `queue`, `event`, `storage`, `orchestration` or `others`. Default: `http`.
            pub trigger: Option<Trigger>,
            /// How long an invocation executes, once its instance is ready. Under a CPU law: CPU time on one full vCPU.
            pub execution: Option<Distribution<Span>>,
            /// Part of each execution that waits for input and output; a CPU law does not scale it. Default: "0s".
            pub io: Option<Span>,
            /// Share of the CPU time that can run on several vCPUs at once, 0 to 1; only the fluid CPU law uses it. Default: 0.
            pub parallel: Option<f64>,
            /// How long each stage of a cold start takes. Default, stage by stage: what `[platform]` says.
            #[serde(default)]
            pub cold_start: ColdStartKeys,
            /// Executions are stopped after this long. Default: what `[platform]` says.
            pub timeout: Option<Span>,
            /// Most invocations in flight at once; with `platform.limits.least_unreserved` (AWS Lambda) also reserved for it. Default:
            /// `platform.limits.function_concurrency`.
            pub concurrency_limit: Option<u32>,
            /// Instances that are kept started and paid for (provisioned concurrency). Default: 0.
            pub provisioned: Option<u32>,
            /// Idle instances that exist when the run starts; their keep-alive begins then. Default: 0.
            pub warm_at_start: Option<u32>,
            /// Cores of an instance, 0.001 to 1000: what it uses while it executes, and what price books bill that count vCPUs.
            /// Default: what a CPU law gives its memory; without a law 1, which is not billed: such books want to be told.
            pub vcpu: Option<f64>,
            /// Temporary disk of an instance, of which price books bill what is not included. Default: what is included.
            pub ephemeral_storage: Option<Memory>,
            /// The processor for which it is built, `x86_64` or `arm64`; only its price depends on it. Default: `pricing.architecture`.
            pub architecture: Option<Architecture>,
            /// Size of its image, for the image caches of workers. Default: "250 MiB", the limit of AWS Lambda for unzipped code.
            pub image: Option<Memory>,
            /// How long after its arrival a response is due, for schedulers that look at deadlines. Default: never.
            pub deadline: Option<Span>,
            /// How urgent it is, for schedulers that look at priorities: more is more urgent. Default: 0.
            pub priority: Option<i32>,
            /// Its share, for schedulers that share fairly: more gets more. Default: 1.
            pub weight: Option<f64>,
            /// Share of executions that fail at their end, 0 to 1. Default: 0.
            pub error_rate: Option<f64>,
            /// Share of executions during which the instance crashes, 0 to 1. Default: 0.
            pub crash_rate: Option<f64>,
            /// What callers do when an invocation is refused, fails or is stopped at its time-out: `gives_up`, `retries` or
            /// `asynchronous`. Default: `"gives_up"`.
            pub client: Option<Client>,
        }
    };
}

with_function_keys! {
    /// A function: a deployed piece of code, when it is invoked, and how long it executes.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    pub struct Function {
        /// Unique name.
        pub name: String,
        /// The app it belongs to; functions of an app share instances where `platform.scale_by = "app"`. Default: an app of its own.
        pub app: Option<String>,
        /// When it is invoked.
        pub arrivals: Arrivals,
    }
}

with_function_keys! {
    /// What holds for every function that does not say otherwise, also for those of traces and populations.
    #[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
    pub struct Defaults {}
}

impl Function {
    /// What the function says of the keys that it has in common with `[defaults]`.
    pub fn settings(&self) -> Defaults {
        let Self { memory, trigger, io, parallel, timeout, concurrency_limit, provisioned, warm_at_start, .. } = *self;
        let Self {
            vcpu,
            ephemeral_storage,
            architecture,
            image,
            deadline,
            priority,
            weight,
            error_rate,
            crash_rate,
            client,
            ..
        } = *self;
        let (execution, cold_start) = (self.execution.clone(), self.cold_start.clone());
        Defaults {
            memory,
            trigger,
            execution,
            io,
            parallel,
            cold_start,
            timeout,
            concurrency_limit,
            provisioned,
            warm_at_start,
            vcpu,
            ephemeral_storage,
            architecture,
            image,
            deadline,
            priority,
            weight,
            error_rate,
            crash_rate,
            client,
        }
    }
}

impl Defaults {
    /// What is said here, and for the rest what `below` says.
    pub fn over(self, below: &Self) -> Self {
        let cold_start = self.cold_start.over(&below.cold_start);
        Self {
            memory: self.memory.or(below.memory),
            trigger: self.trigger.or(below.trigger),
            execution: self.execution.or_else(|| below.execution.clone()),
            io: self.io.or(below.io),
            parallel: self.parallel.or(below.parallel),
            cold_start,
            timeout: self.timeout.or(below.timeout),
            concurrency_limit: self.concurrency_limit.or(below.concurrency_limit),
            provisioned: self.provisioned.or(below.provisioned),
            warm_at_start: self.warm_at_start.or(below.warm_at_start),
            vcpu: self.vcpu.or(below.vcpu),
            ephemeral_storage: self.ephemeral_storage.or(below.ephemeral_storage),
            architecture: self.architecture.or(below.architecture),
            image: self.image.or(below.image),
            deadline: self.deadline.or(below.deadline),
            priority: self.priority.or(below.priority),
            weight: self.weight.or(below.weight),
            error_rate: self.error_rate.or(below.error_rate),
            crash_rate: self.crash_rate.or(below.crash_rate),
            client: self.client.or(below.client),
        }
    }
}
