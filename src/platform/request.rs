//! Invocations in flight.

use crate::time::{Span, Time};

/// How an invocation came to its instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// An instance was started for it.
    Cold,
    /// It was given an idle instance, or room in a busy one, at once.
    Warm,
    /// It waited for an instance that was busy, or starting for another invocation.
    Delayed,
}

/// An invocation that is waiting or executing. It fits a cache line: with many in flight, fetching it is most of the work.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Request {
    /// Number among the invocations of its function, from 0.
    pub invocation: u64,
    /// When it arrived.
    pub arrived: Time,
    /// When its execution began.
    pub started: Time,
    /// Execution time drawn; once it executes, the time it takes on its instance.
    pub execution: Span,
    /// Billed initialisation of the instance that was started for it.
    pub init: Span,
    /// The position of its function in the shard.
    pub function: u32,
    /// Its instance, once assigned.
    pub instance: u32,
    /// The next request that waits for the same instance to be ready.
    pub next: u32,
    /// How it came to its instance.
    pub start: Start,
    /// Whether it will be stopped at its time-out.
    pub times_out: bool,
}

/// All requests that have an instance, in a shard.
#[derive(Debug, Default)]
pub struct Requests {
    slots: Vec<Request>,
    free: Vec<u32>,
}

impl Requests {
    /// Adds a request.
    #[inline(always)]
    pub fn add(&mut self, request: Request) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = request;
            return slot;
        }
        self.grow(request)
    }

    #[cold]
    fn grow(&mut self, request: Request) -> u32 {
        self.slots.push(request);
        (self.slots.len() - 1) as u32
    }

    /// Removes a request.
    #[inline(always)]
    pub fn remove(&mut self, slot: u32) -> Request {
        self.free.push(slot);
        self.slots[slot as usize]
    }

    /// The requests that have an instance, in no particular order.
    pub fn open(&self) -> impl Iterator<Item = &Request> + '_ {
        let mut free = vec![false; self.slots.len()];
        self.free.iter().for_each(|slot| free[*slot as usize] = true);
        self.slots.iter().zip(free).filter(|(_, free)| !free).map(|(request, _)| request)
    }
}
