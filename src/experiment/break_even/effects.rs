//! What a change of each input does to the bills.

use serde::Serialize;

use super::costs::{Change, serverless, servers};
use super::curve::{Case, per_month};
use crate::billing::InvoiceError;
use crate::billing::services::BillPart;
use crate::experiment::fleet::{Fleet, Scaling};

/// What a change of one input does to the bill that it belongs to, per month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// Whose bill: `serverless` or `servers`.
    pub bill: &'static str,
    /// The input.
    pub input: String,
    /// The bill with less of it.
    pub low: f64,
    /// The bill as it is.
    pub base: f64,
    /// The bill with more of it.
    pub high: f64,
}

impl Effect {
    /// How far apart the bills are.
    pub fn swing(&self) -> f64 {
        let Self { low, base, high, .. } = self;
        low.max(*base).max(*high) - low.min(*base).min(*high)
    }
}

/// Every input less and more by the share `change`, the largest effect first.
pub(super) fn effects(case: &Case<'_>, change: f64) -> Result<Vec<Effect>, InvoiceError> {
    let mut all = case.serverless(change)?;
    all.extend(case.servers(change)?);
    all.retain(|effect| effect.swing() > 0.0);
    all.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
    Ok(all)
}

impl Case<'_> {
    /// The mean over the replications.
    fn mean(
        &self,
        figure: impl Fn(&crate::experiment::Measured) -> Result<f64, InvoiceError>,
    ) -> Result<f64, InvoiceError> {
        let sum = self.measured.iter().try_fold(0.0, |sum, measured| Ok(sum + figure(measured)?))?;
        Ok(sum / self.measured.len() as f64)
    }

    fn serverless(&self, change: f64) -> Result<Vec<Effect>, InvoiceError> {
        let bill = |change: Change| self.mean(|measured| per_month(&serverless(self.experiment, measured, change)?));
        let base = bill(Change::default())?;
        let effect = |input: String, low, high| Effect { bill: "serverless", input, low, base, high };
        let both = |input: &str, with: fn(f64) -> Change| {
            Ok(effect(input.into(), bill(with(1.0 - change))?, bill(with(1.0 + change))?))
        };
        let mut effects = vec![
            both("arrival rate", |load| Change { load, ..Change::default() })?,
            both("execution time", |time| Change { time, ..Change::default() })?,
            both("memory (same time)", |memory| Change { memory, ..Change::default() })?,
            effect("without free units".into(), base, bill(Change { free_units: false, ..Change::default() })?),
        ];
        let parts = |measured: &_| serverless(self.experiment, measured, Change::default());
        for (name, amount) in self.prices(parts)? {
            let input = if name.is_empty() { "price: functions".into() } else { format!("price: {name}") };
            effects.push(effect(input, base - amount * change, base + amount * change));
        }
        Ok(effects)
    }

    fn servers(&self, change: f64) -> Result<Vec<Effect>, InvoiceError> {
        let other = self.fleet.other_per_month.as_f64();
        let bill = |fleet: &Fleet, change: Change| {
            Ok(self.mean(|measured| per_month(&servers(fleet, measured, change)?.0))? + other)
        };
        let base = bill(self.fleet, Change::default())?;
        let effect = |input: String, low, high| Effect { bill: "servers", input, low, base, high };
        let both = |input: &str, with: fn(f64) -> Change| {
            let [low, high] = [1.0 - change, 1.0 + change].map(|factor| bill(self.fleet, with(factor)));
            Ok(effect(input.into(), low?, high?))
        };
        let scaled = |scaling: Scaling| bill(&Fleet { scaling, ..self.fleet.clone() }, Change::default());
        let scaling = self.fleet.scaling;
        let target = |factor: f64| {
            let target_utilisation = (scaling.target_utilisation * factor).min(1.0);
            scaled(Scaling { target_utilisation, ..scaling })
        };
        let minimum = |minimum: u32| scaled(Scaling { minimum, ..scaling });
        let mut effects = vec![
            both("arrival rate", |load| Change { load, ..Change::default() })?,
            both("time of a request", |time| Change { time, ..Change::default() })?,
            effect("target utilisation".into(), target(1.0 - change)?, target(1.0 + change)?),
            effect(
                "minimum servers ± 1".into(),
                minimum(scaling.minimum.saturating_sub(1))?,
                minimum(scaling.minimum.saturating_add(1))?,
            ),
        ];
        for (name, amount) in self.prices(|measured| Ok(servers(self.fleet, measured, Change::default())?.0))? {
            effects.push(effect(format!("price: {name}"), base - amount * change, base + amount * change));
        }
        effects.push(effect("other costs".into(), base - other * change, base + other * change));
        Ok(effects)
    }

    /// What each part of a bill costs in a month.
    fn prices(
        &self,
        parts: impl Fn(&crate::experiment::Measured) -> Result<Vec<BillPart>, InvoiceError>,
    ) -> Result<Vec<(String, f64)>, InvoiceError> {
        let mut sums: Vec<(String, f64)> = Vec::new();
        for measured in &self.measured {
            for (name, invoice) in parts(measured)? {
                let amount = invoice.per_month.as_f64() / self.measured.len() as f64;
                match sums.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, sum)) => *sum += amount,
                    None => sums.push((name, amount)),
                }
            }
        }
        Ok(sums)
    }
}
