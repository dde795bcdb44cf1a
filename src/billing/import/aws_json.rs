//! AWS offer files in JSON: products by SKU, and terms by SKU with a price for each tier. All numbers are text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::aws_csv::{left_out, without_region};
use super::list::{ImportError, PriceList, Row, date, json, number};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    offer_code: String,
    version: String,
    publication_date: String,
    products: BTreeMap<String, Product>,
    /// Kind of term, then SKU, then offer.
    terms: BTreeMap<String, BTreeMap<String, BTreeMap<String, Term>>>,
}

#[derive(Deserialize)]
struct Product {
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    begin_range: String,
    unit: String,
    price_per_unit: BTreeMap<String, String>,
}

/// Reads a file.
pub fn read(value: Value) -> Result<PriceList, ImportError> {
    let offer: Offer = serde_json::from_value(value).map_err(|error| json(&error))?;
    let mut list = PriceList {
        title: format!("AWS offer file {}, version {}", offer.offer_code, offer.version),
        date: date(&offer.publication_date)?,
        services: BTreeSet::from([offer.offer_code.clone()]),
        rows: Vec::new(),
        ignored: BTreeMap::new(),
    };
    for (term, skus) in &offer.terms {
        for (sku, offers) in skus {
            let product =
                offer.products.get(sku).ok_or_else(|| ImportError::List(format!("no product has the SKU {sku}")))?;
            for dimension in offers.values().flat_map(|offer| offer.price_dimensions.values()) {
                add(&mut list, &offer.offer_code, (term, sku), product, dimension)?;
            }
        }
    }
    Ok(list)
}

fn add(
    list: &mut PriceList,
    service: &str,
    (term, sku): (&str, &str),
    product: &Product,
    dimension: &Dimension,
) -> Result<(), ImportError> {
    let of = |key: &str| product.attributes.get(key).map_or("", String::as_str);
    let price = dimension.price_per_unit.get("USD");
    let currency = if price.is_some() { "USD" } else { "" };
    let (Some(price), None) = (price, left_out(term, currency, of("locationType"), of("usagetype"))) else {
        let reason = left_out(term, currency, of("locationType"), of("usagetype")).unwrap_or("not in USD");
        *list.ignored.entry(reason).or_default() += 1;
        return Ok(());
    };
    list.rows.push(Row {
        service: service.into(),
        product: without_region(of("usagetype")).into(),
        operation: of("operation").into(),
        sku: sku.into(),
        region: Some(of("regionCode").to_owned()).filter(|region| !region.is_empty()),
        unit: dimension.unit.clone(),
        from: number(&dimension.begin_range)?,
        price: number(price)?,
    });
    Ok(())
}
