//! Runs the cells of a study, all cores busy to the end.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::experiment::run::{pool, replicate};
use crate::experiment::study::{Record, Share, Store, StoreError};
use crate::experiment::{Experiment, Precision, RunError, RunOptions};

/// Makes the experiment of a cell, by its number from 0, or says why there is none.
pub type Make<'a> = dyn Fn(u64) -> Result<Experiment, String> + Sync + 'a;

/// What is to be run, and where its records go.
pub struct Runner<'a> {
    /// Number of cells.
    pub cells: u64,
    /// Replications of each; with a precision, the first of them.
    pub replications: u32,
    /// How precise the figures of each cell are to be; `None`: as they come.
    pub precision: Option<&'a Precision>,
    /// Which part is run here.
    pub share: Share,
    /// Where records are kept as soon as they are there.
    pub store: &'a Store,
    /// What a cell is.
    pub make: &'a Make<'a>,
    /// How far it is.
    pub counts: &'a Counts,
    /// Another thread sets it to end the study, which is then [`RunError::Cancelled`]; the records that are done are kept.
    pub cancel: Option<&'a AtomicBool>,
}

/// How far a study is: cells x replications.
#[derive(Debug, Default)]
pub struct Counts {
    /// That are done, resumed ones included.
    pub done: AtomicU64,
    /// That were there already.
    pub resumed: AtomicU64,
}

/// What a cell came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Done {
    /// Its records, in the order of the replications.
    pub records: Vec<Record>,
    /// Why some are missing.
    pub failure: Option<String>,
}

impl Runner<'_> {
    /// Runs what is not in the store yet on `threads` threads (`None`: one for each core). A cell that fails does not stop the others.
    /// The result does not depend on the number of threads.
    ///
    /// # Errors
    /// If the threads cannot be started, or records cannot be written.
    pub fn run(&self, threads: Option<usize>) -> Result<Vec<Done>, StudyError> {
        let pool = pool(threads)?;
        let tasks = self.cells.saturating_mul(u64::from(self.replications));
        let apart = tasks < pool.current_num_threads() as u64;
        pool.install(|| match apart {
            true => (0..self.cells).map(|cell| self.cell(cell, true)).collect(),
            // One cell after another is handed out, so that those that were begun first are done first; whoever finds no other cell helps
            // with the replications of those that are left.
            false => {
                let mut done: Vec<(u64, Done)> = (0..self.cells)
                    .par_bridge()
                    .map(|cell| Ok((cell, self.cell(cell, false)?)))
                    .collect::<Result<_, StudyError>>()?;
                done.sort_by_key(|(cell, _)| *cell);
                Ok(done.into_iter().map(|(_, done)| done).collect())
            }
        })
    }

    fn cell(&self, cell: u64, parallel: bool) -> Result<Done, StudyError> {
        let mut done = Done::default();
        let mut experiment = None;
        let mut next = 0..self.replications;
        while done.failure.is_none() && !next.is_empty() {
            let last = next.end;
            self.replicate(cell, next, parallel, &mut experiment, &mut done)?;
            let summaries: Vec<_> = done.records.iter().map(|record| &record.summary).collect();
            // Only whoever has the whole cell knows how precise it is.
            let whole = summaries.len() == last as usize;
            next = last..last + self.precision.filter(|_| whole).map_or(0, |precision| precision.more(&summaries));
        }
        Ok(done)
    }

    /// Adds replications of a cell, from the store or simulated. Its experiment is made when it is needed first.
    fn replicate(
        &self,
        cell: u64,
        replications: Range<u32>,
        parallel: bool,
        experiment: &mut Option<Experiment>,
        done: &mut Done,
    ) -> Result<(), StudyError> {
        let mine = replications.filter(|replication| self.has(cell, *replication));
        let found: Vec<(u32, Option<Record>)> =
            mine.map(|replication| (replication, self.store.read(cell, replication))).collect();
        let there = found.iter().filter(|(_, record)| record.is_some()).count();
        self.counts.resumed.fetch_add(there as u64, Ordering::Relaxed);
        self.counts.done.fetch_add(there as u64, Ordering::Relaxed);
        if there < found.len() && experiment.is_none() {
            match (self.make)(cell) {
                Ok(made) => *experiment = Some(made),
                Err(failure) => {
                    done.failure = Some(failure);
                    return Ok(());
                }
            }
        }
        let experiment = experiment.as_ref();
        let record = |(replication, found): (u32, Option<Record>)| match (found, experiment) {
            (Some(record), _) => Ok(Ok(record)),
            (None, Some(experiment)) => self.record(cell, experiment, replication, parallel),
            (None, None) => Ok(Err("the cell was not made".into())),
        };
        let records: Vec<Result<Record, String>> = match parallel {
            true => found.into_iter().map(record).collect::<Result<_, _>>()?,
            false => found.into_par_iter().with_max_len(1).map(record).collect::<Result<_, _>>()?,
        };
        for record in records {
            match record {
                Ok(record) => done.records.push(record),
                Err(failure) => done.failure = done.failure.take().or(Some(failure)),
            }
        }
        Ok(())
    }

    /// Whether a replication is run here. How many a precision needs shows only in whole cells, so that these are what is shared out then.
    fn has(&self, cell: u64, replication: u32) -> bool {
        match self.precision {
            Some(_) => self.share.has(cell),
            None => self.share.has(cell * u64::from(self.replications) + u64::from(replication)),
        }
    }

    /// Simulates a replication and keeps its record; or says why it failed.
    fn record(
        &self,
        cell: u64,
        experiment: &Experiment,
        replication: u32,
        parallel: bool,
    ) -> Result<Result<Record, String>, StudyError> {
        let options = RunOptions { cancel: self.cancel, ..RunOptions::default() };
        let run = match replicate(experiment, replication, parallel, &options) {
            Ok(run) => run,
            Err(RunError::Cancelled) => return Err(RunError::Cancelled.into()),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut response = run.response_cold;
        response.merge(&run.response_warm);
        let record = Record { replication, summary: run.summary, response };
        self.store.write(cell, &record)?;
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        Ok(Ok(record))
    }
}

/// Why a study cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The threads could not be started.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Records cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}
