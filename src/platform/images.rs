//! The image cache of a worker.

use std::collections::VecDeque;

use crate::amount::Memory;
use crate::id::FunctionId;

/// Images on a worker's disk, of which the least recently used go first. O(images) per start.
#[derive(Debug, Clone)]
pub struct Images {
    size: u64,
    used: u64,
    /// Least recently used first.
    images: VecDeque<(FunctionId, u64)>,
}

impl Images {
    /// An empty cache of `size`.
    pub fn new(size: Memory) -> Self {
        Self { size: size.as_bytes(), used: 0, images: VecDeque::new() }
    }

    /// Whether the image of a function is there.
    pub fn has(&self, function: FunctionId) -> bool {
        self.images.iter().any(|(image, _)| *image == function)
    }

    /// Uses the image of a function; says whether it was there. If not, it is fetched, and others go; one that is larger than the
    /// cache is not kept.
    pub fn has_or_fetch(&mut self, function: FunctionId, size: Memory) -> bool {
        if let Some(place) = self.images.iter().position(|(image, _)| *image == function) {
            let image = self.images.remove(place);
            self.images.extend(image);
            return true;
        }
        let size = size.as_bytes();
        if size > self.size {
            return false;
        }
        while self.used + size > self.size {
            let Some((_, gone)) = self.images.pop_front() else { break };
            self.used -= gone;
        }
        self.used += size;
        self.images.push_back((function, size));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_image_goes() {
        let mut images = Images::new(Memory::from_mib(100));
        let mut use_of = |function, mib| images.has_or_fetch(FunctionId(function), Memory::from_mib(mib));
        assert_eq!([use_of(1, 40), use_of(2, 60), use_of(1, 40), use_of(3, 30)], [false, false, true, false]);
        assert_eq!([use_of(1, 40), use_of(3, 30), use_of(2, 60), use_of(9, 101)], [true, true, false, false]);
        assert!(images.has(FunctionId(3)) && images.has(FunctionId(2)) && !images.has(FunctionId(1)));
    }
}
