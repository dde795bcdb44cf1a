//! Exact arithmetic of bills: decimals of 28 digits that fail rather than overflow.

use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::amount::Money;
use crate::billing::error::InvoiceError;
use crate::billing::usage::Usage;
use crate::time::Span;

/// The ratio of a month to the window, in lowest terms.
pub(super) struct Scale {
    month: Decimal,
    window: Decimal,
}

impl Scale {
    /// The ratio for a window, which must not be empty.
    pub fn new(window: Span) -> Result<Self, InvoiceError> {
        let (month, window) = (u128::from(Usage::MONTH.as_nanos()), u128::from(window.as_nanos()));
        if window == 0 {
            return Err(InvoiceError::NoWindow);
        }
        let divisor = greatest_common_divisor(month, window);
        let lowest = |time: u128| Decimal::from_u128(time / divisor).ok_or(InvoiceError::TooLarge);
        Ok(Self { month: lowest(month)?, window: lowest(window)? })
    }

    /// What a window's quantity is in a month.
    pub fn to_month(&self, quantity: Decimal) -> Result<Decimal, InvoiceError> {
        divide(times(quantity, self.month)?, self.window)
    }

    /// What a month's quantity is in the window.
    pub fn to_window(&self, quantity: Decimal) -> Result<Decimal, InvoiceError> {
        divide(times(quantity, self.window)?, self.month)
    }
}

/// By Euclid's algorithm.
pub(super) const fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A count of base units in units of `base` each. The fraction is exact for memory in MiB and time in microseconds.
pub(super) fn in_units(count: u128, base: u128) -> Result<Decimal, InvoiceError> {
    let decimal = |count| Decimal::from_u128(count).ok_or(InvoiceError::TooLarge);
    let fraction = divide(decimal(count % base)?, decimal(base)?)?;
    decimal(count / base)?.checked_add(fraction).ok_or(InvoiceError::TooLarge)
}

/// The sum of all amounts.
pub(super) fn add_up(amounts: impl Iterator<Item = Money>) -> Result<Money, InvoiceError> {
    let mut amounts = amounts.map(Money::as_dollars);
    let sum = amounts.try_fold(Decimal::ZERO, Decimal::checked_add).ok_or(InvoiceError::TooLarge)?;
    Ok(Money::from_dollars(sum.normalize()))
}

/// What a million invocations cost if `requests` of them, not zero, cost `total`.
pub(super) fn per_million(total: Money, requests: u128) -> Result<Money, InvoiceError> {
    let requests = Decimal::from_u128(requests).ok_or(InvoiceError::TooLarge)?;
    divide(times(total.as_dollars(), Decimal::from(1_000_000))?, requests).map(Money::from_dollars)
}

/// The product.
pub(super) fn times(a: Decimal, b: Decimal) -> Result<Decimal, InvoiceError> {
    a.checked_mul(b).ok_or(InvoiceError::TooLarge)
}

fn divide(a: Decimal, b: Decimal) -> Result<Decimal, InvoiceError> {
    a.checked_div(b).ok_or(InvoiceError::TooLarge)
}
