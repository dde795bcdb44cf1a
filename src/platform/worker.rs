//! Workers: the hosts that instances are placed on.

use crate::amount::Memory;
use crate::id::WorkerId;

/// A host. Its memory is a hard limit; how executions share its cores is said by the platform's CPU model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worker {
    /// Cores.
    pub cores: u32,
    /// Memory that instances may have together.
    pub memory: Memory,
    /// How fast it computes, relative to the machine on which execution times were measured.
    pub speed: f64,
    /// Memory of its instances, whatever they do.
    pub used: Memory,
    /// The part of `used` that belongs to idle instances, which can be evicted.
    pub idle: Memory,
    /// Invocations that hold a core, or share the cores.
    pub running: u32,
    /// Whether it works; a stopped worker holds nothing.
    pub up: bool,
}

impl Worker {
    /// An empty worker.
    pub fn new(cores: u32, memory: Memory, speed: f64) -> Self {
        Self { cores, memory, speed, used: Memory::default(), idle: Memory::default(), running: 0, up: true }
    }

    /// Memory that no instance has.
    pub fn free(&self) -> Memory {
        Memory::from_bytes(self.memory.as_bytes().saturating_sub(self.used.as_bytes()))
    }

    /// Memory that no instance has, or that evictions could free.
    pub fn available(&self) -> Memory {
        self.free() + self.idle
    }
}

/// All workers of a platform.
#[derive(Debug, Clone, Default)]
pub struct Workers(Vec<Worker>);

impl Workers {
    /// These workers, numbered in this order.
    pub fn new(workers: Vec<Worker>) -> Self {
        Self(workers)
    }

    /// How many there are, stopped ones too.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (WorkerId, &Worker)> {
        (0..).map(WorkerId).zip(&self.0)
    }

    /// Those that work, with their ids, in order.
    pub fn up(&self) -> impl Iterator<Item = (WorkerId, &Worker)> {
        self.iter().filter(|(_, worker)| worker.up)
    }
}

impl std::ops::Index<WorkerId> for Workers {
    type Output = Worker;
    #[inline]
    fn index(&self, worker: WorkerId) -> &Worker {
        &self.0[worker.index()]
    }
}

impl std::ops::IndexMut<WorkerId> for Workers {
    #[inline]
    fn index_mut(&mut self, worker: WorkerId) -> &mut Worker {
        &mut self.0[worker.index()]
    }
}
