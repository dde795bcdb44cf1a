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
    /// When the prices were read, for the youngest of them.
    #[serde(serialize_with = "evidence::as_text")]
    pub as_of: Date,
    /// How the least trustworthy figure on the bill was verified.
    pub verified: Trust,
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
