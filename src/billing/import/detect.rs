//! Which provider's price list a file is.

use super::list::{ImportError, PriceList, json};
use super::{aws_csv, aws_json, azure, gcp};

/// Reads a price list of any provider.
pub fn read(text: &str) -> Result<PriceList, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with("\"FormatVersion\"") || text.starts_with("FormatVersion") {
        return aws_csv::read(text);
    }
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| json(&error))?;
    let has = |key: &str| value.get(key).is_some();
    match () {
        () if has("offerCode") => aws_json::read(value),
        () if has("Items") => azure::read(value),
        () if has("skus") => gcp::read(value),
        () => Err(ImportError::List(
            "no price list that is known: expected an AWS offer file (CSV, or JSON with offerCode), an answer of the \
             Azure Retail Prices API (JSON with Items) or of the Google Cloud Billing Catalog (JSON with skus)"
                .into(),
        )),
    }
}
