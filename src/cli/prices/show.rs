//! `coldcast prices show`: all that is in a book.

use std::io::{self, Write};

use clap::Args;

use crate::billing::Book;
use crate::billing::book::{EVERYWHERE, Offer, Prices};
use crate::billing::embedded::EMBEDDED;
use crate::billing::plan::Schedule;
use crate::cli::{Failure, list};
use crate::time::Span;

/// Room for the name of a price.
const NAME: usize = 28;

/// Show a book.
#[derive(Debug, Args)]
pub struct Show {
    /// A book of the program, such as `aws-lambda`.
    book: String,
    /// Only the prices of this region.
    #[arg(long)]
    region: Option<String>,
    /// Print the file itself, to copy and change it.
    #[arg(long)]
    toml: bool,
}

impl Show {
    /// All of a book.
    pub fn of(book: &str) -> Self {
        Self { book: book.into(), region: None, toml: false }
    }

    /// Writes the book.
    ///
    /// # Errors
    /// There is no such book, or region.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let wrong = |error: crate::billing::BookError| Failure::Input(error.to_string().replace("pricing.", ""));
        let book = Book::embedded(&self.book).map_err(wrong)?;
        if let Some((_, text)) = EMBEDDED.iter().find(|(name, _)| self.toml && *name == self.book) {
            return Ok(write!(out, "{text}")?);
        }
        let region = self.region.as_deref().map(|region| book.region(Some(region)).map(str::to_owned));
        let region = region.transpose().map_err(wrong)?;
        writeln!(
            out,
            "{}: {}\nPrices in {}, the youngest of {}\n",
            book.name, book.service, book.currency, book.as_of
        )?;
        meters(out, &book)?;
        prices(out, &book, EVERYWHERE, &book.everywhere)?;
        let mut shown = book.regions.iter().filter(|(name, _)| region.as_ref().is_none_or(|region| region == *name));
        shown.try_for_each(|(name, of)| prices(out, &book, name, of))?;
        Ok(free(out, &book)?)
    }
}

fn meters(out: &mut dyn Write, book: &Book) -> io::Result<()> {
    for rounding in &book.rounding {
        let from = rounding.from.map(|from| format!(" from {from}")).unwrap_or_default();
        let init = if rounding.meter.bills_init { "with" } else { "without" };
        let (step, minimum) = (rounding.meter.granularity, rounding.meter.minimum);
        let least = if minimum == Span::ZERO { String::new() } else { format!("at least {minimum}, ") };
        writeln!(out, "Rounding{from}: steps of {step}, {least}{init} initialisation")?;
    }
    writeln!(out, "Meters:")?;
    let width = book.charges.iter().map(|charge| charge.key.len()).max().unwrap_or(0);
    for charge in &book.charges {
        let chunk = charge.chunk.map(|chunk| format!(", in chunks of {chunk}")).unwrap_or_default();
        let note = charge.note.as_ref().map(|note| format!(". {note}")).unwrap_or_default();
        let text = format!("{}, by the {}{chunk}{note}", charge.name, charge.unit);
        list::entry(out, &format!("  {:width$}  ", charge.key), &text)?;
    }
    Ok(())
}

fn prices(out: &mut dyn Write, book: &Book, region: &str, prices: &Prices) -> io::Result<()> {
    if !prices.is_empty() {
        writeln!(out, "\n{region}:")?;
    }
    prices.iter().try_for_each(|(offer, schedule)| price(out, book, offer, schedule))
}

fn price(out: &mut dyn Write, book: &Book, offer: &Offer, schedule: &Schedule) -> io::Result<()> {
    let charge = &book.charges[offer.charge];
    for tier in schedule.tiers() {
        let on = offer.architecture.map(|on| format!(" {on}")).unwrap_or_default();
        let option = offer.purchase_option.as_ref().map(|option| format!(" {option}")).unwrap_or_default();
        let from = if tier.from.is_zero() { String::new() } else { format!(" from {}", tier.from) };
        let name = format!("{}{on}{option}{from}", charge.key);
        let read = tier.evidence.as_ref().map(|read| format!("{} {}", read.date, read.verified)).unwrap_or_default();
        let figures = format!("{:>13} / {:10} {read}", tier.price.as_dollars(), charge.unit.to_string());
        list::row(out, &format!("  {name}"), NAME, &figures)?;
    }
    match schedule.known_to() {
        Some(known_to) => list::row(out, &format!("  {}", charge.key), NAME, &format!(" unknown above {known_to}")),
        None => Ok(()),
    }
}

fn free(out: &mut dyn Write, book: &Book) -> io::Result<()> {
    if !book.free.is_empty() {
        writeln!(out, "\nFree each month:")?;
    }
    for free in &book.free {
        let keys: Vec<&str> = free.charges.iter().map(|charge| book.charges[*charge].key.as_str()).collect();
        let unit = free.charges.first().map(|charge| book.charges[*charge].unit.to_string()).unwrap_or_default();
        let worth = free.worth.map(|worth| format!(", as a discount of {worth} each")).unwrap_or_default();
        list::entry(out, &format!("  {}: ", keys.join(" and ")), &format!("{} {unit}{worth}", free.quantity))?;
    }
    Ok(())
}
