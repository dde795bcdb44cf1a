//! From what happened to one invocation to the time that is billed for it.

use crate::time::Span;

/// How a provider turns one invocation into billed time.
///
/// Each invocation is rounded by itself. Rounding the average instead is wrong by up to a third: exponential times of
/// mean 100 ms cost 158 ms each in steps of 100 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    /// Billed time is a multiple of this; more than zero.
    pub granularity: Span,
    /// Billed time is at least this.
    pub minimum: Span,
    /// Whether the initialisation of a cold start is billed with the execution that waited for it.
    pub bills_init: bool,
}

impl Meter {
    /// Bills the execution to the nanosecond.
    pub const EXACT: Self = Self { granularity: Span::from_nanos(1), minimum: Span::ZERO, bills_init: false };

    /// The time billed for one invocation; `init` is zero when it was warm.
    ///
    /// One ceiling on the sum of both, as the AWS log line shows: 250.06 ms and 100.77 ms of init bill 351 ms
    /// (AWS Compute Blog, "AWS Lambda standardizes billing for INIT Phase", 29 April 2025).
    #[inline]
    pub fn billed(&self, init: Span, execution: Span) -> Span {
        let time = if self.bills_init { init + execution } else { execution };
        // A 64-bit division costs more than the rest of this function: spare it where it changes nothing.
        let rounded = if self.granularity.as_nanos() == 1 { time } else { time.round_up(self.granularity) };
        rounded.max(self.minimum)
    }
}

/// What a run must count so that a tariff can bill it, and how it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metering {
    /// How times of invocations and of instances are rounded.
    pub meter: Meter,
    /// Provisioned time is a multiple of this, for each time it is switched on; more than zero.
    pub provisioned_step: Span,
    /// Whether it matters how long instances have something to do, are idle, or exist.
    pub instances: bool,
    /// Whether processor time matters.
    pub cpu_time: bool,
}

impl Metering {
    /// Only the time of invocations matters.
    pub const fn of(meter: Meter) -> Self {
        Self { meter, provisioned_step: Span::from_nanos(1), instances: false, cpu_time: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    const LAMBDA: Meter = Meter { granularity: Span::from_millis(1), minimum: Span::ZERO, bills_init: true };

    fn micros(micros: u64) -> Span {
        Span::from_nanos(micros * 1_000)
    }

    #[test]
    fn init_and_execution_are_rounded_together() {
        assert_eq!(LAMBDA.billed(micros(100_770), micros(250_060)), Span::from_millis(351));
        let before_august_2025 = Meter { bills_init: false, ..LAMBDA };
        assert_eq!(before_august_2025.billed(micros(100_770), micros(250_060)), Span::from_millis(251));
    }

    #[test]
    fn whole_steps_are_not_rounded_and_the_minimum_holds() {
        let azure = Meter { minimum: Span::from_millis(100), ..LAMBDA };
        for (execution, billed) in [(0, 100), (99_999, 100), (100_000, 100), (100_001, 101), (101_000, 101)] {
            assert_eq!(azure.billed(Span::ZERO, micros(execution)), Span::from_millis(billed), "{execution} us");
        }
        assert_eq!(Meter::EXACT.billed(Span::from_secs(9), Span::from_nanos(7)), Span::from_nanos(7));
    }

    /// The mean of an exponential time in steps of g is g / (1 - exp(-g / mean)): a geometric number of steps.
    #[test]
    fn rounding_each_invocation_costs_what_theory_says() {
        let meter = Meter { granularity: Span::from_millis(100), minimum: Span::ZERO, bills_init: false };
        for (mean, expected) in [(50.0, 115.7), (100.0, 158.2), (240.0, 293.5)] {
            let survival = libm::exp(-100.0 / mean);
            let exact = 100.0 / (1.0 - survival);
            assert!((exact - expected).abs() < 0.05, "the table rounds to a tenth");

            let n = 100_000;
            let mut stream = Streams::new(1, 0).stream(Purpose::Execution, mean as u32);
            let mut draw = || Span::from_nanos_f64(mean * 1e6 * stream.exponential());
            let total: Span = (0..n).map(|_| meter.billed(Span::ZERO, draw())).sum();
            let standard_error = exact * survival.sqrt() / f64::from(n).sqrt();
            let measured = total.as_millis_f64() / f64::from(n);
            assert!((measured - exact).abs() < 4.0 * standard_error, "mean {mean}: {measured}, not {exact}");
        }
    }

    /// Real log lines print the duration to a hundredth of a millisecond, so the true one is within 5 us.
    #[test]
    fn billed_times_of_real_logs_follow_from_their_durations() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/aws-cloudwatch-2025");
        let Ok(files) = std::fs::read_dir(folder) else {
            eprintln!("skipped: ../shared/data is absent");
            return;
        };
        let before_august_2025 = Meter { bills_init: false, ..LAMBDA };
        let mut reports = 0;
        for file in files {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for report in text.lines().filter(|line| line.contains("REPORT RequestId")) {
                // The exports are JSON, where a tab is a backslash and a "t".
                let duration = milliseconds(report, r"\tDuration: ");
                let billed = milliseconds(report, r"\tBilled Duration: ");
                let least = before_august_2025.billed(Span::ZERO, duration.saturating_sub(micros(5)));
                let most = before_august_2025.billed(Span::ZERO, duration + micros(5));
                assert!(least <= billed && billed <= most, "{report}");
                reports += 1;
            }
        }
        assert_eq!(reports, 7_557);
    }

    fn milliseconds(report: &str, field: &str) -> Span {
        let (_, value) = report.split_once(field).expect("a report line has the field");
        let (number, _) = value.split_once(" ms").expect("a time in milliseconds");
        format!("{number}ms").parse().unwrap()
    }
}
