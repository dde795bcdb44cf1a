//! A tariff: the meter that a run needs and the prices that turn its usage into an invoice.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::billing::book::{Book, Currency, Selection, Trust};
use crate::billing::charge::{Architecture, Charge, Term};
use crate::billing::error::{BookError, InvoiceError};
use crate::billing::invoice::{BookProvenance, Invoice, Line};
use crate::billing::linear::Linear;
use crate::billing::measure::{Measure, Sizing, not_counted, product};
use crate::billing::meter::{Meter, Metering};
use crate::billing::plan::{Item, Part, Plan, Pools, Quantities, Share};
use crate::billing::scale::{Scale, add_up, in_units, per_million, times};
use crate::billing::usage::{FunctionUsage, ServiceUsage, Usage};
use crate::time::Span;

/// Everything that a run must know to be billed.
///
/// Windows shorter or longer than a month: the usage is scaled to a month of 730 h by the exact ratio, billed there
/// with tiers and free units, and the window's share is scaled back. What has one price is billed in the window itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    meter: Meter,
    provisioned_step: Span,
    sizing: Sizing,
    charges: Vec<Charge>,
    plan: Plan,
    architecture: Architecture,
    currency: Currency,
    book: Option<BookProvenance>,
}

/// How much of a meter, by its key and architecture, is used.
type MeteredUse<'a> = (&'a str, Option<Architecture>, Decimal);

impl Tariff {
    /// Nothing is billed.
    pub fn none() -> Self {
        Self {
            meter: Meter::EXACT,
            provisioned_step: Span::from_nanos(1),
            sizing: Sizing::default(),
            charges: Vec::new(),
            plan: Plan::default(),
            architecture: Architecture::default(),
            currency: Currency::Usd,
            book: None,
        }
    }

    /// The plain cost model C = k x T.
    pub fn linear(linear: &Linear) -> Self {
        let (charges, plan) = linear.plan();
        Self { meter: linear.meter(), charges, plan, ..Self::none() }
    }

    /// The prices of a book in a region, on demand.
    ///
    /// # Errors
    /// If the book does not have the region, or no price there for the architecture.
    pub fn from_book(
        book: &Book,
        region: Option<&str>,
        architecture: Architecture,
        free_tier: bool,
    ) -> Result<Self, BookError> {
        let region = Some(book.region(region)?.to_owned()).filter(|_| !book.regions.is_empty());
        Self::of(book, &Selection { region, architecture, free_tier, ..Selection::default() })
    }

    /// The prices of a book that are selected.
    ///
    /// # Errors
    /// If the book does not have what is selected.
    pub fn of(book: &Book, selection: &Selection) -> Result<Self, BookError> {
        let rounding = book.rounding_at(selection.date);
        let provenance = BookProvenance {
            name: book.name.clone(),
            provider: book.provider.clone(),
            region: book.selected_region(selection)?.into(),
            as_of: book.as_of,
            verified: rounding.map_or(Trust::PriceList, |rounding| rounding.evidence.verified),
        };
        Ok(Self {
            meter: rounding.map_or(Meter::EXACT, |rounding| rounding.meter),
            provisioned_step: rounding.map_or(Span::from_nanos(1), |rounding| rounding.provisioned_step),
            sizing: rounding.map_or_else(Sizing::default, |rounding| rounding.sizing.clone()),
            charges: book.charges.clone(),
            plan: book.plan(selection)?,
            architecture: selection.architecture,
            currency: book.currency,
            book: Some(provenance),
        })
    }

    /// The same without the fixed fees of the account, which another bill has.
    #[must_use]
    pub fn without_fees(mut self) -> Self {
        self.charges.iter_mut().filter(|charge| charge.is_fee()).for_each(|charge| charge.terms.clear());
        self
    }

    /// The price book, if the prices come from one.
    pub const fn book(&self) -> Option<&BookProvenance> {
        self.book.as_ref()
    }

    /// Whether the use of functions matters to the bill, not only what a user states.
    pub fn bills_functions(&self) -> bool {
        self.terms().any(|(_, term)| !term.of.contains(&Measure::Window))
    }

    /// Whether anything has a price.
    pub fn has_prices(&self) -> bool {
        !self.plan.prices.is_empty()
    }

    /// How invocations are rounded while the run counts them.
    pub const fn meter(&self) -> Meter {
        self.meter
    }

    /// What a run must count, and how it rounds.
    pub fn metering(&self) -> Metering {
        let instances = [Measure::Active, Measure::ProvisionedActive, Measure::Idle, Measure::Lifetime];
        Metering {
            provisioned_step: self.provisioned_step,
            instances: instances.iter().any(|measure| self.counts(*measure)),
            cpu_time: self.counts(Measure::CpuTime),
            ..Metering::of(self.meter)
        }
    }

    /// Whether the bill depends on a measure, so that a run must count it: [`Measure::Active`], for example, where
    /// instances are billed while they have something to do.
    pub fn counts(&self, measure: Measure) -> bool {
        self.charges.iter().any(|charge| charge.counts(measure))
    }

    /// The price of the first unit of a meter on the tariff's processor.
    pub fn price(&self, key: &str) -> Option<Money> {
        let place = self.charges.iter().position(|charge| charge.key == key)?;
        let schedule = self.plan.prices.get(&self.plan.item(place, self.architecture)?)?;
        schedule.tiers().first().map(|tier| tier.price)
    }

    /// The free units as they are when the month begins.
    pub fn pools(&self) -> Pools {
        self.plan.pools()
    }

    /// Checks that whatever is not zero in `usage` has a meter and a price. A run can ask before it starts.
    ///
    /// # Errors
    /// What has none.
    pub fn check(&self, usage: &FunctionUsage) -> Result<(), InvoiceError> {
        let Some(book) = &self.book else { return Ok(()) };
        if let Some(what) = not_counted(usage, |measure| self.counts(measure)) {
            return Err(InvoiceError::NoMeter { book: book.name.clone(), what: what.into() });
        }
        for (place, term) in self.terms() {
            if product(&term.of, usage, &self.sizing)? > 0 {
                self.item(place, usage.architecture)?;
            }
        }
        Ok(())
    }

    /// Bills what one account used. Does not depend on the order of the functions.
    ///
    /// # Errors
    /// If something has no price, or the numbers are too large.
    pub fn invoice(&self, usage: &Usage) -> Result<Invoice, InvoiceError> {
        self.invoice_with(usage, &[], &mut self.pools())
    }

    /// Bills functions and plain services of one account, whose free units other tariffs of the same book may share.
    ///
    /// # Errors
    /// If something has no meter or no price, or the numbers are too large.
    pub fn invoice_with(
        &self,
        usage: &Usage,
        services: &[ServiceUsage],
        pools: &mut Pools,
    ) -> Result<Invoice, InvoiceError> {
        usage.functions.iter().try_for_each(|usage| self.check(usage))?;
        let scale = Scale::new(usage.window)?;
        let window = self.quantities(usage, services)?;
        let month = window.iter().map(|(&item, &quantity)| Ok((item, scale.to_month(quantity)?)));
        let month = month.collect::<Result<Quantities, _>>()?;
        month.iter().try_for_each(|(item, quantity)| self.check_known(*item, *quantity))?;
        let parts = self.plan.divide(&month, pools).into_iter();
        let lines = parts.map(|(item, part)| {
            let exact = window.get(&item).filter(|_| self.plan.is_flat(item));
            let quantity = exact.copied().map_or_else(|| scale.to_window(part.quantity), Ok)?;
            self.line(item, part, quantity)
        });
        self.sum(lines.collect::<Result<_, _>>()?, usage.requests())
    }

    fn terms(&self) -> impl Iterator<Item = (usize, &Term)> {
        self.charges.iter().enumerate().flat_map(|(place, charge)| charge.terms.iter().map(move |term| (place, term)))
    }

    /// The sum of everything that was used, in whole units.
    fn quantities(&self, usage: &Usage, services: &[ServiceUsage]) -> Result<Quantities, InvoiceError> {
        let mut quantities = Quantities::new();
        let mut add = |item: Item, quantity: Decimal| {
            let sum: &mut Decimal = quantities.entry(item).or_default();
            sum.checked_add(quantity).map(|more| *sum = more).ok_or(InvoiceError::TooLarge)
        };
        for (place, term) in self.terms() {
            for (item, count) in self.count(place, term, usage, !services.is_empty())? {
                add(item, times(in_units(count, term.unit.base())?, term.weight)?)?;
            }
        }
        for service in services {
            let place = self.charges.iter().position(|charge| charge.key == service.meter);
            let no_meter = || InvoiceError::NoMeter { book: self.book_name(), what: format!("\"{}\"", service.meter) };
            add(self.item(place.ok_or_else(no_meter)?, service.architecture)?, service.quantity)?;
        }
        Ok(quantities)
    }

    /// What one function counts for each meter: its key, the processor where the price depends on it, and units.
    pub(super) fn counts_of(&self, function: &FunctionUsage) -> Result<Vec<MeteredUse<'_>>, InvoiceError> {
        let on = function.architecture.unwrap_or(self.architecture);
        let terms = self.terms().filter(|(_, term)| !term.of.contains(&Measure::Window));
        let priced = terms.filter_map(|(place, term)| Some((place, term, self.plan.item(place, on)?.1)));
        let count = |(place, term, on): (usize, &Term, Option<Architecture>)| {
            let units = in_units(product(&term.of, function, &self.sizing)?, term.unit.base())?;
            Ok((self.charges[place].key.as_str(), on, times(units, term.weight)?))
        };
        priced.map(count).collect()
    }

    /// What all functions together count for one term.
    fn count(
        &self,
        place: usize,
        term: &Term,
        usage: &Usage,
        services: bool,
    ) -> Result<BTreeMap<Item, u128>, InvoiceError> {
        let mut counts = BTreeMap::new();
        if term.of.contains(&Measure::Window) {
            let used = services || !usage.functions.is_empty();
            let fee = self.plan.item(place, self.architecture).filter(|_| used);
            return Ok(fee.map(|item| (item, u128::from(usage.window.as_nanos()))).into_iter().collect());
        }
        for function in &usage.functions {
            let architecture = function.architecture.unwrap_or(self.architecture);
            // What was used without a price has been refused by `check`.
            let Some(item) = self.plan.item(place, architecture) else { continue };
            let sum: &mut u128 = counts.entry(item).or_default();
            let used = product(&term.of, function, &self.sizing)?;
            *sum = sum.checked_add(used).ok_or(InvoiceError::TooLarge)?;
        }
        Ok(counts)
    }

    /// Under what a meter is priced on a processor, or on that of the tariff.
    fn item(&self, place: usize, architecture: Option<Architecture>) -> Result<Item, InvoiceError> {
        let architecture = architecture.unwrap_or(self.architecture);
        self.plan.item(place, architecture).ok_or_else(|| InvoiceError::NoPrice {
            book: self.book_name(),
            region: self.book.as_ref().map_or_else(String::new, |book| book.region.clone()),
            meter: self.charges[place].key.clone(),
            architecture: architecture.to_string(),
        })
    }

    fn book_name(&self) -> String {
        self.book.as_ref().map_or_else(String::new, |book| book.name.clone())
    }

    /// Checks that the price of so much in a month is known. Free units do not count towards tiers.
    fn check_known(&self, item: Item, quantity: Decimal) -> Result<(), InvoiceError> {
        let known_to = self.plan.prices.get(&item).and_then(|schedule| schedule.known_to());
        let Some(known_to) = known_to.filter(|known_to| quantity > *known_to) else { return Ok(()) };
        let charge = &self.charges[item.0];
        let (meter, unit) = (charge.key.clone(), charge.unit.to_string());
        Err(InvoiceError::BeyondTiers { book: self.book_name(), meter, known_to, unit })
    }

    fn line(&self, (place, architecture): Item, part: Part, quantity: Decimal) -> Result<Line, InvoiceError> {
        let amount = |quantity| times(quantity, part.price.as_dollars()).map(Money::from_dollars);
        let share = match part.share {
            None => String::new(),
            Some(Share::Free) => ", free".into(),
            Some(Share::Tier(n)) => format!(", tier {n}"),
        };
        let charge = &self.charges[place];
        Ok(Line {
            name: format!("{}{share}", charge.name),
            meter: charge.key.clone(),
            architecture,
            unit: charge.unit.clone(),
            quantity: quantity.normalize(),
            price: part.price,
            amount: amount(quantity)?,
            month_quantity: part.quantity.normalize(),
            month_amount: amount(part.quantity)?,
            evidence: part.evidence,
        })
    }

    fn sum(&self, lines: Vec<Line>, requests: u128) -> Result<Invoice, InvoiceError> {
        let total = add_up(lines.iter().map(|line| line.amount))?;
        let per_month = add_up(lines.iter().map(|line| line.month_amount))?;
        let per_million_requests = if requests == 0 { None } else { Some(per_million(total, requests)?) };
        let book = self.book.clone().map(|book| book.on(lines.iter()));
        Ok(Invoice { currency: self.currency, lines, total, per_month, per_million_requests, book })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    fn lambda(region: &str, architecture: Architecture) -> Tariff {
        Tariff::from_book(&Book::embedded("aws-lambda").unwrap(), Some(region), architecture, true).unwrap()
    }

    fn hour(requests: u64) -> Usage {
        let usage = FunctionUsage { requests, ..FunctionUsage::default() };
        Usage { window: Span::from_secs(3_600), functions: vec![usage] }
    }

    /// 10,000 requests in an hour are 7.3 million in a month, of which one million is free.
    #[test]
    fn an_hour_pays_its_share_of_the_month() {
        let invoice = lambda("us-east-1", Architecture::X86_64).invoice(&hour(10_000)).unwrap();
        assert_eq!(invoice.per_month.as_dollars(), dec!(1.26));
        assert_eq!((invoice.total.as_dollars() - dec!(1.26) / dec!(730)).round_dp(20), dec!(0));
        assert_eq!(invoice.lines.iter().map(|line| line.quantity).sum::<Decimal>().round_dp(15), dec!(10_000));
        let names: Vec<&str> = invoice.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["Requests, free", "Requests, tier 1"]);
        assert_eq!(invoice.per_million_requests.unwrap().as_dollars().round_dp(10), dec!(0.1726027397));
    }

    #[test]
    fn a_bill_says_how_far_to_trust_it() {
        let trust = |region| {
            let invoice = lambda(region, Architecture::X86_64).invoice(&hour(10_000)).unwrap();
            invoice.book.unwrap().verified
        };
        assert_eq!(trust("us-east-1"), Trust::Secondary);
        assert_eq!(trust("eu-west-2"), Trust::PriceList, "a rule of rounding is no price");
    }

    #[test]
    fn a_bill_is_plain_json() {
        let invoice = lambda("us-east-1", Architecture::X86_64).invoice(&hour(10_000)).unwrap();
        let json = serde_json::to_value(invoice).unwrap();
        assert_eq!(json["per_month"], "1.26 USD");
        assert_eq!(json["book"]["as_of"], "2026-09-06");
        let line = &json["lines"][1];
        let values =
            [&line["meter"], &line["unit"], &line["price"], &line["month_quantity"], &line["evidence"]["date"]];
        assert_eq!(values, ["request", "request", "0.0000002 USD", "6300000", "2026-09-06"]);
    }

    #[test]
    fn what_was_used_must_have_a_price() {
        let usage =
            FunctionUsage { memory: "1 GiB".parse().unwrap(), provisioned_billed: 1, ..FunctionUsage::default() };
        assert_eq!(lambda("us-east-1", Architecture::X86_64).check(&usage), Ok(()));
        let error =
            lambda("eu-west-2", Architecture::X86_64).invoice(&Usage::month(vec![usage])).unwrap_err().to_string();
        assert!(error.contains("no price for \"provisioned_duration\" on x86_64 in eu-west-2"), "{error}");
    }

    #[test]
    fn impossible_usage_is_an_error() {
        let tariff = lambda("us-east-1", Architecture::X86_64);
        assert_eq!(tariff.invoice(&Usage { window: Span::ZERO, functions: vec![] }), Err(InvoiceError::NoWindow));
        let usage = FunctionUsage { memory: "1 TiB".parse().unwrap(), billed: u128::MAX, ..FunctionUsage::default() };
        assert_eq!(tariff.invoice(&Usage::month(vec![usage])), Err(InvoiceError::TooLarge));
        let usage = Usage { window: Span::from_nanos(1), ..hour(u64::MAX) };
        assert_eq!(tariff.invoice(&usage), Err(InvoiceError::TooLarge));
    }
}
