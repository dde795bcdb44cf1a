//! Who pays which share of a line: tiers and free units are of the account, and are divided by use.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::amount::Money;
use crate::billing::charge::Architecture;
use crate::billing::error::InvoiceError;
use crate::billing::invoice::{Invoice, Line};
use crate::billing::scale::{add_up, times};
use crate::billing::services::BillPart;
use crate::billing::tariff::Tariff;
use crate::billing::usage::{FunctionUsage, ServiceUsage};

/// An invoice by the names of what was used, each with its share of each line. Lines that follow from no use, such as fees, go to the
/// first name.
///
/// # Errors
/// If the numbers are too large.
pub(super) fn by_name(
    invoice: &Invoice,
    used: &[(&str, ServiceUsage)],
    processor: Architecture,
) -> Result<Vec<BillPart>, InvoiceError> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in used {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut parts: Vec<BillPart> =
        names.iter().map(|name| ((*name).to_owned(), Invoice { lines: Vec::new(), ..invoice.clone() })).collect();
    for line in &invoice.lines {
        let is_of = |usage: &ServiceUsage| {
            usage.meter == line.meter
                && line.architecture.is_none_or(|on| on == usage.architecture.unwrap_or(processor))
        };
        let use_of = |of: &str| -> Decimal {
            used.iter().filter(|(name, usage)| *name == of && is_of(usage)).map(|(_, usage)| usage.quantity).sum()
        };
        let uses: Vec<Decimal> = names.iter().map(|name| use_of(name)).collect();
        for (part, share) in parts.iter_mut().zip(divided(line, &uses)?) {
            part.1.lines.extend(share);
        }
    }
    for (_, part) in &mut parts {
        part.total = add_up(part.lines.iter().map(|line| line.amount))?;
        part.per_month = add_up(part.lines.iter().map(|line| line.month_amount))?;
        part.book = part.book.take().map(|book| book.on(part.lines.iter()));
    }
    Ok(parts)
}

/// The shares of a line in proportion to uses; the last that uses anything takes what rounding leaves, so that they add up exactly.
fn divided(line: &Line, uses: &[Decimal]) -> Result<Vec<Option<Line>>, InvoiceError> {
    let all: Decimal = uses.iter().sum();
    let last = uses.iter().rposition(|used| !used.is_zero());
    let mut shares = vec![None; uses.len()];
    let mut left = line.clone();
    for (place, used) in uses.iter().enumerate().filter(|(_, used)| !used.is_zero() && all > Decimal::ZERO) {
        if Some(place) == last {
            break;
        }
        let of = |whole: Decimal| times(whole, *used)?.checked_div(all).ok_or(InvoiceError::TooLarge);
        let money = |whole: Money| of(whole.as_dollars()).map(Money::from_dollars);
        let share = Line {
            quantity: of(line.quantity)?.normalize(),
            amount: money(line.amount)?,
            month_quantity: of(line.month_quantity)?.normalize(),
            month_amount: money(line.month_amount)?,
            ..line.clone()
        };
        left.quantity -= share.quantity;
        left.month_quantity -= share.month_quantity;
        left.amount = Money::from_dollars(left.amount.as_dollars() - share.amount.as_dollars());
        left.month_amount = Money::from_dollars(left.month_amount.as_dollars() - share.month_amount.as_dollars());
        shares[place] = Some(share);
    }
    if let Some(share) = shares.get_mut(last.unwrap_or(0)) {
        *share = Some(left);
    }
    Ok(shares)
}

/// What each function has of the window's and of the month's bill: its share of each line, by use. Fixed fees are nobody's.
///
/// # Errors
/// If the numbers are too large.
pub fn by_function(
    tariff: &Tariff,
    functions: &[FunctionUsage],
    invoice: &Invoice,
) -> Result<Vec<[f64; 2]>, InvoiceError> {
    // Dollars of window and month for one unit of a meter, whatever the tier: all functions climb the tiers together.
    let mut prices: BTreeMap<(&str, Option<Architecture>), [f64; 3]> = BTreeMap::new();
    for line in &invoice.lines {
        let [amount, month, quantity] = prices.entry((&line.meter, line.architecture)).or_default();
        *amount += line.amount.as_f64();
        *month += line.month_amount.as_f64();
        *quantity += line.quantity.to_f64().unwrap_or(f64::NAN);
    }
    let share = |function: &FunctionUsage| {
        let mut sums = [0.0; 2];
        for (meter, on, units) in tariff.counts_of(function)? {
            if let Some([amount, month, all]) = prices.get(&(meter, on)).filter(|_| !units.is_zero()) {
                let part = units.to_f64().unwrap_or(f64::NAN) / all;
                sums[0] += amount * part;
                sums[1] += month * part;
            }
        }
        Ok(sums)
    };
    functions.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::book::{Book, Selection};
    use crate::billing::usage::Usage;
    use rust_decimal::dec;

    fn used(meter: &str, quantity: Decimal) -> ServiceUsage {
        ServiceUsage { meter: meter.into(), architecture: None, quantity }
    }

    #[test]
    fn each_name_has_its_lines_and_nothing_is_lost() {
        let tariff = Tariff::of(&Book::embedded("aws-sqs").unwrap(), &Selection::default()).unwrap();
        let named = [
            ("orders", used("standard_request", dec!(2_000_000))),
            ("audit", used("standard_request", dec!(1_000_000))),
            ("audit", used("fifo_request", dec!(500_000))),
        ];
        let all: Vec<ServiceUsage> = named.iter().map(|(_, usage)| usage.clone()).collect();
        let invoice = tariff.invoice_with(&Usage::month(Vec::new()), &all, &mut tariff.pools()).unwrap();
        let parts = by_name(&invoice, &named, Architecture::X86_64).unwrap();
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["orders", "audit"]);
        assert_eq!(add_up(parts.iter().map(|(_, part)| part.per_month)), Ok(invoice.per_month));
        let paid = |part: &Invoice| part.lines.iter().filter(|line| !line.amount.as_dollars().is_zero()).count();
        assert!(paid(&parts[0].1) == 1 && paid(&parts[1].1) >= 1);
    }

    #[test]
    fn functions_share_tiers_and_free_units_by_use() {
        let tariff = Tariff::of(&Book::embedded("aws-lambda").unwrap(), &Selection::default()).unwrap();
        let function = |requests| FunctionUsage { requests, ..FunctionUsage::default() };
        let usage = Usage::month(vec![function(3_000_000), function(1_000_000)]);
        let invoice = tariff.invoice(&usage).unwrap();
        let shares = by_function(&tariff, &usage.functions, &invoice).unwrap();
        // Of 4 million one is free: 0.60 USD, three quarters of which are the first one's.
        assert!((shares[0][1] - 0.45).abs() < 1e-12 && (shares[1][1] - 0.15).abs() < 1e-12, "{shares:?}");
    }
}
