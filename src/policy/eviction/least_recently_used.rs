//! Least recently used: who has been idle longest goes first.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::{Candidate, Eviction, Leaves, Slot};
use crate::policy::parameters::NoParameters;

/// Idle instances in the order in which they became idle: a list linked by slot. O(1).
#[derive(Debug, Default)]
pub struct LeastRecentlyUsed {
    links: Vec<Link>,
    first: Option<Slot>,
    last: Option<Slot>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Link {
    before: Option<Slot>,
    after: Option<Slot>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "least_recently_used",
    summary: "The instance that has been idle longest goes first.",
    reference: "Apache OpenWhisk ContainerPool; baseline of Fuerst and Sharma, \"FaasCache\", ASPLOS 2021",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(LeastRecentlyUsed::default())))
    }),
};

impl Eviction for LeastRecentlyUsed {
    fn idle(&mut self, candidate: &Candidate) {
        let slot = candidate.slot;
        if self.links.len() <= slot as usize {
            self.links.resize(slot as usize + 1, Link::default());
        }
        self.links[slot as usize] = Link { before: self.last, after: None };
        match self.last.replace(slot) {
            Some(last) => self.links[last as usize].after = Some(slot),
            None => self.first = Some(slot),
        }
    }

    fn leaves(&mut self, candidate: &Candidate, _: Leaves) {
        let Link { before, after } = self.links[candidate.slot as usize];
        match before {
            Some(before) => self.links[before as usize].after = after,
            None => self.first = after,
        }
        match after {
            Some(after) => self.links[after as usize].before = before,
            None => self.last = before,
        }
    }

    fn victim(&mut self) -> Option<Slot> {
        self.first
    }

    fn looks_at_functions(&self) -> bool {
        false
    }
}
