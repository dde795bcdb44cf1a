//! Services that a run uses beside its functions: what is used follows from the load, and is billed with it.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::billing::book::{Book, Selection};
use crate::billing::charge::Architecture;
use crate::billing::error::{BookError, InvoiceError};
use crate::billing::invoice::{BookProvenance, Invoice};
use crate::billing::plan::Pools;
use crate::billing::scale::{add_up, in_units, per_million, times};
use crate::billing::service_line::{Per, ServiceLine, Use};
use crate::billing::shares::by_name;
use crate::billing::tariff::Tariff;
use crate::billing::usage::{ServiceUsage, Usage};
use crate::time::Span;

/// What happened in a window of time, as far as the use of services depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// How long it took.
    pub window: Span,
    /// Invocations that arrived, by function.
    pub invocations: BTreeMap<String, u64>,
    /// How long instances existed, or servers: instances times nanoseconds.
    pub instance_time: u128,
    /// How many invocations arrived in each interval, one after another.
    pub intervals: Vec<(Span, u64)>,
    /// All numbers of invocations are multiplied by this, for a load that is a multiple of the one that was simulated; the time of
    /// instances is not.
    pub scale: Decimal,
}

/// Services with their prices, grouped by book and way to buy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Services {
    groups: Vec<Group>,
}

/// What one tariff bills.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    book: Book,
    selection: Selection,
    tariff: Tariff,
    /// Each with its name on the bill.
    uses: Vec<(String, Use)>,
}

/// What is meant where a line does not say it.
#[derive(Debug, Clone, Copy)]
pub struct Defaults<'a> {
    /// The region, where the book has it.
    pub region: Option<&'a str>,
    /// The processor.
    pub architecture: Architecture,
    /// Whether the account has free units.
    pub free_tier: bool,
}

/// A part of a bill: what is billed, and the lines.
pub type BillPart = (String, Invoice);

impl Services {
    /// Reads the books and finds the prices. Paths are relative to `base`. Fixed fees of `billed`, the book that bills the
    /// functions, are not billed once more.
    ///
    /// # Errors
    /// The position of the line that is wrong, the key in it, and what is wrong.
    pub fn resolve(
        lines: &[ServiceLine],
        defaults: Defaults<'_>,
        billed: Option<&BookProvenance>,
        base: &Path,
    ) -> Result<Self, (usize, &'static str, String)> {
        let mut services = Self::default();
        let applies =
            |line: &ServiceLine| line.with.is_empty() || billed.is_some_and(|billed| line.with.contains(&billed.name));
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| applies(line)) {
            services.add(line, defaults, billed, base).map_err(|(key, problem)| (place, key, problem))?;
        }
        Ok(services)
    }

    fn add(
        &mut self,
        line: &ServiceLine,
        defaults: Defaults<'_>,
        billed: Option<&BookProvenance>,
        base: &Path,
    ) -> Result<(), (&'static str, String)> {
        let book = match (&line.book, &line.book_file) {
            (Some(name), None) => Book::embedded(name).map_err(|error| ("book", told(&error)))?,
            (None, Some(path)) => Book::read(&base.join(path)).map_err(|error| ("book_file", error.to_string()))?,
            _ => {
                return Err((
                    "book",
                    "expected one of book and book_file, such as book = \"aws-api-gateway-http\"".into(),
                ));
            }
        };
        let used = line.resolve(&book).map_err(|problem| ("meter", problem))?;
        let name = line.name.clone().unwrap_or_else(|| book.name.clone());
        let default = || defaults.region.filter(|_| !book.regions.is_empty()).map(str::to_owned);
        let selection = Selection {
            region: line.region.clone().or_else(default),
            architecture: line.architecture.unwrap_or(defaults.architecture),
            free_tier: defaults.free_tier,
            purchase_option: line.purchase_option.clone(),
            prices: line.price.map(|price| (line.meter.clone(), price)).into_iter().collect(),
            ..Selection::default()
        };
        if let Some(group) = self.groups.iter_mut().find(|group| group.book == book && group.selection == selection) {
            group.uses.push((name, used));
            return Ok(());
        }
        let tariff = Tariff::of(&book, &selection).map_err(|error| match (&line.region, &error) {
            (None, BookError::Unknown { key: "region", .. }) => {
                let help = "; `region` in this service is where it is billed";
                ("region", format!("{}{help}", told(&error)))
            }
            _ => (key(&error), told(&error)),
        })?;
        let known = billed.is_some_and(|billed| billed.name == book.name)
            || self.groups.iter().any(|group| group.book.name == book.name);
        let tariff = if known { tariff.without_fees() } else { tariff };
        let unit = ServiceUsage { meter: used.meter.clone(), architecture: used.architecture, quantity: Decimal::ONE };
        let month = Usage::month(Vec::new());
        tariff.invoice_with(&month, &[unit], &mut tariff.pools()).map_err(|error| ("meter", error.to_string()))?;
        self.groups.push(Group { book, selection, tariff, uses: vec![(name, used)] });
        Ok(())
    }

    /// The books, with their dates.
    pub fn books(&self) -> impl Iterator<Item = &BookProvenance> {
        self.groups.iter().filter_map(|group| group.tariff.book())
    }

    /// What is billed for the activity, one part for each name; lines of one book share its tiers and free units, which are divided
    /// among the names in proportion to what they use. Free units are shared through `pools`, by the name of
    /// the book.
    ///
    /// # Errors
    /// If the numbers are too large, or reach tiers whose price is not known.
    pub fn parts(
        &self,
        activity: &Activity,
        pools: &mut BTreeMap<String, Pools>,
    ) -> Result<Vec<BillPart>, InvoiceError> {
        let usage = Usage { window: activity.window, functions: Vec::new() };
        let mut parts = Vec::new();
        for group in &self.groups {
            let mut used = Vec::new();
            for (name, of) in &group.uses {
                let quantity = activity.quantity(&of.per)?;
                let usage = ServiceUsage { meter: of.meter.clone(), architecture: of.architecture, quantity };
                used.push((name.as_str(), usage));
            }
            let pools = pools.entry(group.book.name.clone()).or_insert_with(|| group.tariff.pools());
            let all: Vec<ServiceUsage> = used.iter().map(|(_, usage)| usage.clone()).collect();
            let invoice = group.tariff.invoice_with(&usage, &all, pools)?;
            parts.extend(by_name(&invoice, &used, group.selection.architecture)?);
        }
        Ok(parts)
    }
}

/// Bills functions and the services beside them: the functions first, under an empty name. `free_units`: whether those of the
/// month are still there.
///
/// # Errors
/// As [`Tariff::invoice`] and [`Services::parts`].
pub fn bill(
    tariff: &Tariff,
    services: &Services,
    usage: &Usage,
    activity: &Activity,
    free_units: bool,
) -> Result<Vec<BillPart>, InvoiceError> {
    let left = |pools: Pools| if free_units { pools } else { pools.spent() };
    let groups = services.groups.iter();
    let mut pools: BTreeMap<String, Pools> =
        groups.map(|group| (group.book.name.clone(), left(group.tariff.pools()))).collect();
    let mut own = left(tariff.pools());
    let functions = tariff.invoice_with(usage, &[], &mut own)?;
    pools.extend(tariff.book().map(|book| (book.name.clone(), own)));
    let mut parts = vec![(String::new(), functions)];
    parts.extend(services.parts(activity, &mut pools)?);
    Ok(parts)
}

/// One invoice of all parts; the name of each part comes before the names of its lines.
///
/// # Errors
/// If the numbers are too large.
pub fn join(parts: &[BillPart], requests: u128) -> Result<Invoice, InvoiceError> {
    let named = |(name, invoice): &BillPart| {
        let prefix = if name.is_empty() { String::new() } else { format!("{name}: ") };
        let line = |line: &crate::billing::Line| crate::billing::Line {
            name: format!("{prefix}{}", line.name),
            ..line.clone()
        };
        invoice.lines.iter().map(line).collect::<Vec<_>>()
    };
    let lines: Vec<_> = parts.iter().flat_map(named).collect();
    let total = add_up(parts.iter().map(|(_, invoice)| invoice.total))?;
    let per_month = add_up(parts.iter().map(|(_, invoice)| invoice.per_month))?;
    let per_million_requests = if requests == 0 { None } else { Some(per_million(total, requests)?) };
    let currency = parts.first().map(|(_, invoice)| invoice.currency).unwrap_or_default();
    let book = parts.first().and_then(|(_, invoice)| invoice.book.clone()).map(|book| book.on(lines.iter()));
    Ok(Invoice { currency, lines, total, per_month, per_million_requests, book })
}

impl Activity {
    /// How much of a meter is used, in its units.
    fn quantity(&self, per: &Per) -> Result<Decimal, InvoiceError> {
        match per {
            Per::Invocation { quantity, function } => {
                let counts = match function {
                    Some(name) => self.invocations.get(name).copied().unwrap_or(0),
                    None => self.invocations.values().sum(),
                };
                times(times(*quantity, counts.into())?, self.scale)
            }
            Per::Hour(quantity) => times(*quantity, hours(self.window)?),
            Per::InstanceHour(quantity) => times(*quantity, in_units(self.instance_time, HOUR)?),
            Per::Month(quantity) => {
                let month = in_units(self.window.as_nanos().into(), Usage::MONTH.as_nanos().into())?;
                times(*quantity, month)
            }
            Per::Load { quantity, loads } => times(*quantity, self.capacity_hours(loads)?),
        }
    }

    /// Units of capacity x hours: at any time the largest share counts.
    fn capacity_hours(&self, loads: &[(Decimal, Decimal)]) -> Result<Decimal, InvoiceError> {
        // Arrivals per second x hours are arrivals / 3600.
        let arrivals =
            |count: u64| times(count.into(), self.scale)?.checked_div(3600.into()).ok_or(InvoiceError::TooLarge);
        let sum = |sum: Decimal, more: Decimal| sum.checked_add(more).ok_or(InvoiceError::TooLarge);
        let mut total = Decimal::ZERO;
        for (length, count) in &self.intervals {
            let (hours, arrived) = (hours(*length)?, arrivals(*count)?);
            let used = loads.iter().map(|(constant, per_rps)| sum(times(*constant, hours)?, times(*per_rps, arrived)?));
            let most = used.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or_default();
            total = sum(total, most)?;
        }
        Ok(total)
    }
}

/// Nanoseconds of an hour.
const HOUR: u128 = 3_600_000_000_000;

fn hours(span: Span) -> Result<Decimal, InvoiceError> {
    let nanos = Decimal::from_u64(span.as_nanos()).ok_or(InvoiceError::TooLarge)?;
    nanos.checked_div(Decimal::from(3_600_000_000_000_u64)).ok_or(InvoiceError::TooLarge)
}

/// The key of a line that an error is about.
fn key(error: &BookError) -> &'static str {
    match error {
        BookError::Unknown { key: "prices", .. } => "price",
        BookError::Unknown { key, .. } => key,
        BookError::NoRegion { .. } => "region",
        _ => "book_file",
    }
}

/// The error without the keys of `[pricing]`, which are not those of a line.
fn told(error: &BookError) -> String {
    error.to_string().replace("pricing.", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    const DEFAULTS: Defaults<'_> =
        Defaults { region: Some("us-east-1"), architecture: Architecture::Arm64, free_tier: true };

    fn services(text: &str) -> Result<Services, String> {
        #[derive(serde::Deserialize)]
        struct File {
            service: Vec<ServiceLine>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Services::resolve(&file.service, DEFAULTS, None, Path::new(""))
            .map_err(|(_, key, problem)| format!("{key}: {problem}"))
    }

    /// Ten hours, the first at 100 requests per second, the others without load.
    fn activity() -> Activity {
        let hour = Span::from_secs(3_600);
        let intervals = (0..10).map(|hour_of| (hour, if hour_of == 0 { 360_000 } else { 0 })).collect();
        Activity {
            window: Span::from_secs(36_000),
            invocations: [("api".to_owned(), 300_000), ("worker".to_owned(), 60_000)].into(),
            instance_time: 25 * HOUR,
            intervals,
            scale: Decimal::ONE,
        }
    }

    fn quantities(text: &str, activity: &Activity) -> Vec<Decimal> {
        let parts = services(text).unwrap().parts(activity, &mut BTreeMap::new()).unwrap();
        let lines = parts.iter().flat_map(|(_, invoice)| &invoice.lines);
        lines.map(|line| line.quantity.round_dp(12).normalize()).collect()
    }

    #[test]
    fn what_is_used_follows_from_invocations_hours_instances_and_loads() {
        let line = |meter: &str, rest: &str| {
            format!(
                "[[service]]\nbook = \"{}\"\nmeter = \"{}\"\n{rest}\n",
                meter.split('/').next().unwrap(),
                meter.split('/').nth(1).unwrap()
            )
        };
        for (meter, rest, expected) in [
            // 600 KiB are two units of 512 KiB.
            ("aws-api-gateway-http/request", "size = \"600 KiB\"", dec!(720_000)),
            ("aws-api-gateway-http/request", "per_invocation = 1\nfunction = \"worker\"", dec!(60_000)),
            ("aws-vpc/nat_data", "per_invocation = \"20 KB\"", dec!(360_000) * dec!(20) / dec!(1_048_576)),
            ("aws-vpc/nat_gateway", "per_hour = 2", dec!(20)),
            ("aws-vpc/public_ipv4", "per_instance_hour = 1", dec!(25)),
            ("aws-cloudwatch/log_storage", "per_month = 73", dec!(1)),
            // 100 new connections a second are 4 LCU, for one hour of ten; then the constant load of one rule in a thousand counts.
            ("aws-load-balancer/alb_lcu", "load_per_rps = { new_connections_per_second = 1 }", dec!(4)),
            (
                "aws-load-balancer/alb_lcu",
                "load_per_rps = { new_connections_per_second = 1 }\nload = { rule_evaluations_per_second = 500 }",
                dec!(8.5),
            ),
        ] {
            let found: Decimal = quantities(&line(meter, rest), &activity()).into_iter().sum();
            assert_eq!(found, expected.round_dp(12).normalize(), "{meter} {rest}");
        }
        let twice = Activity { scale: dec!(2), ..activity() };
        let both = line("aws-load-balancer/alb_lcu", "load_per_rps = { new_connections_per_second = 1 }")
            + &line("aws-load-balancer/alb", "per_hour = 1");
        assert_eq!(quantities(&both, &twice), [dec!(10), dec!(8)], "hours do not follow the load");
    }

    #[test]
    fn a_line_that_cannot_be_billed_says_why() {
        for (text, reason) in [
            (
                "book = \"aws-api-gateway-htp\"\nmeter = \"request\"",
                "book: book = \"aws-api-gateway-htp\": unknown price book; did you mean",
            ),
            ("book = \"aws-sqs\"\nmeter = \"standard_requests\"\nper_hour = 1", "did you mean \"standard_request\"?"),
            ("book = \"aws-sqs\"\nmeter = \"standard_request\"", "expected exactly one of per_invocation"),
            (
                "book = \"aws-sqs\"\nmeter = \"standard_request\"\nper_hour = 1\nper_month = 1",
                "expected exactly one of per_invocation",
            ),
            ("meter = \"request\"\nper_hour = 1", "expected one of book and book_file"),
            (
                "book = \"aws-vpc\"\nmeter = \"nat_gateway\"\nper_hour = 1\nsize = \"1 KiB\"",
                "whatever the size; remove size",
            ),
            ("book = \"aws-vpc\"\nmeter = \"nat_gateway\"\nload_per_rps = { x = 1 }", "has no capacity"),
            (
                "book = \"aws-load-balancer\"\nmeter = \"alb_lcu\"\nload_per_rps = { gb_per_huor = 1 }",
                "did you mean \"gb_per_hour\"?",
            ),
            (
                "book = \"aws-vpc\"\nmeter = \"nat_gateway\"\nper_hour = 1\nregion = \"mars\"",
                "region: region = \"mars\"",
            ),
            (
                "book = \"aws-vpc\"\nmeter = \"nat_gateway\"\nper_hour = 1\nfunction = \"f\"",
                "function chooses invocations",
            ),
        ] {
            let error = services(&format!("[[service]]\n{text}")).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    /// 100 GB to the internet are free each month, once for all lines of the book.
    #[test]
    fn lines_of_one_book_share_its_free_units() {
        let line = "[[service]]\nbook = \"aws-data-transfer\"\nmeter = \"internet_out\"\nper_month = 80\n";
        let month = Activity { window: Usage::MONTH, ..activity() };
        let parts = services(&line.repeat(2)).unwrap().parts(&month, &mut BTreeMap::new()).unwrap();
        assert_eq!(parts[0].1.total.as_dollars(), dec!(60) * dec!(0.09));
        let joined = join(&parts, 0).unwrap();
        assert_eq!(joined.lines[0].name, "aws-data-transfer: To the internet, free");
        assert_eq!(joined.total, parts[0].1.total);
    }
}
