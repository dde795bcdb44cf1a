//! `coldcast prices import`: a book from a provider's price list.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::billing::import::{ImportError, import};
use crate::cli::Failure;

/// Make a book from a price list that was downloaded: an AWS offer file (CSV or JSON), an answer of the Azure Retail Prices API,
/// or one of the Google Cloud Billing Catalog.
///
/// What became of the rows stands in the first lines of the book. Use it with `--book-file`, or `book_file` in a scenario.
#[derive(Debug, Args)]
pub struct Import {
    /// The price list.
    file: PathBuf,
    /// The book to make, if the list has the prices of several, such as `aws-api-gateway-http`.
    #[arg(long, value_name = "NAME")]
    book: Option<String>,
    /// Only the prices of this region.
    #[arg(long)]
    region: Option<String>,
    /// Where to write the book [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Import {
    /// Writes the book; with `--out` what became of the rows is printed.
    ///
    /// # Errors
    /// The file is no price list, or not of the book's service, or cannot be read or written.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let file = self.file.display();
        let list = std::fs::read_to_string(&self.file)
            .map_err(|error| Failure::Input(format!("{file}: cannot read the price list: {error}")))?;
        let imported = import(&list, self.book.as_deref(), self.region.as_deref());
        let imported = imported.map_err(|error| match error {
            ImportError::Line { .. } => Failure::Input(format!("{file}:{error}")),
            ImportError::List(_) => Failure::Input(format!("{file}: {error}")),
        })?;
        let Some(path) = &self.out else { return Ok(write!(out, "{}", imported.text)?) };
        std::fs::write(path, &imported.text)
            .map_err(|error| Failure::Input(format!("{}: cannot write the book: {error}", path.display())))?;
        Ok(write!(out, "{}", imported.report)?)
    }
}
