//! Properties of every bill.

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::amount::Memory;
use crate::billing::book_file;
use crate::billing::charge::Architecture;
use crate::billing::embedded::EMBEDDED;
use crate::billing::{Book, FunctionUsage, Invoice, Tariff, Usage};
use crate::time::Span;

const MILLISECOND: u128 = 1_000_000;

prop_compose! {
    /// Usage of one function, up to about a third of the first tier.
    fn function()(
        mib in 128..=10_240u64,
        disk in 512..=10_240u64,
        arm in any::<bool>(),
        requests in 0..=10_000_000u64,
        billed in 0..=200_000_000_000u128,
        provisioned in 0..=1_000_000_000u128,
    ) -> FunctionUsage {
        FunctionUsage {
            memory: Memory::from_mib(mib),
            ephemeral_storage: Memory::from_mib(disk),
            architecture: arm.then_some(Architecture::Arm64),
            requests,
            billed: billed * MILLISECOND,
            provisioned_requests: requests / 3,
            provisioned_billed: provisioned * MILLISECOND,
            provisioned_time: 2 * provisioned * MILLISECOND,
            ..FunctionUsage::default()
        }
    }
}

fn functions() -> impl Strategy<Value = Vec<FunctionUsage>> {
    prop::collection::vec(function(), 0..6)
}

fn bill(usage: Usage, free_tier: bool) -> Invoice {
    let book = Book::embedded("aws-lambda").unwrap();
    let tariff = Tariff::from_book(&book, Some("us-east-1"), Architecture::X86_64, free_tier).unwrap();
    tariff.invoice(&usage).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_use_never_costs_less(functions in functions(), more in function(), free_tier in any::<bool>()) {
        let less = bill(Usage::month(functions.clone()), free_tier);
        let more = bill(Usage::month([functions, vec![more]].concat()), free_tier);
        prop_assert!(more.total >= less.total);
        prop_assert!(less.lines.iter().all(|line| line.quantity > Decimal::ZERO && line.amount.as_dollars() >= Decimal::ZERO));
    }

    #[test]
    fn neither_order_nor_shards_matter(functions in functions(), split in 0..=10_000_000u64) {
        let whole = bill(Usage::month(functions.clone()), true);
        let mut shards: Vec<_> = functions.iter().rev().flat_map(|usage| halves(*usage, split)).collect();
        prop_assert_eq!(&bill(Usage::month(shards.clone()), true), &whole);
        let merged = shards.chunks_mut(2).map(|halves| { let mut sum = halves[0]; sum += halves[1]; sum }).collect();
        prop_assert_eq!(&bill(Usage::month(merged), true), &whole);
    }

    #[test]
    fn accounts_add_up_where_no_tier_is_shared(a in function(), b in function()) {
        let separately = bill(Usage::month(vec![a]), false).total + bill(Usage::month(vec![b]), false).total;
        prop_assert_eq!(bill(Usage::month(vec![a, b]), false).total, separately);
    }

    #[test]
    fn a_damaged_book_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = EMBEDDED[at.index(EMBEDDED.len())].1.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(if cut { at } else { bytes.len() });
        if let Err(error) = book_file::parse("my.toml", &String::from_utf8_lossy(&bytes)) {
            prop_assert!(error.to_string().starts_with("my.toml:"));
        }
    }

    #[test]
    fn a_part_of_a_month_is_scaled(functions in functions(), parts in prop::sample::select(vec![2u64, 5, 10, 73, 730])) {
        let part = Usage { window: Span::from_nanos(Usage::MONTH.as_nanos() / parts), functions: functions.clone() };
        let month = functions.into_iter().map(|usage| repeated(usage, parts)).collect();
        let (part, month) = (bill(part, true), bill(Usage::month(month), true));
        prop_assert_eq!(part.per_month, month.total);
        let share = month.total.as_dollars() / Decimal::from(parts);
        prop_assert!((part.total.as_dollars() - share).abs() < Decimal::new(1, 15));
    }
}

/// Two parts that add up to `usage`.
fn halves(usage: FunctionUsage, requests: u64) -> [FunctionUsage; 2] {
    let requests = requests.min(usage.requests);
    let rest = FunctionUsage { requests: usage.requests - requests, billed: 0, provisioned_time: 0, ..usage };
    [FunctionUsage { requests, provisioned_requests: 0, provisioned_billed: 0, ..usage }, rest]
}

fn repeated(usage: FunctionUsage, times: u64) -> FunctionUsage {
    let many = u128::from(times);
    FunctionUsage {
        requests: usage.requests * times,
        billed: usage.billed * many,
        provisioned_requests: usage.provisioned_requests * times,
        provisioned_billed: usage.provisioned_billed * many,
        provisioned_time: usage.provisioned_time * many,
        ..usage
    }
}
