//! Measured values from a file.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Moments, Quantity, Sampler};
use crate::workload::data::DataError;

/// Measured values from a text file, each as likely as the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Samples<Q: Quantity> {
    /// The file; a relative path starts at the folder of the scenario. One value per line: for times a number with a unit
    /// ("12.5ms") or a bare number of milliseconds, else a plain number. Empty lines and lines that begin with `#` are
    /// skipped.
    pub file: PathBuf,
    #[serde(skip)]
    values: Option<Arc<[f64]>>,
    #[serde(skip)]
    quantity: PhantomData<Q>,
}

impl<Q: Quantity> Samples<Q> {
    /// The samples of a file, which is not yet loaded.
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), values: None, quantity: PhantomData }
    }

    pub(super) fn load(&mut self, base: &Path) -> Result<(), DataError> {
        let file = base.join(&self.file);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => return Err(DataError::unreadable(file, &error)),
        };
        self.values = Some(read::<Q>(&text, file)?.into());
        Ok(())
    }

    pub(super) fn sampler(&self) -> Sampler {
        let values = self.values.as_ref().expect("`resolve` loads the samples before `sampler` is called");
        Sampler::Samples(Arc::clone(values))
    }
}

fn read<Q: Quantity>(text: &str, file: PathBuf) -> Result<Vec<f64>, DataError> {
    let mut values = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Q::read_sample(line) {
            Ok(value) => values.push(value),
            Err(problem) => return Err(DataError { file, line: Some(index + 1), problem }),
        }
    }
    if values.is_empty() {
        let problem = "the file has no samples; expected one value per line".into();
        return Err(DataError { file, line: None, problem });
    }
    Ok(values)
}

pub(super) fn moments(values: &[f64]) -> Moments {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    Moments::new(mean, variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn lines_are_times_with_units_or_milliseconds() {
        let values = read::<Span>("# ms\n12.5\n\n1s\r\n3 us\n", "a.txt".into()).unwrap();
        assert_eq!(values, [12.5e6, 1e9, 3e3]);
        assert_eq!(read::<f64>("7\n0.5", "a.txt".into()).unwrap(), [7.0, 0.5]);
    }

    #[test]
    fn what_is_not_a_value_is_named_by_file_and_line() {
        for (text, expected) in [
            ("1\n-2", "a.txt:2: \"-2\" is not a number of milliseconds"),
            ("NaN", "a.txt:1: \"NaN\" is not a number of milliseconds"),
            ("1\n\n3 parsecs", "a.txt:3: \"3 parsecs\" has the unknown unit \"parsecs\""),
            ("# nothing", "a.txt: the file has no samples"),
        ] {
            let error = read::<Span>(text, "a.txt".into()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let mut missing = Samples::<f64>::new("absent.txt");
        let error = missing.load(Path::new("folder")).unwrap_err().to_string();
        assert!(error.contains("absent.txt") && error.contains("folder"), "{error}");
    }
}
