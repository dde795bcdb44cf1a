//! Properties of every price in every book, and what the prices say about each other.

use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::amount::Memory;
use crate::billing::embedded::EMBEDDED;
use crate::billing::plan::{Plan, Quantities};
use crate::billing::usage::{ServiceUsage, Usage};
use crate::billing::{Book, FunctionUsage, InvoiceError, Selection, Tariff};

fn books() -> Vec<Book> {
    EMBEDDED.iter().map(|(name, _)| Book::embedded(name).unwrap()).collect()
}

/// Every way to select prices of a book: each region, with and without free units.
fn selections(book: &Book) -> Vec<Selection> {
    let regions: Vec<Option<String>> = match book.regions.is_empty() {
        true => vec![None],
        false => book.regions.keys().cloned().map(Some).collect(),
    };
    let both = |region: Option<String>| {
        [true, false].map(|free_tier| Selection { region: region.clone(), free_tier, ..Selection::default() })
    };
    regions.into_iter().flat_map(both).collect()
}

fn owed(plan: &Plan, item: crate::billing::plan::Item, quantity: Decimal) -> Decimal {
    let month = Quantities::from([(item, quantity)]);
    plan.divide(&month, &mut plan.pools()).iter().map(|(_, part)| part.quantity * part.price.as_dollars()).sum()
}

#[test]
fn the_edges_of_all_tiers_are_exact() {
    let mut edges = 0;
    for book in books() {
        for selection in selections(&book).iter().filter(|selection| !selection.free_tier) {
            let plan = book.plan(selection).unwrap();
            for (item, schedule) in &plan.prices {
                for pair in schedule.tiers().windows(2) {
                    let (edge, bill) = (pair[1].from, |quantity| owed(&plan, *item, quantity));
                    assert_eq!(bill(edge) - bill(edge - dec!(1)), pair[0].price.as_dollars(), "{} {edge}", book.name);
                    assert_eq!(bill(edge + dec!(1)) - bill(edge), pair[1].price.as_dollars(), "{} {edge}", book.name);
                    edges += 1;
                }
            }
        }
    }
    assert!(edges >= 20, "{edges}");
}

#[test]
fn all_free_units_end_exactly() {
    for book in books() {
        for selection in selections(&book).iter().filter(|selection| selection.free_tier) {
            let plan = book.plan(selection).unwrap();
            for free in plan.free.iter().filter(|free| free.worth.is_none()) {
                let items = plan.prices.iter().filter(|((charge, _), _)| free.charges.contains(charge));
                for (item, schedule) in items {
                    assert_eq!(owed(&plan, *item, free.quantity), dec!(0), "{}", book.name);
                    let first = schedule.tiers()[0].price.as_dollars();
                    assert_eq!(owed(&plan, *item, free.quantity + dec!(1)), first, "{}", book.name);
                }
            }
        }
    }
}

/// The bill of quantities of the meters of a book; `None` if a price is unknown.
fn bill(book: &Book, selection: &Selection, services: &[ServiceUsage]) -> Option<Decimal> {
    let tariff = Tariff::of(book, selection).unwrap();
    let invoice = tariff.invoice_with(&Usage::month(vec![]), services, &mut tariff.pools());
    match invoice {
        Ok(invoice) => {
            assert!(invoice.lines.iter().all(|line| line.amount.as_dollars() >= dec!(0) && line.quantity > dec!(0)));
            Some(invoice.total.as_dollars())
        }
        Err(InvoiceError::NoPrice { .. } | InvoiceError::BeyondTiers { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_book_bills_more_for_more_in_any_order(
        place in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
        used in prop::collection::vec((any::<prop::sample::Index>(), 0..2_000_000_000u64), 1..5),
        more in 0..2_000_000_000u64,
    ) {
        let book = Book::embedded(place.get(EMBEDDED).0).unwrap();
        let selections = selections(&book);
        let selection = which.get(&selections);
        let service = |(meter, quantity): &(prop::sample::Index, u64)| ServiceUsage {
            meter: meter.get(&book.charges).key.clone(),
            architecture: None,
            quantity: Decimal::from(*quantity),
        };
        let services: Vec<_> = used.iter().map(service).collect();
        let less = bill(&book, selection, &services);
        let reversed: Vec<_> = services.iter().rev().cloned().collect();
        prop_assert_eq!(bill(&book, selection, &reversed), less);
        let more = [services, vec![service(&(used[0].0, more))]].concat();
        let more = bill(&book, selection, &more);
        prop_assert!(more.is_none() || more >= less, "{} {:?} {:?}", book.name, less, more);
    }

    /// Two accounts that never leave the first tier and have no free units.
    #[test]
    fn accounts_add_up_where_nothing_is_shared(
        place in any::<prop::sample::Index>(),
        meter in any::<prop::sample::Index>(),
        a in 0..400u64,
        b in 0..400u64,
    ) {
        let book = Book::embedded(place.get(EMBEDDED).0).unwrap();
        let selection = Selection { free_tier: false, ..Selection::default() };
        let one = |quantity: u64| {
            let meter = meter.get(&book.charges);
            // A fee is paid by each account.
            if meter.is_fee() { return None }
            let service = ServiceUsage { meter: meter.key.clone(), architecture: None, quantity: Decimal::from(quantity) };
            let fees: Decimal = book.charges.iter().filter(|charge| charge.is_fee()).map(|_| dec!(5)).sum();
            bill(&book, &selection, &[service]).map(|total| total - fees)
        };
        if let (Some(both), Some(first), Some(second)) = (one(a + b), one(a), one(b)) {
            prop_assert_eq!(both, first + second);
        }
    }
}

prop_compose! {
    /// Usage of one function, as a run fills it, in all that books count: at most about a year of an instance.
    fn function()(
        mib in 128..=8_192u64,
        cpu in 80..=8_000u64,
        requests in prop::array::uniform2(0..=100_000u64),
        times in prop::array::uniform8(0..=30_000_000_000_000_000u128),
    ) -> FunctionUsage {
        let [billed, provisioned_billed, active, provisioned_active, idle, lifetime, cpu_time, provisioned_time] = times;
        FunctionUsage {
            memory: Memory::from_mib(mib),
            cpu,
            requests: requests[0],
            billed,
            provisioned_requests: requests[1],
            provisioned_billed,
            provisioned_time,
            active: Some(active),
            provisioned_active: Some(provisioned_active),
            idle: Some(idle),
            lifetime: Some(lifetime),
            cpu_time: Some(cpu_time),
            ..FunctionUsage::default()
        }
    }
}

fn without_provisioned(usage: FunctionUsage) -> FunctionUsage {
    let (provisioned_active, idle) = (Some(0), Some(0));
    let requests = usage.requests + usage.provisioned_requests;
    FunctionUsage {
        requests,
        provisioned_requests: 0,
        provisioned_billed: 0,
        provisioned_time: 0,
        provisioned_active,
        idle,
        ..usage
    }
}

/// What a book bills for functions; `None` if it has no price for it.
fn bill_functions(tariff: &Tariff, functions: &[FunctionUsage]) -> Option<Decimal> {
    match tariff.invoice(&Usage::month(functions.to_vec())) {
        Ok(invoice) => {
            assert!(invoice.lines.iter().all(|line| line.amount.as_dollars() >= dec!(0)));
            Some(invoice.total.as_dollars())
        }
        Err(InvoiceError::NoPrice { .. } | InvoiceError::BeyondTiers { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_book_bills_functions_monotonously_in_any_order_and_any_parts(
        place in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
        functions in prop::collection::vec(function(), 1..5),
        more in function(),
    ) {
        let books: Vec<Book> = books().into_iter().filter(|book| !book.rounding.is_empty()).collect();
        let book = place.get(&books);
        let tariff = Tariff::of(book, which.get(&selections(book))).unwrap();
        let fits = |usage: &FunctionUsage| match tariff.check(usage) {
            Err(InvoiceError::NoMeter { .. }) => without_provisioned(*usage),
            _ => *usage,
        };
        let functions: Vec<FunctionUsage> = functions.iter().map(fits).collect();
        let less = bill_functions(&tariff, &functions);

        // The same functions in another order, and each in two parts that are merged.
        let reversed: Vec<FunctionUsage> = functions.iter().rev().copied().collect();
        prop_assert_eq!(bill_functions(&tariff, &reversed), less);
        let merged = functions.iter().map(|usage| { let mut sum = nothing(usage); sum += *usage; sum }).collect::<Vec<_>>();
        prop_assert_eq!(bill_functions(&tariff, &merged), less);

        let more = bill_functions(&tariff, &[functions, vec![fits(&more)]].concat());
        prop_assert!(more.is_none() || more >= less, "{} {:?} {:?}", book.name, less, more);
    }
}

/// The part of a function's usage in which nothing happened.
fn nothing(usage: &FunctionUsage) -> FunctionUsage {
    let zero = Some(0);
    let none = FunctionUsage { active: zero, provisioned_active: zero, idle: zero, ..FunctionUsage::default() };
    FunctionUsage { lifetime: zero, cpu_time: zero, ..none }.with_sizes_of(usage)
}

/// What an hour of a meter's unit costs in a book.
fn price(book: &str, key: &str) -> Decimal {
    let tariff = Tariff::of(&Book::embedded(book).unwrap(), &Selection::default()).unwrap();
    tariff.price(key).unwrap().as_dollars()
}

/// AWS documents that provisioned concurrency pays when more than about 60 % of it is used: where u = 0.6,
/// provisioned + u x duration on provisioned instances = u x duration on demand.
#[test]
fn provisioned_concurrency_breaks_even_at_60_percent() {
    for (architecture, tolerance) in [("x86_64", dec!(0.0005)), ("arm64", dec!(0.0005))] {
        let book = Book::embedded("aws-lambda").unwrap();
        let selection =
            Selection { architecture: architecture.parse().unwrap(), free_tier: false, ..Selection::default() };
        let tariff = Tariff::of(&book, &selection).unwrap();
        let price = |key| tariff.price(key).unwrap().as_dollars();
        let saved = price("duration") - price("provisioned_duration");
        let utilisation = price("provisioned_concurrency") / saved;
        assert!((utilisation - dec!(0.6)).abs() < tolerance, "{architecture}: {utilisation}");
    }
    // And so do bills: 100 instances of 1 GiB for an hour, a little less and a little more busy.
    let book = Book::embedded("aws-lambda").unwrap();
    let tariff = Tariff::of(&book, &Selection { free_tier: false, ..Selection::default() }).unwrap();
    let hour = 100 * 3_600_000_000_000u128;
    for (percent, provisioned_is_dearer) in [(59, true), (61, false)] {
        let busy = hour * percent / 100;
        let memory: Memory = "1 GiB".parse().unwrap();
        let kept =
            FunctionUsage { memory, provisioned_billed: busy, provisioned_time: hour, ..FunctionUsage::default() };
        let on_demand = FunctionUsage { memory, billed: busy, ..FunctionUsage::default() };
        let total = |usage| tariff.invoice(&Usage::month(vec![usage])).unwrap().total;
        assert_eq!(total(kept) > total(on_demand), provisioned_is_dearer, "{percent} %");
    }
}

/// "Demystifying Serverless Costs" (EuroSys 2026): with the same vCPUs and memory EC2 costs 41 % of AWS Lambda and Fargate 48 %.
/// Lambda has one vCPU at 1,769 MB (AWS documentation).
#[test]
fn machines_cost_less_than_half_of_lambda_when_always_busy() {
    let lambda = price("aws-lambda", "duration") * dec!(3600) * dec!(1769) / dec!(1024);
    let fargate = price("aws-fargate", "vcpu") + dec!(2) * price("aws-fargate", "memory");
    let share = fargate / lambda;
    assert!((share - dec!(0.48)).abs() < dec!(0.01), "Fargate {share}");
    let book = Book::embedded("aws-ec2").unwrap();
    let machine = book.charges[book.charge("c6i.large").unwrap()].machine.clone().unwrap();
    assert_eq!((machine.cpu, machine.memory), (2, "4 GiB".parse().unwrap()));
    let share = price("aws-ec2", "c6i.large") / Decimal::from(machine.cpu) / lambda;
    assert!((share - dec!(0.41)).abs() < dec!(0.01), "EC2 {share}");
}
