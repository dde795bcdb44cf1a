//! Reading whole traces: a small one worked by hand, wrong ones, damaged ones, and the real samples.

mod bad_input;
mod joined;
mod real;

use tempfile::TempDir;

use super::Azure2019;
use crate::workload::Workload;
use crate::workload::trace::{Rejects, TraceError};

const INVOCATIONS: &str = "\
HashOwner,HashApp,HashFunction,Trigger,1,2,3
o1,a1,f1,http,0,2,1
o1,a1,f2,timer,1,0,0
o2,a1,f1,queue,0,0,7
";

const DURATIONS: &str = "\
HashFunction,HashOwner,HashApp,Average,Count,Minimum,Maximum,percentile_Average_0,percentile_Average_1,\
percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,percentile_Average_100
f1,o1,a1,100,3,10.0,500.0,10,20,50,90,120,300,500
f2,o1,a1,0,1,0.0,0.0,0,0,0,0,0,0,0
f1,o2,a1,70000,7,1.0,70000.0,70000,70000,70000,70000,70000,70000,70000
f9,o9,a9,1,1,1,1,1,1,1,1,1,1,1
";

const MEMORY: &str = "\
HashOwner,HashApp,SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct100
o1,a1,100,200.5,300
o2,a1,50,64,64
";

/// The files of a trace in a folder of their own.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = TempDir::new().unwrap();
        files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
        Self { folder }
    }

    /// One day.
    fn day(invocations: &str, durations: &str, memory: &str) -> Self {
        Self::new(&[("i", invocations.as_bytes()), ("d", durations.as_bytes()), ("m", memory.as_bytes())])
    }

    /// Reads the trace; `keys` are added to the table of its configuration.
    fn read(&self, keys: &str) -> Result<Workload, TraceError> {
        self.read_with(keys, &mut Rejects::new(std::io::sink()))
    }

    fn read_with(&self, keys: &str, rejects: &mut Rejects<'_>) -> Result<Workload, TraceError> {
        let config = format!("invocations = 'i'\ndurations = 'd'\nmemory = 'm'\n{keys}");
        toml::from_str::<Azure2019>(&config).unwrap().read(self.folder.path(), rejects)
    }
}

/// How often something happened, by the beginning of its note.
fn count(workload: &Workload, what: &str) -> u64 {
    workload.notes.iter().filter(|note| note.what.starts_with(what)).map(|note| note.count).sum()
}

/// Invocations of each function.
fn totals(workload: &Workload) -> Vec<u64> {
    let seconds = workload.length.unwrap().as_secs_f64();
    workload.loads.iter().map(|load| (load.arrivals.mean_rate().unwrap() * seconds).round() as u64).collect()
}
