//! A tariff: the meter that a run needs and the prices that turn its usage into an invoice.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::billing::book::{Book, Currency, Trust};
use crate::billing::charge::{Architecture, Charge};
use crate::billing::error::{BookError, InvoiceError};
use crate::billing::invoice::{BookProvenance, Invoice, Line};
use crate::billing::linear::Linear;
use crate::billing::meter::Meter;
use crate::billing::plan::{Part, Plan, Quantities, Share};
use crate::billing::scale::{Scale, add_up, in_units, per_million, times};
use crate::billing::usage::{FunctionUsage, Usage};

/// Everything that a run must know to be billed.
///
/// Windows shorter or longer than a month: the usage is scaled to a month of 730 h by the exact ratio, billed there
/// with tiers and free units, and the window's share is scaled back. What has one price is billed in the window itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    meter: Meter,
    plan: Plan,
    architecture: Architecture,
    /// What must have a price if it was used.
    required: &'static [Charge],
    currency: Currency,
    book: Option<BookProvenance>,
}

impl Tariff {
    /// Nothing is billed.
    pub fn none() -> Self {
        let (plan, architecture) = (Plan::default(), Architecture::default());
        Self { meter: Meter::EXACT, plan, architecture, required: &[], currency: Currency::Usd, book: None }
    }

    /// The plain cost model C = k x T.
    pub fn linear(linear: &Linear) -> Self {
        Self { meter: linear.meter(), plan: linear.plan(), ..Self::none() }
    }

    /// The prices of a book in a region.
    ///
    /// # Errors
    /// If the book does not have the region, or no price there for the architecture.
    pub fn from_book(
        book: &Book,
        region: Option<&str>,
        architecture: Architecture,
        free_tier: bool,
    ) -> Result<Self, BookError> {
        let region = book.region(region)?;
        book.check_architecture(region, architecture)?;
        let provenance = BookProvenance {
            name: book.name.clone(),
            provider: book.provider.clone(),
            region: region.into(),
            as_of: book.as_of,
            verified: book.meter_evidence.verified,
        };
        Ok(Self {
            meter: book.meter,
            plan: book.plan(region, free_tier),
            architecture,
            required: book.service.charges(),
            currency: book.currency,
            book: Some(provenance),
        })
    }

    /// The price book, if the prices come from one.
    pub const fn book(&self) -> Option<&BookProvenance> {
        self.book.as_ref()
    }

    /// Whether anything has a price.
    pub fn has_prices(&self) -> bool {
        !self.plan.prices.is_empty()
    }

    /// How invocations are rounded while the run counts them.
    pub const fn meter(&self) -> Meter {
        self.meter
    }

    /// Checks that whatever is not zero in `usage` has a price. A run can ask before it starts.
    pub fn check(&self, usage: &FunctionUsage) -> Result<(), InvoiceError> {
        let Some(book) = &self.book else { return Ok(()) };
        let architecture = self.architecture_of(usage);
        for &charge in self.required {
            let used = charge.of(usage).is_none_or(|used| used > 0);
            if used && !self.plan.prices.contains_key(&(charge, architecture)) {
                let (book, region) = (book.name.clone(), book.region.clone());
                return Err(InvoiceError::NoPrice { book, region, charge, architecture });
            }
        }
        Ok(())
    }

    /// Bills what one account used. Does not depend on the order of the functions.
    pub fn invoice(&self, usage: &Usage) -> Result<Invoice, InvoiceError> {
        usage.functions.iter().try_for_each(|usage| self.check(usage))?;
        let scale = Scale::new(usage.window)?;
        let window = self.quantities(usage)?;
        let month =
            window.iter().map(|(&key, &quantity)| Ok((key, scale.to_month(quantity)?))).collect::<Result<_, _>>()?;
        let lines = self
            .plan
            .divide(&month)
            .into_iter()
            .map(|(charge, architecture, part)| {
                let exact = window.get(&(charge, architecture)).filter(|_| self.plan.is_flat(charge, architecture));
                let quantity = exact.copied().map_or_else(|| scale.to_window(part.quantity), Ok)?;
                line(charge, architecture, part, quantity)
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.sum(lines, usage.requests())
    }

    /// The sum of what all functions used, in whole units.
    fn quantities(&self, usage: &Usage) -> Result<Quantities, InvoiceError> {
        let mut sums = BTreeMap::new();
        for function in &usage.functions {
            let architecture = self.architecture_of(function);
            let priced = self.plan.prices.keys().filter(|(_, priced)| *priced == architecture);
            for &(charge, _) in priced {
                let sum: &mut u128 = sums.entry((charge, architecture)).or_default();
                let used = charge.of(function).and_then(|used| sum.checked_add(used));
                *sum = used.ok_or(InvoiceError::TooLarge)?;
            }
        }
        sums.into_iter().map(|(key, sum)| Ok((key, in_units(sum, key.0.unit())?))).collect()
    }

    fn architecture_of(&self, usage: &FunctionUsage) -> Architecture {
        usage.architecture.unwrap_or(self.architecture)
    }

    fn sum(&self, lines: Vec<Line>, requests: u128) -> Result<Invoice, InvoiceError> {
        let total = add_up(lines.iter().map(|line| line.amount))?;
        let per_month = add_up(lines.iter().map(|line| line.month_amount))?;
        let per_million_requests = if requests == 0 { None } else { Some(per_million(total, requests)?) };
        let mut book = self.book.clone();
        if let Some(book) = &mut book {
            let figures = lines.iter().filter_map(|line| line.evidence.as_ref()).map(|evidence| evidence.verified);
            book.verified = figures.fold(book.verified, Trust::max);
        }
        Ok(Invoice { currency: self.currency, lines, total, per_month, per_million_requests, book })
    }
}

fn line(charge: Charge, architecture: Architecture, part: Part, quantity: Decimal) -> Result<Line, InvoiceError> {
    let amount = |quantity| times(quantity, part.price.as_dollars()).map(Money::from_dollars);
    let share = match part.share {
        None => String::new(),
        Some(Share::Free) => ", free".into(),
        Some(Share::Tier(n)) => format!(", tier {n}"),
    };
    Ok(Line {
        name: format!("{}{share}", charge.name()),
        meter: charge,
        architecture,
        unit: charge.unit(),
        quantity: quantity.normalize(),
        price: part.price,
        amount: amount(quantity)?,
        month_quantity: part.quantity.normalize(),
        month_amount: amount(part.quantity)?,
        evidence: part.evidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;
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
        assert_eq!(
            trust("eu-west-2"),
            Trust::OfficialPage,
            "the rounding was read on a page, the rest in the price list"
        );
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
