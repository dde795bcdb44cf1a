//! Which instances are kept ready before they are needed.

pub mod arrival_quantile;
pub mod femux;
pub mod floor;
pub mod icebreaker;
pub mod predictive;
pub mod scheduled;
mod steps;
pub mod target_tracking;

use crate::policy::demand::DemandView;
use crate::time::Span;

/// What a prewarming policy wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// At least this many instances on demand, whatever they do; what is missing is started. Keep-alive decides when they go.
    AtLeast(u32),
    /// Exactly this many provisioned instances, paid for all the time; what is missing is started, what is too much goes when idle.
    Provisioned(u32),
}

/// Decides which instances of a function (or app) are kept ready. One object for each function (or app).
pub trait Prewarm: Send {
    /// How often the policy is asked, from the start of the run on; longer than zero.
    fn period(&self) -> Span;

    /// What it wants now.
    fn wanted(&mut self, view: &DemandView) -> Wanted;

    /// Whether it wants provisioned instances, which must have a price.
    fn provisions(&self) -> bool {
        false
    }
}
