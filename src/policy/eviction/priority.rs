//! Priorities that grow with use: what the greedy-dual family and least frequently used have in common.

use crate::policy::eviction::ranking::{IdleByFunction, Worth};
use crate::policy::eviction::{Candidate, Eviction, Leaves, Slot};

/// How the priority of a function is found.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What a function is worth after a number of uses.
    pub worth: fn(f64, &Candidate) -> f64,
    /// Whether there is a clock, which is set to the priority of each victim and added to what is used later. So functions that are
    /// not used any more age.
    pub ages: bool,
    /// Whether uses are forgotten when the last instance of the function is gone.
    pub forgets: bool,
    /// Whether the instances of a function on the worker share its worth.
    pub shares: bool,
}

/// The idle instance of the function with the least priority goes first, where
/// priority = clock at the last use + worth after so many uses. O(log n).
///
/// All instances of a function have the same priority. One that was never used has the clock.
#[derive(Debug)]
pub struct Priority {
    rule: Rule,
    clock: f64,
    functions: Vec<Function>,
    idle: IdleByFunction<Worth>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Function {
    uses: u64,
    clock: f64,
    worth: f64,
}

impl Priority {
    /// A worker without instances.
    pub fn new(rule: Rule) -> Self {
        Self { rule, clock: 0.0, functions: Vec::new(), idle: IdleByFunction::default() }
    }

    fn function(&mut self, unit: u32) -> &mut Function {
        if self.functions.len() <= unit as usize {
            self.functions.resize(unit as usize + 1, Function::default());
        }
        &mut self.functions[unit as usize]
    }

    fn rank(&mut self, unit: u32, siblings: u32) {
        let shares = if self.rule.shares { f64::from(siblings.max(1)) } else { 1.0 };
        let Function { clock, worth, .. } = *self.function(unit);
        self.idle.set_rank(unit, Worth(clock + worth / shares));
    }
}

impl Eviction for Priority {
    fn used(&mut self, candidate: &Candidate) {
        let (rule, now) = (self.rule, self.clock);
        let function = self.function(candidate.unit);
        function.uses += 1;
        function.clock = now;
        function.worth = (rule.worth)(function.uses as f64, candidate);
        self.rank(candidate.unit, candidate.siblings);
    }

    fn idle(&mut self, candidate: &Candidate) {
        let now = self.clock;
        let function = self.function(candidate.unit);
        if function.uses == 0 {
            function.clock = now;
        }
        self.rank(candidate.unit, candidate.siblings);
        self.idle.insert(candidate.unit, candidate.slot);
    }

    fn leaves(&mut self, candidate: &Candidate, why: Leaves) {
        let unit = candidate.unit;
        self.idle.remove(unit, candidate.slot);
        if why == Leaves::Evicted && self.rule.ages {
            self.clock = self.clock.max(self.idle.rank(unit).0);
        }
        if why == Leaves::Reused {
            return;
        }
        match candidate.siblings {
            0 | 1 if self.rule.forgets => *self.function(unit) = Function::default(),
            siblings => self.rank(unit, siblings.saturating_sub(1)),
        }
    }

    fn victim(&mut self) -> Option<Slot> {
        self.idle.first()
    }
}

/// What a cold start of the function costs, in milliseconds.
pub fn cost(candidate: &Candidate) -> f64 {
    candidate.cold_start.as_millis_f64()
}

/// The memory of an instance in MiB, at least one byte.
pub fn size(candidate: &Candidate) -> f64 {
    candidate.memory.as_mib_f64().max(1.0 / f64::from(1 << 20))
}
