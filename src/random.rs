//! Random numbers with coordinates.
//!
//! Every random quantity has a place (seed, replication, purpose, entity, index) instead of a turn in one global
//! sequence. So two policies on one scenario see the same arrivals, execution times and cold starts (common random
//! numbers), a draw added somewhere changes nothing elsewhere, and the number of threads cannot matter.
//!
//! Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) turns the coordinate into 128
//! bits, which start a PCG XSL-RR 128/64 multiplicative generator (O'Neill 2014), here named a [`Stream`]. Both are
//! value-stable and tested against known answers.

use std::convert::Infallible;

use rand::{Rng, TryRng};
use rand_distr::{Distribution, Exp1, StandardNormal};
use rand_pcg::Pcg64Mcg;
use rand_philox::philox4x32_10;

/// What a random quantity is for. Purposes never share a stream.
///
/// The numbers are part of every result: append, never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Gaps between the arrivals of a function.
    Arrival = 0,
    /// Execution times of a function.
    Execution = 1,
    /// How long an idle instance is kept.
    KeepAlive = 2,
    /// Which idle instance is reused.
    Reuse = 3,
    /// Where in a CPU quota period an execution starts.
    CpuPhase = 4,
    /// Properties of the functions of a generated population.
    Population = 5,
    /// Cold-start stage: placement.
    Placement = 8,
    /// Cold-start stage: sandbox.
    Sandbox = 9,
    /// Cold-start stage: code fetch.
    Code = 10,
    /// Cold-start stage: runtime init.
    Runtime = 11,
    /// Cold-start stage: user init.
    User = 12,
    /// Which worker gets an invocation.
    LoadBalancing = 13,
    /// On which worker an instance is started.
    PlacementChoice = 14,
    /// How long a client waits before it tries again.
    Retry = 15,
    /// Whether an execution fails.
    Failure = 16,
    /// When a worker stops and how long it is away.
    Outage = 17,
    /// Executions that are measured before the run to choose a memory size.
    Allocation = 18,
    /// Which values of uncertain inputs are tried together.
    Hypercube = 19,
}

/// The source of all streams of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
    replication: u32,
}

impl Streams {
    /// The streams of replication `replication` (from 0; fewer than 2^24) under `seed`.
    pub fn new(seed: u64, replication: u32) -> Self {
        assert!(replication < 1 << 24, "a run has at most 2^24 replications");
        Self { seed, replication }
    }

    /// The sequential stream of an entity, for what does not depend on the run: arrivals, execution times.
    pub fn stream(&self, purpose: Purpose, entity: u32) -> Stream {
        self.keyed(purpose, entity, u64::MAX)
    }

    /// The stream of the `index`-th event of an entity, for what depends on the run: the cold start of the n-th invocation.
    pub fn keyed(&self, purpose: Purpose, entity: u32, index: u64) -> Stream {
        let coordinate = [index as u32, (index >> 32) as u32, entity, (self.replication << 8) | purpose as u32];
        let block = philox4x32_10(coordinate, [self.seed as u32, (self.seed >> 32) as u32]);
        let state = block.iter().rev().fold(0u128, |state, word| (state << 32) | u128::from(*word));
        Stream(Pcg64Mcg::new(state))
    }
}

/// A sequence of random numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream(Pcg64Mcg);

impl Stream {
    /// A uniform number in the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }

    /// An exponential number with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }

    /// A normal number with mean 0 and standard deviation 1.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// A uniform index below `n`, which must not be zero (multiply-shift; the bias is below n / 2^64).
    #[inline]
    pub fn index(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }
}

/// For the distributions of `rand_distr`.
impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random123 known answers for Philox4x32-10.
    #[test]
    fn philox_known_answers() {
        let vectors = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in vectors {
            assert_eq!(philox4x32_10(counter, key), answer);
        }
    }

    /// `mcg_state_setseq`-free reference: the multiplier and output function of PCG XSL-RR 128/64 (MCG), written out.
    #[test]
    fn stream_is_pcg_mcg_xsl_rr_on_the_philox_block() {
        let mut stream = Streams::new(7, 3).keyed(Purpose::Execution, 11, 5);
        let block = philox4x32_10([5, 0, 11, (3 << 8) | 1], [7, 0]);
        let mut state = (0..4).fold(0u128, |state, i| state | u128::from(block[i]) << (32 * i)) | 1;
        for _ in 0..100 {
            state = state.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645);
            let word = ((state >> 64) as u64 ^ state as u64).rotate_right((state >> 122) as u32);
            assert_eq!(stream.0.next_u64(), word);
        }
    }

    #[test]
    fn coordinates_do_not_share_streams() {
        let first =
            |streams: Streams, purpose, entity, index| streams.keyed(purpose, entity, index).uniform().to_bits();
        let base = Streams::new(1, 0);
        let mut seen = std::collections::BTreeSet::new();
        for purpose in [Purpose::Arrival, Purpose::Execution, Purpose::User] {
            for entity in 0..10 {
                for index in (0..10).chain([u64::MAX]) {
                    assert!(seen.insert(first(base, purpose, entity, index)));
                    assert!(seen.insert(first(Streams::new(1, 1), purpose, entity, index)));
                    assert!(seen.insert(first(Streams::new(2, 0), purpose, entity, index)));
                }
            }
        }
    }
}
