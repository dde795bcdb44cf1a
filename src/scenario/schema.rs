//! The JSON Schema of scenario files, for editors and for the reference of keys.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::file::File;
use crate::policy::catalog::Catalog;
use crate::policy::entry::Listed;

/// The JSON Schema (draft 2020-12) of scenario files, with the policies of `catalog`.
pub fn schema(catalog: &Catalog) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value();
    drop_null(&mut schema);
    let policies = &mut schema["$defs"]["Policy"]["properties"];
    catalog.kinds().iter().for_each(|kind| add_entries(&mut policies[kind.name], &kind.entries));
    schema
}

/// Replaces the open table of a kind of policy by one choice per entry.
fn add_entries(kind: &mut Value, entries: &[&dyn Listed]) {
    let choices: Map<String, Value> =
        entries.iter().map(|entry| (entry.name().to_owned(), parameters(*entry))).collect();
    let description = kind["description"].take();
    *kind = json!({
        "description": description,
        "type": "object",
        "properties": choices,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    });
}

fn parameters(entry: &dyn Listed) -> Value {
    let properties: Map<String, Value> = entry
        .parameters()
        .iter()
        .map(|parameter| {
            let default = parameter.default.map(|default| format!(" Default: {default}.")).unwrap_or_default();
            let description = format!("{}: {}.{default}", parameter.kind, parameter.meaning);
            (parameter.name.to_owned(), json!({ "description": description }))
        })
        .collect();
    let required: Vec<&str> = entry
        .parameters()
        .iter()
        .filter(|parameter| parameter.default.is_none())
        .map(|parameter| parameter.name)
        .collect();
    json!({
        "description": entry.summary(),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The keys whose table holds exactly one key, the choice: `arrivals`, `execution`, `keep_alive` and so on.
pub fn choices(catalog: &Catalog) -> BTreeSet<String> {
    let schema = schema(catalog);
    let mut keys = BTreeSet::new();
    collect_choices(&schema, &schema["$defs"], &mut keys);
    keys
}

fn collect_choices(schema: &Value, definitions: &Value, keys: &mut BTreeSet<String>) {
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let target = value["$ref"].as_str().and_then(|path| definitions.get(path.rsplit('/').next()?)).unwrap_or(value);
        if target["oneOf"][0].is_object() || target["maxProperties"] == 1 {
            keys.insert(key.clone());
        }
    }
    match schema {
        Value::Object(fields) => fields.values().for_each(|inner| collect_choices(inner, definitions, keys)),
        Value::Array(items) => items.iter().for_each(|inner| collect_choices(inner, definitions, keys)),
        _ => {}
    }
}

/// TOML has no null: a key that may be left out is one that is not required.
fn drop_null(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let optional = fields.get("anyOf").and_then(|any| only_other_than_null(any.as_array()?));
            if let Some(Value::Object(only)) = optional {
                fields.remove("anyOf");
                fields.extend(only);
            }
            if let Some(Value::Array(types)) = fields.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    fields.insert("type".to_owned(), only);
                }
            }
            fields.retain(|key, value| key != "default" || !value.is_null());
            fields.values_mut().for_each(drop_null);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null),
        _ => {}
    }
}

fn only_other_than_null(any: &[Value]) -> Option<Value> {
    let mut others = any.iter().filter(|alternative| alternative["type"] != "null");
    others.next().filter(|_| others.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_found_wherever_they_are() {
        let choices = choices(&Catalog::default());
        for key in ["arrivals", "execution", "cpu", "keep_alive", "reuse", "sandbox"] {
            assert!(choices.contains(key), "{key} is not among {choices:?}");
        }
        for key in ["scenario", "platform", "limits", "cold_start", "name"] {
            assert!(!choices.contains(key), "{key} is no choice");
        }
    }

    #[test]
    fn the_schema_names_every_policy_and_knows_no_null() {
        let schema = schema(&Catalog::default());
        let kinds = &schema["$defs"]["Policy"]["properties"];
        assert_eq!(kinds["keep_alive"]["properties"]["fixed"]["required"], json!(["ttl"]));
        assert!(kinds["reuse"]["properties"]["most_recently_used"].is_object());
        assert!(!schema.to_string().contains("null"), "{schema:#}");
    }
}
