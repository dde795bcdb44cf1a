//! Tiers and free units: from a month's quantities to what is owed for them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::billing::book::Evidence;
use crate::billing::charge::{Architecture, Charge};

/// A price, and from which quantity of a month on it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Units of the month that earlier tiers take.
    pub from: Decimal,
    /// Price of one unit.
    pub price: Money,
    /// Where the price was read; `None` if the user stated it.
    pub evidence: Option<Evidence>,
}

/// The prices of one charge. The first tier is from zero, each begins where the one before ends, the last has no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Vec<Tier>);

impl Schedule {
    /// One price for every unit.
    pub fn flat(price: Money) -> Self {
        Self(vec![Tier { from: Decimal::ZERO, price, evidence: None }])
    }

    /// Tiers that were checked to rise from zero.
    pub(super) fn tiered(tiers: Vec<Tier>) -> Self {
        debug_assert!(tiers.first().is_some_and(|tier| tier.from.is_zero()), "the first tier is from zero");
        debug_assert!(tiers.is_sorted_by(|a, b| a.from < b.from), "tiers rise");
        Self(tiers)
    }

    /// The tiers in rising order.
    pub fn tiers(&self) -> &[Tier] {
        &self.0
    }
}

/// Units of a month that cost nothing: one pool for all architectures of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Free {
    /// Units per month.
    pub quantity: Decimal,
    /// Where the figure was read.
    pub evidence: Evidence,
}

/// How much of a month's quantity has one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What share it is; `None` if there is only one price.
    pub share: Option<Share>,
    /// Units of the month.
    pub quantity: Decimal,
    /// Price of one unit.
    pub price: Money,
    /// Where the price was read; `None` if the user stated it.
    pub evidence: Option<Evidence>,
}

/// Which share of a month's quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// The free units.
    Free,
    /// The n-th tier, from 1.
    Tier(usize),
}

/// The quantities of a month, per charge and architecture.
pub type Quantities = BTreeMap<(Charge, Architecture), Decimal>;

/// All prices of one region, and the free units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The prices.
    pub prices: BTreeMap<(Charge, Architecture), Schedule>,
    /// The free units.
    pub free: BTreeMap<Charge, Free>,
}

impl Plan {
    /// Whether every unit of a charge has the same price, so that it can be billed without knowing the month.
    pub fn is_flat(&self, charge: Charge, architecture: Architecture) -> bool {
        let one_price = self.prices.get(&(charge, architecture)).is_some_and(|schedule| schedule.0.len() == 1);
        one_price && !self.free.contains_key(&charge)
    }

    /// Divides the quantities of a month into parts of one price each. What has no price is left out.
    ///
    /// Free units are taken first, then the rest climbs the tiers (PRICING: tier(max(0, quantity - free))). Where two
    /// architectures share free units, the earlier one of [`Architecture::ALL`] takes first: AWS does not publish how
    /// it divides the pool.
    pub fn divide(&self, month: &Quantities) -> Vec<(Charge, Architecture, Part)> {
        let mut left: BTreeMap<Charge, Decimal> =
            self.free.iter().map(|(&charge, free)| (charge, free.quantity)).collect();
        let mut parts = Vec::new();
        for (&(charge, architecture), &quantity) in month {
            let Some(schedule) = self.prices.get(&(charge, architecture)) else { continue };
            let pool = left.entry(charge).or_default();
            let free = quantity.min(*pool);
            *pool -= free;
            parts.extend(self.free_part(charge, free).map(|part| (charge, architecture, part)));
            let flat = self.is_flat(charge, architecture);
            parts.extend(climb(schedule, quantity - free, flat).map(|part| (charge, architecture, part)));
        }
        parts
    }

    fn free_part(&self, charge: Charge, quantity: Decimal) -> Option<Part> {
        let free = self.free.get(&charge).filter(|_| quantity > Decimal::ZERO)?;
        let evidence = Some(free.evidence.clone());
        Some(Part { share: Some(Share::Free), quantity, price: Money::ZERO, evidence })
    }
}

/// The parts of `quantity` in each tier that it reaches.
fn climb(schedule: &Schedule, quantity: Decimal, flat: bool) -> impl Iterator<Item = Part> {
    let ends = schedule.0.iter().skip(1).map(|tier| tier.from).chain([Decimal::MAX]);
    schedule.0.iter().zip(ends).enumerate().map_while(move |(index, (tier, end))| {
        let quantity = quantity.min(end) - tier.from;
        let share = (!flat).then_some(Share::Tier(index + 1));
        let evidence = tier.evidence.clone();
        (quantity > Decimal::ZERO).then_some(Part { share, quantity, price: tier.price, evidence })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Book;
    use rust_decimal::dec;

    fn owed(plan: &Plan, month: Quantities) -> Decimal {
        plan.divide(&month).iter().map(|(_, _, part)| part.quantity * part.price.as_dollars()).sum()
    }

    fn lambda(free_tier: bool) -> Plan {
        Book::embedded("aws-lambda").unwrap().plan("us-east-1", free_tier)
    }

    #[test]
    fn a_unit_at_the_edge_of_a_tier_still_has_its_price() {
        let plan = lambda(false);
        for (architecture, edge, below, above) in [
            (Architecture::X86_64, dec!(6_000_000_000), dec!(0.0000166667), dec!(0.0000150000)),
            (Architecture::X86_64, dec!(15_000_000_000), dec!(0.0000150000), dec!(0.0000133334)),
            (Architecture::Arm64, dec!(7_500_000_000), dec!(0.0000133334), dec!(0.0000120001)),
            (Architecture::Arm64, dec!(18_750_000_000), dec!(0.0000120001), dec!(0.0000106667)),
        ] {
            let bill = |quantity| owed(&plan, Quantities::from([((Charge::Duration, architecture), quantity)]));
            assert_eq!(bill(edge) - bill(edge - dec!(1)), below);
            assert_eq!(bill(edge + dec!(1)) - bill(edge), above);
        }
    }

    #[test]
    fn free_units_end_exactly() {
        let bill =
            |quantity| owed(&lambda(true), Quantities::from([((Charge::Request, Architecture::X86_64), quantity)]));
        assert_eq!(bill(dec!(999_999)), dec!(0));
        assert_eq!(bill(dec!(1_000_000)), dec!(0));
        assert_eq!(bill(dec!(1_000_001)), dec!(0.0000002));
    }

    #[test]
    fn architectures_share_the_free_units() {
        let month = |x86, arm| {
            let duration = |architecture| (Charge::Duration, architecture);
            Quantities::from([(duration(Architecture::X86_64), x86), (duration(Architecture::Arm64), arm)])
        };
        let bill = |x86, arm| owed(&lambda(true), month(x86, arm));
        assert_eq!(bill(dec!(300_000), dec!(100_000)), dec!(0));
        assert_eq!(bill(dec!(300_000), dec!(100_001)), dec!(0.0000133334));
        assert_eq!(bill(dec!(300_001), dec!(100_000)), dec!(0.0000133334));
        assert_eq!(bill(dec!(400_001), dec!(1)), dec!(0.0000166667) + dec!(0.0000133334));
    }
}
