//! Meters and rounding rules of a price book.

use rust_decimal::Decimal;
use toml::Spanned;

use super::place::Place;
use super::rows::{MeterRow, RoundingRow, TermRow};
use crate::amount::Memory;
use crate::billing::book::Rounding;
use crate::billing::charge::{Charge, Term};
use crate::billing::error::BookError;
use crate::billing::measure::{Measure, Sizing};
use crate::billing::meter::Meter;
use crate::billing::unit::{Dimension, Unit};
use crate::time::Span;

/// The meters of the book.
pub fn charges(place: &Place, rows: &[Spanned<MeterRow>], known: Vec<Charge>) -> Result<Vec<Charge>, BookError> {
    let mut charges = known;
    for row in rows {
        let charge = charge(place, row)?;
        if charges.iter().any(|other| other.key == charge.key) {
            return Err(place.error(row, format!("the meter \"{}\" exists already", charge.key)));
        }
        charges.push(charge);
    }
    Ok(charges)
}

fn charge(place: &Place, row: &Spanned<MeterRow>) -> Result<Charge, BookError> {
    let meter = row.get_ref();
    let unit = Unit::parse(&meter.unit).map_err(|problem| place.error(row, problem))?;
    if !meter.counts.is_empty() && !meter.sum.is_empty() {
        return Err(place.error(row, "both counts and sum; keep one"));
    }
    let terms = match meter.counts.is_empty() {
        true => meter.sum.iter().map(|term| sum_term(place, row, term, &unit)).collect::<Result<_, _>>()?,
        false => vec![term(place, row, &meter.counts, unit.clone(), Decimal::ONE)?],
    };
    if meter.chunk.is_some_and(|chunk| chunk == Memory::default()) {
        return Err(place.error(row, "a chunk of no size; remove it or say how large"));
    }
    if let Some((load, _)) = meter.capacity.iter().find(|(_, capacity)| capacity.0.is_zero()) {
        return Err(place.error(row, format!("the capacity for \"{load}\" is zero")));
    }
    Ok(Charge {
        key: meter.key.clone(),
        name: meter.name.clone(),
        unit,
        terms,
        chunk: meter.chunk,
        included: meter.included,
        capacity: meter.capacity.iter().map(|(load, capacity)| (load.clone(), capacity.0)).collect(),
        machine: meter.machine.clone(),
        note: meter.note.clone(),
    })
}

fn sum_term(place: &Place, row: &Spanned<MeterRow>, of: &TermRow, meter: &Unit) -> Result<Term, BookError> {
    let unit = of.unit.as_deref().map(Unit::parse).transpose().map_err(|problem| place.error(row, problem))?;
    let weight = of.weight.map_or(Decimal::ONE, |weight| weight.0);
    term(place, row, &of.counts, unit.unwrap_or_else(|| meter.clone()), weight)
}

/// A term whose measures have the dimension of its unit.
fn term(
    place: &Place,
    row: &Spanned<MeterRow>,
    of: &[Measure],
    unit: Unit,
    weight: Decimal,
) -> Result<Term, BookError> {
    let counted = of.iter().fold(Dimension::default(), |product, measure| product.times(&measure.dimension()));
    if !counted.matches(unit.dimension()) {
        return Err(place.error(row, format!("what is counted is not measured in \"{unit}\"")));
    }
    Ok(Term { of: of.to_vec(), unit, weight })
}

/// The rounding rules, in rising order of dates.
pub fn rounding(place: &Place, rows: &[Spanned<RoundingRow>]) -> Result<Vec<Rounding>, BookError> {
    let mut rules = rows.iter().map(|row| rule(place, row)).collect::<Result<Vec<_>, _>>()?;
    rules.sort_by_key(|rule| rule.from);
    match rules.windows(2).any(|pair| pair[0].from == pair[1].from) {
        true => Err(place.error(&rows[0], "two rounding rules hold from the same date; say `from` in one of them")),
        false => Ok(rules),
    }
}

fn rule(place: &Place, row: &Spanned<RoundingRow>) -> Result<Rounding, BookError> {
    let rule = row.get_ref();
    if rule.granularity == Span::ZERO {
        return Err(place.error(row, "the granularity is zero; exact billing has \"1ns\""));
    }
    let memory_step = rule.memory_step.unwrap_or(Memory::from_bytes(1));
    if memory_step == Memory::default() {
        return Err(place.error(row, "the memory_step is zero; leave it out if memory is billed as configured"));
    }
    let provisioned_step = rule.provisioned_step.unwrap_or(Span::from_nanos(1));
    if provisioned_step == Span::ZERO {
        return Err(place.error(row, "the provisioned_step is zero; leave it out if the time is not rounded"));
    }
    let mut memory_sizes = rule.memory_sizes.clone();
    memory_sizes.sort_unstable();
    let mut clock: Vec<_> = rule.clock.iter().map(|row| (row.memory, row.megahertz)).collect();
    clock.sort_unstable();
    Ok(Rounding {
        from: rule.from,
        meter: Meter { granularity: rule.granularity, minimum: rule.minimum, bills_init: rule.init },
        init_of_images: rule.init_of_images,
        sizing: Sizing {
            memory_step,
            memory_minimum: rule.memory_minimum,
            memory_sizes,
            storage_included: rule.storage_included,
            clock,
        },
        provisioned_step,
        evidence: place.evidence(row, (&rule.source, rule.date, rule.verified, &rule.note))?,
    })
}
