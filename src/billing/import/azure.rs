//! Answers of the Azure Retail Prices API: an item for each tier of each meter. Prices and tiers are per
//! `unitOfMeasure`, which may begin with a number, such as "10" or "1M".

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::list::{ImportError, PriceList, Row, date, json, number};

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Items")]
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    currency_code: String,
    tier_minimum_units: serde_json::Number,
    retail_price: serde_json::Number,
    arm_region_name: String,
    effective_start_date: String,
    meter_id: String,
    meter_name: String,
    product_name: String,
    service_name: String,
    unit_of_measure: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Reads an answer.
pub fn read(value: Value) -> Result<PriceList, ImportError> {
    let answer: Answer = serde_json::from_value(value).map_err(|error| json(&error))?;
    let dates = answer.items.iter().map(|item| date(&item.effective_start_date)).collect::<Result<Vec<_>, _>>()?;
    let mut list = PriceList {
        title: "Azure Retail Prices API".into(),
        date: dates.into_iter().max().ok_or_else(|| ImportError::List("the list has no items".into()))?,
        services: answer.items.iter().map(|item| item.service_name.clone()).collect::<BTreeSet<_>>(),
        rows: Vec::new(),
        ignored: BTreeMap::new(),
    };
    answer.items.iter().try_for_each(|item| add(&mut list, item))?;
    Ok(list)
}

fn add(list: &mut PriceList, item: &Item) -> Result<(), ImportError> {
    let reason = match () {
        () if item.kind != "Consumption" => Some("not on demand"),
        () if item.currency_code != "USD" => Some("not in USD, where small prices are rounded"),
        () => None,
    };
    if let Some(reason) = reason {
        *list.ignored.entry(reason).or_default() += 1;
        return Ok(());
    }
    let (many, unit) = unit(&item.unit_of_measure);
    let exact = |number: &serde_json::Number| self::number(&plain(number));
    let each = exact(&item.retail_price)?.checked_div(many);
    let from = exact(&item.tier_minimum_units)?.checked_mul(many);
    let (Some(price), Some(from)) = (each, from) else {
        return Err(ImportError::List(format!("{}: the price of {} is too large", item.meter_id, item.meter_name)));
    };
    list.rows.push(Row {
        service: item.service_name.clone(),
        product: format!("{}/{}", item.product_name, item.meter_name),
        operation: String::new(),
        sku: item.meter_id.clone(),
        region: Some(item.arm_region_name.clone()).filter(|region| !region.is_empty()),
        unit,
        from: from.normalize(),
        price: price.normalize(),
    });
    Ok(())
}

/// A number of JSON without exponent: 1.6e-05 is 0.000016.
fn plain(number: &serde_json::Number) -> String {
    number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
}

/// How many, and of what: "10" is ten, "1M" a million, "10K" ten thousand, "1 GB Second" one of it.
fn unit(text: &str) -> (Decimal, String) {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let count = count.parse().unwrap_or(Decimal::ONE);
    match unit.trim() {
        "K" => (count * Decimal::ONE_THOUSAND, String::new()),
        "M" => (count * Decimal::from(1_000_000), String::new()),
        unit => (if count.is_zero() { Decimal::ONE } else { count }, unit.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_begin_with_a_number() {
        for (text, many, of) in [
            ("10", 10, ""),
            ("1M", 1_000_000, ""),
            ("10K", 10_000, ""),
            ("1 GB Second", 1, "GB Second"),
            ("1/Hour", 1, "/Hour"),
        ] {
            assert_eq!(unit(text), (Decimal::from(many), of.to_owned()), "{text}");
        }
    }
}
