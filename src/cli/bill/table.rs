//! A bill as a table: each line, then the sum.

use std::io::{self, Write};

use rust_decimal::{Decimal, RoundingStrategy};

use crate::billing::bill::{Bill, BillPart, Expected};
use crate::billing::invoice::Line;
use crate::billing::usage::Usage;
use crate::cli::{Terminal, list};

/// Room for the sum of a line with its currency, and between columns.
const CURRENCY: usize = 4;
const GAP: usize = 2;
/// The least room for names.
const NAME: usize = 20;

/// Widths of the columns.
struct Widths {
    name: usize,
    quantity: usize,
    price: usize,
    amount: usize,
}

impl Widths {
    /// As wide as what is written, but names not so wide that a line does not fit into `columns`.
    fn of(bill: &Bill, columns: usize) -> Self {
        let widest = |text: fn(&Line) -> String| bill.lines().map(|line| text(line).chars().count()).max().unwrap_or(0);
        let sums = sums(bill).into_iter().map(|(_, sum)| sum.chars().count());
        let amount = sums.chain([widest(amount)]).max().unwrap_or(0) + GAP;
        let (quantity, price) = (widest(quantity) + GAP, widest(price) + GAP);
        let room = columns.saturating_sub(quantity + price + amount + CURRENCY + INDENT);
        Self { name: widest(name).min(room).max(NAME), quantity, price, amount }
    }
}

/// Before the name of a line.
const INDENT: usize = 4;

/// Writes a bill.
pub fn write(out: &mut dyn Write, bill: &Bill) -> io::Result<()> {
    if !bill.name.is_empty() {
        list::entry(out, "", &bill.name)?;
    }
    let widths = Widths::of(bill, Terminal::stdout().width);
    for part in &bill.parts {
        heading(out, part)?;
        part.invoice.lines.iter().try_for_each(|line| row(out, line, &widths))?;
    }
    let Widths { name, quantity, price, amount } = widths;
    let before = name + quantity + price + INDENT - 2;
    for (what, sum) in sums(bill) {
        writeln!(out, "  {what:before$}{sum:>amount$} USD")?;
    }
    bill.expected.iter().try_for_each(|expected| compare(out, bill, expected))?;
    writeln!(out)
}

/// What is below the lines.
fn sums(bill: &Bill) -> Vec<(String, String)> {
    let mut sums = vec![("Sum of a month".to_owned(), cents(bill.printed_per_month.as_dollars()))];
    if bill.window != Usage::MONTH {
        sums.push((format!("Share of {}", bill.window), exact(bill.total.as_dollars())));
    }
    sums.extend(per_million(bill).map(|per_million| ("For a million requests".to_owned(), per_million)));
    sums
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

fn quantity(line: &Line) -> String {
    format!("{} {}", grouped(line.month_quantity), line.unit)
}

fn price(line: &Line) -> String {
    exact(line.price.as_dollars())
}

fn amount(line: &Line) -> String {
    cents(line.printed_month_amount().as_dollars())
}

fn row(out: &mut dyn Write, line: &Line, widths: &Widths) -> io::Result<()> {
    let figures = format!(
        "{:>quantity$}{:>price$}{:>amount$}",
        quantity(line),
        price(line),
        amount(line),
        quantity = widths.quantity,
        price = widths.price,
        amount = widths.amount
    );
    list::row(out, &format!("{:INDENT$}{}", "", name(line)), INDENT + widths.name, &figures)
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
    list::entry(out, &format!("  {says}: "), &format!("{}; {met}", exact(expected.total.0)))
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
