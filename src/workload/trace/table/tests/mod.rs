//! Reading whole tables: small ones worked by hand, wrong ones, damaged ones, and the real samples.

mod bad_input;
mod real;
mod replay;

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{ScannedTable, Table};
use crate::time::Time;
use crate::workload::trace::{Rejects, TraceError};
use crate::workload::{Arrival, Source, Workload};

const TABLE: &str = "\
who,app,when,took,mem,by
f,a,10,0.5,128,http
g,a,11.25,1.5,256,timer
f,b,11.25,0,,
f,a,13,0.25,128,http
";

const COLUMNS: &str =
    "columns = { arrival = 'when', duration = 'took', function = 'who', app = 'app', memory = 'mem', trigger = 'by' }";

/// A file and its configuration: `keys` besides the path.
fn table(bytes: &[u8], keys: &str) -> (NamedTempFile, Table) {
    let mut file = NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(bytes).unwrap();
    let table = toml::from_str(&format!("path = '{}'\n{keys}", file.path().display())).unwrap();
    (file, table)
}

fn scan(table: &Table) -> Result<(Workload, ScannedTable), TraceError> {
    table.scan(Path::new(""), &mut Rejects::new(std::io::sink()))
}

/// All arrivals, and how the replay ended.
fn replay(scanned: &ScannedTable) -> (Vec<Arrival>, Option<String>) {
    let mut source = scanned.open().unwrap();
    let mut arrivals = Vec::new();
    while source.next_at() < Time::NEVER {
        arrivals.push(source.take());
    }
    (arrivals, source.failure().map(ToString::to_string))
}
