//! The text of a scenario file, and where in it each key stands.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::problem::Problem;

/// A parsed scenario file: the text that errors quote, and the tree that says where its keys are.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    tree: Document<String>,
    changed: bool,
}

impl Source {
    /// Parses the text of the file at `path`.
    ///
    /// # Errors
    /// A [`Problem`] at the place where the text stops being TOML.
    pub fn parse(path: &Path, text: String) -> Result<Self, Problem> {
        let tree = Document::parse(text).map_err(|error| Problem::new(error.message()).at(error.span()))?;
        Ok(Self { path: path.to_owned(), tree, changed: false })
    }

    /// Says that the text is no longer that of the file.
    pub fn changed(self) -> Self {
        Self { changed: true, ..self }
    }

    /// What errors call the text: the file, and whether it is as the file has it, so that its lines can be found there.
    pub fn title(&self) -> String {
        let path = self.path.display();
        if self.changed { format!("{path} (with --set)") } else { path.to_string() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text of the file, with the overrides of the command line.
    pub fn text(&self) -> &str {
        self.tree.raw()
    }

    /// The bytes of the text that hold the value of `keys`, such as `["function", "0", "memory"]`; of the innermost table
    /// that is there if the value itself is not.
    pub fn span(&self, keys: &[&str]) -> Option<Range<usize>> {
        find(self.tree.as_item(), keys).filter(|span| !span.is_empty())
    }
}

fn find(item: &Item, keys: &[&str]) -> Option<Range<usize>> {
    let Some((first, rest)) = keys.split_first() else { return item.span() };
    let inner = match item {
        Item::ArrayOfTables(tables) => {
            let table = tables.get(first.parse().ok()?)?;
            find_in(table, rest).or_else(|| table.span())
        }
        Item::Value(toml_edit::Value::Array(values)) => {
            let value = values.get(first.parse().ok()?)?;
            value.as_inline_table().and_then(|table| find_in(table, rest)).or_else(|| value.span())
        }
        _ => find_in(item.as_table_like()?, keys),
    };
    inner.or_else(|| item.span())
}

fn find_in(table: &dyn TableLike, keys: &[&str]) -> Option<Range<usize>> {
    let (first, rest) = keys.split_first()?;
    let (key, item) = table.get_key_value(first)?;
    find(item, rest).or_else(|| key.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_key_has_its_place() {
        let text =
            "scenario.name = \"a\"\n[[function]]\nname = \"f\"\narrivals.poisson = { rate = \"1/s\" }\n[platform]\n";
        let source = Source::parse(Path::new("a.toml"), text.into()).unwrap();
        let quoted = |keys: &[&str]| source.span(keys).map(|span| &text[span]);
        assert_eq!(quoted(&["scenario", "name"]), Some("\"a\""));
        assert_eq!(quoted(&["function", "0", "name"]), Some("\"f\""));
        assert_eq!(quoted(&["function", "0", "arrivals", "poisson", "rate"]), Some("\"1/s\""));
        assert_eq!(quoted(&["function", "0", "memory"]), Some("[[function]]"));
        assert_eq!(quoted(&["platform", "preset"]), Some("[platform]"));
        assert_eq!(quoted(&["pricing"]), None);
    }
}
