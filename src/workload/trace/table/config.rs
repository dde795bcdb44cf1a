//! What a scenario says about a table of invocations.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Where;
use crate::amount::Memory;
use crate::time::Span;
use crate::workload::trace::{OnBadRow, TimeUnit};

/// A CSV file, gzip or not, with a line of column names and then one row per invocation: `trace.table = { path =
/// "invocations.csv", columns = { arrival = "start", duration = "seconds", function = "name" } }`.
///
/// Arrivals and execution times are replayed as recorded, to the nanosecond. The file is read twice, to check it and to
/// replay it, and never held in memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The file.
    pub path: PathBuf,
    /// The names of its columns.
    pub columns: Columns,
    /// The rows that are invocations, by the values of columns, where a file has others too: `where = { metric_name =
    /// "http_req_duration" }`. Others are left out and counted. Default: all rows; in a table in the long format of k6
    /// (columns `metric_name` and `metric_value`), those of `http_req_duration`.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_empty")]
    pub filter: Where,
    /// What stands between the fields: "," (default), ";", "tab" or "|".
    #[serde(default)]
    pub separator: Separator,
    /// The unit of the arrival column, where it has numbers and not dates: "s" (default), "ms", "us" or "ns".
    #[serde(default)]
    pub time_unit: TimeUnit,
    /// The unit of the duration column: "s" (default), "ms", "us" or "ns".
    #[serde(default)]
    pub duration_unit: TimeUnit,
    /// The unit of the memory column: "B", "KiB", "MiB" (default) or "GiB".
    #[serde(default)]
    pub memory_unit: MemoryUnit,
    /// What is time zero. Default: "first".
    #[serde(default)]
    pub origin: Origin,
    /// Which end of the execution the arrival column tells. Default: "start".
    #[serde(default)]
    pub arrival_is: ArrivalIs,
    /// How much earlier than a row before it a row may arrive, such as in files sorted by completion; such rows are put
    /// in order and counted. Rows within this time of each other are held in memory. Default: "1m".
    #[serde(default = "reorder")]
    pub reorder: Span,
    /// The name of the only function of a table without a function column. Default: the file name up to its first dot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Memory of functions whose first row does not tell it. Default: `defaults.memory`, else "128 MiB", the default of AWS Lambda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// What happens to a row that cannot be understood. Default: "fail".
    #[serde(default)]
    pub on_bad_row: OnBadRow,
}

fn reorder() -> Span {
    Span::from_secs(60)
}

/// The names of a table's columns. Other columns are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// When the invocation arrived, or ended (`arrival_is`).
    pub arrival: String,
    /// How long it executed.
    pub duration: String,
    /// The function, unique within its app. Without this column the whole file is one function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The app. Without this column every function is its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// Configured memory of the function; its first row counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// What invokes the function (http, timer, queue, event, storage, orchestration, others); its first row counts.
    /// Default: http.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
}

/// What stands between the fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Separator {
    /// A comma.
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// A semicolon, as spreadsheets write where the comma is the decimal point.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab.
    #[serde(rename = "tab")]
    Tab,
    /// A vertical bar.
    #[serde(rename = "|")]
    Bar,
}

impl Separator {
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

/// The unit of a column of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub enum MemoryUnit {
    /// Bytes.
    B,
    /// 1024 bytes.
    KiB,
    /// 1024 KiB, which providers call MB.
    #[default]
    MiB,
    /// 1024 MiB, which providers call GB.
    GiB,
}

/// What is time zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The earliest arrival.
    #[default]
    First,
    /// The zero of the arrival column. Arrivals up to 1 ms before it are moved to it: such are rounding errors where
    /// the arrival is the difference of two rounded numbers.
    Zero,
}

/// Which end of the execution the arrival column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalIs {
    /// Its start.
    #[default]
    Start,
    /// Its end: the invocation arrived earlier by its duration, as in the Azure Functions trace of 2021.
    End,
}
