//! Workers that have told the balancer that a core is free.

use std::collections::VecDeque;

use super::Notice;
use crate::id::WorkerId;
use crate::platform::worker::Workers;

#[derive(Debug, Clone, Copy)]
struct Desk {
    cores: u32,
    /// Invocations that the balancer has given to the worker and that have not ended.
    load: u32,
    up: bool,
    /// Whether the worker stands in the line.
    in_line: bool,
}

impl Desk {
    fn is_free(&self) -> bool {
        self.up && self.load < self.cores
    }
}

/// The line of the workers with fewer invocations than cores, the one that has waited longest first; what the balancer itself
/// knows, however old the reported loads are. O(1), amortized.
#[derive(Debug, Clone, Default)]
pub(super) struct FreeCores {
    desks: Vec<Desk>,
    /// Each worker at most once. Some may have been given all they can take since; they leave when their turn comes.
    line: VecDeque<WorkerId>,
}

impl FreeCores {
    /// Lets all workers join the line, the first time.
    pub fn open(&mut self, workers: &Workers) {
        if self.desks.is_empty() {
            let desk = |up, cores| Desk { cores, load: 0, up, in_line: false };
            self.desks.extend(workers.iter().map(|(_, worker)| desk(worker.up, worker.cores)));
            workers.iter().for_each(|(id, _)| self.join(id));
        }
    }

    /// Whether a worker has a free core.
    pub fn is_free(&self, worker: WorkerId) -> bool {
        self.desks[worker.index()].is_free()
    }

    /// Gives an invocation to the worker with a free core that has waited longest.
    pub fn assign_next(&mut self) -> Option<WorkerId> {
        while let Some(first) = self.line.pop_front() {
            self.desks[first.index()].in_line = false;
            if self.is_free(first) {
                self.assign(first);
                // Another free core waits at the end of the line.
                self.join(first);
                return Some(first);
            }
        }
        None
    }

    /// Gives an invocation to a worker.
    pub fn assign(&mut self, worker: WorkerId) {
        self.desks[worker.index()].load += 1;
    }

    /// An invocation ended, or a worker stopped or is back.
    pub fn notice(&mut self, notice: Notice) {
        let (Notice::Ended { worker, .. } | Notice::Down(worker) | Notice::Up(worker)) = notice else { return };
        let Some(desk) = self.desks.get_mut(worker.index()) else { return };
        match notice {
            Notice::Down(_) => (desk.up, desk.load) = (false, 0),
            Notice::Up(_) => desk.up = true,
            _ => desk.load = desk.load.saturating_sub(1),
        }
        self.join(worker);
    }

    fn join(&mut self, worker: WorkerId) {
        let desk = &mut self.desks[worker.index()];
        if desk.is_free() && !desk.in_line {
            desk.in_line = true;
            self.line.push_back(worker);
        }
    }
}
