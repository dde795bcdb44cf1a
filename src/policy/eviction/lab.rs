//! For the tests of evictions: one worker whose executions take no time, so that it holds at most one instance of each function.

use crate::amount::Memory;
use crate::id::FunctionId;
use crate::policy::eviction::{Candidate, Eviction, Leaves, Slot};
use crate::time::{Span, Time};

/// A function by what its instance holds and what its cold start takes.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    memory: Memory,
    cold_start: Span,
}

impl Function {
    /// So many MiB and milliseconds.
    pub const fn new(mib: u64, millis: u64) -> Self {
        Self { memory: Memory::from_mib(mib), cold_start: Span::from_millis(millis) }
    }
}

/// What came of a list of requests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Requests that found an instance.
    pub hits: usize,
    /// The functions whose instances were evicted, in order.
    pub evicted: Vec<u32>,
}

/// An instance of function `unit`, the only one.
pub fn candidate(unit: u32, slot: Slot, function: Function) -> Candidate {
    Candidate {
        now: Time::ZERO,
        slot,
        function: FunctionId(unit),
        unit,
        memory: function.memory,
        cold_start: function.cold_start,
        siblings: 1,
        next_arrival: None,
    }
}

/// One request each second.
pub fn replay(policy: &mut dyn Eviction, mib: u64, functions: &[Function], requests: &[u32]) -> Seen {
    let mut seen = Seen::default();
    let mut warm = vec![false; functions.len()];
    for (second, unit) in requests.iter().enumerate() {
        let at = |second: usize| Time::from_nanos(second as u64 * 1_000_000_000);
        let next = |unit: u32| (second + 1..requests.len()).find(|next| requests[*next] == unit);
        let view = |unit: u32| Candidate {
            now: at(second),
            next_arrival: next(unit).map(at),
            ..candidate(unit, unit, functions[unit as usize])
        };
        let used = |warm: &[bool]| {
            (0..warm.len()).filter(|unit| warm[*unit]).map(|unit| functions[unit].memory.as_bytes()).sum::<u64>()
        };
        let function = functions[*unit as usize];
        if warm[*unit as usize] {
            seen.hits += 1;
            policy.leaves(&view(*unit), Leaves::Reused);
        }
        while !warm[*unit as usize] && used(&warm) + function.memory.as_bytes() > mib << 20 {
            let victim = policy.victim().unwrap();
            policy.leaves(&view(victim), Leaves::Evicted);
            seen.evicted.push(victim);
            warm[victim as usize] = false;
        }
        warm[*unit as usize] = true;
        policy.used(&view(*unit));
        policy.idle(&view(*unit));
    }
    seen
}

/// Ten functions of 100 MiB, chosen with weights 1, 1/2, .. 1/10 by the linear congruential generator of C's `rand`, 5,000 times.
pub fn zipf() -> (Vec<Function>, Vec<u32>) {
    let millis = [211, 1609, 1013, 419, 1801, 1213, 607, 2003, 1409, 809];
    let weights: Vec<f64> = (1..=10).map(|rank| 1.0 / f64::from(rank)).collect();
    let all: f64 = weights.iter().sum();
    let mut state: u64 = 1;
    let requests = (0..5_000).map(|_| {
        state = (1_103_515_245 * state + 12_345) % (1 << 31);
        let mut left = state as f64 / f64::from(1u32 << 31) * all;
        let chosen = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        chosen.map_or(9, |chosen| chosen as u32)
    });
    (millis.map(|millis| Function::new(100, millis)).to_vec(), requests.collect())
}
