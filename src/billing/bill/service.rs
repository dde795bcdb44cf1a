//! From what a user says of a service to quantities of its meters.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::entries::{PriceOf, ServiceEntry};
use super::number::Number;
use crate::amount::Memory;
use crate::billing::book::{Book, Selection};
use crate::billing::charge::Charge;
use crate::billing::error::{BookError, suggest};
use crate::billing::tariff::Tariff;
use crate::billing::usage::ServiceUsage;

impl ServiceEntry {
    /// What is billed by a book.
    ///
    /// # Errors
    /// What cannot be, and what to do.
    pub fn usage(&self, book: &Book) -> Result<ServiceUsage, String> {
        let charge = charge(book, &self.meter)?;
        let mut quantity = self.quantity.in_unit(&charge.unit)?;
        let item = self.size.map(|size| item(charge, size)).transpose()?;
        let load = shares(charge, &self.load)?.into_values().max();
        for factor in [item, load, self.dollars()?].into_iter().flatten() {
            quantity = quantity.checked_mul(factor).ok_or("the quantity is too large")?;
        }
        Ok(ServiceUsage { meter: self.meter.clone(), architecture: self.architecture, quantity })
    }

    /// The list price of what the quantity is of.
    fn dollars(&self) -> Result<Option<Decimal>, String> {
        let Some(PriceOf { book, region, meter }) = &self.price_of else { return Ok(None) };
        let price = || -> Result<_, BookError> {
            let selection = Selection { region: region.clone(), ..Selection::default() };
            Ok(Tariff::of(&Book::embedded(book)?, &selection)?.price(meter))
        };
        let price = price().map_err(|error| error.to_string())?;
        price.map(|price| Some(price.as_dollars())).ok_or_else(|| format!("{book} has no price for \"{meter}\""))
    }
}

/// The meter of a book.
pub(in crate::billing) fn charge<'a>(book: &'a Book, meter: &str) -> Result<&'a Charge, String> {
    let unknown = || {
        let nearest = suggest(meter, book.charges.iter().map(|charge| charge.key.as_str()));
        format!("the price book \"{}\" has no meter \"{meter}\"; {nearest}", book.name)
    };
    book.charge(meter).map(|place| &book.charges[place]).ok_or_else(unknown)
}

/// What one item counts as.
pub(in crate::billing) fn item(charge: &Charge, size: Memory) -> Result<Decimal, String> {
    let whatever = || format!("\"{}\" is counted by the {}, whatever the size; remove size", charge.key, charge.unit);
    charge.item(size).ok_or_else(whatever)
}

/// How many units of capacity each load takes; the largest share decides.
pub(in crate::billing) fn shares<'a>(
    charge: &Charge,
    load: &'a BTreeMap<String, Number>,
) -> Result<BTreeMap<&'a str, Decimal>, String> {
    let share = |(load, amount): (&'a String, &Number)| {
        let unknown = || match charge.capacity.is_empty() {
            true => format!("\"{}\" has no capacity; remove load", charge.key),
            false => format!("unknown load \"{load}\"; {}", suggest(load, charge.capacity.keys().map(String::as_str))),
        };
        let capacity = charge.capacity.get(load).ok_or_else(unknown)?;
        let share = amount.0.checked_div(*capacity).ok_or_else(|| format!("{load} is too large"))?;
        Ok((load.as_str(), share))
    };
    load.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    fn quantity(book: &str, text: &str) -> Result<Decimal, String> {
        let entry: ServiceEntry = toml::from_str(text).map_err(|error: toml::de::Error| error.to_string())?;
        entry.usage(&Book::embedded(book).unwrap()).map(|usage| usage.quantity)
    }

    #[test]
    fn items_are_counted_as_the_meter_counts_them() {
        let messages = "meter = \"standard_request\"\nquantity = 1_000\nsize = \"65 KiB\"";
        assert_eq!(quantity("aws-sqs", messages), Ok(dec!(2000)));
        let transfer = "meter = \"internet_out\"\nquantity = 1024\nsize = \"1 MiB\"";
        assert_eq!(quantity("aws-data-transfer", transfer), Ok(dec!(1)));
        let transitions = "meter = \"transition\"\nquantity = 1\nsize = \"1 MiB\"";
        assert!(quantity("aws-step-functions", transitions).unwrap_err().contains("remove size"));
    }

    /// aws.amazon.com/elasticloadbalancing/pricing: 25 new connections a second are one LCU, 1 GB an hour is one.
    #[test]
    fn the_largest_load_decides() {
        let lcu =
            |load: &str| quantity("aws-load-balancer", &format!("meter = \"alb_lcu\"\nquantity = 10\nload = {load}"));
        assert_eq!(lcu("{ new_connections_per_second = 50, gb_per_hour = 1.08 }"), Ok(dec!(20)));
        assert_eq!(lcu("{ new_connections_per_second = 1, gb_per_hour = 1.08 }"), Ok(dec!(10.8)));
        assert_eq!(lcu("{}"), Ok(dec!(10)));
        assert!(lcu("{ gb_per_huor = 1 }").unwrap_err().contains("did you mean \"gb_per_hour\"?"));
    }

    #[test]
    fn a_fee_is_counted_in_dollars_of_what_it_is_for() {
        let fee = |meter: &str| {
            let of = format!("price_of = {{ book = \"aws-ec2\", meter = \"{meter}\" }}");
            quantity("aws-lambda-managed-instances", &format!("meter = \"management_fee\"\nquantity = 2000\n{of}"))
        };
        assert_eq!(fee("m7g.xlarge"), Ok(dec!(326.4)));
        assert!(fee("m7g.nano").unwrap_err().contains("aws-ec2 has no price for \"m7g.nano\""));
    }
}
