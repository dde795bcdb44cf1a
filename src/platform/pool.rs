//! A pool: the instances that the invocations of one function (or app) share.

use std::collections::VecDeque;

use crate::id::InstanceId;
use crate::platform::idle::IdleSet;
use crate::platform::instance::Slot;
use crate::platform::limits::{ScalingRate, TokenBucket};

/// The instances of one function or app, and who waits for them.
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
    /// Tokens for new instances.
    pub tokens: Option<TokenBucket>,
    /// Requests that wait for the function's concurrency limit, in order of arrival.
    pub queue: VecDeque<u32>,
}

impl Pool {
    /// A pool without instances, whose idle ones will be listed in `idle`.
    pub fn new(unit: u32, idle: IdleSet, scaling_rate: Option<ScalingRate>) -> Self {
        Self {
            unit,
            idle,
            provisioned: Vec::new(),
            room: IdleSet::by_use(),
            starting: VecDeque::new(),
            tokens: scaling_rate.map(TokenBucket::new),
            queue: VecDeque::new(),
        }
    }
}
