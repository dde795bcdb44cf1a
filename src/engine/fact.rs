//! What the engine tells its observers.

use crate::id::WorkerId;
use crate::platform::cold_start::StageTimes;
use crate::platform::instance::{Phase, Slot};
use crate::platform::overheads::Delay;
use crate::platform::request::{Outcome, Start};
use crate::time::{Span, Time};

/// Something that happened. Facts of one shard come in time order; a function is named by its position in the shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// An invocation reached the platform.
    Arrived {
        /// Of which function.
        function: u32,
        /// When.
        at: Time,
    },
    /// It left without being executed to the end, and will not be tried again.
    Lost {
        /// Of which function.
        function: u32,
        /// When it arrived.
        arrived: Time,
        /// When it left.
        at: Time,
        /// Why.
        fate: Fate,
        /// Whether it was invoked asynchronously, so that it went to a dead-letter queue.
        dead_letter: bool,
    },
    /// It was refused or failed and will be tried again.
    Retried {
        /// Of which function.
        function: u32,
        /// When it arrived.
        arrived: Time,
        /// When.
        at: Time,
    },
    /// Its execution ended.
    Executed(Execution),
    /// It was still waiting or executing when the run stopped.
    Open {
        /// Of which function.
        function: u32,
        /// When it arrived.
        arrived: Time,
    },
    /// The platform took its decisions about an invocation.
    Decided {
        /// When the invocation arrived.
        at: Time,
        /// How long the decisions take.
        delay: Delay,
    },
    /// An instance was started.
    Started {
        /// For an invocation of which function.
        function: u32,
        /// When.
        at: Time,
        /// How long its cold start will take.
        stages: StageTimes,
    },
    /// An instance ends one phase of its life and begins another.
    Phase {
        /// The pool (function or app) that it belongs to.
        pool: u32,
        /// When.
        at: Time,
        /// When the instance was created.
        created: Time,
        /// Its place in the shard, which another one may take when it is gone.
        instance: Slot,
        /// Whether it is a provisioned one.
        provisioned: bool,
        /// The phase that ends, and when it had begun; `None`: the instance is new.
        ends: Option<(Phase, Time)>,
        /// The phase that begins; `None`: the instance is gone.
        begins: Option<Phase>,
    },
    /// The keep-alive of an idle instance ended.
    Expired {
        /// When.
        at: Time,
    },
    /// An idle instance was removed because its memory was needed.
    Evicted {
        /// When.
        at: Time,
    },
    /// A worker was given an invocation.
    Balanced {
        /// Which worker.
        worker: WorkerId,
        /// When.
        at: Time,
    },
    /// The number of instances that are to be provisioned changes, at the start of the run from zero.
    Provisioned {
        /// For which pool (function or app).
        pool: u32,
        /// When.
        at: Time,
        /// How many more there are from now on; fewer if negative.
        more: i64,
    },
}

/// Why an invocation left without being executed to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A limit refused it at once.
    Throttled,
    /// It left a queue that was full, in which it waited too long, or at whose head no instance could be started for it.
    Dropped,
    /// No worker is large enough for its instance, or the one that the load balancer chose is not.
    Unplaceable,
    /// Its worker stopped, its instance crashed, or its function failed.
    Failed,
}

impl Fate {
    /// As results call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Dropped => "dropped",
            Self::Unplaceable => "unplaceable",
            Self::Failed => "failed",
        }
    }
}

/// An execution that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Execution {
    /// Of which function.
    pub function: u32,
    /// When the invocation arrived.
    pub arrived: Time,
    /// Arrival to assignment, and for those that are not cold to the start of the execution.
    pub queueing: Span,
    /// Assignment to the start of the execution, for cold ones.
    pub cold_start: Span,
    /// Start to end of the execution.
    pub execution: Span,
    /// The execution time that was drawn, before the platform shaped it; zero unless [`Setup::demands`](super::Setup) asks for it.
    pub demand: Span,
    /// The part of the cold start that providers call INIT.
    pub init: Span,
    /// How the invocation came to its instance.
    pub start: Start,
    /// Whether it ran on a provisioned instance.
    pub provisioned: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the invocation will be tried again: then this execution is billed, but not the end of the invocation.
    pub retried: bool,
    /// Whether it was invoked asynchronously and goes to a dead-letter queue.
    pub dead_letter: bool,
}

/// Counts facts. Observers never influence the run.
pub trait Observer {
    /// Takes note of a fact.
    fn observe(&mut self, fact: &Fact);
}

impl<A: Observer, B: Observer> Observer for (A, B) {
    #[inline(always)]
    fn observe(&mut self, fact: &Fact) {
        self.0.observe(fact);
        self.1.observe(fact);
    }
}

impl<O: Observer> Observer for Option<O> {
    #[inline]
    fn observe(&mut self, fact: &Fact) {
        if let Some(observer) = self {
            observer.observe(fact);
        }
    }
}

impl<O: Observer + ?Sized> Observer for &mut O {
    #[inline(always)]
    fn observe(&mut self, fact: &Fact) {
        (**self).observe(fact);
    }
}
