//! Reuse by rank: most or least recently used, newest, oldest, random.
//!
//! The choice changes results more than most papers admit: most recently used lets the pool shrink, least recently used and
//! random keep every instance alive.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::{IdleOrder, Pick, Reuse, ReuseView};

/// The first or last idle instance of an order. O(1) by use, O(log n) by creation.
struct Ranked(IdleOrder, Pick);

impl Reuse for Ranked {
    fn order(&self) -> IdleOrder {
        self.0
    }

    fn pick(&mut self, _: &ReuseView<'_>) -> Pick {
        self.1
    }

    fn always(&self) -> Option<Pick> {
        Some(self.1)
    }
}

/// Any idle instance, with equal chances. O(1).
struct Random;

impl Reuse for Random {
    fn order(&self) -> IdleOrder {
        IdleOrder::Any
    }

    fn pick(&mut self, view: &ReuseView<'_>) -> Pick {
        Pick::At(view.random().index(view.idle))
    }
}

macro_rules! entry {
    ($name:literal, $summary:literal, $reference:literal, $policy:expr) => {
        Entry {
            name: $name,
            summary: $summary,
            reference: $reference,
            parameters: &[],
            example: "{}",
            build: Build::Function(|parameters| {
                read::<NoParameters>(parameters)?;
                Ok(Box::new(|| Box::new($policy)))
            }),
        }
    };
}

/// The catalog's entries.
pub const ENTRIES: [Entry<dyn Reuse>; 5] = [
    entry!(
        "most_recently_used",
        "The idle instance that was used last: few instances stay warm, the others can go.",
        "measured on AWS Lambda: Mahmoudi and Khazaei, \"Performance Modeling of Serverless Computing Platforms\", IEEE TCC 2020",
        Ranked(IdleOrder::Use, Pick::Last)
    ),
    entry!(
        "least_recently_used",
        "The idle instance that was used longest ago: the load goes round, so that all instances stay warm.",
        "Sethi et al., \"LCS: Alleviating Total Cold Start Latency in Serverless Applications with LRU Warm Container Approach\", ICDCN 2023",
        Ranked(IdleOrder::Use, Pick::First)
    ),
    entry!(
        "newest",
        "The idle instance that was created last.",
        "Mahmoudi and Khazaei, \"SimFaaS\", CLOSER 2021",
        Ranked(IdleOrder::Creation, Pick::Last)
    ),
    entry!(
        "oldest",
        "The idle instance that was created first.",
        "mirror image of \"newest\"",
        Ranked(IdleOrder::Creation, Pick::First)
    ),
    entry!("random", "Any idle instance, with equal chances.", "bound between the orders", Random),
];
