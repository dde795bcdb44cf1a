//! `[[pricing.service]]`: what a run uses of a service beside its functions.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::amount::{Memory, Money};
use crate::billing::bill::service::{charge, item, shares};
use crate::billing::bill::{Number, Quantity};
use crate::billing::book::Book;
use crate::billing::charge::{Architecture, Charge};

/// A meter of a service that is used beside the functions, such as the requests of an API gateway: its price book, and how much is
/// used. Exactly one of `per_invocation`, `per_hour`, `per_instance_hour` and `per_month` says how much; `load` and `load_per_rps`
/// may stand alone, for meters with a capacity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceLine {
    /// What it is called on the bill. Default: the name of the book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A price book that is part of the program, such as `"aws-api-gateway-http"`; `coldcast prices` lists them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// The path of a price book of your own, relative to the scenario file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book_file: Option<PathBuf>,
    /// The region. Default: that of `[pricing]`, if the book has it, else that of the book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The processor. Default: that of `[pricing]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    /// A commitment or another way to buy. Default: on demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_option: Option<String>,
    /// The books of the functions with which it is used, such as `["aws-lambda"]` for a front door that other platforms include. Default:
    /// all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// The key of the meter, such as `"request"`; `coldcast prices show BOOK` lists them.
    pub meter: String,
    /// How much each invocation that arrives uses. Default, if `size` is given: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_invocation: Option<Quantity>,
    /// The size of each item: items are counted in chunks or as data, as the meter does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Memory>,
    /// Only invocations of this function count. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// How much each hour uses, whatever the load: 2 of a meter that counts hours are two of the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<Quantity>,
    /// How much each hour of each instance uses; under `[servers]`, of each server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_instance_hour: Option<Quantity>,
    /// How much a month of 730 hours uses, whatever the load.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_month: Option<Quantity>,
    /// A constant load on a meter with a capacity, such as `{ rule_evaluations_per_second = 10 }`. At any time the largest share of
    /// all its loads decides how many units are used.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub load: BTreeMap<String, Number>,
    /// The load that one invocation per second makes, such as `{ new_connections_per_second = 1, gb_per_hour = 0.072 }`; it is
    /// multiplied by the rate of arrivals at each time.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub load_per_rps: BTreeMap<String, Number>,
    /// The price of one unit, if it was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// What the quantity of a meter follows from, in units of the meter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Per {
    Invocation {
        quantity: Decimal,
        function: Option<String>,
    },
    Hour(Decimal),
    InstanceHour(Decimal),
    Month(Decimal),
    /// Units for each hour, times the largest share of the loads: constant ones, and those that one arrival per second makes.
    Load {
        quantity: Decimal,
        loads: Vec<(Decimal, Decimal)>,
    },
}

/// How much of a meter is used.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Use {
    pub meter: String,
    pub architecture: Option<Architecture>,
    pub per: Per,
}

impl ServiceLine {
    /// What is used of a book.
    pub(super) fn resolve(&self, book: &Book) -> Result<Use, String> {
        let charge = charge(book, &self.meter)?;
        let per =
            if self.load.is_empty() && self.load_per_rps.is_empty() { self.plain(charge) } else { self.loaded(charge) };
        Ok(Use { meter: self.meter.clone(), architecture: self.architecture, per: per? })
    }

    fn plain(&self, charge: &Charge) -> Result<Per, String> {
        let ways = [&self.per_invocation, &self.per_hour, &self.per_instance_hour, &self.per_month];
        let invocation = self.per_invocation.is_some() || ways.iter().all(|way| way.is_none()) && self.size.is_some();
        if ways.iter().filter(|way| way.is_some()).count() + usize::from(invocation && self.per_invocation.is_none())
            != 1
        {
            return Err(
                "expected exactly one of per_invocation, per_hour, per_instance_hour, per_month; or load_per_rps"
                    .into(),
            );
        }
        if self.function.is_some() && !invocation {
            return Err("function chooses invocations; use it with per_invocation, or remove it".into());
        }
        let each = self.size.map_or(Ok(Decimal::ONE), |size| item(charge, size))?;
        let quantity = |quantity: &Option<Quantity>| {
            let number = quantity.as_ref().map_or(Ok(Decimal::ONE), |quantity| quantity.in_unit(&charge.unit))?;
            number.checked_mul(each).ok_or_else(|| "the quantity is too large".to_owned())
        };
        Ok(match (&self.per_hour, &self.per_instance_hour, &self.per_month) {
            (Some(_), _, _) => Per::Hour(quantity(&self.per_hour)?),
            (_, Some(_), _) => Per::InstanceHour(quantity(&self.per_instance_hour)?),
            (_, _, Some(_)) => Per::Month(quantity(&self.per_month)?),
            _ => Per::Invocation { quantity: quantity(&self.per_invocation)?, function: self.function.clone() },
        })
    }

    fn loaded(&self, charge: &Charge) -> Result<Per, String> {
        if self.per_invocation.is_some() || self.per_instance_hour.is_some() || self.per_month.is_some() {
            return Err("load and load_per_rps stand alone or with per_hour, the number of such things".into());
        }
        if self.size.is_some() || self.function.is_some() {
            return Err("size and function do not go with load and load_per_rps; remove them".into());
        }
        let (constant, per_rps) = (shares(charge, &self.load)?, shares(charge, &self.load_per_rps)?);
        let names = constant.keys().chain(per_rps.keys().filter(|name| !constant.contains_key(*name)));
        let share = |of: &BTreeMap<&str, Decimal>, name: &str| of.get(name).copied().unwrap_or_default();
        let loads = names.map(|name| (share(&constant, name), share(&per_rps, name))).collect();
        let quantity = self.per_hour.as_ref().map_or(Ok(Decimal::ONE), |quantity| quantity.in_unit(&charge.unit))?;
        Ok(Per::Load { quantity, loads })
    }
}
