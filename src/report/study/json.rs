//! The JSON files of a study.

use serde_json::{Value, json};

use crate::experiment::pool;
use crate::experiment::study::{Cell, Study};
use crate::report::json::{text, value};

/// `summary.json`: `{"name": .., "axes": [..], "cells": [..]}`. A cell has its `name`, its `position` on the axes, the `settings` that
/// it makes, the number of its `replications`, why it failed in `failure`, and its figures over the replications in `pooled`, each
/// an [`Estimate`](crate::experiment::Estimate).
pub fn summary(study: &Study) -> String {
    let cells: Vec<Value> = study.cells.iter().map(cell).collect();
    text(&json!({ "name": study.name, "axes": study.axes, "cells": cells }))
}

fn cell(cell: &Cell) -> Value {
    let summaries: Vec<Value> = cell.records.iter().map(|record| value(&record.summary)).collect();
    let settings: Value = cell.settings.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
    json!({
        "name": cell.name,
        "position": cell.position,
        "settings": settings,
        "replications": cell.records.len(),
        "failure": cell.failure,
        "pooled": pool(&summaries),
    })
}
