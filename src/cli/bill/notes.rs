//! What a reader must know of a bill besides its figures.

use std::collections::BTreeSet;

use crate::billing::bill::Bill;
use crate::billing::date::OLD;
use crate::billing::evidence::Trust;
use crate::billing::usage::Usage;
use crate::cli::today::Today;

/// Figures that are old, figures that are second-hand, and bills that were scaled.
pub fn notes(bills: &[Bill], today: &Today) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |text: String| {
        if !notes.contains(&text) {
            notes.push(text)
        }
    };
    for bill in bills {
        old(bill, today).into_iter().for_each(&mut note);
        second_hand(bill).into_iter().for_each(&mut note);
        if bill.window != Usage::MONTH {
            note(format!(
                "the usage of {} was scaled to a month of 730h, because tiers and free units are per month; the time \
                 itself costs its share",
                bill.window
            ));
        }
    }
    notes
}

fn old(bill: &Bill, today: &Today) -> Option<String> {
    let oldest = bill.oldest()?;
    let age = today.age(oldest);
    (age > OLD).then(|| {
        format!(
            "the oldest price is of {oldest}, {age} days ago; compare it with the provider's page, or import a new one"
        )
    })
}

fn second_hand(bill: &Bill) -> Option<String> {
    let doubtful = bill.lines().filter_map(|line| {
        let trust = line.evidence.as_ref()?.verified;
        (trust >= Trust::Secondary && line.amount.as_dollars() > rust_decimal::Decimal::ZERO)
            .then(|| format!("{} ({trust})", line.meter))
    });
    let doubtful: BTreeSet<String> = doubtful.collect();
    let list = doubtful.into_iter().collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| format!("prices that were not read at the provider: {list}"))
}
