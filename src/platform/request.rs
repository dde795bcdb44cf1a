//! Invocations in flight.

use crate::platform::instance::NONE;
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

/// How an execution ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// By itself.
    Completed,
    /// It was stopped at the time-out of its function.
    TimedOut,
    /// The function failed.
    Failed,
    /// The instance crashed.
    Crashed,
    /// It was cut off when its instance went; the request lives on elsewhere, this is what is left of it until its end is due.
    Abandoned,
}

/// An invocation that is waiting or executing. It fits a cache line: with many in flight, fetching it is most of the work.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Request {
    /// Number among the invocations of its function, from 0.
    pub invocation: u64,
    /// When it arrived.
    pub arrived: Time,
    /// When its execution began; before that, when it was tried last: at its arrival, or at a retry.
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
    /// How its execution will end.
    pub outcome: Outcome,
    /// Its worker, once a load balancer or its instance has said so.
    pub worker: u32,
    /// Executions that failed before.
    pub errors: u8,
    /// How often it was refused before.
    pub refusals: u8,
}

impl Request {
    const EMPTY: Self = Self {
        invocation: 0,
        arrived: Time::ZERO,
        started: Time::ZERO,
        execution: Span::ZERO,
        init: Span::ZERO,
        function: 0,
        instance: NONE,
        next: NONE,
        start: Start::Warm,
        outcome: Outcome::Completed,
        worker: NONE,
        errors: 0,
        refusals: 0,
    };

    /// An invocation that has just arrived.
    #[inline(always)]
    pub fn arrived(function: u32, invocation: u64, at: Time, execution: Span) -> Self {
        Self { invocation, arrived: at, started: at, execution, function, ..Self::EMPTY }
    }
}

/// All requests in flight in a shard.
#[derive(Debug, Default)]
pub struct Requests {
    slots: Vec<Request>,
    free: Vec<u32>,
}

impl Requests {
    /// Adds a request.
    ///
    /// It is made in its place: a copy of what has just been written part by part would have to wait for the parts.
    #[inline(always)]
    pub fn add(&mut self, request: impl FnOnce() -> Request) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| self.grow());
        self.slots[slot as usize] = request();
        slot
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.slots.push(Request::EMPTY);
        (self.slots.len() - 1) as u32
    }

    /// Removes a request.
    #[inline(always)]
    pub fn remove(&mut self, slot: u32) -> Request {
        self.free.push(slot);
        self.slots[slot as usize]
    }

    /// The requests in flight with their slots, in no particular order.
    pub fn open(&self) -> impl Iterator<Item = (u32, &Request)> + '_ {
        let mut free = vec![false; self.slots.len()];
        self.free.iter().for_each(|slot| free[*slot as usize] = true);
        (0..).zip(&self.slots).zip(free).filter(|(_, free)| !free).map(|(request, _)| request)
    }
}

impl std::ops::Index<u32> for Requests {
    type Output = Request;
    #[inline(always)]
    fn index(&self, slot: u32) -> &Request {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for Requests {
    #[inline(always)]
    fn index_mut(&mut self, slot: u32) -> &mut Request {
        &mut self.slots[slot as usize]
    }
}
