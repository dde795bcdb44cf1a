//! Policies: they read a view and answer; only the engine changes the platform. A policy is one file and one catalog line.
//!
//! Each kind is a folder: its trait and the view that the trait reads, then a file per policy.

pub mod allocation;
pub mod autoscaling;
pub mod catalog;
pub mod demand;
pub mod entry;
pub mod eviction;
pub mod forecast;
pub mod keep_alive;
pub mod load_balancing;
pub mod parameters;
pub mod placement;
pub mod prewarm;
pub mod reuse;
pub mod scheduling;

pub use allocation::Allocation;
pub use autoscaling::Autoscaling;
pub use eviction::Eviction;
pub use keep_alive::{ArrivalView, IdleView, KeepAlive, Lease};
pub use load_balancing::LoadBalancing;
pub use placement::Placement;
pub use prewarm::Prewarm;
pub use reuse::{IdleOrder, Pick, Reuse, ReuseView};
pub use scheduling::Scheduling;

use entry::Factory;

/// The policies of a run, one factory for each kind: the engine makes the objects that it needs.
pub struct Policies {
    /// How long idle instances are kept.
    pub keep_alive: Factory<dyn KeepAlive>,
    /// Which idle instance is reused.
    pub reuse: Factory<dyn Reuse>,
    /// Which worker gets an invocation. `None`: any idle instance of its function takes it, wherever it is.
    pub load_balancing: Option<Factory<dyn LoadBalancing>>,
    /// Which waiting invocation is next.
    pub scheduling: Factory<dyn Scheduling>,
    /// On which worker an instance is started.
    pub placement: Factory<dyn Placement>,
    /// Which idle instance goes when a worker needs memory.
    pub eviction: Factory<dyn Eviction>,
    /// How many instances are kept ready before they are needed. `None`: none.
    pub prewarm: Option<Factory<dyn Prewarm>>,
    /// How many instances there are. `None`: as many as invocations ask for.
    pub autoscaling: Option<Factory<dyn Autoscaling>>,
}
