//! On which worker an instance is started.

pub mod best_fit;
pub mod first_fit;
pub mod image_locality;
pub mod random;
pub mod spread;
#[cfg(test)]
mod testing;
pub mod worst_fit;

use crate::amount::Memory;
use crate::id::{FunctionId, WorkerId};
use crate::platform::sites::{Site, Sites};
use crate::platform::worker::{Worker, Workers};
use crate::random::{Purpose, Stream, Streams};
use crate::time::Time;

/// What a placement policy sees when an instance needs a worker.
#[derive(Clone, Copy)]
pub struct PlaceView<'a> {
    /// The instant.
    pub now: Time,
    /// The function that needs the instance.
    pub function: FunctionId,
    /// The function or app that the instance will belong to.
    pub unit: u32,
    /// Memory of the instance.
    pub memory: Memory,
    /// The workers.
    pub workers: &'a Workers,
    /// Whether idle instances may be evicted for it. The engine asks without first, and with it when that gave no place.
    pub evicting: bool,
    /// Whether a worker has the image of the function in its cache.
    pub has_image: &'a dyn Fn(WorkerId) -> bool,
    /// Number of this start among all of the run, from 0.
    pub start: u64,
    pub(crate) sites: &'a Sites,
    pub(crate) streams: &'a Streams,
}

impl PlaceView<'_> {
    /// The workers on which the instance has room, in the order of their ids.
    pub fn candidates(&self) -> impl Iterator<Item = (WorkerId, &Worker)> {
        self.workers.up().filter(|(_, worker)| self.room(worker) >= self.memory)
    }

    /// Memory that the instance could have on a worker.
    pub fn room(&self, worker: &Worker) -> Memory {
        if self.evicting { worker.available() } else { worker.free() }
    }

    /// The workers that hold instances of the same function (or app), in the order of their ids.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.of(self.unit)
    }

    /// Random numbers for this decision.
    pub fn random(&self) -> Stream {
        self.streams.keyed(Purpose::PlacementChoice, self.function.0, self.start)
    }
}

/// Decides on which worker an instance is started.
pub trait Placement: Send {
    /// One of the [`PlaceView::candidates`]; `None` if there is none.
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId>;
}
