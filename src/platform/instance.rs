//! Instances and the places where they are kept.

use crate::id::InstanceId;
use crate::time::Time;

/// Position of an instance in [`Instances`]; used again when the instance is gone.
pub type Slot = u32;

/// No instance, no request.
pub const NONE: u32 = u32::MAX;

/// What an instance is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is being made ready.
    Starting,
    /// It executes at least one invocation.
    Busy,
    /// It waits for work.
    Idle,
}

/// A sandbox that runs invocations of one function or app. It fits a cache line.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct Instance {
    /// Number in order of creation.
    pub id: InstanceId,
    /// The pool that it belongs to.
    pub pool: u32,
    /// What it is doing; `None` when it is gone.
    pub phase: Option<Phase>,
    /// Since when.
    pub since: Time,
    /// When it was created.
    pub created: Time,
    /// Kept started and paid for: never expires.
    pub provisioned: bool,
    /// How many invocations it executes, or will when it is ready.
    pub in_flight: u32,
    /// First of the requests that wait until it is ready, linked through the requests.
    pub waiting: u32,
    /// When its lease ends, if it is idle.
    pub lease_ends: Time,
    /// When its pending expiry event comes; [`Time::NEVER`] if there is none.
    pub timer: Time,
    /// Neighbours in a list by use, or the position in an unordered one.
    pub links: Links,
}

/// Neighbours in a list of idle instances.
#[derive(Debug, Clone, Copy)]
pub struct Links {
    /// The one that became idle before, or the position in an unordered list.
    pub before: Slot,
    /// The one that became idle after.
    pub after: Slot,
}

/// All instances of a shard.
#[derive(Debug, Default)]
pub struct Instances {
    slots: Vec<Instance>,
    free: Vec<Slot>,
    created: u64,
}

impl Instances {
    /// Adds an instance.
    pub fn add(&mut self, pool: u32, phase: Phase, now: Time) -> Slot {
        let instance = Instance {
            id: InstanceId(self.created),
            pool,
            phase: Some(phase),
            since: now,
            created: now,
            provisioned: false,
            in_flight: 0,
            waiting: NONE,
            lease_ends: Time::NEVER,
            timer: Time::NEVER,
            links: Links { before: NONE, after: NONE },
        };
        self.created += 1;
        if let Some(slot) = self.free.pop() {
            self[slot] = instance;
            return slot;
        }
        self.slots.push(instance);
        (self.slots.len() - 1) as Slot
    }

    /// Frees the slot of an instance that is gone.
    pub fn free(&mut self, slot: Slot) {
        self[slot].phase = None;
        self.free.push(slot);
    }

    /// The instances that exist, and what they are doing.
    pub fn live(&self) -> impl Iterator<Item = (Slot, Phase)> + '_ {
        self.slots.iter().enumerate().filter_map(|(slot, instance)| Some((slot as Slot, instance.phase?)))
    }
}

impl std::ops::Index<Slot> for Instances {
    type Output = Instance;
    #[inline]
    fn index(&self, slot: Slot) -> &Instance {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<Slot> for Instances {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Instance {
        &mut self.slots[slot as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_and_requests_fit_a_cache_line() {
        assert_eq!(size_of::<Instance>(), 64);
        assert_eq!(size_of::<crate::platform::request::Request>(), 64);
    }
}
