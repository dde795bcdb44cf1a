//! A bill: one line per price, and where each price was read.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use toml::value::Date;

use crate::amount::Money;
use crate::billing::book::{Currency, Evidence, Trust};
use crate::billing::charge::Architecture;
use crate::billing::evidence;
use crate::billing::unit::Unit;

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
