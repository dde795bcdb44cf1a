//! The event queue: exact, first-in-first-out among equals, and flat in the number of pending events.
//!
//! Events that are due soon stand sorted in a short list; all others lie in the buckets of a base-64 radix wheel (compare Ahuja
//! et al., "Faster algorithms for the shortest path problem", JACM 1990, radix heaps). An event is filed by the highest base-64
//! digit in which its time differs from the wheel's origin. When the short list is empty, the first bucket is sorted into it, or
//! spread over lower levels if it is large. With few pending events the short list is all there is.

use crate::time::Time;

/// Digits of a time in base 64.
const LEVELS: usize = 11;
const DIGIT: u32 = 6;
const BUCKETS: usize = 1 << DIGIT;
/// Buckets with at most this many events are sorted at once.
const SORTABLE: usize = 24;
/// The short list is halved when it grows beyond this.
const CROWDED: usize = 64;

/// A priority queue of events in time order; events at the same instant leave in the order in which they came.
///
/// Times must not be earlier than any limit given to [`EventQueue::due`] before, which a simulation's clock guarantees.
#[derive(Debug)]
pub struct EventQueue<T> {
    /// No event is earlier; exact while the short list holds something.
    next: u64,
    /// Sorted, the next event last. All times are before `horizon`.
    near: Vec<(u64, T)>,
    /// Events at or after this instant are in the wheel.
    horizon: u64,
    /// No event in the wheel is earlier.
    origin: u64,
    /// Which buckets of each level hold something.
    filled: [u64; LEVELS],
    /// Which levels hold something.
    levels: u32,
    /// Made when the first event is filed: a short queue never needs them.
    buckets: Vec<Vec<(u64, T)>>,
}

impl<T: Copy> Default for EventQueue<T> {
    fn default() -> Self {
        Self {
            next: u64::MAX,
            near: Vec::new(),
            horizon: 0,
            origin: 0,
            filled: [0; LEVELS],
            levels: 0,
            buckets: Vec::new(),
        }
    }
}

impl<T: Copy> EventQueue<T> {
    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: Time, event: T) {
        let at = at.as_nanos();
        if at >= self.horizon {
            if self.levels != 0 || self.near.len() >= SORTABLE {
                self.next = self.next.min(at);
                return self.file(at, event);
            }
            self.horizon = at.saturating_add(1);
        }
        let place = self.near.partition_point(|(time, _)| *time > at);
        if place == self.near.len() {
            // Also where the short list was empty, and the bound was the start of a bucket.
            self.next = at;
        }
        self.near.insert(place, (at, event));
        if self.near.len() > CROWDED {
            self.thin_out();
        }
    }

    /// No event is earlier than this.
    #[inline(always)]
    pub fn earliest(&self) -> Time {
        Time::from_nanos(self.next)
    }

    /// Whether [`EventQueue::earliest`] is the time of the next event.
    #[inline(always)]
    pub fn is_exact(&self) -> bool {
        !self.near.is_empty()
    }

    /// The time of the next event if that is not after `limit`.
    #[inline(always)]
    pub fn due(&mut self, limit: Time) -> Option<Time> {
        if self.next > limit.as_nanos() {
            return None;
        }
        self.find_due(limit)
    }

    #[inline(always)]
    fn find_due(&mut self, limit: Time) -> Option<Time> {
        if self.near.is_empty() {
            self.advance(limit.as_nanos());
        }
        self.next = self.bound();
        Some(Time::from_nanos(self.next)).filter(|at| *at <= limit && !self.near.is_empty())
    }

    /// Removes the event that [`EventQueue::due`] has just announced.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        let event = self.near.pop().map(|(_, event)| event);
        self.next = self.bound();
        event
    }

    /// No event is earlier.
    #[inline(always)]
    fn bound(&self) -> u64 {
        match self.near.last() {
            Some((at, _)) => *at,
            None if self.levels == 0 => u64::MAX,
            None => self.first_bucket().2,
        }
    }

    /// Level, digit and start of the first bucket that holds something, if one does.
    #[inline]
    fn first_bucket(&self) -> (u32, u64, u64) {
        let level = self.levels.trailing_zeros();
        let digit = u64::from(self.filled[level as usize].trailing_zeros());
        // The digits above the level are the origin's; the one at the level is the bucket's; those below are zero.
        let above = u64::MAX.checked_shl((level + 1) * DIGIT).unwrap_or(0);
        (level, digit, (self.origin & above) | (digit << (level * DIGIT)))
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.near.is_empty() && self.levels == 0
    }

    #[inline]
    fn file(&mut self, at: u64, event: T) {
        debug_assert!(at >= self.origin, "events are not in the past");
        if self.buckets.is_empty() {
            self.buckets.resize_with(LEVELS * BUCKETS, Vec::new);
        }
        let level = (63 - ((at ^ self.origin) | 1).leading_zeros()) / DIGIT;
        let digit = (at >> (level * DIGIT)) as usize % BUCKETS;
        let level = level as usize;
        self.buckets[level * BUCKETS + digit].push((at, event));
        self.filled[level] |= 1 << digit;
        self.levels |= 1 << level;
    }

    /// Moves the first events of the wheel into the empty short list, unless they are all after `limit`.
    fn advance(&mut self, limit: u64) {
        while self.levels != 0 && self.near.is_empty() {
            let (level, digit, start) = self.first_bucket();
            if start > limit {
                return;
            }
            self.empty_bucket(level as usize, digit as usize, start, start.saturating_add(1 << (level * DIGIT)));
        }
    }

    /// Empties the first bucket: into the short list if it is small or a single instant, else over lower levels.
    #[inline]
    fn empty_bucket(&mut self, level: usize, digit: usize, start: u64, end: u64) {
        let slot = level * BUCKETS + digit;
        self.filled[level] &= !(1 << digit);
        if self.filled[level] == 0 {
            self.levels &= !(1 << level);
        }
        self.origin = start;
        self.horizon = start;
        if level == 0 || self.buckets[slot].len() <= SORTABLE {
            self.near.extend(self.buckets[slot].drain(..).rev());
            // Stable, on the reversed bucket: events at one instant keep their order.
            self.near.sort_by_key(|event| std::cmp::Reverse(event.0));
            self.horizon = end;
            return;
        }
        let mut events = std::mem::take(&mut self.buckets[slot]);
        events.drain(..).for_each(|(at, event)| self.file(at, event));
        self.buckets[slot] = events;
    }

    /// Puts the later half of the short list back into the wheel, as far as the wheel's origin allows.
    #[cold]
    fn thin_out(&mut self) {
        let middle = self.near[self.near.len() / 2].0.max(self.origin);
        let later = self.near.partition_point(|(at, _)| *at > middle);
        if later == 0 {
            return;
        }
        self.horizon = self.near[later - 1].0;
        let first_kept = self.near.partition_point(|(at, _)| *at >= self.horizon);
        let moved: Vec<_> = self.near.drain(..first_kept).collect();
        moved.into_iter().rev().for_each(|(at, event)| self.file(at, event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use proptest::prelude::*;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// Runs the same pushes and pops through the queue and through a binary heap ordered by (time, number).
    fn agree(steps: impl Iterator<Item = (bool, u64, u64)>) {
        let mut queue = EventQueue::default();
        let mut heap = BinaryHeap::new();
        let mut now = 0;
        for (number, (push, delay, patience)) in steps.enumerate() {
            if push {
                let at = now + delay;
                queue.push(Time::from_nanos(at), number);
                heap.push(Reverse((at, number)));
            }
            let first = heap.peek().map_or(u64::MAX, |Reverse((at, _))| *at);
            let bound = queue.earliest().as_nanos();
            assert!(if queue.is_exact() { bound == first } else { bound <= first }, "{bound}, {first}");
            let limit = now + patience;
            match queue.due(Time::from_nanos(limit)) {
                Some(at) => {
                    let Reverse((expected, number)) = heap.pop().unwrap();
                    assert_eq!((at.as_nanos(), queue.pop()), (expected, Some(number)));
                    now = expected;
                }
                None => {
                    assert!(heap.peek().is_none_or(|Reverse((at, _))| *at > limit));
                    now = limit;
                }
            }
        }
        assert_eq!(queue.is_empty(), heap.is_empty());
    }

    proptest! {
        #[test]
        fn leaves_in_time_order_and_first_in_first_out(
            steps in prop::collection::vec((any::<bool>(), 0..60u32, 0..60u32, any::<u32>()), 0..400)
        ) {
            agree(steps.into_iter().map(|(push, delay, patience, noise)| {
                let scale = |bits: u32| (1u64 << (bits / 2)) + u64::from(noise) % (1 + (1u64 << (bits / 2)));
                (push, scale(delay) - 1, scale(patience) - 1)
            }));
        }

        #[test]
        fn many_ties(steps in prop::collection::vec((any::<bool>(), 0..4u64, 0..2u64), 0..400)) {
            agree(steps.into_iter());
        }
    }

    /// The last of 25 lies in a bucket of the wheel that begins before all the others, which are in the short list.
    #[test]
    fn the_bound_is_exact_again_when_the_short_list_was_empty() {
        let mut queue = EventQueue::default();
        (0..25).for_each(|number| queue.push(Time::from_nanos(900 + number), number));
        (0..24).for_each(|_| assert!(queue.due(Time::NEVER).is_some() && queue.pop().is_some()));
        assert!(!queue.is_exact());
        queue.push(Time::from_nanos(923), 25);
        assert!(queue.is_exact());
        assert_eq!(queue.earliest(), Time::from_nanos(923));
    }

    #[test]
    fn large_and_crowded() {
        let mut stream = Streams::new(3, 0).stream(Purpose::Arrival, 0);
        for scale in [1e3, 1e6, 1e9, 1e12] {
            let mut draw = |mean: f64| (stream.exponential() * mean) as u64;
            let steps: Vec<_> = (0..60_000)
                .map(|i| (i % 3 != 0 || i > 40_000, draw(scale), if i < 20_000 { 0 } else { draw(scale) }))
                .collect();
            agree(steps.into_iter());
        }
    }
}
