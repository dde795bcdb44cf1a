//! Shortest remaining processing time: a bound, because it knows execution times.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::scheduling::ranked::Ranked;
use crate::policy::scheduling::{QueueView, Running, Scheduling, Ticket, Waiting};
use crate::time::Span;

/// Who needs least goes first; O(log n). With preemption no other order has a shorter mean response time on one server (Schrage,
/// "A Proof of the Optimality of the Shortest Remaining Processing Time Discipline", Operations Research 1968).
#[derive(Debug)]
pub struct ShortestRemaining {
    preempt: bool,
    queue: Ranked<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default = "yes")]
    preempt: bool,
}

const fn yes() -> bool {
    true
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "shortest_remaining",
    summary: "Who needs least CPU time goes first; the running one that needs most gives way to who needs less (an oracle).",
    reference: "SRPT: Schrage and Miller, \"The Queue M/G/1 with the Shortest Remaining Processing Time Discipline\", 1966; \
                worker discipline in Kaffes et al., \"Hermod\", SoCC 2022",
    parameters: &[Parameter {
        name: "preempt",
        kind: "true or false",
        default: Some("true"),
        meaning: "whether a running execution gives way; false is shortest job first with known execution times",
    }],
    example: "{ preempt = true }",
    build: Build::Function(|parameters| {
        let Parameters { preempt } = read(parameters)?;
        Ok(Box::new(move || Box::new(ShortestRemaining { preempt, queue: Ranked::default() })))
    }),
};

impl Scheduling for ShortestRemaining {
    fn enqueue(&mut self, waiting: Waiting, _: &QueueView<'_>) {
        self.queue.insert(waiting.remaining.unwrap_or(Span::MAX), waiting.ticket);
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        self.queue.first().map(|(_, ticket)| ticket)
    }

    fn remove(&mut self, ticket: Ticket, _: bool, _: &QueueView<'_>) {
        self.queue.remove(ticket);
    }

    fn len(&self) -> usize {
        self.queue.len()
    }

    fn preempt(&mut self, running: &[Running], _: &QueueView<'_>) -> Option<Ticket> {
        let (needed, _) = self.queue.first()?;
        let longest = running.iter().max_by_key(|running| (running.remaining, running.ticket))?;
        longest.remaining.filter(|remaining| *remaining > needed).map(|_| longest.ticket)
    }

    fn preempts(&self) -> bool {
        self.preempt
    }

    fn is_oracle(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{job, mean_response, order};

    #[test]
    fn the_running_one_gives_way_to_less_and_only_to_less() {
        // Job 0 has 7 s left when job 1 comes, and as much as job 2 when that comes.
        let jobs = [job(0, 0, 10), job(3, 0, 2), job(5, 0, 7), job(6, 0, 1)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[]), [1, 3, 0, 2]);
        assert_eq!(order(&ENTRY, "{ preempt = false }", &jobs, &[]), [0, 3, 1, 2]);
    }

    /// M/M/1 with mean execution 1 (Harchol-Balter, "Performance Modeling and Design of Computer Systems", chapters 31 and 33).
    #[test]
    fn mean_response_is_what_theory_says() {
        for (load, known_sizes, srpt) in [(0.5, 1.7127, 1.4254), (0.8, 2.8822, 2.3528)] {
            for (parameters, exact) in [("{ preempt = false }", known_sizes), ("{ preempt = true }", srpt)] {
                let estimate = mean_response(&ENTRY, parameters, load);
                let off = (estimate.mean - exact).abs();
                assert!(off < 4.0 * estimate.standard_error, "load {load}, {parameters}: {estimate:?}, not {exact}");
                assert!(estimate.standard_error < 0.05 * exact, "the test can fail: {estimate:?}");
            }
        }
    }
}
