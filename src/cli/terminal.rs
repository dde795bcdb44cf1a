//! What the program may assume of where its output goes.

use std::io::{self, IsTerminal};

/// An output: a terminal, or a file or pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Whether somebody is looking, so that a progress bar is of use.
    pub interactive: bool,
    /// Whether to use colour: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
    pub color: bool,
    /// Columns to fill: those that `COLUMNS` says, or 80.
    pub width: usize,
}

impl Terminal {
    /// Where results go.
    pub fn stdout() -> Self {
        Self::new(io::stdout().is_terminal())
    }

    /// Where messages and the progress bar go.
    pub fn stderr() -> Self {
        Self::new(io::stderr().is_terminal())
    }

    fn new(interactive: bool) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(80);
        Self { interactive, color: interactive && !no_color, width }
    }
}
