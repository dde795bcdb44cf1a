//! Cold starts in stages.

use crate::random::{Purpose, Streams};
use crate::time::Span;
use crate::workload::distribution::Sampler;

/// The stages of a cold start, in their order. Each has its own duration and its own random draws.
pub const STAGES: [Stage; 5] = [
    Stage { name: "placement", purpose: Purpose::Placement },
    Stage { name: "sandbox", purpose: Purpose::Sandbox },
    Stage { name: "code", purpose: Purpose::Code },
    Stage { name: "runtime", purpose: Purpose::Runtime },
    Stage { name: "user", purpose: Purpose::User },
];

/// Position in [`STAGES`] of the first stage that providers bill as initialisation: runtime, then user code.
const FIRST_INIT_STAGE: usize = 3;

/// One stage of a cold start.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    /// As scenario files and results call it.
    pub name: &'static str,
    /// What its random draws are keyed by.
    pub purpose: Purpose,
}

/// How long each of [`STAGES`] takes, in nanoseconds.
#[derive(Debug, Clone)]
pub struct ColdStart(pub [Sampler; STAGES.len()]);

/// The drawn durations of one cold start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StageTimes(pub [Span; STAGES.len()]);

impl ColdStart {
    /// A cold start that takes no time.
    pub const INSTANT: Self = Self([const { Sampler::Constant(0.0) }; STAGES.len()]);

    /// The cold start of the `index`-th invocation of function `entity`. The draws depend on nothing else, so that every policy
    /// sees the same ones.
    pub fn draw(&self, streams: &Streams, entity: u32, index: u64) -> StageTimes {
        let mut times = StageTimes::default();
        for ((time, sampler), stage) in times.0.iter_mut().zip(&self.0).zip(STAGES) {
            *time = match sampler {
                Sampler::Constant(nanos) => Span::from_nanos_f64(*nanos),
                random => Span::from_nanos_f64(random.sample(&mut streams.keyed(stage.purpose, entity, index))),
            };
        }
        times
    }
}

impl StageTimes {
    /// From the request to a ready instance: the sum of the stages, which follow one another.
    pub fn total(&self) -> Span {
        self.0.iter().copied().sum()
    }

    /// The part that providers call INIT: runtime and user initialisation.
    pub fn init(&self) -> Span {
        self.0[FIRST_INIT_STAGE..].iter().copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_draws_the_same_whatever_the_others_are() {
        let exponential = || Sampler::Exponential { mean: 1e8 };
        let mut one = ColdStart::INSTANT;
        one.0[3] = exponential();
        let all = ColdStart(std::array::from_fn(|_| exponential()));
        let streams = Streams::new(1, 0);
        for index in 0..100 {
            let (one, all) = (one.draw(&streams, 5, index), all.draw(&streams, 5, index));
            assert_eq!(one.0[3], all.0[3]);
            assert_eq!(one.total(), one.0[3]);
            assert_eq!(all.init(), all.0[3] + all.0[4]);
        }
    }
}
