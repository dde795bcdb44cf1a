//! Rules that turn a count per minute into arrivals. A trace of counts does not say when within the minute: the rule is
//! an assumption. One file per rule.

mod equidistant;
mod exponential;
mod minutes;
mod poisson;
mod uniform;

use equidistant::Equidistant;
use exponential::Exponential;
pub use minutes::MinuteArrivals;
use poisson::Poisson;
use uniform::Uniform;

use serde::{Deserialize, Serialize};

use crate::random::Stream;

/// Nanoseconds of a minute.
const MINUTE: u64 = 60_000_000_000;

/// Where in its minute an invocation arrives. More regular rules need fewer instances and so give fewer cold starts;
/// rules that begin at the start of the minute let all functions arrive together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expand {
    /// Independent and uniform over the minute: a Poisson process, given its count (default).
    #[default]
    Uniform,
    /// Equal gaps from the start of the minute, as FaasCache does.
    Equidistant,
    /// Exponential gaps scaled to fill the minute, the first arrival at its start, as InVitro does.
    Exponential,
    /// A Poisson process with the rate of the minute: the count is kept only on average.
    Poisson,
}

/// The state of a rule within one minute.
trait Rule: Default + Send {
    /// Begins a minute with `count` invocations, not zero. All that [`Self::next`] draws in it will come from `stream`.
    fn begin(&mut self, count: u32, stream: &Stream);

    /// The next arrival in nanoseconds since the start of the minute, below [`MINUTE`] and never earlier than the one
    /// before; `None` when the minute is over.
    fn next(&mut self, stream: &mut Stream) -> Option<u64>;
}
