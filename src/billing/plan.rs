//! Tiers and free units: from a month's quantities to what is owed for them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::billing::book::Evidence;
use crate::billing::charge::Architecture;

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

/// The prices of one charge. The first tier is from zero, each begins where the one before ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    tiers: Vec<Tier>,
    /// Up to which quantity of a month the price is known; `None` if the last tier has no end.
    known_to: Option<Decimal>,
}

impl Schedule {
    /// One price for every unit.
    pub fn flat(price: Money) -> Self {
        Self::tiered(vec![Tier { from: Decimal::ZERO, price, evidence: None }], None)
    }

    /// Tiers that were checked to rise from zero.
    pub(super) fn tiered(tiers: Vec<Tier>, known_to: Option<Decimal>) -> Self {
        debug_assert!(tiers.first().is_some_and(|tier| tier.from.is_zero()), "the first tier is from zero");
        debug_assert!(tiers.is_sorted_by(|a, b| a.from < b.from), "tiers rise");
        Self { tiers, known_to }
    }

    /// The tiers in rising order.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// Up to which quantity of a month the price is known; `None` if the last tier has no end.
    pub const fn known_to(&self) -> Option<Decimal> {
        self.known_to
    }

    /// The parts of `quantity` in each tier that it reaches.
    fn climb(&self, quantity: Decimal, flat: bool) -> impl Iterator<Item = Part> {
        let ends = self.tiers.iter().skip(1).map(|tier| tier.from).chain([Decimal::MAX]);
        self.tiers.iter().zip(ends).enumerate().map_while(move |(index, (tier, end))| {
            let quantity = quantity.min(end) - tier.from;
            let share = (!flat).then_some(Share::Tier(index + 1));
            let evidence = tier.evidence.clone();
            (quantity > Decimal::ZERO).then_some(Part { share, quantity, price: tier.price, evidence })
        })
    }
}

/// What costs nothing each month: one pool for all regions and architectures of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Free {
    /// The charges that take from it, by their place in the book, in the order in which they take.
    pub charges: Vec<usize>,
    /// Units per month.
    pub quantity: Decimal,
    /// If the pool is a discount in money, the price at which its units are worth it; else each unit is one unit.
    pub worth: Option<Money>,
    /// Where the figure was read.
    pub evidence: Evidence,
}

impl Free {
    /// What the pool holds: money if it is a discount, else units.
    fn content(&self) -> Decimal {
        self.worth.map_or(self.quantity, |price| self.quantity.saturating_mul(price.as_dollars()))
    }

    /// What one unit takes from the pool.
    fn unit(&self, price: Money) -> Decimal {
        self.worth.map_or(Decimal::ONE, |_| price.as_dollars())
    }
}

/// What is left of the free pools while the parts of a bill take from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pools(Vec<Decimal>);

impl Pools {
    /// The same with nothing left.
    pub fn spent(self) -> Self {
        Self(vec![Decimal::ZERO; self.0.len()])
    }
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

/// A charge, by its place in the book, and the processor, where the price depends on it.
pub type Item = (usize, Option<Architecture>);

/// The quantities of a month.
pub type Quantities = BTreeMap<Item, Decimal>;

/// All prices of one region, and the free units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The prices.
    pub prices: BTreeMap<Item, Schedule>,
    /// The free units; a charge takes from at most one pool.
    pub free: Vec<Free>,
}

impl Plan {
    /// The pools as they are when the month begins.
    pub fn pools(&self) -> Pools {
        Pools(self.free.iter().map(Free::content).collect())
    }

    /// The item under which a charge is priced on a processor: its own price, or that of all processors.
    pub fn item(&self, charge: usize, architecture: Architecture) -> Option<Item> {
        [Some(architecture), None].map(|on| (charge, on)).into_iter().find(|item| self.prices.contains_key(item))
    }

    /// Whether every unit has the same price, so that it can be billed without knowing the month.
    pub fn is_flat(&self, item: Item) -> bool {
        let one_price = |schedule: &Schedule| schedule.tiers.len() == 1 && schedule.known_to.is_none();
        self.prices.get(&item).is_some_and(one_price) && !self.free.iter().any(|free| free.charges.contains(&item.0))
    }

    /// Divides the quantities of a month into parts of one price each. What has no price is left out.
    ///
    /// Free units are taken first, then the rest climbs the tiers: tier(max(0, quantity - free)). Where several charges
    /// or architectures share free units, they take in the order of the book and of [`Architecture::ALL`]: providers do
    /// not publish how they divide a pool.
    pub fn divide(&self, month: &Quantities, pools: &mut Pools) -> Vec<(Item, Part)> {
        let mut parts = Vec::new();
        for (&item, &quantity) in month {
            let Some(schedule) = self.prices.get(&item) else { continue };
            let free = self.take_free(item, schedule, quantity, pools);
            let rest = free.as_ref().map_or(quantity, |free| quantity - free.quantity);
            let paid = schedule.climb(rest, self.is_flat(item));
            parts.extend(free.into_iter().chain(paid).map(|part| (item, part)));
        }
        parts
    }

    fn take_free(&self, item: Item, schedule: &Schedule, quantity: Decimal, pools: &mut Pools) -> Option<Part> {
        let mine = |(free, _): &(&Free, &mut Decimal)| free.charges.contains(&item.0);
        let (free, left) = self.free.iter().zip(&mut pools.0).find(mine)?;
        let unit = free.unit(schedule.tiers.first()?.price);
        // What costs nothing takes nothing from a discount.
        let taken = quantity.min(left.checked_div(unit)?);
        *left = (*left - taken.checked_mul(unit)?).max(Decimal::ZERO);
        let evidence = Some(free.evidence.clone());
        (taken > Decimal::ZERO).then_some(Part {
            share: Some(Share::Free),
            quantity: taken,
            price: Money::ZERO,
            evidence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Book;
    use crate::billing::book::Selection;
    use rust_decimal::dec;

    /// Places of meters in the book of AWS Lambda.
    const REQUEST: usize = 0;
    const DURATION: usize = 1;

    fn owed(plan: &Plan, month: Quantities) -> Decimal {
        plan.divide(&month, &mut plan.pools()).iter().map(|(_, part)| part.quantity * part.price.as_dollars()).sum()
    }

    fn lambda(free_tier: bool) -> Plan {
        let book = Book::embedded("aws-lambda").unwrap();
        assert_eq!([REQUEST, DURATION].map(|place| book.charges[place].key.as_str()), ["request", "duration"]);
        book.plan(&Selection { free_tier, ..Selection::in_region("us-east-1") }).unwrap()
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
            let bill = |quantity| owed(&plan, Quantities::from([((DURATION, Some(architecture)), quantity)]));
            assert_eq!(bill(edge) - bill(edge - dec!(1)), below);
            assert_eq!(bill(edge + dec!(1)) - bill(edge), above);
        }
    }

    #[test]
    fn free_units_end_exactly() {
        let bill =
            |quantity| owed(&lambda(true), Quantities::from([((REQUEST, Some(Architecture::X86_64)), quantity)]));
        assert_eq!(bill(dec!(999_999)), dec!(0));
        assert_eq!(bill(dec!(1_000_000)), dec!(0));
        assert_eq!(bill(dec!(1_000_001)), dec!(0.0000002));
    }

    #[test]
    fn architectures_share_the_free_units() {
        let month = |x86, arm| {
            let duration = |architecture| (DURATION, Some(architecture));
            Quantities::from([(duration(Architecture::X86_64), x86), (duration(Architecture::Arm64), arm)])
        };
        let bill = |x86, arm| owed(&lambda(true), month(x86, arm));
        assert_eq!(bill(dec!(300_000), dec!(100_000)), dec!(0));
        assert_eq!(bill(dec!(300_000), dec!(100_001)), dec!(0.0000133334));
        assert_eq!(bill(dec!(300_001), dec!(100_000)), dec!(0.0000133334));
        assert_eq!(bill(dec!(400_001), dec!(1)), dec!(0.0000166667) + dec!(0.0000133334));
    }

    /// Google takes the free units as a discount in dollars at the price of tier 1, shared by the same resource.
    #[test]
    fn a_discount_in_money_is_shared_and_never_pays_back() {
        let book = Book::embedded("aws-lambda").unwrap();
        let evidence = book.rounding[0].evidence.clone();
        let price = |price| Schedule::flat(Money::from_dollars(price));
        let free =
            Free { charges: vec![0, 1], quantity: dec!(10), worth: Some(Money::from_dollars(dec!(2))), evidence };
        let plan = Plan { prices: [((0, None), price(dec!(4))), ((1, None), price(dec!(1)))].into(), free: vec![free] };
        for (first, second, owes) in [(3, 0, 0), (5, 0, 0), (6, 0, 4), (3, 8, 0), (3, 9, 1), (6, 9, 13)] {
            let month = [((0, None), Decimal::from(first)), ((1, None), Decimal::from(second))];
            assert_eq!(owed(&plan, month.into()), Decimal::from(owes), "{first} and {second}");
        }
    }
}
