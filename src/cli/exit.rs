//! How the program ends: 0 done, 1 the run failed or the disk did, 2 the input is wrong or the output has no place.

use std::io;
use std::process::ExitCode;

use crate::cli::terminal::Terminal;
use crate::experiment::study::{StoreError, StudyError};
use crate::report::ReportError;
use crate::scenario::ScenarioError;

/// Why the program did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The scenario is wrong.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Other input is wrong: a name, a file.
    #[error("error: {0}")]
    Input(String),
    /// The run failed.
    #[error("error: {0:#}")]
    Run(#[from] anyhow::Error),
    /// The results could not be written: the folder given is wrong, or the file system refuses, or they could not be drawn.
    #[error("error: {0}")]
    Report(#[from] ReportError),
    /// The records of a study cannot be used or kept.
    #[error("error: {0}")]
    Store(#[from] StoreError),
    /// The output could not be written.
    #[error("error: cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Store(error) => Self::Store(error),
            StudyError::Run(error) => Self::Run(error.into()),
        }
    }
}

impl Failure {
    /// Whether the user can set it right: with other input, or another place for the output. If not, the run itself failed.
    fn is_of_the_input(&self) -> bool {
        match self {
            Self::Scenario(_) | Self::Input(_) => true,
            Self::Report(error) => error.is_of_the_place(),
            Self::Store(error) => !matches!(error, StoreError::Io { .. }),
            Self::Run(_) | Self::Output(_) => false,
        }
    }
}

/// Says on `stderr` what went wrong, and with which exit code the program ends.
///
/// A reader that closes the pipe early, such as `head`, has all that it wants: that is success.
pub fn report(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            match &failure {
                Failure::Scenario(error) => eprintln!("{}", error.render(Terminal::stderr().color)),
                other => eprintln!("{other}"),
            }
            if failure.is_of_the_input() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}
