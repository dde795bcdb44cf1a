//! Which of a book's prices hold for an account: region, processor, commitments, free units, date.

use std::collections::{BTreeMap, BTreeSet};

use toml::value::Date;

use crate::amount::Money;
use crate::billing::book::{Book, Offer, Rounding};
use crate::billing::charge::Architecture;
use crate::billing::error::{BookError, suggest};
use crate::billing::plan::{Plan, Schedule};

/// Which prices of a book hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The region; `None` means the book's default.
    pub region: Option<String>,
    /// The processor.
    pub architecture: Architecture,
    /// Whether the account has free units.
    pub free_tier: bool,
    /// Meters that have no free units all the same, by their keys.
    pub without_free: Vec<String>,
    /// A commitment or another way to buy; `None` means on demand.
    pub purchase_option: Option<String>,
    /// The date whose rounding rules hold; `None` means the newest.
    pub date: Option<Date>,
    /// Prices that were agreed on, by the keys of meters: they replace those of the book, with their tiers.
    pub prices: BTreeMap<String, Money>,
}

impl Default for Selection {
    /// On demand in the book's default region, with free units.
    fn default() -> Self {
        Self {
            region: None,
            architecture: Architecture::default(),
            free_tier: true,
            without_free: Vec::new(),
            purchase_option: None,
            date: None,
            prices: BTreeMap::new(),
        }
    }
}

impl Selection {
    /// On demand in a region, with free units.
    pub fn in_region(region: &str) -> Self {
        Self { region: Some(region.into()), ..Self::default() }
    }
}

impl Book {
    /// The region of the book that is selected.
    ///
    /// # Errors
    /// If the book does not have it.
    pub fn selected_region(&self, selection: &Selection) -> Result<&str, BookError> {
        self.region(selection.region.as_deref().or(self.default_region.as_deref()))
    }

    /// The prices and free units that are selected.
    ///
    /// # Errors
    /// If the book does not have the region, the processor there, a meter or the purchase option.
    pub fn plan(&self, selection: &Selection) -> Result<Plan, BookError> {
        let region = self.selected_region(selection)?;
        self.check_architecture(region, selection.architecture)?;
        self.check_purchase_option(selection.purchase_option.as_deref())?;
        let mut plan = Plan::default();
        // On demand comes first in the order of offers: a purchase option replaces it.
        for (Offer { charge, architecture, purchase_option }, schedule) in self.prices(region) {
            if purchase_option.is_none() || *purchase_option == selection.purchase_option {
                plan.prices.insert((*charge, *architecture), schedule.clone());
            }
        }
        for (key, price) in &selection.prices {
            let charge = self.known_charge("prices", key)?;
            plan.prices.retain(|(priced, _), _| *priced != charge);
            plan.prices.insert((charge, None), Schedule::flat(*price));
        }
        let without = selection.without_free.iter().map(|key| self.known_charge("without_free", key));
        let without = without.collect::<Result<Vec<usize>, _>>()?;
        if selection.free_tier {
            plan.free = self.free.clone();
            plan.free.iter_mut().for_each(|free| free.charges.retain(|charge| !without.contains(charge)));
        }
        Ok(plan)
    }

    /// The rounding rules of a date, or the newest; `None` if the service has no functions.
    pub fn rounding_at(&self, date: Option<Date>) -> Option<&Rounding> {
        let holds = |rounding: &&Rounding| date.is_none_or(|date| rounding.from.is_none_or(|from| from <= date));
        self.rounding.iter().rev().find(holds).or(self.rounding.first())
    }

    fn known_charge(&self, table: &'static str, key: &str) -> Result<usize, BookError> {
        self.charge(key).ok_or_else(|| {
            let nearest = suggest(key, self.charges.iter().map(|charge| charge.key.as_str()));
            let problem = format!("the price book \"{}\" has no such meter; {nearest}", self.name);
            BookError::Unknown { key: table, name: key.into(), problem }
        })
    }

    /// Checks that something is sold for the processor.
    fn check_architecture(&self, region: &str, asked: Architecture) -> Result<(), BookError> {
        let known: BTreeSet<Option<Architecture>> = self.prices(region).map(|(offer, _)| offer.architecture).collect();
        if known.contains(&None) || known.contains(&Some(asked)) {
            return Ok(());
        }
        let known: Vec<String> = known.iter().flatten().map(ToString::to_string).collect();
        let problem = format!("the price book \"{}\" has only {} in {region}", self.name, known.join(", "));
        Err(BookError::Unknown { key: "architecture", name: asked.to_string(), problem })
    }

    fn check_purchase_option(&self, asked: Option<&str>) -> Result<(), BookError> {
        let Some(asked) = asked else { return Ok(()) };
        let options = self.purchase_options();
        if options.contains(asked) {
            return Ok(());
        }
        let name = &self.name;
        let problem = match options.is_empty() {
            true => format!("the price book \"{name}\" has prices on demand only"),
            false => format!("the price book \"{name}\" has no such option; {}", suggest(asked, options)),
        };
        Err(BookError::Unknown { key: "purchase_option", name: asked.into(), problem })
    }

    /// The names of commitments and other ways to buy.
    pub fn purchase_options(&self) -> BTreeSet<&str> {
        let all = self.everywhere.keys().chain(self.regions.values().flat_map(|prices| prices.keys()));
        all.filter_map(|offer| offer.purchase_option.as_deref()).collect()
    }
}
