//! The event queue, beside the binary heap of the standard library: what an event costs with few and with many pending.

mod common;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use coldcast::engine::queue::EventQueue;
use coldcast::random::{Purpose, Streams};
use coldcast::time::{Span, Time};
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const EVENTS: usize = 1 << 20;
const MEAN: Span = Span::from_secs(1);

/// What both queues do. Events at the same instant leave in the order in which they came.
trait Pending: Default {
    fn push(&mut self, at: Time, event: u32);
    fn pop(&mut self) -> Option<(Time, u32)>;
}

impl Pending for EventQueue<u32> {
    fn push(&mut self, at: Time, event: u32) {
        EventQueue::push(self, at, event);
    }

    fn pop(&mut self) -> Option<(Time, u32)> {
        let at = self.due(Time::NEVER)?;
        Some((at, EventQueue::pop(self)?))
    }
}

#[derive(Default)]
struct Heap {
    events: BinaryHeap<Reverse<(Time, u64, u32)>>,
    pushed: u64,
}

impl Pending for Heap {
    fn push(&mut self, at: Time, event: u32) {
        self.events.push(Reverse((at, self.pushed, event)));
        self.pushed += 1;
    }

    fn pop(&mut self) -> Option<(Time, u32)> {
        let Reverse((at, _, event)) = self.events.pop()?;
        Some((at, event))
    }
}

/// The hold model: each event that leaves plans another after an exponential delay. Returns the time of the last event, and a
/// checksum over the order of all.
fn hold<Q: Pending>(queue: &mut Q, delays: &[Span]) -> (Time, u64) {
    let (mut last, mut sum) = (Time::ZERO, 0u64);
    for delay in delays {
        let (at, event) = queue.pop().expect("as many are pending as before");
        assert!(at >= last, "in time order");
        queue.push(at + *delay, event);
        (last, sum) = (at, sum.wrapping_mul(31).wrapping_add(u64::from(event)));
    }
    (last, sum)
}

fn filled<Q: Pending>(delays: &[Span]) -> Q {
    let mut queue = Q::default();
    delays.iter().zip(0..).for_each(|(delay, event)| queue.push(Time::ZERO + *delay, event));
    queue
}

fn measure<Q: Pending>(criterion: &mut Criterion<CpuTime>, name: &str) {
    let mut stream = Streams::new(1, 0).stream(Purpose::Execution, 0);
    let mut delays =
        |count| (0..count).map(|_| Span::from_nanos_f64(stream.exponential() * MEAN.as_nanos() as f64)).collect();
    let mut group = criterion.benchmark_group("event queue");
    group.throughput(Throughput::Elements(EVENTS as u64));
    for (pending, text) in [(10, "10"), (1_000, "1,000"), (100_000, "100,000"), (1_000_000, "1,000,000")] {
        let (first, later): (Vec<Span>, Vec<Span>) = (delays(pending), delays(EVENTS));
        let expected = hold(&mut filled::<Heap>(&first), &later);
        // One event leaves every mean delay / pending.
        let rate = EVENTS as f64 / expected.0.as_secs_f64();
        assert!((rate * MEAN.as_secs_f64() / pending as f64 - 1.0).abs() < 0.02, "{rate} events per second");
        group.bench_function(format!("{name}, {text} pending"), |bencher| {
            bencher.iter_batched_ref(
                || filled::<Q>(&first),
                |queue| assert_eq!(hold(black_box(queue), &later), expected),
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn queues(criterion: &mut Criterion<CpuTime>) {
    measure::<EventQueue<u32>>(criterion, "radix wheel");
    measure::<Heap>(criterion, "binary heap");
}

criterion_group! { name = queue; config = common::criterion(); targets = queues }
criterion_main!(queue);
