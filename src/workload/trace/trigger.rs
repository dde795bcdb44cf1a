//! Triggers as traces write them.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::error::{Problem, bad_cell};
use crate::workload::Trigger;

/// Reads the name of a trigger group.
pub(super) fn trigger(column: &str, cell: &[u8]) -> Result<Trigger, Problem> {
    let name = String::from_utf8_lossy(cell).to_lowercase();
    let text: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
    let expected = "http, timer, queue, event, storage, orchestration or others";
    Trigger::deserialize(text).map_err(|_| bad_cell(column, cell, expected))
}
