//! How many instances there are, where a controller decides that instead of the invocations.

pub mod azure;
pub mod cloud_run;
mod erlang;
pub mod fixed_replicas;
pub mod horizontal_pod;
pub mod knative;
pub mod openfaas;
mod pace;
mod recent_max;
pub mod staffing;
pub mod target_based;

use crate::policy::demand::DemandView;
use crate::time::Span;

/// Decides how many instances a function (or app) has. One object for each function (or app).
///
/// Invocations that find no room wait for the next instance, in the order of their arrival; the policy is asked again and again, and
/// instances that are too many go as soon as they are idle. Keep-alive and the scaling rate do not apply.
pub trait Autoscaling: Send {
    /// How often the policy is asked; longer than zero.
    fn period(&self) -> Span;

    /// How many instances there should be.
    fn desired(&mut self, view: &DemandView) -> u32;

    /// Whether the policy wants to be asked at once when an invocation has to wait.
    fn reacts_to_waiting(&self) -> bool {
        false
    }
}
