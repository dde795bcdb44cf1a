//! `coldcast prices compare`: the same usage on several books, or one meter in all books and regions.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::books;
use crate::billing::bill::Bill;
use crate::billing::book::{Book, EVERYWHERE, Offer};
use crate::billing::plan::Schedule;
use crate::cli::usage_args::{self, UsageArgs};
use crate::cli::{Failure, list};

/// Compare books.
#[derive(Debug, Args)]
pub struct Compare {
    /// A price book of the program; several are compared [default: all that bill invocations].
    #[arg(long, value_name = "NAME")]
    book: Vec<String>,
    /// A price book of your own.
    #[arg(long, value_name = "FILE")]
    book_file: Vec<PathBuf>,
    /// Compare the price of this meter instead of the cost of usage.
    #[arg(long, value_name = "KEY")]
    meter: Option<String>,
    #[command(flatten)]
    usage: UsageArgs,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Compare {
    /// Writes the comparison.
    ///
    /// # Errors
    /// There is no such book or meter, or no usage to compare.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        match &self.meter {
            Some(meter) => self.meter(meter, out),
            None => match self.missing() {
                Some(option) => Err(Failure::Input(format!(
                    "nothing to compare: {option} is missing; say --requests, --duration and --memory, or --meter"
                ))),
                None => self.usage(out),
            },
        }
    }

    /// Which option is missing without which usage cannot be compared.
    fn missing(&self) -> Option<&'static str> {
        let given = [
            ("--requests", self.usage.requests > 0),
            ("--duration", self.usage.duration.is_some()),
            ("--memory", self.usage.memory.is_some()),
        ];
        given.into_iter().find(|(_, given)| !given).map(|(option, _)| option)
    }

    /// The books that are named, or all that bill invocations.
    fn named(&self) -> Result<Vec<usage_args::Book>, Failure> {
        let named = self.book.iter().cloned().map(usage_args::Book::Named);
        let named: Vec<_> = named.chain(self.book_file.iter().cloned().map(usage_args::Book::File)).collect();
        if !named.is_empty() {
            return Ok(named);
        }
        let functions = books()?.into_iter().filter(Book::bills_invocations);
        Ok(functions.map(|book| usage_args::Book::Named(book.name)).collect())
    }

    fn usage(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let (mut bills, mut refused): (Vec<Bill>, Vec<(String, String)>) = Default::default();
        for book in self.named()? {
            match self.usage.account(&book).bill(Path::new("")) {
                Ok(bill) => bills.push(bill),
                Err((_, problem)) => refused.push((book.to_string(), problem)),
            }
        }
        bills.sort_by_key(|bill| bill.per_month);
        if self.json {
            let refused = refused.iter().map(|(book, why)| json!({ "book": book, "problem": why })).collect::<Vec<_>>();
            let text = serde_json::to_string_pretty(&json!({ "bills": bills, "refused": refused }));
            return Ok(writeln!(out, "{}", text.map_err(anyhow::Error::from)?)?);
        }
        writeln!(out, "{:26} {:>11} {:>15}  prices", "book", "USD a month", "USD per million")?;
        for bill in &bills {
            let Some(invoice) = bill.parts.first().map(|part| &part.invoice) else { continue };
            let read = invoice.book.as_ref().map(|book| format!("{}, {} ({})", book.region, book.as_of, book.verified));
            let million = invoice.per_million_requests.map(|amount| amount.as_dollars().round_dp(4).to_string());
            let (month, million) = (bill.per_month.as_dollars().round_dp(2), million.unwrap_or_default());
            let figures = format!("{:26} {month:>11.2} {million:>15}  ", bill.name);
            list::entry(out, &figures, &read.unwrap_or_default())?;
        }
        refused
            .iter()
            .try_for_each(|(book, why)| list::entry(out, &format!("{book:26} "), &format!("not billed: {why}")))?;
        Ok(())
    }

    fn meter(&self, key: &str, out: &mut dyn Write) -> Result<(), Failure> {
        let wanted = |book: &Book| self.book.is_empty() || self.book.contains(&book.name);
        let mut rows = Vec::new();
        for book in books()?.into_iter().filter(wanted) {
            let Some(charge) = book.charge(key) else { continue };
            let priced = |(offer, _): &(&Offer, &Schedule)| offer.charge == charge;
            let everywhere = book.everywhere.iter().filter(priced).map(|price| (EVERYWHERE, price));
            let regions = book.regions.iter();
            let regions =
                regions.flat_map(|(name, of)| of.iter().filter(priced).map(move |price| (name.as_str(), price)));
            rows.extend(everywhere.chain(regions).map(|(region, price)| row(&book, region, price)));
        }
        if rows.is_empty() {
            return Err(Failure::Input(format!("no book has a meter `{key}`; `coldcast prices show BOOK` lists them")));
        }
        rows.iter().try_for_each(|(price, unit)| list::entry(out, price, unit))?;
        Ok(())
    }
}

/// A price of a meter: of the first tier; and its unit, and whether there are more tiers.
fn row(book: &Book, region: &str, (offer, schedule): (&Offer, &Schedule)) -> (String, String) {
    let on = offer.architecture.map(|on| on.to_string()).unwrap_or_default();
    let option = offer.purchase_option.clone().unwrap_or_default();
    let tiers = schedule.tiers();
    let price = tiers.first().map(|tier| tier.price.as_dollars()).unwrap_or_default();
    let more = if tiers.len() > 1 { format!(" (first of {} tiers)", tiers.len()) } else { String::new() };
    let unit = &book.charges[offer.charge].unit;
    let name = &book.name;
    let of = format!("{name:24} {region:14} {on:6} {option}");
    (format!("{:48}{price:>13} / ", of.trim_end()), format!("{unit}{more}"))
}
