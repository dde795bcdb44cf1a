//! Records on disk, so that an interrupted study goes on where it was, and parts of one can be joined.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::experiment::study::{Plan, Record};

/// The file that says what the study is.
const PLAN: &str = "plan.json";

/// A folder of records: a file for each cell and replication, written as soon as it is done, with a checksum.
///
/// A record that is damaged counts as absent, so that it is simulated again. Several programs may write different records at the same
/// time.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
}

/// A record as it is written.
#[derive(Serialize, Deserialize)]
struct Sealed {
    sha256: String,
    record: Record,
}

/// Why a folder of records cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A study was begun there.
    #[error(
        "{} holds {records} records of a study that did not end\n  go on with it by --resume, or remove that folder to begin again",
        dir.display()
    )]
    Unfinished {
        /// The folder.
        dir: PathBuf,
        /// How many there are.
        records: usize,
    },
    /// A study with other results was begun there.
    #[error(
        "{} holds records of another study, so that it cannot go on there:\n{difference}\n  \
         undo the change, or remove that folder to begin again",
        dir.display()
    )]
    Changed {
        /// The folder.
        dir: PathBuf,
        /// What differs, a line each.
        difference: String,
    },
    /// There are no records.
    #[error("{} holds no records of a study: it has no {PLAN}\n  name the folder that `coldcast sweep --shard` wrote", dir.display())]
    NoStudy {
        /// The folder.
        dir: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was being read or written.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl Store {
    /// Begins a study in a folder, or goes on with it if `resume`.
    ///
    /// # Errors
    /// If there is another study, or one that is not to be resumed, or the file system refuses.
    pub fn open(dir: &Path, plan: &Plan, resume: bool) -> Result<Self, StoreError> {
        let store = Self { dir: dir.into() };
        if !store.file(PLAN).is_file() {
            fs::create_dir_all(dir).map_err(|source| StoreError::Io { path: dir.into(), source })?;
            store.put(PLAN, &text(plan)?)?;
            return Ok(store);
        }
        // A plan alone is of no value to anybody.
        let records = store.count();
        if records == 0 {
            store.put(PLAN, &text(plan)?)?;
            return Ok(store);
        }
        if let Some(difference) = store.plan()?.difference(plan) {
            return Err(StoreError::Changed { dir: dir.into(), difference });
        }
        match resume {
            true => Ok(store),
            false => Err(StoreError::Unfinished { dir: dir.into(), records }),
        }
    }

    /// The records that a study left in a folder.
    ///
    /// # Errors
    /// If there are none.
    pub fn of(dir: &Path) -> Result<(Self, Plan), StoreError> {
        let store = Self { dir: dir.into() };
        if !store.file(PLAN).is_file() {
            return Err(StoreError::NoStudy { dir: dir.into() });
        }
        let plan = store.plan()?;
        Ok((store, plan))
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The record of a replication of a cell, if it is there and whole.
    pub fn read(&self, cell: u64, replication: u32) -> Option<Record> {
        let bytes = fs::read(self.file(&name(cell, replication))).ok()?;
        let Sealed { sha256, record } = serde_json::from_slice(&bytes).ok()?;
        // Figures are written such that they are read as they were: the same record has the same text.
        let same = serde_json::to_string(&record).is_ok_and(|text| checksum(&text) == sha256);
        (same && record.replication == replication).then_some(record)
    }

    /// Writes a record, whole or not at all.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn write(&self, cell: u64, record: &Record) -> Result<(), StoreError> {
        let name = name(cell, record.replication);
        let record = text(record)?;
        self.put(&name, &format!("{{\"sha256\":\"{}\",\"record\":{record}}}\n", checksum(&record)))
    }

    fn plan(&self) -> Result<Plan, StoreError> {
        let path = self.file(PLAN);
        let read = || serde_json::from_slice(&fs::read(&path)?).map_err(io::Error::from);
        read().map_err(|source| StoreError::Io { path: path.clone(), source })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Removes what writers that were killed left half done. For when all records are there, so that nobody writes any more.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn clear_drafts(&self) -> Result<(), StoreError> {
        let mut drafts = self.files().filter(|path| !is_record(path));
        drafts.try_for_each(|path| fs::remove_file(&path).map_err(|source| StoreError::Io { path, source }))
    }

    /// The files of all cells.
    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let files = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
        files(&self.dir).filter(|path| path.is_dir()).flat_map(move |cell| files(&cell))
    }

    fn count(&self) -> usize {
        self.files().filter(|path| is_record(path)).count()
    }

    fn put(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let path = self.file(name);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            // Other parts of the study may write the same plan at the same time.
            let draft = path.with_extension(format!("draft-{}", std::process::id()));
            fs::write(&draft, text)?;
            fs::rename(&draft, &path)
        };
        write().map_err(|source| StoreError::Io { path: path.clone(), source })
    }
}

fn is_record(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn name(cell: u64, replication: u32) -> String {
    format!("{cell:06}/{replication:04}.json")
}

fn text(it: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(it).map_err(|error| StoreError::Io {
        path: PathBuf::from("a record"),
        source: io::Error::new(ErrorKind::InvalidData, error),
    })
}

fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
