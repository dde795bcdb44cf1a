//! What many policies ask of their parameters.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::policy::entry::ParameterError;
use crate::time::Span;
use crate::workload::validate;

/// The parameters of a policy that has none.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// Refuses a number that is outside of a range or not a number.
///
/// # Errors
/// Names the parameter, the number and the range.
pub fn within(name: &str, number: impl Into<f64>, range: RangeInclusive<f64>) -> Result<(), ParameterError> {
    Ok(validate::number(name, number.into(), range)?)
}

/// Refuses a duration of zero.
///
/// # Errors
/// Names the parameter.
pub fn positive(name: &str, span: Span) -> Result<(), ParameterError> {
    match span {
        Span::ZERO => {
            Err(ParameterError(format!("`{name}` is zero; it must be a duration above zero, such as \"1m\"")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        assert!(within("p", 0.5, 0.0..=1.0).is_ok());
        for number in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
            let error = within("p", number, 0.0..=1.0).unwrap_err().to_string();
            assert!(error.contains("`p`") && error.contains("a number from 0 to 1"), "{error}");
        }
        assert!(positive("bin", Span::ZERO).unwrap_err().to_string().contains("`bin`"));
    }
}
