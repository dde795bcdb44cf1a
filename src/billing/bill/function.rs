//! From what a user says of a function to what is billed for it.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::entries::{Calls, Fleet, FunctionEntry, Package};
use crate::billing::book::{Book, Rounding};
use crate::billing::measure::Measure;
use crate::billing::meter::Meter;
use crate::billing::usage::FunctionUsage;
use crate::time::Span;

impl Calls {
    /// The billed time in nanoseconds, each invocation rounded by itself.
    fn billed(&self, meter: &Meter) -> u128 {
        let time = |count: u64, init| u128::from(count) * u128::from(meter.billed(init, self.duration).as_nanos());
        let cold = self.cold_starts.min(self.requests);
        time(self.requests - cold, Span::ZERO) + time(cold, self.init)
    }
}

impl Fleet {
    /// Instances times nanoseconds, each rounded.
    fn time(&self, rounded: impl Fn(Span) -> Span) -> u128 {
        u128::from(self.instances) * u128::from(rounded(self.time).as_nanos())
    }
}

impl FunctionEntry {
    /// What is billed by the rounding rules of a book.
    ///
    /// # Errors
    /// What cannot be, and what to do.
    pub fn usage(&self, book: &Book, rounding: &Rounding) -> Result<FunctionUsage, String> {
        if self.cold_starts > self.requests {
            return Err(format!("{} cold starts of {} requests; at most each is one", self.cold_starts, self.requests));
        }
        self.check_stated(book)?;
        let meter = self.meter(book, rounding)?;
        let active = |fleet: &Option<Fleet>| fleet.map(|fleet| fleet.time(|time| meter.billed(Span::ZERO, time)));
        let rounded = |time| u128::from(meter.billed(Span::ZERO, time).as_nanos());
        let Self { requests, cold_starts, init, .. } = *self;
        let duration = self.duration.unwrap_or_default();
        let billed = Calls { requests, cold_starts, duration, init }.billed(&meter);
        let snapshots = self.snap_start;
        let mut usage = FunctionUsage {
            memory: self.memory,
            ephemeral_storage: self.ephemeral_storage,
            cpu: thousandths(self.cpu.0)?,
            architecture: self.architecture,
            requests,
            billed,
            active: active(&self.active).or(self.packed(billed)?),
            lifetime: self.lifetime(book, &meter, billed)?,
            idle: self.idle.map(|fleet| fleet.time(|time| time)),
            cpu_time: self.cpu_time.map(|time| rounded(time) * u128::from(self.all_requests())),
            cached: snapshots.map_or(0, |snapshots| u128::from(snapshots.cached.as_nanos())),
            restores: snapshots.map_or(0, |snapshots| snapshots.restores),
            isolated_environments: self.isolated_environments,
            ..FunctionUsage::default()
        };
        if let Some(kept) = self.provisioned {
            let duration = kept.duration.unwrap_or_default();
            let calls = Calls { requests: kept.requests, cold_starts: 0, duration, init: Span::ZERO };
            let fleet = Fleet { instances: kept.instances, time: kept.time };
            usage.provisioned_requests = kept.requests;
            usage.provisioned_billed = calls.billed(&meter);
            usage.provisioned_time = fleet.time(|time| time.round_up(rounding.provisioned_step));
            usage.provisioned_active = active(&kept.active);
        }
        Ok(usage)
    }

    /// How invocations are rounded, and whether their initialisation is billed.
    fn meter(&self, book: &Book, rounding: &Rounding) -> Result<Meter, String> {
        if self.package.is_some() && !book.rounding.iter().any(|rounding| rounding.init_of_images) {
            return Err(format!("{} bills images as it bills archives; remove `package`", book.name));
        }
        let image = self.package.is_some_and(|package| package != Package::Archive);
        let bills_init = rounding.meter.bills_init || image && rounding.init_of_images;
        Ok(Meter { bills_init, ..rounding.meter })
    }

    /// Checks that a meter of the book counts each use that is stated, and that nothing is missing that a meter needs.
    fn check_stated(&self, book: &Book) -> Result<(), String> {
        let counts = |measures: &[Measure]| {
            book.charges.iter().any(|charge| measures.iter().any(|measure| charge.counts(*measure)))
        };
        let stated = [
            ("lifetime`, `--instances", "how long instances exist", self.lifetime.is_some(), &[Measure::Lifetime][..]),
            ("idle", "how long provisioned instances are idle", self.idle.is_some(), &[Measure::Idle]),
            ("active", "how long instances have something to do", self.active.is_some(), &[Measure::Active]),
        ];
        if let Some((key, what, ..)) = stated.iter().find(|(_, _, stated, by)| *stated && !counts(by)) {
            let kept = match counts(&[Measure::ProvisionedTime, Measure::Idle]) {
                true => "; instances that are kept ready are `provisioned`",
                false => "",
            };
            return Err(format!("{} does not bill {what} (`{key}`); remove it{kept}", book.name));
        }
        use Measure::{Active, Billed, ProvisionedActive, ProvisionedBilled, TotalBilled};
        let kept = self.provisioned.as_ref();
        let calls = [
            (self.requests > 0 && self.active.is_none(), self.duration, &[Active, Billed, TotalBilled][..], ""),
            (
                kept.is_some_and(|kept| kept.requests > 0 && kept.active.is_none()),
                kept.and_then(|kept| kept.duration),
                &[ProvisionedActive, ProvisionedBilled, TotalBilled],
                " of those on `provisioned` instances",
            ),
        ];
        match calls.iter().find(|(called, duration, by, _)| *called && duration.is_none() && counts(by)) {
            Some((.., whose)) => {
                Err(format!("{} bills the time of invocations; add `duration`{whose}, such as \"120ms\"", book.name))
            }
            None => Ok(()),
        }
    }

    fn all_requests(&self) -> u64 {
        self.requests.saturating_add(self.provisioned.map_or(0, |kept| kept.requests))
    }

    /// The active time of instances that always run as many invocations as they may.
    fn packed(&self, billed: u128) -> Result<Option<u128>, String> {
        match self.concurrency {
            Some(0) => Err("the concurrency is zero; expected 1 or more".into()),
            Some(concurrency) => Ok(Some(billed.div_ceil(u128::from(concurrency)))),
            None => Ok(None),
        }
    }

    /// How long instances exist: what is said, each at least the minimum.
    fn lifetime(&self, book: &Book, meter: &Meter, billed: u128) -> Result<Option<u128>, String> {
        let needed = book.charges.iter().any(|charge| charge.counts(Measure::Lifetime));
        if needed && self.lifetime.is_none() && billed > 0 {
            return Err(format!(
                "{} bills instances as long as they exist; add lifetime = {{ instances = 1, time = \"730h\" }}",
                book.name
            ));
        }
        Ok(self.lifetime.map(|fleet| fleet.time(|time| meter.billed(Span::ZERO, time))))
    }
}

fn thousandths(cpu: Decimal) -> Result<u64, String> {
    let thousandths = cpu.checked_mul(Decimal::ONE_THOUSAND).filter(Decimal::is_integer);
    let thousandths = thousandths.and_then(|thousandths| thousandths.to_u64());
    thousandths.ok_or_else(|| format!("cpu = {cpu}: expected vCPUs with at most three decimals, such as \"0.167\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> FunctionEntry {
        toml::from_str(text).unwrap()
    }

    fn usage(text: &str, book: &str) -> Result<FunctionUsage, String> {
        let book = Book::embedded(book).unwrap();
        entry(text).usage(&book, book.rounding.last().unwrap())
    }

    /// AWS Compute Blog, 29 April 2025: 250.06 ms and 100.77 ms of init are billed as 351 ms; before August 251 ms.
    #[test]
    fn init_is_billed_with_the_execution_since_august_2025() {
        let report = entry("requests = 1\ncold_starts = 1\nduration = \"250.06ms\"\ninit = \"100.77ms\"");
        let book = Book::embedded("aws-lambda").unwrap();
        for (date, billed) in [("2025-08-01", 351), ("2025-07-31", 251), ("2019-06-01", 300)] {
            let rounding =
                book.rounding_at(Some(date.parse().map(|at: toml::value::Datetime| at.date.unwrap()).unwrap()));
            assert_eq!(report.usage(&book, rounding.unwrap()).unwrap().billed, billed * 1_000_000, "{date}");
        }
    }

    /// The same announcement: images and custom runtimes were billed for it before.
    #[test]
    fn init_of_images_was_always_billed() {
        let book = Book::embedded("aws-lambda").unwrap();
        let date = "2025-07-31".parse().map(|at: toml::value::Datetime| at.date.unwrap()).unwrap();
        for (package, billed) in [("archive", 251), ("image", 351), ("custom_runtime", 351)] {
            let text = format!(
                "requests = 1\ncold_starts = 1\nduration = \"250.06ms\"\ninit = \"100.77ms\"\npackage = \"{package}\""
            );
            let usage = entry(&text).usage(&book, book.rounding_at(Some(date)).unwrap()).unwrap();
            assert_eq!(usage.billed, billed * 1_000_000, "{package}");
        }
    }

    /// A key of which nothing on the bill would come must not vanish.
    #[test]
    fn what_is_stated_is_billed_or_refused() {
        for (text, book, told) in [
            ("lifetime = { instances = 1, time = \"730h\" }", "azure-functions-flex", "kept ready are `provisioned`"),
            ("lifetime = { instances = 1, time = \"730h\" }", "aws-lambda", "`--instances`"),
            ("active = { instances = 1, time = \"1h\" }", "aws-lambda", "(`active`); remove it"),
            ("idle = { instances = 1, time = \"1h\" }", "azure-functions", "(`idle`); remove it"),
            ("package = \"image\"", "gcp-cloud-run", "remove `package`"),
            ("requests = 1", "aws-lambda", "add `duration`"),
            (
                "provisioned = { instances = 1, time = \"1h\", requests = 1 }",
                "aws-lambda",
                "on `provisioned` instances",
            ),
        ] {
            let error = usage(text, book).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn instances_that_share_are_billed_once() {
        let text = "requests = 40\nduration = \"120ms\"\nconcurrency = 20";
        assert_eq!(usage(text, "gcp-cloud-run").unwrap().active, Some(400_000_000));
        let text = "active = { instances = 3, time = \"1.01s\" }";
        assert_eq!(usage(text, "azure-functions-flex").unwrap().active, Some(3_300_000_000));
        let text = "active = { instances = 3, time = \"10ms\" }";
        assert_eq!(usage(text, "azure-functions-flex").unwrap().active, Some(3_000_000_000), "at least a second");
    }

    /// aws.amazon.com/lambda/pricing: the time of provisioned concurrency is rounded up to 5 minutes.
    #[test]
    fn provisioned_time_is_billed_in_steps() {
        let text = "provisioned = { instances = 2, time = \"6m\" }";
        assert_eq!(usage(text, "aws-lambda").unwrap().provisioned_time, 2 * 600_000_000_000);
        assert_eq!(usage(text, "gcp-cloud-run").unwrap().provisioned_time, 2 * 360_000_000_000);
    }

    #[test]
    fn impossible_usage_is_refused() {
        for (text, book, reason) in [
            ("requests = 1\ncold_starts = 2", "aws-lambda", "2 cold starts of 1 requests"),
            ("concurrency = 0", "gcp-cloud-run", "expected 1 or more"),
            ("cpu = 0.0001", "gcp-cloud-run", "at most three decimals"),
            ("requests = 1\nduration = \"1s\"", "azure-functions-premium", "add lifetime"),
        ] {
            let error = usage(text, book).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
