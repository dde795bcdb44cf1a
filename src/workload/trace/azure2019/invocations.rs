//! The files of invocations per minute.

use std::collections::BTreeMap;
use std::path::Path;

use super::Azure2019;
use super::keys::{KeyColumns, KeyPositions, id};
use super::layout::{DAY, Layout};
use super::weighted::duplicate;
use crate::workload::Trigger;
use crate::workload::trace::counts::MinuteCounts;
use crate::workload::trace::error::{Problem, TraceError};
use crate::workload::trace::header::Header;
use crate::workload::trace::names::Names;
use crate::workload::trace::rejects::Rejects;
use crate::workload::trace::rows::Rows;
use crate::workload::trace::trigger::trigger;

/// All functions that were invoked, and the keys under which the other files know them.
pub(super) struct Invocations {
    pub functions: Vec<Recorded>,
    /// Names of the apps.
    pub apps: Vec<String>,
    /// Minutes from time zero to the end of the last day.
    pub minutes: u32,
    /// Days whose file has no row.
    pub empty_days: u64,
    pub key_columns: KeyColumns,
    function_ids: BTreeMap<String, usize>,
    app_ids: BTreeMap<String, usize>,
    function_names: Names,
    app_names: Names,
}

/// One function.
pub(super) struct Recorded {
    pub name: String,
    pub app: usize,
    pub trigger: Trigger,
    pub counts: MinuteCounts,
    day: usize,
    line: u64,
}

impl Invocations {
    /// Reads the files of all days.
    pub fn read(config: &Azure2019, base: &Path, rejects: &mut Rejects<'_>) -> Result<Self, TraceError> {
        let mut first_minute = None;
        let mut invocations = Self::new();
        for (day, path) in config.invocations.under(base).enumerate() {
            let mut rows = Rows::open(&path)?;
            let header = Header::read(&mut rows)?;
            let first_minute = *first_minute.get_or_insert(Layout::find(&header)?.first_minute);
            let file = DayFile::new(&header, day, first_minute, invocations.minutes)?;
            match day {
                0 => invocations.key_columns = KeyColumns::of(&header),
                _ => _ = invocations.key_columns.find(&header)?,
            }
            let accepted = rejects.each(config.on_bad_row, &mut rows, |rows| invocations.add(&file, rows))?;
            invocations.empty_days += u64::from(accepted == 0);
            invocations.minutes = file.start + file.layout.minutes();
        }
        if invocations.functions.iter().all(|function| function.counts.total() == 0) {
            let path = config.invocations.under(base).next().unwrap_or_default();
            return Err(TraceError::Empty { path });
        }
        invocations.functions.iter_mut().for_each(|function| function.counts.shrink());
        Ok(invocations)
    }

    fn new() -> Self {
        Self {
            functions: Vec::new(),
            apps: Vec::new(),
            minutes: 0,
            empty_days: 0,
            key_columns: KeyColumns { owner: false, app: false },
            function_ids: BTreeMap::new(),
            app_ids: BTreeMap::new(),
            function_names: Names::default(),
            app_names: Names::default(),
        }
    }

    /// The function with this key.
    pub fn function(&self, key: &str) -> Option<usize> {
        self.function_ids.get(key).copied()
    }

    /// The app with this key.
    pub fn app(&self, key: &str) -> Option<usize> {
        self.app_ids.get(key).copied()
    }

    fn add(&mut self, file: &DayFile, rows: &Rows) -> Result<(), Problem> {
        let mut cells = Vec::new();
        let fields = file.layout.scan(rows.line(), &mut cells)?;
        let field = |position| fields[file.layout.field(position)];
        let trigger = trigger("Trigger", field(file.trigger))?;
        let key = file.keys.function(field)?;
        let index = match self.function(&key) {
            Some(known) if self.functions[known].day == file.day => return Err(duplicate(self.functions[known].line)),
            Some(known) => known,
            None => self.insert(key, id(field(file.function))?, trigger),
        };
        let function = &mut self.functions[index];
        (function.day, function.line) = (file.day, rows.number());
        cells.iter().for_each(|&(minute, count)| function.counts.push(file.start + minute, count));
        Ok(())
    }

    fn insert(&mut self, key: String, function: &str, trigger: Trigger) -> usize {
        let index = self.functions.len();
        let name = self.function_names.unique(function);
        let app = self.app_of(&key, &name);
        self.functions.push(Recorded { name, app, trigger, counts: MinuteCounts::default(), day: 0, line: 0 });
        self.function_ids.insert(key, index);
        index
    }

    /// The app of a function; where the files do not tell apps, each function is its own.
    fn app_of(&mut self, key: &str, function_name: &str) -> usize {
        let app_key = if self.key_columns.app { key.rsplit_once('\n').map_or(key, |(app, _)| app) } else { key };
        if let Some(known) = self.app(app_key) {
            return known;
        }
        let app_id = app_key.rsplit('\n').next().unwrap_or_default();
        let name = if self.key_columns.app { self.app_names.unique(app_id) } else { function_name.to_owned() };
        self.apps.push(name);
        self.app_ids.insert(app_key.to_owned(), self.apps.len() - 1);
        self.apps.len() - 1
    }
}

/// What the first line of a day's file tells.
struct DayFile {
    day: usize,
    /// The first minute of the file, counted from time zero.
    start: u32,
    layout: Layout,
    keys: KeyPositions,
    function: usize,
    trigger: usize,
}

impl DayFile {
    /// `end` is the end of the day before; `first_minute` is the name of the first minute column of the first file.
    fn new(header: &Header, day: usize, first_minute: u32, end: u32) -> Result<Self, TraceError> {
        let layout = Layout::find(header)?;
        let (function, trigger) = (header.require("HashFunction")?, header.require("Trigger")?);
        let start = (day as u32 * DAY + layout.first_minute).checked_sub(first_minute);
        let overlap =
            "the minutes of the day begin before those of the day before end, expected the files of days in order";
        let start = start.filter(|&start| start >= end).ok_or_else(|| header.error(overlap.into()))?;
        Ok(Self { day, start, keys: KeyColumns::of(header).find(header)?, layout, function, trigger })
    }
}
