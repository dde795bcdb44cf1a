//! `coldcast bill`: what usage costs, without simulating.

mod notes;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::billing::bill::{self, Bill as Billed};
use crate::cli::today::Today;
use crate::cli::usage_args::{Book, UsageArgs};
use crate::cli::{Failure, list};

/// What usage costs, without simulating.
#[derive(Debug, Args)]
pub struct Bill {
    /// A file of bills.
    #[arg(conflicts_with_all = ["UsageArgs", "book", "book_file"], required_unless_present_any = ["book", "book_file"])]
    file: Option<PathBuf>,
    /// A price book of the program, such as `aws-lambda`; several are billed one after the other.
    #[arg(long, value_name = "NAME")]
    book: Vec<String>,
    /// A price book of your own.
    #[arg(long, value_name = "FILE")]
    book_file: Vec<PathBuf>,
    #[command(flatten)]
    usage: UsageArgs,
    #[command(flatten)]
    today: Today,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Bill {
    /// Bills, and prints the bills.
    ///
    /// # Errors
    /// What is wrong with the usage or the book.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let bills = match &self.file {
            Some(file) => bill::read(file).map_err(|error| Failure::Input(error.to_string()))?,
            None => self.by_options()?,
        };
        let notes = notes::notes(&bills, &self.today);
        if self.json {
            let text = serde_json::to_string_pretty(&json!({ "bills": bills, "notes": notes }));
            return Ok(writeln!(out, "{}", text.map_err(anyhow::Error::from)?)?);
        }
        bills.iter().try_for_each(|bill| table::write(out, bill))?;
        notes.iter().try_for_each(|note| list::entry(out, "Note: ", note))?;
        Ok(())
    }

    fn by_options(&self) -> Result<Vec<Billed>, Failure> {
        let named = self.book.iter().cloned().map(Book::Named);
        let books = named.chain(self.book_file.iter().cloned().map(Book::File));
        let bill = |book: Book| self.usage.account(&book).bill(Path::new(""));
        books.map(bill).collect::<Result<_, _>>().map_err(|(_, problem)| Failure::Input(problem))
    }
}
