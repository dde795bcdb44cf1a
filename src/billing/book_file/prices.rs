//! Prices and free units of a price book.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use toml::Spanned;

use super::place::Place;
use super::rows::{Beyond, FreeRow, PriceRow};
use crate::billing::book::{Offer, Prices};
use crate::billing::charge::Charge;
use crate::billing::error::BookError;
use crate::billing::plan::{Free, Schedule, Tier};

/// The prices of each region; `None` are those that hold everywhere.
pub type Regions = BTreeMap<Option<String>, Prices>;

/// The prices of each region.
pub fn prices(place: &Place, rows: Vec<Spanned<PriceRow>>, charges: &[Charge]) -> Result<Regions, BookError> {
    let mut groups = BTreeMap::<(Option<String>, Offer), Vec<_>>::new();
    for row in rows {
        let PriceRow { region, meter, architecture, purchase_option, unit, .. } = row.get_ref();
        let charge = place.charge(&row, charges, meter, unit)?;
        let offer = Offer { charge, architecture: *architecture, purchase_option: purchase_option.clone() };
        groups.entry((region.clone(), offer)).or_default().push(row);
    }
    let mut regions = Regions::new();
    for ((region, offer), rows) in groups {
        regions.entry(region).or_default().insert(offer, schedule(place, rows)?);
    }
    Ok(regions)
}

/// The tiers of one offer: together they must cover every quantity from zero, each once.
fn schedule(place: &Place, mut rows: Vec<Spanned<PriceRow>>) -> Result<Schedule, BookError> {
    rows.sort_by_key(|row| row.get_ref().tier_from);
    let mut tiers = Vec::new();
    let mut covered = Some(0);
    for row in &rows {
        let tier = row.get_ref();
        check_tier(place, row, covered)?;
        let evidence = Some(place.evidence(row, (&tier.source, tier.date, tier.verified, &tier.note))?);
        tiers.push(Tier { from: Decimal::from(tier.tier_from), price: tier.price.money(), evidence });
        covered = tier.tier_to;
    }
    if let (Some(end), Some(last)) = (covered, rows.last().filter(|last| last.get_ref().beyond.is_none())) {
        let problem = format!(
            "no tier covers quantities above {end}; add a row with tier_from = {end}, remove tier_to, or write \
             beyond = \"unknown\""
        );
        return Err(place.error(last, problem));
    }
    Ok(Schedule::tiered(tiers, covered.map(Decimal::from)))
}

/// Checks that a tier begins where the tiers before it end; `covered` is `None` if they have no end.
fn check_tier(place: &Place, row: &Spanned<PriceRow>, covered: Option<u64>) -> Result<(), BookError> {
    let tier = row.get_ref();
    let from = tier.tier_from;
    if tier.tier_to.is_some_and(|to| to <= from) {
        return Err(place.error(row, format!("the tier ends before it begins: tier_to must be more than {from}")));
    }
    if tier.beyond == Some(Beyond::Unknown) && tier.tier_to.is_none() {
        return Err(place.error(row, "beyond is for a tier with an end; add tier_to"));
    }
    match covered {
        Some(end) if end == from => Ok(()),
        Some(end) if end < from => Err(place.error(row, format!("no tier covers quantities from {end} to {from}"))),
        _ => Err(place.error(row, format!("this tier of {} overlaps the one before it", described(tier)))),
    }
}

/// Meter, region and processor of a row.
fn described(row: &PriceRow) -> String {
    let region = row.region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
    let on = row.architecture.map(|architecture| format!(" on {architecture}")).unwrap_or_default();
    format!("{}{region}{on}", row.meter)
}

/// The free units.
pub fn free_units(place: &Place, rows: &[Spanned<FreeRow>], charges: &[Charge]) -> Result<Vec<Free>, BookError> {
    let mut pools: Vec<Free> = Vec::new();
    for row in rows {
        let units = row.get_ref();
        let places = units.meters.iter().map(|key| place.charge(row, charges, key, &units.unit));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let taken = |charge: &usize| pools.iter().any(|pool| pool.charges.contains(charge));
        if let Some(charge) = places.iter().copied().find(taken) {
            let key = &charges[charge].key;
            return Err(place.error(row, format!("\"{key}\" already has free units; an account has one pool")));
        }
        pools.push(Free {
            charges: places,
            quantity: Decimal::from(units.quantity),
            worth: units.worth.map(|worth| worth.money()),
            evidence: place.evidence(row, (&units.source, units.date, units.verified, &units.note))?,
        });
    }
    Ok(pools)
}
