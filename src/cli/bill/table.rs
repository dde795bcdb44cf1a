//! A bill as a table: each line, then the sum.

use std::io::{self, Write};

use rust_decimal::{Decimal, RoundingStrategy};

use crate::billing::bill::{Bill, BillPart, Expected};
use crate::billing::invoice::Line;
use crate::billing::usage::Usage;

/// Columns after the name of a line: quantity and unit, price, amount.
const QUANTITY: usize = 28;
const PRICE: usize = 15;
const AMOUNT: usize = 14;

/// Writes a bill.
pub fn write(out: &mut dyn Write, bill: &Bill) -> io::Result<()> {
    if !bill.name.is_empty() {
        writeln!(out, "{}", bill.name)?;
    }
    let width = bill.lines().map(|line| name(line).chars().count()).max().unwrap_or(0).max(20);
    for part in &bill.parts {
        heading(out, part)?;
        part.invoice.lines.iter().try_for_each(|line| row(out, line, width))?;
    }
    let mut sum = |what: &str, amount: &str| {
        writeln!(out, "  {what:<width$}{amount:>AMOUNT$} USD", width = width + 2 + QUANTITY + PRICE)
    };
    sum("Sum of a month", &cents(bill.printed_per_month.as_dollars()))?;
    if bill.window != Usage::MONTH {
        sum(&format!("Share of {}", bill.window), &exact(bill.total.as_dollars()))?;
    }
    if let Some(per_million) = per_million(bill) {
        sum("For a million requests", &per_million)?;
    }
    bill.expected.iter().try_for_each(|expected| compare(out, bill, expected))?;
    writeln!(out)
}

fn heading(out: &mut dyn Write, part: &BillPart) -> io::Result<()> {
    let Some(book) = &part.invoice.book else { return Ok(()) };
    let option = part.purchase_option.as_ref().map(|option| format!(", {option}")).unwrap_or_default();
    writeln!(out, "  {book}{option}")
}

fn name(line: &Line) -> String {
    let architecture = line.architecture.map(|on| format!(" ({on})")).unwrap_or_default();
    format!("{}{architecture}", line.name)
}

fn row(out: &mut dyn Write, line: &Line, width: usize) -> io::Result<()> {
    let (name, price) = (name(line), exact(line.price.as_dollars()));
    let quantity = format!("{} {}", grouped(line.month_quantity), line.unit);
    let amount = cents(line.printed_month_amount().as_dollars());
    writeln!(out, "    {name:<width$}{quantity:>QUANTITY$}{price:>PRICE$}{amount:>AMOUNT$}")
}

/// What the total is per million requests, if there are requests.
fn per_million(bill: &Bill) -> Option<String> {
    let [part] = bill.parts.as_slice() else { return None };
    part.invoice.per_million_requests.map(|amount| exact(amount.as_dollars().round_dp(6)))
}

fn compare(out: &mut dyn Write, bill: &Bill, expected: &Expected) -> io::Result<()> {
    let says = expected.source.as_deref().unwrap_or("you");
    let met = match (bill.meets(expected), &expected.differs) {
        (Ok(()), _) => "as expected".into(),
        (Err(problem), None) => problem,
        (Err(_), Some(why)) => format!("not as expected: {why}"),
    };
    writeln!(out, "  {says}: {}; {met}", exact(expected.total.0))
}

/// Dollars and cents, with commas.
fn cents(dollars: Decimal) -> String {
    let rounded = dollars.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    separated(&format!("{rounded:.2}"))
}

/// All digits, up to ten decimals.
fn exact(number: Decimal) -> String {
    number.round_dp(10).normalize().to_string()
}

/// A quantity with commas and up to three decimals.
fn grouped(number: Decimal) -> String {
    let rounded = number.round_dp(3).normalize();
    let shown = if rounded.is_zero() { number.round_sf(3).unwrap_or(number).normalize() } else { rounded };
    separated(&shown.to_string())
}

/// Commas between thousands.
fn separated(number: &str) -> String {
    let (whole, decimals) =
        number.split_once('.').map_or((number, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + &decimals
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    #[test]
    fn figures_can_be_read() {
        assert_eq!(cents(dec!(1234567.895)), "1,234,567.90");
        assert_eq!([dec!(0.0000166667), dec!(12), dec!(0)].map(exact), ["0.0000166667", "12", "0"]);
        assert_eq!(
            [dec!(999), dec!(1000), dec!(1234.56789), dec!(0.0000123456)].map(grouped),
            ["999", "1,000", "1,234.568", "0.0000123"]
        );
    }
}
