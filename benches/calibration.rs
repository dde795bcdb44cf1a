//! How fast the machine is: a loop that only draws numbers. It never changes, so that figures of different machines can be compared.

mod common;

use std::hint::black_box;

use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

const DRAWS: u64 = 1_000_000;

/// The sum of the numbers, by the definition of PCG XSL-RR 128/64 (MCG) (O'Neill 2014) from the state 1.
fn expected() -> u64 {
    let mut state = 1u128;
    (0..DRAWS).fold(0, |sum: u64, _| {
        state = state.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645);
        sum.wrapping_add(((state >> 64) as u64 ^ state as u64).rotate_right((state >> 122) as u32))
    })
}

/// Each number needs the one before.
fn draws(criterion: &mut Criterion<CpuTime>) {
    let expected = expected();
    let mut group = criterion.benchmark_group("calibration");
    group.throughput(Throughput::Elements(DRAWS));
    group.bench_function("draws of Pcg64Mcg", |bencher| {
        bencher.iter(|| {
            let mut generator = Pcg64Mcg::new(black_box(1));
            let sum = (0..DRAWS).fold(0u64, |sum, _| sum.wrapping_add(generator.next_u64()));
            assert_eq!(sum, expected);
        });
    });
    group.finish();
}

criterion_group! { name = calibration; config = common::criterion(); targets = draws }
criterion_main!(calibration);
