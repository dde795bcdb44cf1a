//! The memory-to-CPU law: how the memory of an instance turns CPU time into execution time.

use serde::{Deserialize, Serialize};

use crate::amount::Memory;
use crate::random::Stream;
use crate::time::Span;

/// The memory-to-CPU law, as scenario files choose it: `cpu.fluid = { full_vcpu = "1769 MiB" }`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CpuLaw {
    /// Execution times are those of the function at its own memory.
    #[default]
    AsMeasured,
    /// An instance computes at a rate of memory / `full_vcpu` vCPU, without steps.
    Fluid {
        /// Memory at which an instance has one full vCPU. AWS Lambda: 1769 MB (Lambda developer guide, "Configure memory").
        full_vcpu: Memory,
    },
    /// An instance may compute for its share of each period, then is stopped until the next: Linux CFS bandwidth control.
    Quota {
        /// Memory at which an instance has one full vCPU.
        full_vcpu: Memory,
        /// The period. AWS Lambda 20 ms, Google 100 ms, IBM 10 ms (measured: Lin et al., EuroSys 2026).
        period: Span,
    },
}

/// The part of a function's execution that a law scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// Part of each execution that waits for input and output and does not get faster with CPU.
    pub io: Span,
    /// Share of the CPU time that runs on several vCPUs at once, 0 to 1.
    pub parallel: f64,
}

impl Default for Work {
    fn default() -> Self {
        Self { io: Span::ZERO, parallel: 0.0 }
    }
}

/// A [`CpuLaw`] at the memory of one function. Under a law, the drawn execution time is the CPU time on one full vCPU.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cpu {
    /// Execution times are taken as they are.
    AsMeasured,
    /// T(m) = io + c [(1 - p) / min(1, s) + p / s] with s vCPU (AWS Lambda power tuning; POLICIES E.1).
    Fluid {
        /// Wall time per CPU time.
        stretch: f64,
        /// Time that is not scaled.
        io: Span,
    },
    /// A quota of CPU time in each period.
    Quota {
        /// CPU time per period in nanoseconds.
        quota: u64,
        /// The period in nanoseconds.
        period: u64,
        /// Time that is not scaled.
        io: Span,
    },
}

impl CpuLaw {
    /// The cores of an instance of `memory`, if the law says it.
    pub fn vcpu(&self, memory: Memory) -> Option<f64> {
        match self {
            Self::AsMeasured => None,
            Self::Fluid { full_vcpu } | Self::Quota { full_vcpu, .. } => {
                Some(memory.as_bytes() as f64 / full_vcpu.as_bytes() as f64)
            }
        }
    }

    /// What of a drawn execution time is waiting: under a law nothing, because there it is CPU time.
    pub fn wait(&self, work: Work) -> Span {
        if *self == Self::AsMeasured { work.io } else { Span::ZERO }
    }

    /// The law at `memory`.
    pub fn at(&self, memory: Memory, work: Work) -> Cpu {
        let share = |full: Memory| memory.as_bytes() as f64 / full.as_bytes() as f64;
        match *self {
            Self::AsMeasured => Cpu::AsMeasured,
            Self::Fluid { full_vcpu } => {
                let share = share(full_vcpu);
                let stretch = (1.0 - work.parallel) / share.min(1.0) + work.parallel / share;
                Cpu::Fluid { stretch, io: work.io }
            }
            Self::Quota { full_vcpu, period } => {
                let quota = (period.as_nanos() as f64 * share(full_vcpu).min(1.0)).round() as u64;
                Cpu::Quota { quota: quota.max(1), period: period.as_nanos(), io: work.io }
            }
        }
    }
}

impl Cpu {
    /// The execution time of `demand`. `phase` gives the stream that says where in a period the execution starts; it is only
    /// asked where that matters.
    #[inline(always)]
    pub fn execution(&self, demand: Span, phase: impl FnOnce() -> Stream) -> Span {
        match *self {
            Self::AsMeasured => demand,
            Self::Fluid { stretch, io } => io + Span::from_nanos_f64(demand.as_nanos() as f64 * stretch),
            Self::Quota { quota, period, .. } if quota >= period => self.wall(demand, 0),
            Self::Quota { period, .. } => self.wall(demand, (phase().uniform() * period as f64) as u64),
        }
    }

    /// Wall time of `demand` when it starts `offset` nanoseconds into a period of which no quota is used.
    ///
    /// From the start of a period: with q = floor(c / Q) and r = c - qQ, D = c if c <= Q, else qP + r if r > 0, else (q - 1) P + Q
    /// (Lin et al., EuroSys 2026; POLICIES E.2). A start inside a period has at most the rest of that period before the next.
    fn wall(&self, demand: Span, offset: u64) -> Span {
        let Self::Quota { quota, period, io } = *self else { return demand };
        let demand = demand.as_nanos();
        let first = quota.min(period - offset);
        if demand <= first {
            return io + Span::from_nanos(demand);
        }
        let rest = demand - first;
        let full_periods = (rest - 1) / quota;
        let last = rest - full_periods * quota;
        io + Span::from_nanos(
            (period - offset).saturating_add(full_periods.saturating_mul(period)).saturating_add(last),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS: Memory = Memory::from_mib(1769);

    /// POLICIES E.2: 51.8 ms of CPU time on AWS (20 ms period), started at a period boundary; and with P = 100 ms.
    #[test]
    fn quota_vectors() {
        let demand: Span = "51.8ms".parse().unwrap();
        let wall = |mib, period| {
            let law = CpuLaw::Quota { full_vcpu: AWS, period: Span::from_millis(period) };
            law.at(Memory::from_mib(mib), Work::default()).wall(demand, 0).as_millis_f64()
        };
        for (mib, millis) in
            [(128, 701.1), (256, 342.6), (442, 201.8), (512, 165.5), (884, 101.8), (1024, 85.5), (1769, 51.8)]
        {
            assert!((wall(mib, 20) - millis).abs() < 0.1, "{mib} MB: {}", wall(mib, 20));
        }
        assert!((wall(512, 100) - 122.9).abs() < 0.1);
    }

    /// POLICIES E.2, "fluid" column.
    #[test]
    fn fluid_vectors() {
        let demand: Span = "51.8ms".parse().unwrap();
        for (mib, millis) in [(128, 715.9), (512, 179.0), (3538, 51.8)] {
            let cpu = CpuLaw::Fluid { full_vcpu: AWS }.at(Memory::from_mib(mib), Work::default());
            let wall = cpu.execution(demand, || unreachable!("the fluid law draws nothing"));
            assert!((wall.as_millis_f64() - millis).abs() < 0.1, "{mib} MB: {wall}");
        }
    }

    #[test]
    fn parallel_work_gains_from_more_than_one_vcpu_and_io_never_does() {
        let work = Work { io: Span::from_millis(30), parallel: 0.5 };
        let cpu = CpuLaw::Fluid { full_vcpu: AWS }.at(Memory::from_mib(2 * 1769), work);
        let wall = cpu.execution(Span::from_millis(100), || unreachable!());
        assert_eq!(wall, Span::from_millis(30 + 50 + 25));
    }

    /// Whatever the phase, an execution waits at least its demand, and on average no less than at a boundary less one pause.
    #[test]
    fn a_start_inside_a_period_waits_at_most_a_period_more() {
        let law = CpuLaw::Quota { full_vcpu: AWS, period: Span::from_millis(20) };
        let cpu = law.at(Memory::from_mib(512), Work::default());
        let demand = Span::from_millis(50);
        let boundary = cpu.wall(demand, 0);
        for offset in (0..20_000_000).step_by(50_000) {
            let wall = cpu.wall(demand, offset);
            assert!(wall >= demand);
            assert!(
                wall <= boundary + Span::from_millis(20) && wall + Span::from_millis(20) >= boundary,
                "{offset}: {wall}"
            );
        }
    }
}
