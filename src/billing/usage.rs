//! What a run used: exact integers, priced afterwards.

use std::ops::AddAssign;

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
}

impl AddAssign for FunctionUsage {
    /// Adds what another part of the run counted for the same function.
    fn add_assign(&mut self, other: Self) {
        debug_assert_eq!(self.memory, other.memory, "parts of one function have one memory size");
        self.requests += other.requests;
        self.billed += other.billed;
        self.provisioned_requests += other.provisioned_requests;
        self.provisioned_billed += other.provisioned_billed;
        self.provisioned_time += other.provisioned_time;
    }
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
