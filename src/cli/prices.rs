//! `coldcast prices`: price books.

mod compare;
mod import;
mod show;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::billing::Book;
use crate::billing::embedded::EMBEDDED;
use crate::billing::provenance;
use crate::cli::Failure;

/// List, show, compare, check and import price books.
#[derive(Debug, Args)]
pub struct Prices {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the books of the program.
    List,
    /// Show the meters, prices, free units and rounding rules of a book.
    Show(show::Show),
    /// Compare books: the same usage on several of them, or the price of a meter.
    Compare(Box<compare::Compare>),
    /// Say whether a book of your own is right.
    Check {
        /// The book.
        file: PathBuf,
    },
    /// Make a book from a price list that was downloaded from a provider.
    Import(import::Import),
    /// Print where each price was read, as Markdown.
    #[command(hide = true)]
    Provenance,
}

impl Prices {
    /// Does it, and writes what it finds to `out`.
    ///
    /// # Errors
    /// What is wrong with a book, or a name.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        match self.command.as_ref().unwrap_or(&Command::List) {
            Command::List => list(out),
            Command::Show(show) => show.run(out),
            Command::Compare(compare) => compare.run(out),
            Command::Check { file } => check(file, out),
            Command::Import(import) => import.run(out),
            Command::Provenance => Ok(write!(out, "{}", provenance::table(&books()?))?),
        }
    }
}

/// All books of the program.
///
/// # Errors
/// Never, as the tests of the books say.
fn books() -> Result<Vec<Book>, Failure> {
    let books = EMBEDDED.iter().map(|(name, _)| Book::embedded(name));
    books.collect::<Result<_, _>>().map_err(|error| Failure::Input(error.to_string()))
}

fn list(out: &mut dyn Write) -> Result<(), Failure> {
    let books = books()?;
    let width = books.iter().map(|book| book.name.len()).max().unwrap_or(0);
    for book in books {
        writeln!(out, "{:width$}  {}  {}", book.name, book.as_of, book.service)?;
    }
    Ok(writeln!(out, "\nThe date is that of the youngest price. `coldcast prices show BOOK` has all of them.")?)
}

fn check(file: &std::path::Path, out: &mut dyn Write) -> Result<(), Failure> {
    let book = Book::read(file).map_err(|error| Failure::Input(error.to_string()))?;
    let prices = book.everywhere.len() + book.regions.values().map(|prices| prices.len()).sum::<usize>();
    let (name, meters) = (&book.name, book.charges.len());
    Ok(writeln!(out, "{name} is right: {meters} meters, {prices} prices, {} regions", book.regions.len())?)
}
