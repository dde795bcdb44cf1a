//! A pool: the instances that the invocations of one function (or app) share; and the gate before it.

use std::collections::VecDeque;

use crate::id::InstanceId;
use crate::platform::idle::IdleSet;
use crate::platform::instance::Slot;
use crate::platform::limits::{ScalingRate, TokenBucket};

/// The instances of one function or app, or those of them on one worker.
#[derive(Debug)]
pub struct Pool {
    /// The function or app: its position among those of the shard.
    pub unit: u32,
    /// Idle instances that may expire.
    pub idle: IdleSet,
    /// Idle provisioned instances; they are used first.
    pub provisioned: Vec<Slot>,
    /// Busy instances that could execute one more invocation.
    pub room: IdleSet,
    /// Instances that were starting with room for more, oldest first; some may be ready, full or gone by now, and their slots
    /// those of others.
    pub starting: VecDeque<(Slot, InstanceId)>,
}

/// What stands before the pools of one function or app.
#[derive(Debug)]
pub struct Gate {
    /// Tokens for new instances.
    pub tokens: Option<TokenBucket>,
    /// Requests that wait for the function's concurrency limit, or for an autoscaler, in order of arrival.
    pub queue: VecDeque<u32>,
}

impl Gate {
    /// An open gate.
    pub fn new(scaling_rate: Option<ScalingRate>) -> Self {
        Self { tokens: scaling_rate.map(TokenBucket::new), queue: VecDeque::new() }
    }
}

impl Pool {
    /// A pool without instances, whose idle ones will be listed in `idle`.
    pub fn new(unit: u32, idle: IdleSet) -> Self {
        Self { unit, idle, provisioned: Vec::new(), room: IdleSet::by_use(), starting: VecDeque::new() }
    }
}
