//! Which worker gets an invocation.

pub mod bounded_loads;
mod build;
pub mod ch_rlu;
mod choice;
mod colour;
pub mod consistent_hashing;
mod free_cores;
mod hash;
pub mod hermod;
pub mod hiku;
pub mod join_idle_queue;
pub mod late_binding;
pub mod least_connections;
pub mod least_work_left;
pub mod locality;
pub mod minimum_response_time;
pub mod openwhisk;
pub mod palette_bucket_hashing;
pub mod palette_consistent_hashing;
pub mod palette_least_assigned;
mod popularity;
pub mod power_of_d;
#[cfg(test)]
mod properties;
pub mod random;
mod ring;
pub mod round_robin;
pub mod smooth_weighted_round_robin;
#[cfg(test)]
mod testing;
pub mod weighted_random;
mod working;

use crate::amount::Memory;
use crate::id::{FunctionId, WorkerId};
use crate::platform::history::Histories;
use crate::platform::loads::Loads;
use crate::platform::sites::{Site, Sites};
use crate::platform::worker::Workers;
use crate::random::{Purpose, Stream, Streams};
use crate::time::{Span, Time};

/// Where an invocation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To this worker, which must work and be large enough, else the invocation is lost; it may have to wait there.
    Worker(WorkerId),
    /// Nowhere yet (late binding): it waits at the front door, and the policy is asked again when an invocation has ended.
    Wait,
}

impl From<Option<WorkerId>> for Target {
    /// To the worker that was found, else nowhere.
    fn from(found: Option<WorkerId>) -> Self {
        found.map_or(Self::Wait, Self::Worker)
    }
}

/// What a load balancer sees when an invocation needs a worker.
#[derive(Debug, Clone, Copy)]
pub struct BalanceView<'a> {
    /// The instant.
    pub now: Time,
    /// The function of the invocation.
    pub function: FunctionId,
    /// Its number among those of its function, from 0.
    pub invocation: u64,
    /// Attempts of this invocation before this one, after failures.
    pub retries: u32,
    /// Memory of an instance of the function.
    pub memory: Memory,
    /// The function or app whose instances serve it.
    pub unit: u32,
    /// The workers. Capacity, speed and whether they work are known exactly; `used`, `idle` and `running` are those of now, which a
    /// policy that wants to be realistic leaves alone.
    pub workers: &'a Workers,
    /// Load of each worker, as last reported.
    pub loads: &'a Loads,
    /// When the loads were reported.
    pub loads_at: Time,
    /// What has been seen of each function.
    pub history: &'a Histories,
    /// The true work left on each worker: the execution times of all that waits or executes there, per core. Only told to policies
    /// that declare [`LoadBalancing::is_oracle`].
    pub work_left: Option<&'a [Span]>,
    pub(crate) sites: &'a Sites,
    pub(crate) streams: &'a Streams,
}

impl BalanceView<'_> {
    /// The workers that hold instances of the function, in the order of their ids.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.of(self.unit)
    }

    /// How many idle instances of the function a worker has.
    pub fn idle_on(&self, worker: WorkerId) -> u32 {
        self.sites.at(self.unit, worker).map_or(0, |site| site.idle)
    }

    /// Random numbers for this decision: the same for every policy and in every order of events.
    pub fn random(&self) -> Stream {
        // A retry decides anew.
        let entity = self.function.0 ^ self.retries.wrapping_mul(0x9E37_79B9);
        self.streams.keyed(Purpose::LoadBalancing, entity, self.invocation)
    }
}

/// What happens on the workers, for balancers that keep books of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// An invocation that was given to a worker has ended, or left it without an end: it failed, gave up, or found a full queue.
    Ended {
        /// On which worker.
        worker: WorkerId,
        /// Of which function.
        function: FunctionId,
        /// Whether its instance is idle now and stays for a while.
        idle: bool,
    },
    /// An idle instance was evicted, or its keep-alive ended.
    Gone {
        /// From which worker.
        worker: WorkerId,
        /// The function or app that it belonged to.
        unit: u32,
    },
    /// A worker stopped; its invocations failed.
    Down(WorkerId),
    /// A worker is back, empty.
    Up(WorkerId),
}

/// Decides which worker gets an invocation. One object for the front door.
pub trait LoadBalancing: Send {
    /// Where the invocation goes.
    fn choose(&mut self, view: &BalanceView<'_>) -> Target;

    /// Something happened on a worker.
    fn notice(&mut self, _notice: Notice) {}

    /// Whether the choice depends on nothing but the arrivals so far, so that workers can be simulated apart.
    fn is_oblivious(&self) -> bool {
        false
    }

    /// Whether the policy knows what no balancer can know: a bound.
    fn is_oracle(&self) -> bool {
        false
    }
}
