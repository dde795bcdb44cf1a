//! Multi-queue fair queueing that sticks to warm instances.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::id::FunctionId;
use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::scheduling::flows::{Expected, Flows};
use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};
use crate::time::{Span, Time};

/// A flow for each function, with a virtual start S that grows by expected execution / weight each time one of it is served. Virtual
/// time V is the least S of the active flows: those of which somebody waits, and empty ones for a while after they were served, because
/// more is expected of them. A flow whose S is more than the overrun ahead of V is throttled. Of the others, the least S goes
/// first, those with an idle instance before those without.
///
/// All flows are throttled only while an empty one holds V back. Then nobody goes, unless nothing runs here: an execution that ends asks
/// again, and without one nobody would. O(log n); O(flows that are not throttled) to find a warm one.
#[derive(Debug)]
pub struct MqfqSticky {
    overrun: Span,
    anticipation: Span,
    flows: Flows,
    expected: Expected,
    tags: BTreeMap<FunctionId, Tag>,
    /// The active flows by virtual start.
    active: BTreeSet<(Time, FunctionId)>,
    /// Those of them of which somebody waits.
    backlogged: BTreeSet<(Time, FunctionId)>,
    virtual_time: Time,
}

/// What is remembered of a flow.
#[derive(Debug, Clone, Copy, Default)]
struct Tag {
    start: Time,
    served: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    overrun: Span,
    anticipation: Span,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { overrun: Span::from_secs(10), anticipation: Span::from_secs(2) }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "mqfq_sticky",
    summary: "Fair queueing by function that lets a warm function run ahead of the others by a bounded amount.",
    reference: "MQFQ-Sticky (arXiv 2507.08954; Iluvatar, queue `mqfq`), after Hedayati et al., \"Multi-Queue Fair Queueing\", ATC 2019",
    parameters: &[
        Parameter {
            name: "overrun",
            kind: "duration",
            default: Some("\"10s\""),
            meaning: "how far, in expected execution time / weight, a function may be ahead of the one that is furthest behind",
        },
        Parameter {
            name: "anticipation",
            kind: "duration",
            default: Some("\"2s\""),
            meaning: "how long a function of which nobody waits any more still counts, after one of it was served",
        },
    ],
    example: r#"{ overrun = "10s", anticipation = "2s" }"#,
    build: Build::Function(|parameters| {
        let Parameters { overrun, anticipation } = read(parameters)?;
        Ok(Box::new(move || Box::new(MqfqSticky::new(overrun, anticipation))))
    }),
};

impl MqfqSticky {
    /// An empty queue.
    pub fn new(overrun: Span, anticipation: Span) -> Self {
        Self {
            overrun,
            anticipation,
            flows: Flows::default(),
            expected: Expected::default(),
            tags: BTreeMap::new(),
            active: BTreeSet::new(),
            backlogged: BTreeSet::new(),
            virtual_time: Time::ZERO,
        }
    }

    /// Forgets empty flows that were served too long ago, and lets virtual time follow the active ones.
    fn advance(&mut self, now: Time) {
        while let Some(first) = self.active.first().copied() {
            let served = self.tags.get(&first.1).and_then(|tag| tag.served);
            let expects_more = served.is_some_and(|served| now.since(served) <= self.anticipation);
            if expects_more || self.backlogged.contains(&first) {
                self.virtual_time = self.virtual_time.max(first.0);
                return;
            }
            self.active.remove(&first);
        }
    }

    /// Puts a flow where its tag and its queue say.
    fn place(&mut self, function: FunctionId, before: Time, now: Tag) {
        self.active.remove(&(before, function));
        self.backlogged.remove(&(before, function));
        self.tags.insert(function, now);
        self.active.insert((now.start, function));
        if self.flows.head(function).is_some() {
            self.backlogged.insert((now.start, function));
        }
    }
}

impl Scheduling for MqfqSticky {
    fn enqueue(&mut self, waiting: Waiting, view: &QueueView<'_>) {
        self.advance(view.now);
        let share = self.expected.share(&waiting, view);
        if self.flows.push(&waiting, share) {
            let tag = self.tags.get(&waiting.function).copied().unwrap_or_default();
            let start = self.virtual_time.max(tag.start);
            self.place(waiting.function, tag.start, Tag { start, ..tag });
        }
    }

    fn next(&mut self, view: &QueueView<'_>) -> Option<Ticket> {
        self.advance(view.now);
        let limit = (self.virtual_time + self.overrun, FunctionId(u32::MAX));
        let mut eligible = self.backlogged.range(..=limit);
        let least = self.backlogged.first().filter(|least| view.running == 0 || **least <= limit);
        let warm = eligible.find(|(_, function)| (view.is_warm)(*function));
        let (_, function) = warm.or(least)?;
        self.flows.head(*function).map(|head| head.ticket)
    }

    fn remove(&mut self, ticket: Ticket, served: bool, view: &QueueView<'_>) {
        let Some((function, item)) = self.flows.remove(ticket) else { return };
        let tag = self.tags.get(&function).copied().unwrap_or_default();
        let charged = Tag { start: tag.start + item.share, served: Some(view.now) };
        self.place(function, tag.start, if served { charged } else { tag });
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
    use crate::policy::scheduling::single_server::{Job, job, known, order, serve, waiting};

    #[test]
    fn a_warm_function_runs_ahead_as_far_as_the_overrun() {
        // Function 0 is warm and stands at 1 s when function 1 comes; it goes as long as it is at most the overrun ahead.
        let jobs: Vec<Job> = (0..6).map(|_| job(0, 0, 1)).chain((0..3).map(|_| job(0, 1, 1))).collect();
        let run = |overrun, warm| {
            let mut policy = MqfqSticky::new(Span::from_secs(overrun), Span::from_secs(2));
            let ended = serve(&mut policy, &jobs, &mut known(&[1, 1]), &|function| function == FunctionId(warm));
            ended.into_iter().map(|(ticket, _)| ticket).collect::<Vec<_>>()
        };
        assert_eq!(run(3, 0), [0, 1, 2, 3, 4, 6, 5, 7, 8]);
        assert_eq!(run(3, 7), order(&ENTRY, "{}", &jobs, &[1, 1]), "nobody is warm: plain fair queueing");
        assert_eq!(run(0, 0), [0, 1, 6, 2, 7, 3, 8, 4, 5]);
    }

    /// Several servers, by hand: an empty function that is behind holds the others back, but never for ever.
    #[test]
    fn nobody_goes_only_while_something_runs() {
        let history = known(&[10, 10]);
        let at = |secs, running| {
            let now = Time::ZERO + Span::from_secs(secs);
            QueueView { now, history: &history, running, is_warm: &|_| false }
        };
        let mut policy = MqfqSticky::new(Span::from_secs(1), Span::from_secs(2));
        for (ticket, function) in [(0, 0), (1, 0), (2, 0), (3, 1)] {
            policy.enqueue(waiting(ticket, &job(0, function, 10), Span::from_secs(10)), &at(0, 0));
        }
        for (running, expected) in (0..).zip([0, 3, 1]) {
            assert_eq!(policy.next(&at(0, running)), Some(expected));
            policy.remove(expected, true, &at(0, running));
        }
        // Function 1 was served once and has nobody left: it stands at 10 s, function 0 at 20 s.
        assert_eq!(policy.next(&at(2, 3)), None, "function 1 could come again");
        assert_eq!(policy.next(&at(2, 0)), Some(2), "nothing runs that could ask again");
        assert_eq!(policy.next(&at(3, 3)), Some(2), "function 1 has not come again");
    }
}
