//! A book as text.

use std::fmt::Write;

use super::build::{Prices, Report};
use super::list::PriceList;
use crate::billing::book::Book;

/// The book, with what became of the rows in comments.
pub fn book(list: &PriceList, like: &Book, prices: &Prices, report: &Report) -> String {
    let mut text = format!("# {}. Made by `coldcast prices import` from: {}.\n#\n", like.service, list.title);
    for line in report.to_string().lines() {
        text.push_str(&format!("# {line}\n"));
    }
    let regions: Vec<&String> = prices.keys().filter_map(|(region, ..)| region.as_ref()).collect();
    let default = like.default_region.as_ref().filter(|region| regions.contains(region)).or(regions.first().copied());
    text.push_str(&format!(
        "\nname = \"{}\"\nlike = \"{}\"\ncurrency = \"USD\"\nas_of = {}\n",
        like.name, like.name, list.date
    ));
    if let Some(region) = default {
        text.push_str(&format!("default_region = \"{region}\"\n"));
    }
    text.push_str(&format!("\n[sources]\nlist = \"{}\"\n", list.title));
    for ((region, meter, architecture), tiers) in prices {
        let unit = like.charges.iter().find(|charge| charge.key == *meter).map(|charge| charge.unit.to_string());
        let ends = tiers.keys().skip(1).map(Some).chain([None]);
        for ((from, row), end) in tiers.iter().zip(ends) {
            // Writing to text cannot fail.
            let _ = writeln!(text, "\n[[price]]\nmeter = \"{meter}\"");
            let _ = region.as_ref().map(|region| writeln!(text, "region = \"{region}\""));
            let _ = architecture.map(|on| writeln!(text, "architecture = \"{on}\""));
            let _ = writeln!(text, "price = \"{}\"\nunit = \"{}\"", row.price, unit.as_deref().unwrap_or_default());
            let _ = (tiers.len() > 1).then(|| writeln!(text, "tier_from = {from}"));
            let _ = end.map(|end| writeln!(text, "tier_to = {end}"));
            let _ = writeln!(text, "source = \"list\"\ndate = {}\nverified = \"price-list\"", list.date);
            let _ = writeln!(text, "note = \"SKU {}\"", row.sku);
        }
    }
    text
}
