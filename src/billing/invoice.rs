//! A bill: one line per price, and where each price was read.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use toml::value::Date;

use crate::amount::Money;
use crate::billing::book::{Currency, Evidence, Trust};
use crate::billing::charge::Architecture;
use crate::billing::error::InvoiceError;
use crate::billing::evidence;
use crate::billing::scale::{add_up, in_units, times};
use crate::billing::unit::Unit;
use crate::billing::usage::Usage;
use crate::time::Span;

/// What a window of time costs, and what a month of the same would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// The currency of all amounts.
    pub currency: Currency,
    /// One line per charge, architecture and price. What was not used has no line.
    pub lines: Vec<Line>,
    /// The sum of the lines for the window, unrounded.
    pub total: Money,
    /// The sum of the lines for a month of 730 hours, unrounded.
    pub per_month: Money,
    /// The total per million invocations; `None` if there was none.
    pub per_million_requests: Option<Money>,
    /// The price book; `None` if the user stated the prices.
    pub book: Option<BookProvenance>,
}

/// One line of a bill: quantity times price is the amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is for, in words.
    pub name: String,
    /// The key of what is charged.
    pub meter: String,
    /// The processor, where the price depends on it.
    pub architecture: Option<Architecture>,
    /// The unit of the quantities and of the price.
    pub unit: Unit,
    /// Units in the window.
    pub quantity: Decimal,
    /// Price of one unit.
    pub price: Money,
    /// What the window costs.
    pub amount: Money,
    /// Units in a month of 730 hours.
    pub month_quantity: Decimal,
    /// What the month costs.
    pub month_amount: Money,
    /// Where the price was read; `None` if the user stated it.
    pub evidence: Option<Evidence>,
}

/// Which price book a bill was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookProvenance {
    /// Name of the book.
    pub name: String,
    /// Who provides the service.
    pub provider: String,
    /// The region whose prices hold.
    pub region: String,
    /// On a bill, when the oldest price on it was read; else, when the youngest of the book was.
    #[serde(serialize_with = "evidence::as_text")]
    pub as_of: Date,
    /// On a bill, how the least trustworthy price on it was verified.
    pub verified: Trust,
}

impl BookProvenance {
    /// With the date and the trust of the prices that lines use: the oldest, and the least trustworthy. Those that cost something
    /// count, or all where nothing does. This is the one place where a bill gets its date and its trust.
    #[must_use]
    pub fn on<'a>(self, lines: impl Iterator<Item = &'a Line> + Clone) -> Self {
        let costs = lines.clone().any(|line| line.month_amount > Money::ZERO);
        let used = lines.filter(|line| !costs || line.month_amount > Money::ZERO);
        let evidence =
            used.filter_map(|line| line.evidence.as_ref().map(|evidence| (evidence.date, evidence.verified)));
        let worst = evidence.reduce(|(date, trust), other| (date.min(other.0), trust.max(other.1)));
        worst.map_or(self.clone(), |(as_of, verified)| Self { as_of, verified, ..self })
    }

    /// Each book and region once, in order: with the oldest date and the least trust that it has anywhere.
    pub fn merged<'a>(books: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut merged: Vec<Self> = Vec::new();
        for book in books {
            match merged.iter_mut().find(|known| (&known.name, &known.region) == (&book.name, &book.region)) {
                Some(known) => {
                    known.as_of = known.as_of.min(book.as_of);
                    known.verified = known.verified.max(book.verified);
                }
                None => merged.push(book.clone()),
            }
        }
        merged
    }
}

impl std::fmt::Display for BookProvenance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}), prices of {} ({})", self.name, self.region, self.as_of, self.verified)
    }
}

impl Invoice {
    /// The same with one more line: something that costs the same every month, of which a window has its share. Nothing is added if
    /// it costs nothing.
    ///
    /// # Errors
    /// If the numbers are too large.
    pub fn with_monthly(mut self, price: Money, window: Span) -> Result<Self, InvoiceError> {
        if price == Money::ZERO {
            return Ok(self);
        }
        let months = in_units(window.as_nanos().into(), Usage::MONTH.as_nanos().into())?;
        let amount = Money::from_dollars(times(price.as_dollars(), months)?);
        self.total = add_up([self.total, amount].into_iter())?;
        self.per_month = add_up([self.per_month, price].into_iter())?;
        self.lines.push(Line {
            name: "Other costs".into(),
            meter: "other".into(),
            architecture: None,
            unit: Unit::month(),
            quantity: months,
            price,
            amount,
            month_quantity: Decimal::ONE,
            month_amount: price,
            evidence: None,
        });
        Ok(self)
    }

    /// What the provider's examples print for a month: each line rounded to cents, half up, and then the sum.
    pub fn printed_per_month(&self) -> Money {
        self.lines.iter().map(Line::printed_month_amount).sum()
    }
}

impl Line {
    /// The month's amount, rounded to cents, half up.
    pub fn printed_month_amount(&self) -> Money {
        let dollars = self.month_amount.as_dollars();
        Money::from_dollars(dollars.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }
}
