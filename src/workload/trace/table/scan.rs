//! The first pass over a table: every row is checked, functions and apps are collected.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::row::{Invocation, RowReader};
use super::{Table, TableSource};
use crate::amount::Memory;
use crate::id::{AppId, FunctionId};
use crate::time::Span;
use crate::workload::trace::names::Names;
use crate::workload::trace::rows::Rows;
use crate::workload::trace::{Rejects, TraceError};
use crate::workload::{App, Function, Note, Workload};

/// Memory of a function when nothing says how much: the least of AWS Lambda (Lambda Developer Guide, "Lambda quotas").
const DEFAULT_MEMORY: Memory = Memory::from_mib(128);

/// A table that was checked, ready to be replayed any number of times.
#[derive(Debug, Clone)]
pub struct ScannedTable {
    pub(super) table: Table,
    pub(super) path: PathBuf,
    pub(super) functions: BTreeMap<Vec<u8>, FunctionId>,
    /// Time zero, in nanoseconds of the file.
    pub(super) origin: i64,
    /// The most that a row arrives before one above it.
    pub(super) disorder: Span,
    /// Over all invocations, so that the replay notices a file that changed.
    pub(super) digest: u64,
    invocations: u64,
}

impl Table {
    /// Checks the file (a relative path starts at `base`). The workload has functions, apps, length and notes, but no
    /// loads: the invocations come from [`ScannedTable::open`]. Rows that are skipped go to `rejects`.
    pub fn scan(&self, base: &Path, rejects: &mut Rejects<'_>) -> Result<(Workload, ScannedTable), TraceError> {
        let earlier = rejects.count();
        let path = base.join(&self.path);
        let mut rows = Rows::open(&path)?.separated_by(self.separator.byte());
        let mut reader = RowReader::new(self, self.reorder, &mut rows)?;
        let mut census = Census::new(self);
        let rows_read = rejects.each(self.on_bad_row, &mut rows, |rows| {
            if let Some(invocation) = reader.read(rows)? {
                census.add(&invocation);
            }
            Ok(())
        })?;
        let Some((last, execution)) = census.last else { return Err(TraceError::Empty { path }) };
        let (order, digest, invocations) = (reader.order, census.digest.finish(), census.invocations);
        let mut workload = census.workload;
        let end = Span::from_nanos(last.abs_diff(order.origin())) + execution;
        // The next whole second, so that even an invocation of no length is within.
        workload.length = Some((end + Span::from_nanos(1)).round_up(Span::from_secs(1)));
        workload.notes = vec![
            Note {
                what: format!("rows out of order by at most {}: put in order of arrival", order.disorder),
                count: order.late_rows,
            },
            Note {
                what: "rows with other memory or trigger than their function's first row: ignored".into(),
                count: census.differing,
            },
            Note {
                what: "rows left out, which are not invocations (where; of k6's long format all but http_req_duration)"
                    .into(),
                count: rows_read - invocations,
            },
            rejects.note(earlier)?,
        ];
        workload.notes.retain(|note| note.count > 0);
        let (origin, disorder) = (order.origin(), order.disorder);
        let scanned = ScannedTable {
            table: self.clone(),
            path,
            functions: census.functions,
            origin,
            disorder,
            digest,
            invocations,
        };
        Ok((workload, scanned))
    }
}

impl ScannedTable {
    /// Starts a replay.
    pub fn open(&self) -> Result<TableSource<'_>, TraceError> {
        TableSource::new(self)
    }

    /// How many invocations there are.
    pub fn invocations(&self) -> u64 {
        self.invocations
    }
}

/// The key of a function: it is unique within its app.
pub(super) fn key(invocation: &Invocation<'_>, key: &mut Vec<u8>) {
    key.clear();
    key.extend(invocation.app.unwrap_or_default().bytes());
    key.push(b'\n');
    key.extend(invocation.function.unwrap_or_default().bytes());
}

struct Census<'a> {
    table: &'a Table,
    workload: Workload,
    functions: BTreeMap<Vec<u8>, FunctionId>,
    apps: BTreeMap<String, AppId>,
    function_names: Names,
    app_names: Names,
    key: Vec<u8>,
    last: Option<(i64, Span)>,
    differing: u64,
    invocations: u64,
    digest: DefaultHasher,
}

impl<'a> Census<'a> {
    fn new(table: &'a Table) -> Self {
        Self {
            table,
            workload: Workload::default(),
            functions: BTreeMap::new(),
            apps: BTreeMap::new(),
            function_names: Names::default(),
            app_names: Names::default(),
            key: Vec::new(),
            last: None,
            differing: 0,
            invocations: 0,
            digest: DefaultHasher::new(),
        }
    }

    fn add(&mut self, invocation: &Invocation<'_>) {
        key(invocation, &mut self.key);
        let function = match self.functions.get(&self.key) {
            Some(known) => *known,
            None => self.insert(invocation),
        };
        let first = &self.workload.functions[function.index()];
        let differs = invocation.memory.is_some_and(|memory| memory != first.memory)
            || invocation.trigger.is_some_and(|trigger| trigger != first.trigger);
        self.differing += u64::from(differs);
        self.invocations += 1;
        (invocation.at, function, invocation.execution).hash(&mut self.digest);
        self.last = self.last.max(Some((invocation.at, invocation.execution)));
    }

    fn insert(&mut self, invocation: &Invocation<'_>) -> FunctionId {
        let function = FunctionId(self.workload.functions.len() as u32);
        let default = || self.table.default_name();
        let id = invocation.function.or(invocation.app).map_or_else(default, str::to_owned);
        let name = self.function_names.unique(&id);
        let memory = invocation.memory.or(self.table.memory).unwrap_or(DEFAULT_MEMORY);
        let app = self.app(invocation.app, &name);
        let of_app = &mut self.workload.apps[app.index()].memory;
        *of_app = memory.max(*of_app);
        self.workload.functions.push(Function { name, app, memory, trigger: invocation.trigger.unwrap_or_default() });
        self.functions.insert(self.key.clone(), function);
        function
    }

    /// The app of a function; without a column of apps, every function is its own. An app has the memory of its largest
    /// function.
    fn app(&mut self, app: Option<&str>, function_name: &str) -> AppId {
        if let Some(known) = app.and_then(|app| self.apps.get(app)) {
            return *known;
        }
        let id = AppId(self.workload.apps.len() as u32);
        let name = app.map_or_else(|| function_name.to_owned(), |app| self.app_names.unique(app));
        self.workload.apps.push(App { name, memory: Memory::default() });
        app.map(|app| self.apps.insert(app.to_owned(), id));
        id
    }
}

impl Table {
    fn default_name(&self) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        let stem = file.split('.').next().unwrap_or_default();
        self.name.clone().unwrap_or_else(|| stem.to_owned())
    }
}
