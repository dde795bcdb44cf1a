//! The tables of a bill file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Date;

use super::number::{Number, Quantity};
use crate::amount::{Memory, Money};
use crate::billing::charge::Architecture;
use crate::time::Span;

/// What one account uses: a `[[bill]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// What else to know.
    pub note: Option<String>,
    /// Whether the account has free units. Default: `true`.
    #[serde(default = "yes")]
    pub free_tier: bool,
    /// For each book the meters that have no free units all the same.
    #[serde(default)]
    pub without_free: BTreeMap<String, Vec<String>>,
    /// In which time it is used; it is scaled to a month of 730 hours. Default: such a month.
    pub window: Option<Span>,
    /// The date whose rounding rules hold. Default: the newest rules.
    pub date: Option<Date>,
    /// Functions.
    #[serde(default)]
    pub function: Vec<Spanned<FunctionEntry>>,
    /// Other services.
    #[serde(default)]
    pub service: Vec<Spanned<ServiceEntry>>,
    /// What it should come to.
    pub expected: Option<Expected>,
}

impl Default for Account {
    /// An account with free units that uses nothing.
    fn default() -> Self {
        Self {
            name: String::new(),
            note: None,
            free_tier: yes(),
            without_free: BTreeMap::new(),
            window: None,
            date: None,
            function: Vec::new(),
            service: Vec::new(),
            expected: None,
        }
    }
}

const fn yes() -> bool {
    true
}

/// What a bill should come to, such as the total of a published example.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The sum, as printed.
    pub total: Number,
    /// How far the sum may be away. Default: equal as printed.
    #[serde(default)]
    pub tolerance: Number,
    /// The sum of the lines of a meter, as printed.
    #[serde(default)]
    pub meters: BTreeMap<String, Number>,
    /// Where it stands.
    pub source: Option<String>,
    /// Who says so, such as `official` or `third-party-golden`.
    pub kind: Option<String>,
    /// Why the source itself does not follow from its prices, so that the sum is not compared.
    pub differs: Option<String>,
}

/// What one function uses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionEntry {
    /// What it is called.
    pub name: Option<String>,
    /// A price book of the program.
    pub book: Option<String>,
    /// The path of a price book of your own, relative to the bill file.
    pub book_file: Option<PathBuf>,
    /// The region. Default: that of the book.
    pub region: Option<String>,
    /// The processor. Default: `x86_64`.
    pub architecture: Option<Architecture>,
    /// A commitment or another way to buy. Default: on demand.
    pub purchase_option: Option<String>,
    /// Prices that were agreed on, by meter.
    #[serde(default)]
    pub prices: BTreeMap<String, Money>,
    /// Configured memory.
    #[serde(default)]
    pub memory: Memory,
    /// Configured vCPUs.
    #[serde(default)]
    pub cpu: Number,
    /// Configured temporary disk.
    #[serde(default)]
    pub ephemeral_storage: Memory,
    /// Invocations on demand. Default: none.
    #[serde(default)]
    pub requests: u64,
    /// How long each takes. Needed if the book bills the time of invocations.
    pub duration: Option<Span>,
    /// How many of them start an instance. Default: none.
    #[serde(default)]
    pub cold_starts: u64,
    /// How long the initialisation of an instance takes.
    #[serde(default)]
    pub init: Span,
    /// What the function is deployed as, where it decides whether initialisation is billed. Default: `archive`.
    pub package: Option<Package>,
    /// Invocations that share an instance at any time: the best possible packing. Default: 1.
    pub concurrency: Option<u64>,
    /// How long on-demand instances have something to do, where they run several invocations at once.
    pub active: Option<Fleet>,
    /// How long instances exist, busy or not.
    pub lifetime: Option<Fleet>,
    /// How long provisioned instances are idle.
    pub idle: Option<Fleet>,
    /// Instances that are kept provisioned, and their invocations.
    pub provisioned: Option<Provisioned>,
    /// Processor time of each invocation.
    pub cpu_time: Option<Span>,
    /// Snapshots of initialised instances.
    pub snap_start: Option<SnapStart>,
    /// Instances that are started for one tenant alone.
    #[serde(default)]
    pub isolated_environments: u64,
}

/// What a function is deployed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Package {
    /// An archive on a runtime of the provider.
    Archive,
    /// A container image.
    Image,
    /// An archive with a runtime of its own.
    CustomRuntime,
}

/// A number of instances, each for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    /// How many.
    pub instances: u64,
    /// How long each.
    pub time: Span,
}

/// Invocations of one duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// How many.
    pub requests: u64,
    /// How many of them start an instance.
    pub cold_starts: u64,
    /// How long each takes.
    pub duration: Span,
    /// How long the initialisation of an instance takes.
    pub init: Span,
}

/// Provisioned instances and their invocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provisioned {
    /// How many are kept.
    pub instances: u64,
    /// How long.
    pub time: Span,
    /// Invocations on them. Default: none.
    #[serde(default)]
    pub requests: u64,
    /// How long each takes. Needed if there are any and the book bills their time.
    pub duration: Option<Span>,
    /// How long they have something to do, where they run several invocations at once.
    pub active: Option<Fleet>,
}

/// Snapshots of initialised instances, such as of AWS Lambda SnapStart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapStart {
    /// How long the snapshots of all versions are kept, together.
    pub cached: Span,
    /// Instances that are started from one.
    pub restores: u64,
}

/// What is used of one meter of a plain service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceEntry {
    /// What it is called.
    pub name: Option<String>,
    /// A price book of the program.
    pub book: Option<String>,
    /// The path of a price book of your own, relative to the bill file.
    pub book_file: Option<PathBuf>,
    /// The region. Default: that of the book.
    pub region: Option<String>,
    /// The processor. Default: `x86_64`.
    pub architecture: Option<Architecture>,
    /// A commitment or another way to buy. Default: on demand.
    pub purchase_option: Option<String>,
    /// The key of the meter.
    pub meter: String,
    /// How much.
    pub quantity: Quantity,
    /// The size of each item: items are counted in chunks or as data, as the meter does.
    pub size: Option<Memory>,
    /// The load of each unit of time: the largest share of the meter's capacity decides.
    #[serde(default)]
    pub load: BTreeMap<String, Number>,
    /// The quantity is of something that another book sells, and what is counted are its dollars.
    pub price_of: Option<PriceOf>,
    /// The price of one unit, if it was agreed on.
    pub price: Option<Money>,
}

/// A list price of a price book.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceOf {
    /// A price book of the program.
    pub book: String,
    /// The region. Default: that of the book.
    pub region: Option<String>,
    /// The key of the meter.
    pub meter: String,
}
