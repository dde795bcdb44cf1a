//! The arrivals of several functions in one time order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use crate::id::FunctionId;
use crate::time::Time;
use crate::workload::{Arrival, FunctionSource, Source};

/// Merges the arrivals of functions; at one instant, the function that is listed first comes first. O(log functions) an arrival.
pub struct Merge<'a> {
    sources: Vec<FunctionSource<'a>>,
    /// When each source is next; entries that are not true any more are skipped.
    heap: BinaryHeap<Reverse<(Time, u32)>>,
    /// Position of each function of the workload in `sources`.
    position: &'a [u32],
}

impl<'a> Merge<'a> {
    /// Merges `sources`; `position` says where the source of each function of the workload stands.
    pub fn new(sources: Vec<FunctionSource<'a>>, position: &'a [u32]) -> Self {
        let next = |(index, source): (usize, &FunctionSource)| Reverse((source.next_at(), index as u32));
        let heap = sources.iter().enumerate().map(next).collect();
        let mut merge = Self { sources, heap, position };
        merge.skip_outdated();
        merge
    }

    fn skip_outdated(&mut self) {
        while let Some(top) = self.heap.peek_mut() {
            let Reverse((at, index)) = *top;
            if at != Time::NEVER && self.sources[index as usize].next_at() == at {
                return;
            }
            PeekMut::pop(top);
        }
    }
}

impl Source for Merge<'_> {
    #[inline]
    fn next_at(&self) -> Time {
        self.heap.peek().map_or(Time::NEVER, |Reverse((at, _))| *at)
    }

    fn take(&mut self) -> Arrival {
        // `next_at` has said that there is an arrival, so the heap is not empty.
        let index = self.heap.peek().map_or(0, |Reverse((_, index))| *index);
        let source = &mut self.sources[index as usize];
        let arrival = source.take();
        if let Some(mut top) = self.heap.peek_mut() {
            *top = Reverse((source.next_at(), index));
        }
        self.skip_outdated();
        arrival
    }

    fn next_of(&self, function: FunctionId) -> Option<Time> {
        Some(self.sources[self.position[function.index()] as usize].next_at())
    }

    fn finished(&mut self, function: FunctionId, at: Time) {
        let index = self.position[function.index()];
        let source = &mut self.sources[index as usize];
        let before = source.next_at();
        source.finished(function, at);
        if source.next_at() != before {
            self.heap.push(Reverse((source.next_at(), index)));
            self.skip_outdated();
        }
    }
}
