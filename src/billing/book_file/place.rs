//! Where in a file something is wrong.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::value::Date;

use crate::billing::book::{Evidence, Trust};
use crate::billing::charge::Charge;
use crate::billing::error::{BookError, suggest};

/// A text and its name, to say where an error is.
pub struct Place<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub sources: BTreeMap<String, String>,
}

impl Place<'_> {
    /// An error in a row.
    pub fn error<T>(&self, row: &Spanned<T>, problem: impl Into<String>) -> BookError {
        let line = line_of(self.text, row.span().start);
        BookError::Row { file: self.file.into(), line, problem: problem.into() }
    }

    /// Where a figure was read: the name of a source, the date, the trust and a note.
    pub fn evidence<T>(
        &self,
        row: &Spanned<T>,
        of: (&str, Date, Trust, &Option<String>),
    ) -> Result<Evidence, BookError> {
        let (name, date, verified, note) = of;
        let unknown = || {
            let nearest = suggest(name, self.sources.keys().map(String::as_str));
            self.error(row, format!("[sources] has no \"{name}\"; {nearest}"))
        };
        let source = self.sources.get(name).ok_or_else(unknown)?.clone();
        Ok(Evidence { source, date, verified, note: note.clone() })
    }

    /// The place of a meter that a row names, with its unit.
    pub fn charge<T>(&self, row: &Spanned<T>, charges: &[Charge], key: &str, unit: &str) -> Result<usize, BookError> {
        let known = || suggest(key, charges.iter().map(|charge| charge.key.as_str()));
        let unknown = || self.error(row, format!("the book has no meter \"{key}\"; {}", known()));
        let place = charges.iter().position(|charge| charge.key == key).ok_or_else(unknown)?;
        let right = charges[place].unit.to_string();
        match right == unit {
            true => Ok(place),
            false => Err(self.error(row, format!("the unit of \"{key}\" is \"{right}\", not \"{unit}\""))),
        }
    }
}

/// The line, from 1, of a byte of a text.
pub fn line_of(text: &str, byte: usize) -> usize {
    1 + text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count()
}
