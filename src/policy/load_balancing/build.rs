//! From the parameters of a scenario to a balancer.

use serde::de::DeserializeOwned;

use crate::policy::LoadBalancing;
use crate::policy::entry::{Factory, ParameterError, read};

/// Reads a policy whose parameters are its fields; each object is a copy.
pub(super) fn build<P>(parameters: toml::Table) -> Result<Factory<dyn LoadBalancing>, ParameterError>
where
    P: LoadBalancing + DeserializeOwned + Clone + Sync + 'static,
{
    build_checked(parameters, |_: &P| Ok(()))
}

/// The same for a policy whose parameters need a check that their types do not make.
pub(super) fn build_checked<P>(
    parameters: toml::Table,
    check: impl Fn(&P) -> Result<(), ParameterError>,
) -> Result<Factory<dyn LoadBalancing>, ParameterError>
where
    P: LoadBalancing + DeserializeOwned + Clone + Sync + 'static,
{
    let policy: P = read(parameters)?;
    check(&policy)?;
    Ok(Box::new(move || Box::new(policy.clone())))
}
