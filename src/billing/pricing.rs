//! The `[pricing]` table of a scenario.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::billing::book::{Book, Selection};
use crate::billing::charge::Architecture;
use crate::billing::error::BookError;
use crate::billing::linear::Linear;
use crate::billing::service_line::ServiceLine;
use crate::billing::services::{Defaults, Services};
use crate::billing::tariff::Tariff;

/// What the run costs: one of `book`, `books`, `book_file` and `linear`. Without any of them nothing is billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Pricing {
    /// A price book that is part of the program, such as `"aws-lambda"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// Several price books of the program: the same invocations are run on the platform that each of them bills, with its preset,
    /// and the results are compared. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub books: Vec<String>,
    /// The region in each of `books`, such as `{ gcp-cloud-run = "europe-west1" }`. Default: that of the book.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, String>,
    /// The path of a price book of your own, relative to the scenario file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book_file: Option<PathBuf>,
    /// The region whose prices hold, such as `"us-east-1"`, also for services beside the functions. Default: that of the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The processor: `"x86_64"` or `"arm64"`. Default: `"x86_64"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    /// A commitment or another way to buy, such as `"cud"`; `coldcast prices show BOOK` lists them. Default: on demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_option: Option<String>,
    /// Whether the account still has the free units of each month. Default: `true`.
    #[serde(default = "yes")]
    pub free_tier: bool,
    /// The plain cost model C = k x T.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear: Option<Linear>,
    /// What is used of other services beside the functions, one `[[pricing.service]]` each: the front door, queues, logs, data
    /// transfer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<ServiceLine>,
}

const fn yes() -> bool {
    true
}

impl Default for Pricing {
    fn default() -> Self {
        let (book, book_file, region, architecture, linear) = (None, None, None, None, None);
        let (books, regions, service, purchase_option) = (Vec::new(), BTreeMap::new(), Vec::new(), None);
        let free_tier = yes();
        Self { book, books, regions, book_file, region, architecture, purchase_option, free_tier, linear, service }
    }
}

impl Pricing {
    fn check(&self) -> Result<(), &'static str> {
        let books = usize::from(self.book.is_some()) + usize::from(self.book_file.is_some());
        if books + usize::from(self.linear.is_some()) + usize::from(!self.books.is_empty()) > 1 {
            return Err("more than one of book, books, book_file and linear; keep one");
        }
        if !self.books.is_empty() {
            return self.check_books();
        }
        if !self.regions.is_empty() {
            return Err("regions belong to books; with one book say region = \"us-east-1\"");
        }
        if books == 0 && self.purchase_option.is_some() {
            return Err("purchase_option belongs to a price book; add book = \"gcp-cloud-run\" or remove it");
        }
        if books == 0 && self.service.is_empty() && (self.region.is_some() || self.architecture.is_some()) {
            return Err("region and architecture belong to a price book; add book = \"aws-lambda\" or remove them");
        }
        Ok(())
    }

    fn check_books(&self) -> Result<(), &'static str> {
        let twice = |(place, book): (usize, &String)| self.books[..place].contains(book);
        if self.books.iter().enumerate().any(twice) {
            return Err("a book is twice among books; once is enough");
        }
        if self.region.is_some() {
            return Err("region is of one book; with several say regions = { gcp-cloud-run = \"europe-west1\" }");
        }
        if self.purchase_option.is_some() {
            return Err(
                "purchase_option is of one book; vary pricing.book and pricing.purchase_option in [sweep] instead",
            );
        }
        if self.regions.keys().any(|book| !self.books.contains(book)) {
            return Err("regions names a book that is not among books");
        }
        if self.service.iter().flat_map(|line| &line.with).any(|book| !self.books.contains(book)) {
            return Err("a service goes with a book that is not among books");
        }
        Ok(())
    }

    /// Reads the book, if any, and finds the prices. Paths are relative to `base`, the folder of the scenario.
    pub fn resolve(&self, base: &Path) -> Result<Tariff, BookError> {
        let book = match (&self.book, &self.book_file, &self.linear) {
            (Some(name), _, _) => Book::embedded(name)?,
            (_, Some(path), _) => Book::read(&base.join(path))?,
            (_, _, Some(linear)) => return Ok(Tariff::linear(linear)),
            (None, None, None) => return Ok(Tariff::none()),
        };
        let (region, purchase_option) = (self.region.clone(), self.purchase_option.clone());
        let (architecture, free_tier) = (self.architecture.unwrap_or_default(), self.free_tier);
        Tariff::of(&book, &Selection { region, architecture, purchase_option, free_tier, ..Selection::default() })
    }
}

impl Pricing {
    /// Reads the books of the services beside the functions, which `tariff` bills, and finds their prices.
    ///
    /// # Errors
    /// The position of the line that is wrong, the key in it, and what is wrong.
    pub fn services(&self, tariff: &Tariff, base: &Path) -> Result<Services, (usize, &'static str, String)> {
        Services::resolve(&self.service, self.defaults(), tariff.book(), base)
    }

    /// What services mean that do not say it.
    pub fn defaults(&self) -> Defaults<'_> {
        let architecture = self.architecture.unwrap_or_default();
        Defaults { region: self.region.as_deref(), architecture, free_tier: self.free_tier }
    }
}

impl<'de> Deserialize<'de> for Pricing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pricing = Self::deserialize(deserializer)?;
        pricing.check().map_err(serde::de::Error::custom)?;
        Ok(pricing)
    }
}

impl Serialize for Pricing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::{Meter, Usage};

    #[derive(Serialize, Deserialize)]
    struct Scenario {
        pricing: Pricing,
    }

    fn read(text: &str) -> Result<Pricing, String> {
        let scenario = toml::from_str(&format!("[pricing]\n{text}"));
        scenario.map(|scenario: Scenario| scenario.pricing).map_err(|error: toml::de::Error| error.to_string())
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "",
            "book = \"aws-lambda\"\nregion = \"us-east-1\"\narchitecture = \"arm64\"\nfree_tier = false",
            "book_file = \"my.toml\"",
            "linear = { per_gb_second = \"0.00002 USD\", granularity = \"100ms\", init = true }",
            "service = [{ book = \"aws-sqs\", meter = \"standard_request\", size = \"80 KiB\" }]",
            "service = [{ book = \"aws-vpc\", meter = \"nat_data\", per_hour = \"3 MB\" }]",
        ] {
            let scenario = Scenario { pricing: read(text).unwrap() };
            let again: Scenario = toml::from_str(&toml::to_string(&scenario).unwrap()).unwrap();
            assert_eq!(again.pricing, scenario.pricing, "{text}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        for (text, reason) in [
            ("book = \"aws-lambda\"\nlinear = { per_second = \"1 USD\" }", "more than one of book"),
            ("region = \"us-east-1\"", "belong to a price book"),
            ("architecture = \"arm\"", "expected `x86_64` or `arm64`"),
            ("bok = \"aws-lambda\"", "unknown field `bok`"),
            ("book = \"aws-lambda\"\nbooks = [\"gcp-cloud-run\"]", "more than one of book"),
            ("books = [\"aws-lambda\", \"aws-lambda\"]", "once is enough"),
            ("books = [\"aws-lambda\"]\nregion = \"us-east-1\"", "with several say regions"),
            ("books = [\"aws-lambda\"]\nregions = { gcp = \"x\" }", "not among books"),
            ("book = \"aws-lambda\"\nregions = { aws-lambda = \"x\" }", "with one book say region"),
            (
                "books = [\"aws-lambda\"]\n[[pricing.service]]\nmeter = \"request\"\nwith = [\"gcp-cloud-run\"]",
                "goes with a book that is not among books",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason) && error.contains("at line "), "{text}: {error}");
        }
    }

    #[test]
    fn the_schema_has_the_keys_and_what_they_mean() {
        let schema = serde_json::to_value(schemars::schema_for!(Pricing)).unwrap();
        let described = |key: &str| schema["properties"][key]["description"].is_string();
        for key in ["book", "book_file", "region", "architecture", "free_tier", "linear"] {
            assert!(described(key), "{key}");
        }
    }

    #[test]
    fn without_prices_nothing_is_billed() {
        let tariff = Pricing::default().resolve(Path::new(".")).unwrap();
        assert_eq!(tariff.meter(), Meter::EXACT);
        assert!(tariff.invoice(&Usage::month(vec![])).unwrap().lines.is_empty());
    }

    #[test]
    fn a_missing_book_file_is_named() {
        let pricing = read("book_file = \"no-such-book.toml\"").unwrap();
        let error = pricing.resolve(Path::new("scenarios")).unwrap_err().to_string();
        assert!(error.contains("scenarios/no-such-book.toml") && error.contains("cannot read"), "{error}");
    }
}
