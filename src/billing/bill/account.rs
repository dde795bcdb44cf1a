//! The bill of an account: all its functions and services, by price book.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use toml::Spanned;
use toml::value::Date;

use super::entries::{Account, Expected};
use crate::amount::Money;
use crate::billing::book::{Book, Selection};
use crate::billing::charge::Architecture;
use crate::billing::invoice::{Invoice, Line};
use crate::billing::plan::Pools;
use crate::billing::scale::add_up;
use crate::billing::tariff::Tariff;
use crate::billing::usage::{FunctionUsage, ServiceUsage, Usage};
use crate::time::Span;

/// What an account owes.
#[derive(Debug, Clone, Serialize)]
pub struct Bill {
    /// What it is called.
    pub name: String,
    /// The time in which everything was used.
    pub window: Span,
    /// One part for each price book and way to buy.
    pub parts: Vec<BillPart>,
    /// What the window costs, unrounded.
    pub total: Money,
    /// What a month of 730 hours costs, unrounded.
    pub per_month: Money,
    /// The month as providers print it: each line in cents, then the sum.
    pub printed_per_month: Money,
    /// What it should come to.
    #[serde(skip)]
    pub expected: Option<Expected>,
}

/// What an account owes for the services of one price book.
#[derive(Debug, Clone, Serialize)]
pub struct BillPart {
    /// The lines.
    pub invoice: Invoice,
    /// The processor that is meant where an entry says none.
    pub architecture: Architecture,
    /// The way to buy; `None` is on demand.
    pub purchase_option: Option<String>,
}

impl Bill {
    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.parts.iter().flat_map(|part| &part.invoice.lines)
    }

    /// The date of the oldest price on the bill.
    pub fn oldest(&self) -> Option<Date> {
        self.parts.iter().filter_map(|part| part.invoice.book.as_ref()).map(|book| book.as_of).min()
    }

    /// Whether it comes to what is expected: in total, and for each meter.
    ///
    /// # Errors
    /// What differs.
    pub fn meets(&self, expected: &Expected) -> Result<(), String> {
        let near = |sum: Decimal, right: Decimal| {
            let strategy = RoundingStrategy::MidpointAwayFromZero;
            (sum.round_dp_with_strategy(right.scale().max(2), strategy) - right).abs() <= expected.tolerance.0
        };
        let (printed, exact) = (self.printed_per_month.as_dollars(), self.per_month.as_dollars());
        let total = expected.total.0;
        if !near(printed, total) && !near(exact, total) {
            return Err(format!("expected {total}, not {printed:.2} ({exact})"));
        }
        for (meter, right) in &expected.meters {
            let lines = || self.lines().filter(|line| line.meter == *meter);
            let printed: Money = lines().map(Line::printed_month_amount).sum();
            let exact: Money = lines().map(|line| line.month_amount).sum();
            if !near(printed.as_dollars(), right.0) && !near(exact.as_dollars(), right.0) {
                return Err(format!("{meter}: expected {}, not {printed}", right.0));
            }
        }
        Ok(())
    }
}

/// Where the prices of an entry come from.
struct Source<'a> {
    book: &'a Option<String>,
    book_file: &'a Option<PathBuf>,
    selection: Selection,
}

/// Entries that one tariff bills.
struct Group {
    /// The place of the book among those of the bill.
    book: usize,
    selection: Selection,
    functions: Vec<FunctionUsage>,
    services: Vec<ServiceUsage>,
}

/// The books and groups of a bill while it is put together.
struct Draft<'a> {
    account: &'a Account,
    base: &'a Path,
    books: Vec<Book>,
    groups: Vec<Group>,
}

/// An entry that is wrong: where it begins in the file, and what is wrong.
pub type Wrong = (std::ops::Range<usize>, String);

impl Account {
    /// Bills it. Paths of books are relative to `base`.
    ///
    /// # Errors
    /// Which entry cannot be billed, and why.
    pub fn bill(&self, base: &Path) -> Result<Bill, Wrong> {
        let mut draft = Draft { account: self, base, books: Vec::new(), groups: Vec::new() };
        for entry in &self.function {
            draft.function(entry).map_err(|problem| (entry.span(), problem))?;
        }
        for entry in &self.service {
            draft.service(entry).map_err(|problem| (entry.span(), problem))?;
        }
        let first = self.function.first().map(Spanned::span).or(self.service.first().map(Spanned::span));
        draft.check_without_free().and_then(|()| draft.bill()).map_err(|problem| (first.unwrap_or(0..0), problem))
    }

    fn selection(&self) -> Selection {
        Selection { free_tier: self.free_tier, date: self.date, ..Selection::default() }
    }
}

impl Draft<'_> {
    fn function(&mut self, entry: &Spanned<super::FunctionEntry>) -> Result<(), String> {
        let entry = entry.get_ref();
        let selection = Selection {
            region: entry.region.clone(),
            architecture: entry.architecture.unwrap_or_default(),
            purchase_option: entry.purchase_option.clone(),
            prices: entry.prices.clone(),
            ..self.account.selection()
        };
        let group = self.group(Source { book: &entry.book, book_file: &entry.book_file, selection })?;
        let book = &self.books[self.groups[group].book];
        let rounding = book.rounding_at(self.account.date);
        let rounding =
            rounding.ok_or_else(|| format!("{} bills no functions; use [[bill.service]] and a meter", book.name))?;
        let usage = entry.usage(book, rounding)?;
        self.tariff(&self.groups[group])?.check(&usage).map_err(|error| error.to_string())?;
        self.groups[group].functions.push(usage);
        Ok(())
    }

    fn service(&mut self, entry: &Spanned<super::ServiceEntry>) -> Result<(), String> {
        let entry = entry.get_ref();
        let selection = Selection {
            region: entry.region.clone(),
            architecture: entry.architecture.unwrap_or_default(),
            purchase_option: entry.purchase_option.clone(),
            prices: entry.price.map(|price| (entry.meter.clone(), price)).into_iter().collect(),
            ..self.account.selection()
        };
        let group = self.group(Source { book: &entry.book, book_file: &entry.book_file, selection })?;
        let usage = entry.usage(&self.books[self.groups[group].book])?;
        self.groups[group].services.push(usage);
        Ok(())
    }

    /// The group of entries with the same prices, which is made if it is new.
    fn group(&mut self, source: Source) -> Result<usize, String> {
        let book = match (source.book, source.book_file) {
            (Some(name), None) => Book::embedded(name),
            (None, Some(path)) => Book::read(&self.base.join(path)),
            (Some(_), Some(_)) => return Err("both book and book_file; keep one".into()),
            (None, None) => {
                return Err("no price book; add book = \"aws-lambda\" or another of `coldcast prices`".into());
            }
        };
        let book = book.map_err(|error| error.to_string())?;
        let without_free = self.account.without_free.get(&book.name).cloned().unwrap_or_default();
        let selection = Selection { without_free, ..source.selection };
        let known = self.books.iter().position(|known| *known == book);
        let book = known.unwrap_or_else(|| {
            self.books.push(book);
            self.books.len() - 1
        });
        let same = |group: &Group| group.book == book && group.selection == selection;
        if let Some(group) = self.groups.iter().position(same) {
            return Ok(group);
        }
        let group = Group { book, selection, functions: Vec::new(), services: Vec::new() };
        self.tariff(&group)?;
        self.groups.push(group);
        Ok(self.groups.len() - 1)
    }

    fn tariff(&self, group: &Group) -> Result<Tariff, String> {
        let tariff = Tariff::of(&self.books[group.book], &group.selection);
        // Here the keys are those of the entry, not of a scenario.
        tariff.map_err(|error| error.to_string().replace("pricing.", ""))
    }

    /// Free units that are declined must belong to a book of the bill.
    fn check_without_free(&self) -> Result<(), String> {
        let unknown = |name: &&String| self.books.iter().all(|book| book.name != **name);
        match self.account.without_free.keys().find(unknown) {
            Some(name) => Err(format!("without_free names \"{name}\", which bills nothing here")),
            None => Ok(()),
        }
    }

    fn bill(&self) -> Result<Bill, String> {
        let window = self.account.window.unwrap_or(Usage::MONTH);
        let mut pools: BTreeMap<usize, Pools> = BTreeMap::new();
        let mut parts = Vec::new();
        for group in &self.groups {
            let tariff = self.tariff(group)?;
            let pools = pools.entry(group.book).or_insert_with(|| tariff.pools());
            let usage = Usage { window, functions: group.functions.clone() };
            let invoice = tariff.invoice_with(&usage, &group.services, pools).map_err(|error| error.to_string())?;
            let Selection { architecture, purchase_option, .. } = group.selection.clone();
            parts.push(BillPart { invoice, architecture, purchase_option });
        }
        let sum = |figure: fn(&Invoice) -> Money| {
            add_up(parts.iter().map(|part| figure(&part.invoice))).map_err(|error| error.to_string())
        };
        Ok(Bill {
            name: self.account.name.clone(),
            window,
            total: sum(|invoice| invoice.total)?,
            per_month: sum(|invoice| invoice.per_month)?,
            printed_per_month: sum(Invoice::printed_per_month)?,
            parts,
            expected: self.account.expected.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The total of a month, and the meters on the bill.
    fn bill(text: &str) -> Bill {
        let account: Account = toml::from_str(text).unwrap();
        account.bill(Path::new("")).unwrap()
    }

    fn month(text: &str) -> String {
        bill(text).per_month.to_string()
    }

    const CALLS: &str = "[[function]]\nbook = \"aws-lambda\"\nrequests = 1_000_000\nduration = \"0s\"\n";

    #[test]
    fn all_functions_of_an_account_share_the_free_units() {
        assert_eq!(month(CALLS), "0 USD");
        assert_eq!(month(&CALLS.repeat(2)), "0.2 USD");
        assert_eq!(month(&format!("{CALLS}{CALLS}region = \"eu-west-2\"\n")), "0.2 USD", "in other regions, too");
        assert_eq!(month(&format!("{CALLS}{CALLS}architecture = \"arm64\"\n")), "0.2 USD", "on other processors, too");
        assert_eq!(month(&format!("free_tier = false\n{CALLS}")), "0.2 USD");
        assert_eq!(month(&format!("without_free = {{ aws-lambda = [\"request\"] }}\n{CALLS}")), "0.2 USD");
    }

    #[test]
    fn a_price_that_was_agreed_on_replaces_that_of_the_book() {
        let agreed = format!("{}prices = {{ request = \"0.000001 USD\" }}\n", CALLS.replace("1_000", "3_000"));
        assert_eq!(month(&agreed), "2 USD");
        let account: Account = toml::from_str(&agreed.replace("request =", "reqest =")).unwrap();
        let (_, problem) = account.bill(Path::new("")).unwrap_err();
        assert!(problem.contains("did you mean \"request\"?"), "{problem}");
    }

    #[test]
    fn a_fee_is_paid_once_and_for_its_share_of_the_month() {
        let worker = "[[function]]\nbook = \"cloudflare-workers\"\nrequests = 1\ncpu_time = \"1ms\"\n";
        assert_eq!(month(&worker.repeat(3)), "5 USD");
        let day = bill(&format!("window = \"73h\"\n{worker}"));
        assert_eq!((day.total.to_string(), day.per_month.to_string()), ("0.5 USD".into(), "5 USD".into()));
    }

    #[test]
    fn what_was_declined_must_belong_to_the_bill() {
        let account: Account = toml::from_str(&format!("without_free = {{ aws-sqs = [\"x\"] }}\n{CALLS}")).unwrap();
        assert!(account.bill(Path::new("")).unwrap_err().1.contains("\"aws-sqs\", which bills nothing here"));
    }
}
