//! Answers of the Google Cloud Billing Catalog: SKUs with their tiers. A price is whole units and billionths.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::list::{ImportError, PriceList, Row, date, json, number};

#[derive(Deserialize)]
struct Catalog {
    skus: Vec<Sku>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sku {
    sku_id: String,
    description: String,
    category: Category,
    service_regions: Vec<String>,
    pricing_info: Vec<Pricing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Category {
    service_display_name: String,
    usage_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pricing {
    pricing_expression: Expression,
    effective_time: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expression {
    usage_unit: String,
    tiered_rates: Vec<Rate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rate {
    #[serde(default)]
    start_usage_amount: f64,
    unit_price: Price,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Price {
    currency_code: String,
    #[serde(default)]
    units: String,
    #[serde(default)]
    nanos: i64,
}

/// Reads an answer.
pub fn read(value: Value) -> Result<PriceList, ImportError> {
    let catalog: Catalog = serde_json::from_value(value).map_err(|error| json(&error))?;
    let newest = |sku: &Sku| sku.pricing_info.iter().map(|price| date(&price.effective_time)).collect::<Vec<_>>();
    let dates = catalog.skus.iter().flat_map(newest).collect::<Result<Vec<_>, _>>()?;
    let mut list = PriceList {
        title: "Google Cloud Billing Catalog".into(),
        date: dates.into_iter().max().ok_or_else(|| ImportError::List("the list has no prices".into()))?,
        services: catalog.skus.iter().map(|sku| sku.category.service_display_name.clone()).collect::<BTreeSet<_>>(),
        rows: Vec::new(),
        ignored: BTreeMap::new(),
    };
    catalog.skus.iter().try_for_each(|sku| add(&mut list, sku))?;
    Ok(list)
}

fn add(list: &mut PriceList, sku: &Sku) -> Result<(), ImportError> {
    let newest = sku.pricing_info.iter().max_by_key(|price| price.effective_time.clone());
    let Some(price) = newest.filter(|_| sku.category.usage_type == "OnDemand") else {
        *list.ignored.entry("not on demand").or_default() += 1;
        return Ok(());
    };
    let Expression { usage_unit, tiered_rates } = &price.pricing_expression;
    if tiered_rates.iter().any(|rate| rate.unit_price.currency_code != "USD") {
        *list.ignored.entry("not in USD").or_default() += 1;
        return Ok(());
    }
    for region in &sku.service_regions {
        for rate in tiered_rates {
            list.rows.push(Row {
                service: sku.category.service_display_name.clone(),
                product: product(&sku.description, region).into(),
                operation: String::new(),
                sku: sku.sku_id.clone(),
                region: Some(region.clone()).filter(|region| region != "global"),
                unit: usage_unit.clone(),
                from: number(&rate.start_usage_amount.to_string())?,
                price: dollars(&rate.unit_price)?,
            });
        }
    }
    Ok(())
}

/// The description without what says where: " in europe-west2".
fn product<'a>(description: &'a str, region: &str) -> &'a str {
    description.strip_suffix(&format!(" in {region}")).unwrap_or(description)
}

fn dollars(price: &Price) -> Result<Decimal, ImportError> {
    let units = if price.units.is_empty() { Decimal::ZERO } else { number(&price.units)? };
    let nanos = number(&price.nanos.to_string())?.checked_div(Decimal::from(1_000_000_000));
    let sum = nanos.and_then(|nanos| units.checked_add(nanos));
    sum.map(|sum| sum.normalize()).ok_or_else(|| ImportError::List(format!("{} is too large a price", price.units)))
}
