//! What meters count of a function: numbers of invocations, times, and the sizes that weight them.

use serde::{Deserialize, Serialize};

use crate::amount::Memory;
use crate::billing::error::InvoiceError;
use crate::billing::unit::Dimension;
use crate::billing::usage::FunctionUsage;

/// A figure of a function's usage. The quantity of a meter is a product of measures, such as billed time x memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Invocations, on provisioned instances or not.
    Requests,
    /// Invocations on instances that were started on demand.
    OnDemandRequests,
    /// Invocations on provisioned instances.
    ProvisionedRequests,
    /// Rounded time of invocations on demand.
    Billed,
    /// Rounded time of invocations on provisioned instances.
    ProvisionedBilled,
    /// Rounded time of all invocations.
    TotalBilled,
    /// Time that on-demand instances have something to do.
    Active,
    /// Time that provisioned instances have something to do.
    ProvisionedActive,
    /// Time that instances are kept provisioned, idle or not.
    ProvisionedTime,
    /// Time that provisioned instances are idle.
    Idle,
    /// Time that instances exist, busy or not.
    Lifetime,
    /// Processor time, without waiting.
    CpuTime,
    /// Time that snapshots are kept.
    Cached,
    /// Instances that were started from a snapshot.
    Restores,
    /// Instances that were started for one tenant alone.
    IsolatedEnvironments,
    /// The time of the bill, once for each account: fixed fees.
    Window,
    /// Configured memory, rounded as the provider rounds it.
    Memory,
    /// Configured processors.
    Cpu,
    /// The clock rate that goes with the memory.
    Clock,
    /// Configured temporary disk above what is included.
    ExtraStorage,
}

impl Measure {
    /// The key in price books.
    pub fn key(self) -> String {
        // The name that serde writes; a unit variant is always text.
        serde_json::to_value(self).ok().and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Requests | Self::OnDemandRequests | Self::ProvisionedRequests => Dimension::default(),
            Self::Restores | Self::IsolatedEnvironments => Dimension::default(),
            Self::Memory | Self::ExtraStorage => Dimension::memory(),
            Self::Cpu => Dimension::cpu(),
            Self::Clock => Dimension::clock(),
            _ => Dimension::time(),
        }
    }

    /// How much of it a function used, in nanoseconds, bytes, thousandths of a vCPU, megahertz, or as a number.
    ///
    /// # Errors
    /// If the usage does not say it.
    pub fn of(self, usage: &FunctionUsage, sizing: &Sizing) -> Result<u128, InvoiceError> {
        let said = |count: Option<u128>, what| count.ok_or(InvoiceError::NotCounted { what, measure: self });
        let bytes = |memory: Memory| u128::from(memory.as_bytes());
        Ok(match self {
            Self::Requests => u128::from(usage.requests) + u128::from(usage.provisioned_requests),
            Self::OnDemandRequests => u128::from(usage.requests),
            Self::ProvisionedRequests => u128::from(usage.provisioned_requests),
            Self::Billed => usage.billed,
            Self::ProvisionedBilled => usage.provisioned_billed,
            Self::TotalBilled => usage.billed.checked_add(usage.provisioned_billed).ok_or(InvoiceError::TooLarge)?,
            Self::Active => usage.active_time(),
            Self::ProvisionedActive => usage.provisioned_active_time(),
            Self::ProvisionedTime => usage.provisioned_time,
            Self::Idle => usage.idle_time(),
            Self::Lifetime => said(usage.lifetime, "how long instances exist (`lifetime`)")?,
            Self::CpuTime => said(usage.cpu_time, "the processor time of invocations (`cpu_time`)")?,
            Self::Cached => usage.cached,
            Self::Restores => u128::from(usage.restores),
            Self::IsolatedEnvironments => u128::from(usage.isolated_environments),
            // Counted once for the bill, not for each function.
            Self::Window => 0,
            Self::Memory => {
                let known = Some(usage.memory).filter(|memory| *memory > Memory::default());
                said(known.map(|memory| bytes(sizing.memory(memory))), "the memory of an instance (`memory`)")?
            }
            Self::Cpu => said(Some(u128::from(usage.cpu)).filter(|cpu| *cpu > 0), "the number of vCPUs (`cpu`)")?,
            Self::Clock => said(sizing.clock(usage.memory).map(u128::from), "a size of memory that the book has")?,
            Self::ExtraStorage => bytes(usage.ephemeral_storage).saturating_sub(bytes(sizing.storage_included)),
        })
    }
}

/// The product of measures for one function; those after a zero are not asked for.
///
/// # Errors
/// If the usage does not say one of them, or the product is beyond 2^128.
pub fn product(measures: &[Measure], usage: &FunctionUsage, sizing: &Sizing) -> Result<u128, InvoiceError> {
    let mut product: u128 = 1;
    for measure in measures {
        if product == 0 {
            break;
        }
        product = product.checked_mul(measure.of(usage, sizing)?).ok_or(InvoiceError::TooLarge)?;
    }
    Ok(product)
}

/// How a provider turns what is configured into what is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizing {
    /// Billed memory is a multiple of this; more than zero.
    pub memory_step: Memory,
    /// Billed memory is at least this.
    pub memory_minimum: Memory,
    /// Instances come in these sizes only, in rising order; empty if in any.
    pub memory_sizes: Vec<Memory>,
    /// Temporary disk that costs nothing.
    pub storage_included: Memory,
    /// The clock rate in megahertz of each size of memory, in rising order.
    pub clock: Vec<(Memory, u64)>,
}

impl Default for Sizing {
    /// What is configured is billed.
    fn default() -> Self {
        let (byte, zero) = (Memory::from_bytes(1), Memory::default());
        Self {
            memory_step: byte,
            memory_minimum: zero,
            memory_sizes: Vec::new(),
            storage_included: zero,
            clock: Vec::new(),
        }
    }
}

impl Sizing {
    /// The memory that is billed.
    pub fn memory(&self, configured: Memory) -> Memory {
        let (bytes, step) = (configured.as_bytes(), self.memory_step.as_bytes());
        let rounded = Memory::from_bytes(bytes.div_ceil(step).saturating_mul(step)).max(self.memory_minimum);
        self.memory_sizes.iter().copied().find(|size| *size >= rounded).unwrap_or(rounded)
    }

    /// The clock rate in megahertz: of the smallest size that is enough.
    fn clock(&self, memory: Memory) -> Option<u64> {
        self.clock.iter().find(|(size, _)| *size >= memory).map(|(_, megahertz)| *megahertz)
    }
}

/// What must be counted by a meter of the book if it was used: a name, the usage, and the measures that count it.
type Need = (&'static str, fn(&FunctionUsage) -> bool, &'static [Measure]);

/// Uses that no book may leave out silently.
const NEEDS: &[Need] = {
    use Measure::*;
    &[
        ("provisioned instances", |usage| usage.provisioned_time > 0, &[ProvisionedTime, Idle, Lifetime]),
        (
            "invocations on provisioned instances",
            |usage| usage.provisioned_billed > 0,
            &[ProvisionedBilled, TotalBilled, ProvisionedActive, Lifetime, CpuTime],
        ),
        ("snapshots", |usage| usage.cached > 0 || usage.restores > 0, &[Cached, Restores]),
        ("instances for one tenant alone", |usage| usage.isolated_environments > 0, &[IsolatedEnvironments]),
    ]
};

/// What of the usage no meter counts, if there is anything.
pub fn not_counted(usage: &FunctionUsage, counted: impl Fn(Measure) -> bool) -> Option<&'static str> {
    let missing = |(_, used, by): &&Need| used(usage) && !by.iter().any(|measure| counted(*measure));
    NEEDS.iter().find(missing).map(|(what, ..)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Microsoft Learn, functions-consumption-costs: memory is rounded up to the nearest 128 MB; 160 MB bill 256 MB.
    #[test]
    fn memory_is_billed_in_steps() {
        let sizing =
            Sizing { memory_step: Memory::from_mib(128), memory_minimum: Memory::from_mib(128), ..Sizing::default() };
        for (configured, billed) in [(0, 128), (1, 128), (128, 128), (129, 256), (160, 256), (1_536, 1_536)] {
            assert_eq!(sizing.memory(Memory::from_mib(configured)), Memory::from_mib(billed), "{configured}");
        }
        assert_eq!(Sizing::default().memory(Memory::from_mib(130)), Memory::from_mib(130));
        let sizes = Sizing { memory_sizes: [512, 2_048].map(Memory::from_mib).into(), ..Sizing::default() };
        assert_eq!(
            [1, 512, 513, 2_049].map(|mib| sizes.memory(Memory::from_mib(mib)).as_mib_f64()),
            [512., 512., 2_048., 2_049.]
        );
    }

    #[test]
    fn a_size_between_two_has_the_clock_of_the_larger() {
        let clock = vec![(Memory::from_mib(128), 200), (Memory::from_mib(256), 400)];
        let sizing = Sizing { clock, ..Sizing::default() };
        assert_eq!(sizing.clock(Memory::from_mib(128)), Some(200));
        assert_eq!(sizing.clock(Memory::from_mib(129)), Some(400));
        assert_eq!(sizing.clock(Memory::from_mib(257)), None);
    }

    #[test]
    fn what_is_not_said_is_an_error_only_if_it_matters() {
        let usage = FunctionUsage { requests: 1, ..FunctionUsage::default() };
        let of = |measures: &[Measure]| product(measures, &usage, &Sizing::default());
        assert_eq!(of(&[Measure::Billed, Measure::Cpu]), Ok(0));
        assert!(of(&[Measure::Requests, Measure::Cpu]).unwrap_err().to_string().contains("vCPUs"));
        assert!(of(&[Measure::Lifetime]).is_err() && of(&[Measure::CpuTime]).is_err());
    }

    #[test]
    fn idle_and_active_time_follow_from_invocations_one_at_a_time() {
        let usage =
            FunctionUsage { billed: 5, provisioned_billed: 3, provisioned_time: 10, ..FunctionUsage::default() };
        let of = |measure: Measure| measure.of(&usage, &Sizing::default()).unwrap();
        assert_eq!([Measure::Active, Measure::ProvisionedActive, Measure::Idle].map(of), [5, 3, 7]);
        let mut sum = FunctionUsage { active: Some(2), ..usage };
        sum += usage;
        assert_eq!((sum.active, sum.idle), (Some(7), None));
    }

    #[test]
    fn no_use_is_left_out_silently() {
        let usage = FunctionUsage { provisioned_time: 1, ..FunctionUsage::default() };
        assert_eq!(not_counted(&usage, |measure| measure == Measure::Billed), Some("provisioned instances"));
        assert_eq!(not_counted(&usage, |measure| measure == Measure::Idle), None);
        assert_eq!(not_counted(&FunctionUsage::default(), |_| false), None);
    }
}
