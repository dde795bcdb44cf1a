//! Functions, apps, and the workload they make up.

use crate::amount::Memory;
use crate::id::{AppId, FunctionId};
use crate::time::Span;
use crate::workload::arrivals::ArrivalModel;
use crate::workload::distribution::Sampler;
use crate::workload::trace::table::ScannedTable;

/// A deployed piece of code.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Unique within the workload.
    pub name: String,
    /// The app it belongs to.
    pub app: AppId,
    /// Configured memory of one instance.
    pub memory: Memory,
    /// What invokes it.
    pub trigger: Trigger,
}

/// A group of functions that share instances on platforms that scale by app.
#[derive(Debug, Clone, PartialEq)]
pub struct App {
    /// Unique within the workload.
    pub name: String,
    /// Memory of one instance of the whole app.
    pub memory: Memory,
}

/// What invokes a function: the seven groups of the Azure Functions 2019 trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// An HTTP request.
    #[default]
    Http,
    /// A schedule.
    Timer,
    /// A message in a queue.
    Queue,
    /// An event of an event hub or grid.
    Event,
    /// A change in a storage service.
    Storage,
    /// A step of an orchestration (durable function).
    Orchestration,
    /// Anything else.
    Others,
}

impl std::fmt::Display for Trigger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Timer => "timer",
            Self::Queue => "queue",
            Self::Event => "event",
            Self::Storage => "storage",
            Self::Orchestration => "orchestration",
            Self::Others => "others",
        })
    }
}

/// When a function is invoked and how long it executes. Immutable: shared by all replications and policies.
#[derive(Debug)]
pub struct Load {
    /// When it is invoked.
    pub arrivals: Box<dyn ArrivalModel>,
    /// How long an invocation executes, in nanoseconds.
    pub execution: Sampler,
}

/// Something that the reader of a result should know about its input, such as rows that took a fallback.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// What happened, in words.
    pub what: String,
    /// How often.
    pub count: u64,
}

/// Everything that is invoked in a run: `loads[i]` belongs to `functions[i]`.
#[derive(Debug, Default)]
pub struct Workload {
    /// The functions; a [`FunctionId`] is an index here.
    pub functions: Vec<Function>,
    /// The apps; an [`AppId`] is an index here.
    pub apps: Vec<App>,
    /// One load per function; none if the invocations come from a table.
    pub loads: Vec<Load>,
    /// The table that is replayed, if the invocations are recorded one by one.
    pub table: Option<ScannedTable>,
    /// How long a recorded workload lasts; `None` for synthetic ones, which never end.
    pub length: Option<Span>,
    /// What the reader of a result should know about the input.
    pub notes: Vec<Note>,
}

impl Workload {
    /// Appends another workload: its ids follow the ones that are here.
    pub fn append(&mut self, mut other: Workload) {
        let offset = self.apps.len() as u32;
        for function in &mut other.functions {
            function.app = AppId(function.app.0 + offset);
        }
        self.functions.append(&mut other.functions);
        self.apps.append(&mut other.apps);
        self.loads.append(&mut other.loads);
        self.notes.append(&mut other.notes);
        self.length = self.length.max(other.length);
    }

    /// The ids of all functions, in order.
    pub fn function_ids(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0..self.functions.len() as u32).map(FunctionId)
    }
}
