//! Deficit round robin.

use std::collections::{BTreeMap, VecDeque};

use serde::Deserialize;

use crate::id::FunctionId;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::scheduling::flows::{Expected, Flows};
use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};
use crate::time::Span;

/// Functions take turns. At its turn a function may use a quantum more, and what it saved before, as long as somebody of it waits.
///
/// O(1) functions are visited for each invocation if the quantum is at least the longest expected execution, else O(functions).
#[derive(Debug)]
pub struct DeficitRoundRobin {
    quantum: Span,
    flows: Flows,
    expected: Expected,
    /// The functions of which somebody waits, in the order of their turns; the first has its turn.
    turns: VecDeque<FunctionId>,
    /// Whether the first has had its quantum.
    granted: bool,
    /// What each of them may still use.
    deficits: BTreeMap<FunctionId, Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    quantum: Span,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "deficit_round_robin",
    summary: "Functions take turns, each for a quantum of expected execution time, multiplied by its weight.",
    reference: "Shreedhar and Varghese, \"Efficient Fair Queueing Using Deficit Round Robin\", SIGCOMM 1995",
    parameters: &[Parameter {
        name: "quantum",
        kind: "duration",
        default: None,
        meaning: "expected execution time that a function of weight 1 may use at each turn; longer than zero",
    }],
    example: r#"{ quantum = "500ms" }"#,
    build: Build::Function(|parameters| {
        let Parameters { quantum } = read(parameters)?;
        if quantum == Span::ZERO {
            return Err(ParameterError("`quantum` is zero; expected a duration such as \"500ms\"".into()));
        }
        Ok(Box::new(move || Box::new(DeficitRoundRobin::new(quantum))))
    }),
};

impl DeficitRoundRobin {
    /// An empty queue.
    pub fn new(quantum: Span) -> Self {
        let (flows, expected) = (Flows::default(), Expected::default());
        Self { quantum, flows, expected, turns: VecDeque::new(), granted: false, deficits: BTreeMap::new() }
    }

    /// Who goes at the turn of the first function; else it is the turn of the second.
    fn turn(&mut self) -> Option<Ticket> {
        let function = *self.turns.front()?;
        let deficit = self.deficits.entry(function).or_default();
        if !self.granted {
            *deficit += self.quantum;
            self.granted = true;
        }
        let head = self.flows.head(function)?;
        if head.share <= *deficit {
            return Some(head.ticket);
        }
        self.turns.rotate_left(1);
        self.granted = false;
        None
    }

    /// Gives everybody the quanta of the rounds in which nobody could go.
    fn skip_rounds(&mut self) {
        let missing = |(function, head): (FunctionId, super::flows::Item)| {
            let deficit = self.deficits.get(&function).copied().unwrap_or(Span::ZERO);
            head.share.saturating_sub(deficit).as_nanos().div_ceil(self.quantum.as_nanos())
        };
        let rounds = self.flows.heads().map(missing).min().unwrap_or(0).saturating_sub(1);
        let quanta = Span::from_nanos(self.quantum.as_nanos().saturating_mul(rounds));
        self.deficits.values_mut().for_each(|deficit| *deficit += quanta);
    }
}

impl Scheduling for DeficitRoundRobin {
    fn enqueue(&mut self, waiting: Waiting, view: &QueueView<'_>) {
        // To divide what it takes by the weight is to multiply the quantum by it.
        if self.flows.push(&waiting, self.expected.share(&waiting, view)) {
            self.turns.push_back(waiting.function);
        }
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        // Once round, and the first again because it may have had its quantum before.
        (0..=self.turns.len()).find_map(|_| self.turn()).or_else(|| {
            self.skip_rounds();
            (0..=self.turns.len()).find_map(|_| self.turn())
        })
    }

    fn remove(&mut self, ticket: Ticket, served: bool, _: &QueueView<'_>) {
        let Some((function, item)) = self.flows.remove(ticket) else { return };
        if self.flows.head(function).is_some() {
            let deficit = self.deficits.entry(function).or_default();
            *deficit = deficit.saturating_sub(if served { item.share } else { Span::ZERO });
            return;
        }
        // Who has nobody waiting saves nothing.
        self.deficits.remove(&function);
        self.granted &= self.turns.front() != Some(&function);
        self.turns.retain(|other| *other != function);
    }

    fn len(&self) -> usize {
        self.flows.len()
    }

    fn executed(&mut self, _: FunctionId, execution: Span, _: &QueueView<'_>) {
        self.expected.executed(execution);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{Job, job, order};

    #[test]
    fn turns_are_worth_a_quantum_times_the_weight() {
        // Executions of 2 s, a quantum of 2 s: one of function 0 for two of function 1, which has twice the weight.
        let heavy = |at| Job { weight: 2.0, ..job(at, 1, 2) };
        let jobs = [job(0, 0, 2), job(1, 0, 2), job(1, 0, 2), heavy(1), heavy(1), heavy(1)];
        assert_eq!(order(&ENTRY, r#"{ quantum = "2s" }"#, &jobs, &[2, 2]), [0, 1, 3, 4, 2, 5]);
    }

    #[test]
    fn a_small_quantum_saves_up_to_a_long_execution() {
        // Per execution of 10 s of function 0, ten of 1 s of function 1.
        let jobs: Vec<Job> = (0..3).map(|_| job(0, 0, 10)).chain((0..30).map(|_| job(0, 1, 1))).collect();
        let order = order(&ENTRY, r#"{ quantum = "1ms" }"#, &jobs, &[10, 1]);
        let long: Vec<usize> = (0..order.len()).filter(|place| order[*place] < 3).collect();
        assert!(long[1] - long[0] >= 10 && long[1] - long[0] <= 12, "{long:?}");
        assert!(long[2] - long[1] >= 10 && long[2] - long[1] <= 12, "{long:?}");
    }
}
