//! Which rows of a table are invocations.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::workload::trace::TraceError;
use crate::workload::trace::header::Header;
use crate::workload::trace::rows::Fields;

/// The rows to take, by the values of columns: `{ metric_name = "http_req_duration", status = ["200", "201"] }`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Where(pub BTreeMap<String, Values>);

/// The values that a cell may have: `"200"` or `["200", "201"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values(pub Vec<String>);

impl Where {
    /// Whether every row is taken.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns of a file in which rows are told apart. The long format of k6 has a row for each metric of a request.
    pub(super) fn find(&self, header: &Header) -> Result<Filter, TraceError> {
        let is_k6 = ["metric_name", "metric_value"].iter().all(|name| header.position(name).is_some());
        if self.is_empty() && is_k6 {
            return Ok(Filter(vec![(header.require("metric_name")?, vec!["http_req_duration".into()])]));
        }
        let column = |(name, values): (&String, &Values)| Ok((header.require(name)?, values.0.clone()));
        self.0.iter().map(column).collect::<Result<_, _>>().map(Filter)
    }
}

/// The positions of columns, with the values that are taken.
pub(super) struct Filter(Vec<(usize, Vec<String>)>);

impl Filter {
    /// Whether a row has one of the values in each of the columns.
    pub fn takes(&self, fields: &Fields<'_>) -> bool {
        let one_of = |(column, values): &(usize, Vec<String>)| {
            let cell = fields.get(*column);
            values.iter().any(|value| value.as_bytes() == cell)
        };
        self.0.iter().all(one_of)
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [value] => value.serialize(serializer),
            values => values.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a cell such as \"200\", or a list of them")
    }

    fn visit_str<E>(self, value: &str) -> Result<Values, E> {
        Ok(Values(vec![value.into()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Values(values))
    }
}

impl schemars::JsonSchema for Where {
    fn schema_name() -> Cow<'static, str> {
        "Where".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The rows to take, by the values of columns, such as { status = [\"200\", \"201\"] }",
            "type": "object",
            "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
        })
    }
}
