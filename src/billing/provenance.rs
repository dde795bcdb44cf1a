//! Where each figure of the books was read, as a document.

use std::fmt::Write;

use rust_decimal::Decimal;

use crate::billing::book::{Book, EVERYWHERE, Evidence, Prices};
use crate::billing::charge::{Charge, Term};

/// The page: for each book its meters with their formulas, its rounding rules, free units and prices, each with source, date and trust.
pub fn table(books: &[Book]) -> String {
    let mut page = String::from(
        "# Where the prices were read\n\nWritten from the books in `prices/` by `coldcast prices provenance`. \
         What the figures mean is in [pricing](pricing.md).\n",
    );
    for book in books {
        page.push_str(&section(book));
    }
    page
}

fn section(book: &Book) -> String {
    let mut rows: Vec<(String, &Evidence)> = Vec::new();
    for rounding in &book.rounding {
        let from = rounding.from.map(|from| format!(" from {from}")).unwrap_or_default();
        rows.push((format!("rounding{from} | | "), &rounding.evidence));
    }
    for free in &book.free {
        let keys: Vec<&str> = free.charges.iter().map(|charge| book.charges[*charge].key.as_str()).collect();
        let worth = free.worth.map(|worth| format!(" at {}", worth.as_dollars())).unwrap_or_default();
        rows.push((format!("free {} | | {}{worth}", keys.join(", "), free.quantity), &free.evidence));
    }
    rows.extend(prices(book, EVERYWHERE, &book.everywhere));
    book.regions.iter().for_each(|(region, of)| rows.extend(prices(book, region, of)));
    let mut text = format!("\n## {}\n\n{}, as of {}.\n\n", book.name, book.service, book.as_of);
    text.push_str("| meter | unit | quantity | |\n|---|---|---|---|\n");
    text.extend(book.charges.iter().map(meter));
    text.push('\n');
    text.push_str("| figure | region | USD | date | trust | source |\n|---|---|---|---|---|---|\n");
    for (figure, Evidence { source, date, verified, note }) in rows {
        let note = note.as_ref().map(|note| format!(". {note}")).unwrap_or_default();
        // Writing to text cannot fail.
        let _ = writeln!(text, "| {figure} | {date} | {verified} | {}{} |", cell(source), cell(&note));
    }
    text
}

/// A meter and its formula.
fn meter(charge: &Charge) -> String {
    let note = charge.note.as_deref().unwrap_or_default();
    format!("| `{}` {} | {} | {} | {} |\n", charge.key, cell(&charge.name), charge.unit, formula(charge), cell(note))
}

/// How the quantity of a meter follows from usage.
fn formula(charge: &Charge) -> String {
    let term = |term: &Term| {
        let measures: Vec<String> = term.of.iter().map(|measure| measure.key()).collect();
        let product = measures.join(" x ");
        if term.weight == Decimal::ONE { product } else { format!("{} x {product}", term.weight) }
    };
    if !charge.terms.is_empty() {
        return charge.terms.iter().map(term).collect::<Vec<_>>().join(" + ");
    }
    match (charge.chunk, charge.included, charge.capacity.is_empty()) {
        (Some(chunk), ..) => format!("stated; items of a size: ceil(size / {chunk}) each"),
        (None, Some(included), _) => format!("stated; items of a size: size - {included} each"),
        (None, None, false) => {
            let shares = charge.capacity.iter().map(|(load, capacity)| format!("{load} / {capacity}"));
            format!("stated x max({})", shares.collect::<Vec<_>>().join(", "))
        }
        (None, None, true) => "stated".into(),
    }
}

fn prices<'a>(book: &'a Book, region: &str, prices: &'a Prices) -> Vec<(String, &'a Evidence)> {
    let mut rows = Vec::new();
    for (offer, schedule) in prices {
        let charge = &book.charges[offer.charge];
        let on = offer.architecture.map(|on| format!(" {on}")).unwrap_or_default();
        let option = offer.purchase_option.as_ref().map(|option| format!(" {option}")).unwrap_or_default();
        for tier in schedule.tiers() {
            let from = if tier.from.is_zero() { String::new() } else { format!(" from {}", tier.from) };
            let price = format!("{} / {}", tier.price.as_dollars(), charge.unit);
            let figure = format!("{}{on}{option}{from} | {region} | {price}", charge.key);
            rows.extend(tier.evidence.as_ref().map(|evidence| (figure, evidence)));
        }
    }
    rows
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::embedded::EMBEDDED;

    /// `coldcast prices provenance > docs/prices.md` writes it again.
    #[test]
    fn the_document_is_that_of_the_books() {
        let books: Vec<Book> = EMBEDDED.iter().map(|(name, _)| Book::embedded(name).unwrap()).collect();
        let document = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/prices.md");
        let written = std::fs::read_to_string(document).unwrap();
        assert!(written == table(&books), "write it again: coldcast prices provenance > docs/prices.md");
    }
}
