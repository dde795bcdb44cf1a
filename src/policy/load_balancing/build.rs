//! From the parameters of a scenario to a balancer.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;

use crate::policy::LoadBalancing;
use crate::policy::catalog::{Factory, ParameterError, read};

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

/// Refuses a number that is out of range, or none.
pub(super) fn within(name: &str, value: impl Into<f64>, range: RangeInclusive<f64>) -> Result<(), ParameterError> {
    let value = value.into();
    let (least, most) = (range.start(), range.end());
    let wrong = || ParameterError(format!("`{name}` is {value}, expected a number from {least} to {most}"));
    range.contains(&value).then_some(()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused_by_name() {
        for wrong in [0.5, 1001.0, f64::NAN, f64::INFINITY] {
            let error = within("c", wrong, 1.0..=1000.0).unwrap_err().to_string();
            assert!(error.starts_with("`c` is ") && error.ends_with("from 1 to 1000"), "{error}");
        }
        assert!([1.0, 1.25, 1000.0].iter().all(|right| within("c", *right, 1.0..=1000.0).is_ok()));
    }
}
