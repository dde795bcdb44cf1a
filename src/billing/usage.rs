//! What a run used: exact integers, priced afterwards.

use std::ops::AddAssign;

use rust_decimal::Decimal;

use crate::amount::Memory;
use crate::billing::charge::Architecture;
use crate::time::Span;

/// What one function used. Sums of integers, so shards can be merged in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FunctionUsage {
    /// Configured memory of an instance.
    pub memory: Memory,
    /// Configured temporary disk of an instance. Zero means what the provider includes.
    pub ephemeral_storage: Memory,
    /// Configured processors of an instance, in thousandths of a vCPU. Zero means that the platform decides.
    pub cpu: u64,
    /// The processor it runs on; `None` means the one that the pricing names.
    pub architecture: Option<Architecture>,
    /// Invocations on instances that were started on demand.
    pub requests: u64,
    /// Their billed time in nanoseconds, each rounded by the [`Meter`](crate::billing::Meter).
    pub billed: u128,
    /// Invocations on provisioned instances.
    pub provisioned_requests: u64,
    /// Their billed time in nanoseconds, each rounded by the meter.
    pub provisioned_billed: u128,
    /// How long instances were kept provisioned, idle or not: instances times nanoseconds.
    pub provisioned_time: u128,
    /// How long on-demand instances had something to do, in nanoseconds, each interval rounded by the meter: what
    /// platforms bill whose instances run several invocations at once. `None` means one invocation at a time: `billed`.
    pub active: Option<u128>,
    /// The same of provisioned instances. `None` means `provisioned_billed`.
    pub provisioned_active: Option<u128>,
    /// How long provisioned instances were idle. `None` means `provisioned_time` without the active time.
    pub idle: Option<u128>,
    /// How long instances existed, from start to end, busy or not: instances times nanoseconds.
    pub lifetime: Option<u128>,
    /// Processor time of all invocations in nanoseconds, without waiting.
    pub cpu_time: Option<u128>,
    /// How long snapshots of initialised instances were kept, in nanoseconds.
    pub cached: u128,
    /// Instances that were started from a snapshot.
    pub restores: u64,
    /// Instances that were started for one tenant alone.
    pub isolated_environments: u64,
}

impl FunctionUsage {
    /// The same usage on instances of other sizes.
    pub fn with_sizes_of(self, other: &Self) -> Self {
        let Self { memory, ephemeral_storage, cpu, architecture, .. } = *other;
        Self { memory, ephemeral_storage, cpu, architecture, ..self }
    }

    /// How long on-demand instances had something to do.
    pub fn active_time(&self) -> u128 {
        self.active.unwrap_or(self.billed)
    }

    /// How long provisioned instances had something to do.
    pub fn provisioned_active_time(&self) -> u128 {
        self.provisioned_active.unwrap_or(self.provisioned_billed)
    }

    /// How long provisioned instances were idle.
    pub fn idle_time(&self) -> u128 {
        self.idle.unwrap_or_else(|| self.provisioned_time.saturating_sub(self.provisioned_active_time()))
    }
}

impl AddAssign for FunctionUsage {
    /// Adds what another part of the run counted for the same function.
    fn add_assign(&mut self, other: Self) {
        debug_assert_eq!(self.memory, other.memory, "parts of one function have one memory size");
        // What only one part counted stands for itself in the other part.
        let both = |one: Option<u128>, other: Option<u128>, sum: u128| one.or(other).map(|_| sum);
        self.active = both(self.active, other.active, self.active_time() + other.active_time());
        self.idle = both(self.idle, other.idle, self.idle_time() + other.idle_time());
        let active = self.provisioned_active_time() + other.provisioned_active_time();
        self.provisioned_active = both(self.provisioned_active, other.provisioned_active, active);
        let sum = |one: Option<u128>, other: Option<u128>| both(one, other, one.unwrap_or(0) + other.unwrap_or(0));
        self.lifetime = sum(self.lifetime, other.lifetime);
        self.cpu_time = sum(self.cpu_time, other.cpu_time);
        self.requests += other.requests;
        self.billed += other.billed;
        self.provisioned_requests += other.provisioned_requests;
        self.provisioned_billed += other.provisioned_billed;
        self.provisioned_time += other.provisioned_time;
        self.cached += other.cached;
        self.restores += other.restores;
        self.isolated_environments += other.isolated_environments;
    }
}

/// What was used of one meter of a plain service, such as messages of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUsage {
    /// The key of the meter in the price book.
    pub meter: String,
    /// The processor; `None` means the one that the pricing names.
    pub architecture: Option<Architecture>,
    /// How much, in the unit of the meter: chunks are counted already.
    pub quantity: Decimal,
}

/// What one account used in a window of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// How long it took.
    pub window: Span,
    /// One entry per function, in any order.
    pub functions: Vec<FunctionUsage>,
}

impl Usage {
    /// The month of a bill: 730 hours, the convention of the Azure and Google price calculators.
    pub const MONTH: Span = Span::from_secs(730 * 3_600);

    /// The use of a whole month, which is billed as it is.
    pub const fn month(functions: Vec<FunctionUsage>) -> Self {
        Self { window: Self::MONTH, functions }
    }

    /// Invocations of all functions.
    pub fn requests(&self) -> u128 {
        self.functions.iter().map(|usage| u128::from(usage.requests) + u128::from(usage.provisioned_requests)).sum()
    }
}
