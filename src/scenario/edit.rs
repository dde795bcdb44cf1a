//! Changes to the text of a scenario that leave the rest of it as it is: overrides of the command line, and presets.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, InlineTable, Item, Key, Table, TableLike, Value};

use super::nearest::advice;

/// Sets `key`, a dotted path such as `scenario.seed` or `function.thumbnail.memory`, to a TOML value; what is not TOML is taken
/// as text. Functions are addressed by name or by number, from 0.
///
/// A table named in `choices` holds exactly one key: choosing another one replaces the first.
///
/// # Errors
/// What is wrong with the key.
pub fn set(document: &mut DocumentMut, key: &str, value: &str, choices: &BTreeSet<String>) -> Result<(), String> {
    let keys = Key::parse(key).map_err(|error| format!("`{key}` is not a key: {}", error.message()))?;
    let value = value.parse::<Value>().unwrap_or_else(|_| value.into());
    set_in(document.as_table_mut(), &keys, value, choices)
}

fn set_in(table: &mut dyn TableLike, keys: &[Key], value: Value, choices: &BTreeSet<String>) -> Result<(), String> {
    let Some((first, rest)) = keys.split_first() else { return Ok(()) };
    if rest.is_empty() {
        replace(table, first, value);
        return Ok(());
    }
    let item = table.entry_format(first).or_insert_with(|| Item::Value(InlineTable::new().into()));
    match item {
        Item::ArrayOfTables(tables) => {
            let names = tables.iter().map(|table| name_of(table)).collect();
            let table = tables.get_mut(position(names, &rest[0])?);
            table.map_or(Ok(()), |table| set_in(table, &rest[1..], value, choices))
        }
        Item::Value(Value::Array(values)) => {
            let names = values.iter().map(|value| value.as_inline_table().map_or("", |table| name_of(table))).collect();
            let table = values.get_mut(position(names, &rest[0])?).and_then(Value::as_inline_table_mut);
            table.map_or(Ok(()), |table| set_in(table, &rest[1..], value, choices))
        }
        _ => {
            let table =
                item.as_table_like_mut().ok_or_else(|| format!("`{}` holds a value, not a table", first.get()))?;
            if choices.contains(first.get()) {
                keep_only(table, rest[0].get());
            }
            set_in(table, rest, value, choices)
        }
    }
}

/// Puts the value in the place of the old one, with the comment that stands beside it.
fn replace(table: &mut dyn TableLike, key: &Key, mut value: Value) {
    let item = table.entry_format(key).or_insert(Item::None);
    if let Some(old) = item.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(value);
}

fn keep_only(table: &mut dyn TableLike, choice: &str) {
    let others: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).filter(|key| key != choice).collect();
    for other in others {
        table.remove(&other);
    }
}

fn name_of(table: &dyn TableLike) -> &str {
    table.get("name").and_then(Item::as_str).unwrap_or_default()
}

fn position(names: Vec<&str>, key: &Key) -> Result<usize, String> {
    let by_number = || key.get().parse().ok().filter(|index| *index < names.len());
    let found = names.iter().position(|name| *name == key.get()).or_else(by_number);
    found.ok_or_else(|| format!("there is no function `{}`; {}", key.get(), advice(key.get(), names.iter().copied())))
}

/// Adds to `target` what it does not say and `from` does, with its comments. Tables named in `deep` are filled key by key; what
/// else is there stays as it is.
pub fn fill(target: &mut dyn TableLike, from: &Table, deep: &[&str]) {
    for (name, item) in from {
        let Some(key) = from.key(name) else { continue };
        if !target.contains_key(name) {
            target.entry_format(key).or_insert(without_position(item.clone()));
        } else if let (true, Some(from)) = (deep.contains(&name), item.as_table())
            && let Some(target) = target.get_mut(name).and_then(as_standard_table)
        {
            fill(target, from, deep);
        }
    }
}

/// A table of another document goes where this document has room, not where it stood there.
fn without_position(mut item: Item) -> Item {
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
    }
    item
}

/// The table of an item; an inline table becomes a standard one, which has room for lines and comments.
pub fn as_standard_table(item: &mut Item) -> Option<&mut Table> {
    if item.is_inline_table() {
        let table = std::mem::take(item).into_table();
        *item = table.map_or_else(|other| other, Item::Table);
    }
    item.as_table_mut()
}
