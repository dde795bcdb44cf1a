//! Published examples of bills, reproduced to the cent.

use rust_decimal::Decimal;

use crate::billing::embedded::EMBEDDED;
use crate::billing::book_file;
use crate::billing::charge::Architecture::{self, Arm64, X86_64};
use crate::billing::{Book, FunctionUsage, Tariff, Usage};
use crate::time::Span;

/// Invocations of one duration on one size of memory.
struct Calls {
    requests: u64,
    millis: u64,
    memory: &'static str,
}

impl Calls {
    fn usage(&self, tariff: &Tariff) -> FunctionUsage {
        let billed = tariff.meter().billed(Span::ZERO, Span::from_millis(self.millis));
        FunctionUsage {
            memory: self.memory.parse().unwrap(),
            requests: self.requests,
            billed: u128::from(self.requests) * u128::from(billed.as_nanos()),
            ..FunctionUsage::default()
        }
    }
}

fn lambda(architecture: Architecture, free_tier: bool) -> Tariff {
    tariff(&Book::embedded("aws-lambda").unwrap(), architecture, free_tier)
}

fn tariff(book: &Book, architecture: Architecture, free_tier: bool) -> Tariff {
    Tariff::from_book(book, Some("us-east-1"), architecture, free_tier).unwrap()
}

/// Checks the lines that cost anything, and their sum, as the source prints them.
fn expect(tariff: &Tariff, functions: Vec<FunctionUsage>, lines: &[&str], total: &str) {
    let invoice = tariff.invoice(&Usage::month(functions)).unwrap();
    let printed: Vec<String> = invoice
        .lines
        .iter()
        .map(|line| line.printed_month_amount().as_dollars())
        .filter(|amount| *amount > Decimal::ZERO)
        .map(|amount| format!("{amount:.2}"))
        .collect();
    assert_eq!(printed, lines);
    assert_eq!(format!("{:.2}", invoice.printed_per_month().as_dollars()), total);
}

/// aws.amazon.com/lambda/pricing (2026), on-demand example 1: mobile application backend.
#[test]
fn aws_mobile_backend() {
    let tariff = lambda(X86_64, true);
    let usage = Calls { requests: 3_000_000, millis: 120, memory: "1536 MB" }.usage(&tariff);
    expect(&tariff, vec![usage], &["0.40", "2.33"], "2.73");
}

/// aws.amazon.com/lambda/pricing (2026), on-demand example 3: BERT with 2,048 MB of ephemeral storage.
#[test]
fn aws_bert_with_ephemeral_storage() {
    let tariff = lambda(X86_64, true);
    let usage = Calls { requests: 6_000_000, millis: 280, memory: "4096 MB" }.usage(&tariff);
    let usage = FunctionUsage { ephemeral_storage: "2048 MB".parse().unwrap(), ..usage };
    expect(&tariff, vec![usage], &["1.00", "105.33", "0.08"], "106.41");
}

/// aws.amazon.com/lambda/pricing (2026), provisioned concurrency example 1: launch of an app. 100 instances for 8 h.
#[test]
fn aws_provisioned_launch() {
    let tariff = lambda(X86_64, true);
    let on_demand = Calls { requests: 2_500_000, millis: 120, memory: "1536 MB" }.usage(&tariff);
    let usage = FunctionUsage {
        provisioned_requests: 500_000,
        provisioned_billed: 500_000 * 100_000_000,
        provisioned_time: 100 * 28_800_000_000_000,
        ..on_demand
    };
    expect(&tariff, vec![usage], &["0.40", "0.83", "18.00", "0.73"], "19.96");
}

/// aws.amazon.com/lambda/pricing (2026): what examples of other features bill for requests and duration.
#[test]
fn aws_without_free_tier() {
    let tariff = lambda(X86_64, false);
    let snap_start = Calls { requests: 7_440_000, millis: 2_000, memory: "1024 MB" }.usage(&tariff);
    expect(&tariff, vec![snap_start], &["1.49", "248.00"], "249.49");
    let sqs_source = Calls { requests: 30_000_000, millis: 1_000, memory: "1024 MB" }.usage(&tariff);
    expect(&tariff, vec![sqs_source], &["6.00", "500.00"], "506.00");
}

/// aws.amazon.com/lambda/pricing of 2019, example 1: steps of 100 ms and an older price.
#[test]
fn aws_of_2019() {
    let text = Book_text().replace("0.0000166667", "0.00001667");
    let tariff = tariff(&book_file::parse("2019.toml", &text).unwrap(), X86_64, true);
    // The page says one second; a millisecond less is billed the same.
    let usage = Calls { requests: 3_000_000, millis: 999, memory: "512 MB" }.usage(&tariff);
    expect(&tariff, vec![usage], &["0.40", "18.34"], "18.74");
}

/// Infracost (third party, prices from the AWS price list), golden file of `lambda_function_test`, August 2026.
#[test]
fn infracost_tiers() {
    let bill = |architecture, requests, millis, memory, lines: &[&str], total| {
        let tariff = lambda(architecture, false);
        expect(&tariff, vec![Calls { requests, millis, memory }.usage(&tariff)], lines, total);
    };
    bill(X86_64, 6_000_000_000, 1_024, "512 MB", &["1200.00", "51200.10"], "52400.10");
    let three_tiers = ["3000.00", "100000.20", "135000.00", "619203.10"];
    bill(X86_64, 15_000_000_000, 2_048, "2048 MB", &three_tiers, "857203.30");
    bill(Arm64, 7_500_000_000, 1_024, "512 MB", &["1500.00", "51200.26"], "52700.26");
    bill(Arm64, 11_250_000_000, 1_024, "1024 MB", &["2250.00", "100000.50", "48240.40"], "150490.90");
    bill(X86_64, 100_000, 350, "512 MB", &["0.02", "0.29"], "0.31");
    bill(Arm64, 100_000, 350, "128 MB", &["0.02", "0.06"], "0.08");
}
