//! What a user can say of a function on the command line.

use clap::Args;
use toml::Spanned;

use crate::amount::Memory;
use crate::billing::bill::{Account, Fleet, FunctionEntry, Number, Package, Provisioned};
use crate::billing::charge::Architecture;
use crate::time::Span;

/// What one function uses in a month.
#[derive(Debug, Clone, Args)]
pub struct UsageArgs {
    /// Invocations.
    #[arg(long, value_name = "N", value_parser = whole, default_value = "0")]
    pub requests: u64,
    /// How long each takes, such as `120ms`.
    #[arg(long, value_name = "TIME")]
    pub duration: Option<Span>,
    /// Configured memory, such as `1536MB`.
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<Memory>,
    /// Configured vCPUs, such as `0.5`.
    #[arg(long, value_name = "N", default_value = "0")]
    cpu: Number,
    /// How many of the invocations start an instance.
    #[arg(long, value_name = "N", value_parser = whole, default_value = "0")]
    cold_starts: u64,
    /// How long the initialisation of an instance takes.
    #[arg(long, value_name = "TIME", default_value = "0s")]
    init: Span,
    /// What the function is deployed as, for dates at which that decides whether initialisation is billed.
    #[arg(long, value_name = "KIND")]
    package: Option<Package>,
    /// Invocations that share an instance at any time: the best possible packing.
    #[arg(long, value_name = "N", value_parser = whole)]
    concurrency: Option<u64>,
    /// Configured temporary disk.
    #[arg(long, value_name = "SIZE", default_value = "0 B")]
    ephemeral_storage: Memory,
    /// Processor time of each invocation, for providers that bill it.
    #[arg(long, value_name = "TIME")]
    cpu_time: Option<Span>,
    /// Instances that exist all the time, for providers that bill them.
    #[arg(long, value_name = "N", value_parser = whole)]
    instances: Option<u64>,
    /// Instances that are kept provisioned all the time: provisioned concurrency, always ready or minimum instances.
    #[arg(long, value_name = "N", value_parser = whole)]
    provisioned: Option<u64>,
    /// Invocations on provisioned instances; `--requests` are those on demand.
    #[arg(long, value_name = "N", value_parser = whole, requires = "provisioned", default_value = "0")]
    provisioned_requests: u64,
    /// How long each of these takes [default: as the others].
    #[arg(long, value_name = "TIME", requires = "provisioned")]
    provisioned_duration: Option<Span>,
    /// In which time all this is used [default: a month of 730 hours].
    #[arg(long, value_name = "TIME")]
    pub window: Option<Span>,
    /// The region of the provider [default: that of the book].
    #[arg(long)]
    region: Option<String>,
    /// The processor: x86_64 or arm64.
    #[arg(long, default_value = "x86_64")]
    architecture: Architecture,
    /// A commitment or another way to buy, such as `cud`.
    #[arg(long, value_name = "NAME")]
    purchase_option: Option<String>,
    /// Bill without the free units of each month.
    #[arg(long)]
    no_free_tier: bool,
    /// The date whose rounding rules hold, such as 2025-07-31 [default: the newest rules].
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<toml::value::Datetime>,
}

/// A whole number, with or without `_` between digits.
fn whole(text: &str) -> Result<u64, String> {
    text.replace(['_', ','], "").parse().map_err(|_| format!("\"{text}\" is not a whole number, zero or more"))
}

impl UsageArgs {
    /// The account that uses this, and pays it by a book.
    pub fn account(&self, book: &Book) -> Account {
        let (book_name, book_file) = match book {
            Book::Named(name) => (Some(name.clone()), None),
            Book::File(path) => (None, Some(path.clone())),
        };
        let window = self.window.unwrap_or(crate::billing::Usage::MONTH);
        let function = FunctionEntry {
            book: book_name,
            book_file,
            region: self.region.clone(),
            architecture: Some(self.architecture),
            purchase_option: self.purchase_option.clone(),
            memory: self.memory.unwrap_or_default(),
            cpu: self.cpu,
            ephemeral_storage: self.ephemeral_storage,
            requests: self.requests,
            duration: self.duration,
            cold_starts: self.cold_starts,
            init: self.init,
            package: self.package,
            concurrency: self.concurrency,
            lifetime: self.instances.map(|instances| Fleet { instances, time: window }),
            provisioned: self.provisioned.map(|instances| Provisioned {
                instances,
                time: window,
                requests: self.provisioned_requests,
                duration: self.provisioned_duration.or(self.duration),
                active: None,
            }),
            cpu_time: self.cpu_time,
            ..FunctionEntry::default()
        };
        Account {
            name: book.to_string(),
            free_tier: !self.no_free_tier,
            window: self.window,
            date: self.date.and_then(|date| date.date),
            function: vec![Spanned::new(0..0, function)],
            ..Account::default()
        }
    }
}

/// A price book that a user names.
#[derive(Debug, Clone)]
pub enum Book {
    /// One of the program.
    Named(String),
    /// A file of the user's.
    File(std::path::PathBuf),
}

impl std::fmt::Display for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}
