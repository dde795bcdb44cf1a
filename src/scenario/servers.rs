//! `[servers]`: a fleet of servers that would serve the same load, for comparison.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::amount::{Memory, Money};
use crate::billing::bill::{Number, Quantity};
use crate::billing::charge::Architecture;
use crate::billing::services::Defaults;
use crate::billing::{Book, ServiceLine, Services};
use crate::experiment::{Fleet, Scaling};
use crate::time::Span;

/// Servers that would serve the load of the run, sized by an autoscaler and billed beside it. A fluid model: see docs/pricing.md.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// What a server is.
    pub machine: Machine,
    /// How many requests one server serves at once; each takes `duration`. One of this and `vcpu_time` is needed.
    pub concurrency: Option<NonZeroU32>,
    /// How long a request is in service on a server. Default: the mean execution time of the run, all functions together.
    pub duration: Option<Span>,
    /// The processor time of a request, where servers are sized by their vCPUs instead.
    pub vcpu_time: Option<Span>,
    /// Share of a server's capacity that the autoscaler aims to use, above 0 and at most 1. Default: 0.6.
    #[serde(default = "target_utilisation")]
    pub target_utilisation: f64,
    /// Spare capacity as a share of the load: 0.2 is a fifth more. Default: 0.
    #[serde(default)]
    pub headroom: f64,
    /// Servers that are always there. Default: 2, one in each of two data centres.
    #[serde(default = "minimum")]
    pub minimum: u32,
    /// How often the autoscaler looks at the load. Default: "1m".
    #[serde(default = "interval")]
    pub interval: Span,
    /// From a higher load to the decision to start servers; "0s" is an autoscaler that foresees the load. Default: "3m".
    #[serde(default = "scale_out_lag")]
    pub scale_out_lag: Span,
    /// How long fewer servers must be enough before some are stopped. Default: "15m".
    #[serde(default = "scale_in_lag")]
    pub scale_in_lag: Span,
    /// From the decision until a new server takes load; it is paid for meanwhile. Default: "2m".
    #[serde(default = "boot")]
    pub boot: Span,
    /// What the servers need besides, one `[[servers.service]]` each: a load balancer, disks, NAT gateways.
    #[serde(default)]
    pub service: Vec<ServiceLine>,
    /// What they cost besides in a month of 730 hours, whatever the load, such as licences or work: "300 USD". Default: nothing.
    #[serde(default)]
    pub other_per_month: Money,
}

const fn target_utilisation() -> f64 {
    0.6
}

const fn minimum() -> u32 {
    2
}

const fn interval() -> Span {
    Span::from_secs(60)
}

const fn scale_out_lag() -> Span {
    Span::from_secs(180)
}

const fn scale_in_lag() -> Span {
    Span::from_secs(900)
}

const fn boot() -> Span {
    Span::from_secs(120)
}

/// What a server is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Machine {
    /// A virtual machine that a price book has as a meter: `ec2 = { type = "m7g.large" }`.
    Ec2(Ec2),
    /// A task of AWS Fargate: `fargate = { cpu = 1, memory = "2 GiB", architecture = "arm64" }`.
    Fargate(Fargate),
}

/// A virtual machine.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ec2 {
    /// Its type: a meter of the book.
    pub r#type: String,
    /// A price book of your own with such meters, relative to the scenario file. Default: the book `aws-ec2`.
    pub book_file: Option<PathBuf>,
    /// The region. Default: that of `[pricing]`.
    pub region: Option<String>,
    /// The price of an hour, if it was agreed on.
    pub price: Option<Money>,
}

/// A task of AWS Fargate.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fargate {
    /// Its vCPUs: a number such as 0.5.
    pub cpu: Number,
    /// Its memory.
    pub memory: Memory,
    /// The processor. Default: that of `[pricing]`.
    pub architecture: Option<Architecture>,
    /// The region. Default: that of `[pricing]`.
    pub region: Option<String>,
}

/// What the bill calls the servers themselves.
const NAME: &str = "Servers";

/// What is wrong, and the keys below `[servers]` at which it is.
pub type Wrong = (Vec<String>, String);

impl Servers {
    /// The fleet, with its prices. Paths are relative to `base`.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn resolve(&self, defaults: Defaults<'_>, base: &Path) -> Result<Fleet, Wrong> {
        self.check()?;
        let machine = self.machine.lines();
        let lines = [machine.as_slice(), &self.service].concat();
        let services = Services::resolve(&lines, defaults, None, base).map_err(|(line, key, problem)| {
            match line.checked_sub(machine.len()) {
                Some(line) => (vec!["service".to_owned(), line.to_string(), key.to_owned()], problem),
                None => (self.machine.place(key), problem),
            }
        })?;
        let (capacity, work) = match (self.concurrency, self.vcpu_time) {
            (Some(concurrency), _) => (f64::from(concurrency.get()), self.duration),
            (None, time) => (self.machine.vcpus(base)?, time),
        };
        Ok(Fleet {
            machine: self.machine.to_string(),
            capacity,
            in_vcpus: self.concurrency.is_none(),
            work,
            scaling: self.scaling(),
            services,
            other_per_month: self.other_per_month,
        })
    }

    const fn scaling(&self) -> Scaling {
        let Self { target_utilisation, headroom, minimum, interval, scale_out_lag, scale_in_lag, boot, .. } = *self;
        Scaling { target_utilisation, headroom, minimum, interval, scale_out_lag, scale_in_lag, boot }
    }

    fn check(&self) -> Result<(), Wrong> {
        let wrong = |key: &str, problem: &str| Err((vec![key.to_owned()], problem.to_owned()));
        if self.concurrency.is_some() == self.vcpu_time.is_some() {
            return wrong(
                "vcpu_time",
                "expected one of `concurrency`, the requests that a server serves at once, and `vcpu_time`",
            );
        }
        if self.vcpu_time.is_some() && self.duration.is_some() {
            return wrong(
                "duration",
                "`duration` goes with `concurrency`; with `vcpu_time`, requests are counted by processor time",
            );
        }
        for (key, span) in
            [("duration", self.duration), ("vcpu_time", self.vcpu_time), ("interval", Some(self.interval))]
        {
            if span == Some(Span::ZERO) {
                return wrong(key, &format!("`{key}` is zero; expected more, such as \"50ms\""));
            }
        }
        if !(self.target_utilisation > 0.0 && self.target_utilisation <= 1.0) {
            return wrong(
                "target_utilisation",
                "`target_utilisation` is a share; expected a number above 0, at most 1, such as 0.6",
            );
        }
        if !(0.0..=1000.0).contains(&self.headroom) {
            return wrong(
                "headroom",
                "`headroom` is a share of the load; expected a number from 0 to 1000, such as 0.2",
            );
        }
        Ok(())
    }
}

impl Machine {
    /// What an hour of one is billed by.
    fn lines(&self) -> Vec<ServiceLine> {
        let line = |book: &str, meter: &str, quantity: Number| ServiceLine {
            name: Some(NAME.into()),
            book: Some(book.into()),
            meter: meter.into(),
            per_instance_hour: Some(Quantity::from(quantity)),
            ..ServiceLine::default()
        };
        match self {
            Self::Ec2(ec2) => {
                let book = if ec2.book_file.is_none() { Some("aws-ec2".to_owned()) } else { None };
                let (book_file, region, price) = (ec2.book_file.clone(), ec2.region.clone(), ec2.price);
                let one = line("aws-ec2", &ec2.r#type, Number(1.into()));
                vec![ServiceLine { book, book_file, region, price, ..one }]
            }
            Self::Fargate(task) => {
                let gb = Number(
                    rust_decimal::Decimal::from(task.memory.as_bytes()) / rust_decimal::Decimal::from(1_u64 << 30),
                );
                let lines = [line("aws-fargate", "vcpu", task.cpu), line("aws-fargate", "memory", gb)];
                let (region, architecture) = (&task.region, task.architecture);
                lines.map(|line| ServiceLine { region: region.clone(), architecture, ..line }).to_vec()
            }
        }
    }

    /// The vCPUs of one.
    fn vcpus(&self, base: &Path) -> Result<f64, Wrong> {
        let ec2 = match self {
            Self::Fargate(task) => {
                return f64::try_from(task.cpu.0).map_err(|error| (self.place("cpu"), error.to_string()));
            }
            Self::Ec2(ec2) => ec2,
        };
        let book = match &ec2.book_file {
            Some(path) => Book::read(&base.join(path)),
            None => Book::embedded("aws-ec2"),
        };
        let book = book.map_err(|error| (self.place("book_file"), error.to_string()))?;
        let machine = book.charge(&ec2.r#type).and_then(|place| book.charges[place].machine.as_ref());
        let unknown =
            || format!("the price book does not say how many vCPUs \"{}\" has; use `concurrency`", ec2.r#type);
        machine.map(|machine| f64::from(machine.cpu)).ok_or_else(|| (self.place("meter"), unknown()))
    }

    /// The keys of what a line calls `key`.
    fn place(&self, key: &str) -> Vec<String> {
        let (machine, key) = match (self, key) {
            (Self::Ec2(_), "meter") => ("ec2", "type"),
            (Self::Ec2(_), key) => ("ec2", key),
            (Self::Fargate(_), key) => ("fargate", key),
        };
        ["machine", machine, key].map(str::to_owned).to_vec()
    }

    /// The price book of the user's, if there is one.
    pub fn book_file(&self) -> Option<&PathBuf> {
        match self {
            Self::Ec2(ec2) => ec2.book_file.as_ref(),
            Self::Fargate(_) => None,
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ec2(ec2) => f.write_str(&ec2.r#type),
            Self::Fargate(task) => write!(f, "Fargate, {} vCPU, {}", task.cpu.0, task.memory),
        }
    }
}
