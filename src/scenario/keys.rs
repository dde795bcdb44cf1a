//! The reference of keys, written from the types: `docs/guide/scenario-keys.md`.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write;

use serde_json::Value;

use super::schema::schema;
use crate::policy::catalog::Catalog;

/// The sections in the order of a scenario file.
const SECTIONS: [&str; 11] = [
    "scenario", "function", "workload", "defaults", "platform", "policy", "pricing", "servers", "ranges", "sweep",
    "output",
];

const INTRODUCTION: &str = "# Scenario keys

Every key of a scenario file, with its value, its default and its meaning. Written from the types by `coldcast keys`; a test compares.

Unknown keys are errors. Quantities are texts with a unit. A choice is a key of its own: `arrivals.poisson = { rate = \"20/s\" }`.
What a function says comes before `[defaults]`, then `[platform]`, then the preset, then the default of this page.
";

/// The reference of all keys of scenario files as Markdown, with the policies of `catalog`.
pub fn reference(catalog: &Catalog) -> String {
    let schema = schema(catalog);
    let mut page = Page {
        definitions: &schema["$defs"],
        text: INTRODUCTION.into(),
        waiting: VecDeque::new(),
        seen: BTreeSet::new(),
    };
    let place = |name: &str| SECTIONS.iter().position(|section| *section == name).unwrap_or(SECTIONS.len());
    let mut sections: Vec<(&String, &Value)> = schema["properties"].as_object().into_iter().flatten().collect();
    sections.sort_by_key(|(name, _)| place(name));
    for (name, section) in sections {
        let (heading, of) = match section.get("items") {
            Some(items) => (format!("[[{name}]]"), items),
            None => (format!("[{name}]"), section),
        };
        let target = page.definition(of).unwrap_or(of);
        page.heading(&heading, text(section, "description").or(text(target, "description")));
        page.body(target);
    }
    page.types();
    page.text
}

struct Page<'a> {
    definitions: &'a Value,
    text: String,
    /// Types that were mentioned and are still to be described.
    waiting: VecDeque<&'a str>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Page<'a> {
    fn heading(&mut self, title: &str, description: Option<&str>) {
        let _ = write!(self.text, "\n## {title}\n\n{}\n", one_line(description.unwrap_or_default()));
    }

    fn types(&mut self) {
        while let Some(name) = self.waiting.pop_front() {
            let definition = &self.definitions[name];
            self.heading(&self.title(name), text(definition, "description"));
            self.body(definition);
        }
    }

    /// The keys of a table, or the alternatives of a choice.
    fn body(&mut self, schema: &'a Value) {
        if let Some(alternatives) = schema["oneOf"].as_array() {
            self.text.push('\n');
            for alternative in alternatives {
                self.alternative(alternative);
            }
        }
        if let Some(keys) = schema["properties"].as_object()
            && !keys.is_empty()
        {
            self.text.push_str("\n| key | value | default | meaning |\n|---|---|---|---|\n");
            for (key, value) in keys {
                let required = schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == key));
                self.row(key, value, required);
            }
            for (key, value) in keys {
                self.inline_choices(key, value);
            }
        }
    }

    fn row(&mut self, key: &str, schema: &'a Value, required: bool) {
        let description = one_line(text(schema, "description").unwrap_or_default());
        let (meaning, stated) = match description.split_once(" Default") {
            Some((meaning, default)) => {
                (meaning, default.trim_start_matches([':', ',', ' ']).trim_end_matches('.').to_owned())
            }
            None => {
                (description.as_str(), schema.get("default").and_then(default).unwrap_or_else(|| "not set".to_owned()))
            }
        };
        let default = if required { "needed".to_owned() } else { stated };
        let value = self.value(schema);
        let _ = writeln!(self.text, "| `{key}` | {} | {} | {} |", cell(&value), cell(&default), cell(meaning));
    }

    /// One alternative of a choice: a word, or a key with a value.
    fn alternative(&mut self, schema: &'a Value) {
        let description = one_line(text(schema, "description").unwrap_or_default());
        if let Some(word) = text(schema, "const") {
            let _ = writeln!(self.text, "- `\"{word}\"`: {description}");
        }
        for word in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let _ = writeln!(self.text, "- `\"{word}\"`");
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let keys = self.keys(value);
            let _ = writeln!(self.text, "- `{key}`{keys}: {description}");
        }
    }

    /// The policies of a kind, which the schema holds in place.
    fn inline_choices(&mut self, key: &str, schema: &'a Value) {
        let choices = schema["properties"].as_object().into_iter().flatten();
        for (number, (name, choice)) in choices.enumerate() {
            let start = if number == 0 { "\n" } else { "" };
            let keys = self.keys(choice);
            let description = one_line(text(choice, "description").unwrap_or_default());
            let _ = writeln!(self.text, "{start}- `{key}.{name}`{keys}: {description}");
        }
    }

    /// " = { `a` (meaning), `b` (meaning) }" for the value of a choice.
    fn keys(&mut self, schema: &'a Value) -> String {
        let Some(keys) = schema["properties"].as_object() else { return format!(" ({})", self.value(schema)) };
        let key = |(key, value): (&String, &'a Value)| {
            let meaning = one_line(text(value, "description").unwrap_or_default());
            let kind =
                value.get("$ref").or(value.get("type")).map(|_| format!("{}, ", self.value(value))).unwrap_or_default();
            format!("`{key}` ({kind}{})", meaning.trim_end_matches('.'))
        };
        let keys: Vec<String> = keys.iter().map(key).collect();
        if keys.is_empty() { " without parameters".into() } else { format!(" with {}", keys.join("; ")) }
    }

    /// What kind of value a key takes.
    fn value(&mut self, schema: &'a Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.reference(name);
        }
        if let Some(items) = schema.get("items") {
            return format!("list of {}", self.value(items));
        }
        if let Some(any) = schema["anyOf"].as_array() {
            return any.iter().map(|alternative| self.value(alternative)).collect::<Vec<_>>().join(" or ");
        }
        if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
            return format!("table of {}", self.value(values));
        }
        match schema["type"].as_str() {
            Some("string") => "text",
            Some("integer") => "whole number",
            Some("number") => "number",
            Some("boolean") => "`true` or `false`",
            Some("object") => "a choice, see below",
            _ => "any",
        }
        .into()
    }

    /// A quantity by its example, any other type by a link to its description.
    fn reference(&mut self, name: &'a str) -> String {
        let definition = &self.definitions[name];
        if let (Some(example), Some(description)) =
            (definition["examples"][0].as_str(), text(definition, "description"))
        {
            return format!("{}, such as `\"{example}\"`", description.split(':').next().unwrap_or_default());
        }
        if self.seen.insert(name) {
            self.waiting.push_back(name);
        }
        let title = self.title(name);
        format!("[{title}](#{})", anchor(&title))
    }

    /// What people call a type. The schema tells the two kinds of a distribution, of times and of plain numbers, apart by endings.
    fn title(&self, name: &str) -> String {
        let numbers = name
            .strip_suffix("_double")
            .or_else(|| name.strip_suffix('2').filter(|name| self.definitions.get(name).is_some()));
        match numbers {
            Some(name) => format!("{name} of plain numbers"),
            None => name.strip_suffix("_Span").unwrap_or(name).to_owned(),
        }
    }

    fn definition(&self, schema: &Value) -> Option<&'a Value> {
        schema["$ref"].as_str().and_then(|path| self.definitions.get(path.rsplit('/').next()?))
    }
}

fn text<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key)?.as_str()
}

/// A default that the types state; that of a whole section says nothing.
fn default(value: &Value) -> Option<String> {
    (!value.is_object()).then(|| format!("`{value}`"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The anchor that Markdown readers make of a heading.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-").chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_reference_is_up_to_date() {
        let committed = include_str!("../../docs/guide/scenario-keys.md");
        let current = reference(&Catalog::default());
        assert!(committed == current, "write it again: cargo run -- keys > docs/guide/scenario-keys.md");
    }

    #[test]
    fn every_key_says_what_it_means() {
        for line in reference(&Catalog::default()).lines() {
            let empty = line.ends_with("|  |") && line.starts_with("| `") || line.ends_with(": ");
            assert!(!empty, "a key without doc comment: {line}");
        }
    }
}
