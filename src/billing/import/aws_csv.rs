//! AWS offer files in CSV: five lines about the file, a header, and a row for each tier of each product.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::list::{ImportError, PriceList, Row, date, number};

/// The column that every header begins with.
const FIRST: &str = "SKU";

/// Reads a file. Columns differ from service to service and are found by name.
pub fn read(text: &str) -> Result<PriceList, ImportError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut about = BTreeMap::new();
    let mut header = None;
    let mut list = None;
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::List(error.to_string()))?;
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let wrong = |error: ImportError| ImportError::Line { line, problem: error.to_string() };
        match &header {
            None if &record[0] == FIRST => {
                list = Some(empty(&about)?);
                header = Some(columns(&record).map_err(wrong)?);
            }
            None => {
                about.insert(record[0].to_owned(), record.get(1).unwrap_or_default().to_owned());
            }
            Some(columns) => {
                let Some(list) = &mut list else { continue };
                add(list, &Fields { columns, record: &record }).map_err(wrong)?;
            }
        }
    }
    list.ok_or_else(|| ImportError::List(format!("no line begins with \"{FIRST}\": the file has no header of prices")))
}

fn empty(about: &BTreeMap<String, String>) -> Result<PriceList, ImportError> {
    let of = |key: &str| {
        about.get(key).ok_or_else(|| ImportError::List(format!("\"{key}\" is missing in the lines before the header")))
    };
    let code = of("OfferCode")?;
    Ok(PriceList {
        title: format!("AWS offer file {code}, version {}", of("Version")?),
        date: date(of("Publication Date")?)?,
        services: BTreeSet::from([code.clone()]),
        rows: Vec::new(),
        ignored: BTreeMap::new(),
    })
}

/// The columns that must be there.
const NEEDED: [&str; 8] =
    ["SKU", "TermType", "StartingRange", "Unit", "PricePerUnit", "Currency", "serviceCode", "usageType"];

fn columns(record: &StringRecord) -> Result<BTreeMap<String, usize>, ImportError> {
    let columns: BTreeMap<String, usize> =
        record.iter().enumerate().map(|(place, name)| (name.to_owned(), place)).collect();
    match NEEDED.iter().find(|name| !columns.contains_key(**name)) {
        Some(missing) => Err(ImportError::List(format!("there is no column \"{missing}\""))),
        None => Ok(columns),
    }
}

/// The fields of a row, by the names of columns.
struct Fields<'a> {
    columns: &'a BTreeMap<String, usize>,
    record: &'a StringRecord,
}

impl Fields<'_> {
    fn get(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|place| self.record.get(*place)).unwrap_or_default()
    }
}

fn add(list: &mut PriceList, row: &Fields) -> Result<(), ImportError> {
    if let Some(reason) =
        left_out(row.get("TermType"), row.get("Currency"), row.get("Location Type"), row.get("usageType"))
    {
        *list.ignored.entry(reason).or_default() += 1;
        return Ok(());
    }
    list.rows.push(Row {
        service: row.get("serviceCode").into(),
        product: without_region(row.get("usageType")).into(),
        operation: row.get("operation").into(),
        sku: row.get("SKU").into(),
        region: Some(row.get("Region Code").to_owned()).filter(|region| !region.is_empty()),
        unit: row.get("Unit").into(),
        from: number(row.get("StartingRange"))?,
        price: number(row.get("PricePerUnit"))?,
    });
    Ok(())
}

/// Why a row is no price on demand in a region, if it is none.
pub fn left_out(term: &str, currency: &str, location: &str, usage: &str) -> Option<&'static str> {
    match () {
        () if term != "OnDemand" => Some("not on demand"),
        () if currency != "USD" => Some("not in USD"),
        () if usage.starts_with("Global-") => Some("free units, which the book has"),
        () if !["", "AWS Region"].contains(&location) => Some("not in a region: edge, local zone or outpost"),
        () => None,
    }
}

/// A usage type without the code of the region, such as `EUW2-`; us-east-1 has none.
pub fn without_region(usage: &str) -> &str {
    let is_code = |code: &str| {
        let (letters, digit) = code.split_at(code.len().saturating_sub(1));
        let numbered = digit.chars().all(|c| c.is_ascii_digit()) && (2..=4).contains(&letters.len());
        code == "EU" || numbered && letters.chars().all(|c| c.is_ascii_uppercase())
    };
    match usage.split_once('-') {
        Some((code, rest)) if code.is_ascii() && is_code(code) => rest,
        _ => usage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_regions_are_told_from_names() {
        for (usage, product) in [
            ("EUW2-Lambda-GB-Second", "Lambda-GB-Second"),
            ("EU-Request", "Request"),
            ("APN1-Request-ARM", "Request-ARM"),
            ("Lambda-GB-Second", "Lambda-GB-Second"),
            ("TS-LoadBalancerUsage", "TS-LoadBalancerUsage"),
            ("Outposts-LCUUsage", "Outposts-LCUUsage"),
        ] {
            assert_eq!(without_region(usage), product);
        }
    }
}
