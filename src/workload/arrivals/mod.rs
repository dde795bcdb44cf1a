//! Arrival processes: when a function is invoked. One file per process.

mod poisson;

pub use poisson::Poisson;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::random::Stream;
use crate::time::Time;

/// When a function is invoked: an immutable description from which each replication opens its own process.
pub trait ArrivalModel: Debug + Send + Sync {
    /// A fresh process at time zero.
    fn open(&self) -> Box<dyn ArrivalProcess + '_>;

    /// Long-run mean number of arrivals per second; `None` where it depends on the platform (closed loops).
    fn mean_rate(&self) -> Option<f64>;
}

/// The arrivals of one function in one replication, in time order.
pub trait ArrivalProcess: Send {
    /// The next arrival, never earlier than the one before; `None` if there is none.
    fn next(&mut self, stream: &mut Stream) -> Option<Time>;

    /// An invocation left the platform at `at`, while `pending` ([`Time::NEVER`] if none) was taken from [`Self::next`] but has
    /// not yet arrived: returns what is to arrive next. Only closed loops care.
    fn finished(&mut self, at: Time, pending: Time, stream: &mut Stream) -> Time {
        let _ = (at, stream);
        pending
    }
}

/// The arrival processes of scenario files: `arrivals.poisson = { rate = "20/s" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Arrivals {
    /// Independent arrivals at a constant rate.
    Poisson(Poisson),
}

impl Arrivals {
    /// The model that the scenario chose.
    pub fn model(self) -> Box<dyn ArrivalModel> {
        match self {
            Self::Poisson(model) => Box::new(model),
        }
    }
}
