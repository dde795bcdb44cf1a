//! What is charged for: the meters of price books, their units, and how they read a run's usage.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::amount::Memory;
use crate::billing::usage::FunctionUsage;

/// What a price is for: the `meter` of a row in a price book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// Each invocation, provisioned or not.
    Request,
    /// Billed time on demand, weighted by configured memory.
    Duration,
    /// Time that provisioned instances are kept, weighted by configured memory.
    ProvisionedConcurrency,
    /// Billed time on provisioned instances, weighted by configured memory.
    ProvisionedDuration,
    /// Billed time, weighted by the temporary disk above the 512 MB that AWS Lambda includes.
    EphemeralStorage,
    /// Billed time, whatever the memory.
    Time,
}

impl Charge {
    /// The key in price books and results.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Duration => "duration",
            Self::ProvisionedConcurrency => "provisioned_concurrency",
            Self::ProvisionedDuration => "provisioned_duration",
            Self::EphemeralStorage => "ephemeral_storage",
            Self::Time => "time",
        }
    }

    /// The name on an invoice.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "Requests",
            Self::Duration => "Duration",
            Self::ProvisionedConcurrency => "Provisioned concurrency",
            Self::ProvisionedDuration => "Duration on provisioned instances",
            Self::EphemeralStorage => "Ephemeral storage",
            Self::Time => "Billed time",
        }
    }

    /// The unit in which it is counted.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Request => Unit::Request,
            Self::Time => Unit::Second,
            _ => Unit::GbSecond,
        }
    }

    /// How much of it a function used, in base units of [`Charge::unit`]; `None` if that is beyond 2^128.
    pub fn of(self, usage: &FunctionUsage) -> Option<u128> {
        let weighted = |memory: Memory, nanos: u128| nanos.checked_mul(u128::from(memory.as_bytes()));
        match self {
            Self::Request => Some(u128::from(usage.requests) + u128::from(usage.provisioned_requests)),
            Self::Duration => weighted(usage.memory, usage.billed),
            Self::ProvisionedConcurrency => weighted(usage.memory, usage.provisioned_time),
            Self::ProvisionedDuration => weighted(usage.memory, usage.provisioned_billed),
            Self::EphemeralStorage => weighted(extra_storage(usage), total_billed(usage)?),
            Self::Time => total_billed(usage),
        }
    }
}

fn total_billed(usage: &FunctionUsage) -> Option<u128> {
    usage.billed.checked_add(usage.provisioned_billed)
}

/// AWS Lambda includes 512 MB of `/tmp` and bills what is configured above (aws.amazon.com/lambda/pricing).
fn extra_storage(usage: &FunctionUsage) -> Memory {
    let included = Memory::from_mib(512).as_bytes();
    Memory::from_bytes(usage.ephemeral_storage.as_bytes().saturating_sub(included))
}

/// The unit of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// One invocation.
    #[serde(rename = "request")]
    Request,
    /// One second.
    #[serde(rename = "second")]
    Second,
    /// One second with 1024 MiB of memory: AWS Lambda counts a GB as 1024 MB.
    #[serde(rename = "GB-second")]
    GbSecond,
}

impl Unit {
    /// How many of the integers that a run counts make one unit: invocations, nanoseconds, bytes times nanoseconds.
    pub const fn base(self) -> u128 {
        match self {
            Self::Request => 1,
            Self::Second => 1_000_000_000,
            Self::GbSecond => 1_000_000_000 << 30,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Second => "second",
            Self::GbSecond => "GB-second",
        })
    }
}

/// The kind of processor; prices differ between them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Architecture {
    /// Intel and AMD.
    #[default]
    #[serde(rename = "x86_64")]
    X86_64,
    /// ARM, such as AWS Graviton.
    #[serde(rename = "arm64")]
    Arm64,
}

impl Architecture {
    /// All of them, in the order in which they take a shared free tier.
    pub const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        })
    }
}
