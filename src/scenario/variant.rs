//! The variants of a scenario: what its `[sweep]` and its `pricing.books` ask for, one scenario each.

use toml_edit::{DocumentMut, Item, value};

use super::grid::{Grid, Settings, Varied};
use super::problem::{Problem, ScenarioError};
use super::read::Scenario;
use crate::billing::Book;
use crate::experiment::study::Axis;
use crate::policy::catalog::Catalog;

/// Keys that say what a study is, not what is simulated.
const FIXED: [&str; 3] = ["scenario.name", "scenario.paths_from", "output"];

impl Scenario {
    /// Whether the scenario asks for several variants.
    pub fn varies(&self) -> bool {
        !self.file().sweep.is_empty() || !self.file().pricing.books.is_empty()
    }

    /// Everything that the scenario asks for, each value tried by itself.
    ///
    /// # Errors
    /// What is wrong with `[sweep]`, or with a scenario that has one of its values.
    pub fn grid(&self, catalog: &Catalog) -> Result<Grid, ScenarioError> {
        let wrong = |key: &str, problem: Problem| self.refuse(&["sweep", key], problem);
        let axes = self.file().sweep.axes().map_err(|(key, problem)| wrong(&key, Problem::new(problem)))?;
        for varied in &axes {
            let key = varied.axis.keys[0].as_str();
            if let Some(fixed) = FIXED.iter().find(|fixed| key == **fixed || key.starts_with(&format!("{fixed}."))) {
                return Err(wrong(key, Problem::new(format!("`{fixed}` is the same for all cells of a sweep"))));
            }
            for settings in &varied.settings {
                self.variant(settings, catalog).map_err(|error| wrong(key, within(settings, &error)))?;
            }
        }
        let books = self.providers(catalog)?;
        Ok(Grid::new(books.into_iter().chain(axes).collect()))
    }

    /// The axis of `pricing.books`, if there are any: each brings its prices, its region, and the preset of the platform that it bills.
    fn providers(&self, catalog: &Catalog) -> Result<Option<Varied>, ScenarioError> {
        let pricing = &self.file().pricing;
        if pricing.books.is_empty() {
            return Ok(None);
        }
        let mut settings = Vec::new();
        for name in &pricing.books {
            let wrong = |problem: Problem| self.refuse(&["pricing", "books"], problem);
            let book = Book::embedded(name).map_err(|error| wrong(Problem::new(error.to_string())))?;
            let Some(preset) = &book.platform else {
                let problem = Problem::new(format!("the price book \"{name}\" bills no platform that has a preset"));
                return Err(wrong(
                    problem.help("name another book, or run it alone with `book` and a [platform] of your own"),
                ));
            };
            let mut of_book = vec![text("pricing.book", name), text("platform.preset", preset)];
            let region = pricing.regions.get(name).or(book.default_region.as_ref());
            of_book.extend(region.map(|region| text("pricing.region", region)));
            self.variant(&of_book, catalog).map_err(|error| wrong(within(&of_book, &error)))?;
            settings.push(of_book);
        }
        let keys = ["pricing.book", "platform.preset", "pricing.region"].map(str::to_owned).into();
        Ok(Some(Varied { axis: Axis { keys, name: String::new(), values: pricing.books.clone() }, settings }))
    }

    /// The scenario with other values of some keys, without `[sweep]` and `pricing.books`.
    ///
    /// # Errors
    /// What is wrong with it then.
    pub fn variant(&self, settings: &Settings, catalog: &Catalog) -> Result<Self, ScenarioError> {
        let mut text = self.source_text().to_owned();
        // The text was parsed before.
        if let Ok(mut document) = text.parse::<DocumentMut>() {
            document.remove("sweep");
            if let Some(pricing) = document.get_mut("pricing").and_then(Item::as_table_like_mut) {
                pricing.remove("books");
                pricing.remove("regions");
            }
            text = document.to_string();
        }
        Self::with_choices(self.path(), text, settings, catalog, Some(self.choices(catalog)))
    }

    /// The price books of all variants, with their dates.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn price_books(&self, grid: &Grid, catalog: &Catalog) -> Result<Vec<String>, ScenarioError> {
        let priced = grid.axes().iter().filter(|varied| varied.axis.keys.iter().any(|key| key.starts_with("pricing.")));
        let mut variants: Vec<Settings> = priced.flat_map(|varied| varied.settings.clone()).collect();
        if variants.is_empty() {
            variants.push(Settings::new());
        }
        let mut books = Vec::new();
        for settings in variants {
            let variant = self.variant(&settings, catalog)?;
            let tariff = variant.tariff(&variant.file().pricing)?;
            books.extend(tariff.book().map(ToString::to_string).filter(|book| !books.contains(book)));
        }
        Ok(books)
    }
}

/// The first problem of a variant, as a problem of the value that makes it.
fn within(settings: &Settings, error: &ScenarioError) -> Problem {
    let set: Vec<String> = settings.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    match error.problems().first() {
        Some(problem) => problem.clone().within(&set.join(", ")),
        None => Problem::new(set.join(", ")),
    }
}

/// A key with a text as its value.
fn text(key: &str, text: &str) -> (String, String) {
    (key.to_owned(), value(text).to_string())
}
