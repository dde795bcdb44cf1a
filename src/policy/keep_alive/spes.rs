//! SPES: keep-alive by the kind of a function's invocation pattern.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::keep_alive::gap_counts::GapCounts;
use crate::policy::parameters::positive;
use crate::policy::{ArrivalView, IdleView, KeepAlive, Lease};
use crate::time::{Span, Time};

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    slot: Span,
    preload: u32,
    update: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { slot: Span::from_secs(60), preload: 2, update: 5 }
    }
}

/// Sorts functions by their active and idle slots (minutes), and loads those with a known rhythm shortly before it is time.
///
/// The kinds, in this order, with the constants of the paper's code: always warm (idle in less than 0.1 % of the slots): stays. Regular
/// (gaps between the 5th and 95th percentile differ by less than a slot, or variation at most 1 %), approximately regular (three gaps
/// are 90 % of all) and possible (some gap has come again): loaded `preload` slots before the gap is over, until as many after it.
/// Dense (90 % of the gaps are below 5 slots): given up after 5 idle slots. Successive (runs of at least 10 slots or 11 invocations)
/// and unknown: given up after one.
///
/// Simplified: kinds come from the history of the run, found anew every `update` gaps, not from 12 days of training. Not included:
/// pulsed and correlated functions, which the paper sorts out by validating on held-back days, merging of short gaps, and forgetting
/// of old days. Of several likely gaps that are more than 10 slots apart only the most frequent is expected, and a function with a
/// rhythm is unloaded at once, not after an idle slot. O(log gaps) per arrival, O(gaps) every `update` gaps.
#[derive(Debug, Clone)]
struct Spes {
    parameters: Parameters,
    units: Vec<Option<Unit>>,
}

/// What is expected of a function, in slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    AlwaysWarm,
    /// The next gap is from the first to the second.
    Gap(u64, u64),
    /// No invocation is expected after so many idle slots.
    GiveUp(u64),
}

#[derive(Debug, Clone)]
struct Unit {
    first: u64,
    /// The last run of active slots: its first and last slot, and its invocations.
    run: (u64, u64, u64),
    /// The shortest run before it, and the fewest invocations in a run.
    shortest: (u64, u64),
    gaps: GapCounts,
    plan: Plan,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "spes",
    summary: "Sorts functions by the rhythm of their invocations, loads those that have one before it is time, and gives up on others early.",
    reference: "Lee et al., \"SPES: Towards Optimizing Performance-Resource Trade-Off for Serverless Functions\", ICDE 2024; simplified",
    parameters: &[
        Parameter { name: "slot", kind: "duration", default: Some("1m"), meaning: "unit of the patterns" },
        Parameter {
            name: "preload",
            kind: "number",
            default: Some("2"),
            meaning: "slots by which an invocation may come early or late",
        },
        Parameter {
            name: "update",
            kind: "number",
            default: Some("5"),
            meaning: "new gaps after which a function is sorted again",
        },
    ],
    example: "{ preload = 2 }",
    build: Build::Function(|parameters| {
        let parameters: Parameters = read(parameters)?;
        positive("slot", parameters.slot)?;
        Ok(Box::new(move || Box::new(Spes { parameters, units: Vec::new() })))
    }),
};

impl Unit {
    fn new(slot: u64) -> Self {
        let plan = Plan::GiveUp(1);
        Self { first: slot, run: (slot, slot, 0), shortest: (u64::MAX, u64::MAX), gaps: GapCounts::default(), plan }
    }

    fn arrived(&mut self, slot: u64, update: u32) {
        let (first, last, invocations) = self.run;
        if slot <= last + 1 {
            self.run = (first, slot, invocations + 1);
            return;
        }
        self.shortest = (self.shortest.0.min(last - first + 1), self.shortest.1.min(invocations));
        self.gaps.add(slot - last - 1);
        self.run = (slot, slot, 1);
        if self.gaps.total().is_multiple_of(u64::from(update.max(1))) {
            self.plan = self.sort(slot);
        }
    }

    fn sort(&self, slot: u64) -> Plan {
        let gaps = &self.gaps;
        if gaps.sum() * 1_000 < slot - self.first {
            return Plan::AlwaysWarm;
        }
        if gaps.total() >= 3 {
            if gaps.percentile(95.0) - gaps.percentile(5.0) < 1.0 || gaps.variation() <= 0.01 {
                let median = gaps.percentile(50.0) as u64;
                return Plan::Gap(median, median);
            }
            let modes = gaps.modes(3);
            let frequent: u64 = modes.iter().map(|(_, count)| count).sum();
            if modes[0].1 > 1 && frequent * 10 >= gaps.total() * 9 {
                return expected(&modes);
            }
        }
        if gaps.percentile(90.0) < 5.0 {
            return Plan::GiveUp(5);
        }
        if self.shortest.0 >= 10 || self.shortest.1 >= 11 {
            return Plan::GiveUp(1);
        }
        let mut repeated = gaps.modes(5);
        repeated.retain(|(_, count)| *count > 1);
        if repeated.is_empty() { Plan::GiveUp(1) } else { expected(&repeated) }
    }

    fn lease(&self, now: Time, parameters: &Parameters) -> Lease {
        let (last, preload) = (self.run.1, u64::from(parameters.preload));
        let begin = |slot: u64| Time::from_nanos(slot.saturating_mul(parameters.slot.as_nanos()));
        match self.plan {
            Plan::AlwaysWarm => Lease::Forever,
            Plan::GiveUp(idle) => Lease::For(begin(last + 1 + idle).since(now)),
            Plan::Gap(shortest, longest) => {
                let load = begin((last + 1 + shortest).saturating_sub(preload)).max(now);
                let unload = begin(last + 2 + longest + preload).max(load);
                match load.since(begin(last + 2)) {
                    Span::ZERO => Lease::For(unload.since(now)),
                    _ => Lease::Return { after: load.since(now), keep: unload.since(load) },
                }
            }
        }
    }
}

/// The gaps from the shortest to the longest of the likely ones if they are close, else the likeliest.
fn expected(modes: &[(u64, u64)]) -> Plan {
    let gaps = || modes.iter().map(|(gap, _)| *gap);
    let (shortest, longest) = (gaps().min().unwrap_or_default(), gaps().max().unwrap_or_default());
    if longest - shortest <= 10 { Plan::Gap(shortest, longest) } else { Plan::Gap(modes[0].0, modes[0].0) }
}

impl KeepAlive for Spes {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        let unit = self.units.get(idle.unit as usize).and_then(Option::as_ref);
        unit.map_or(Lease::For(self.parameters.slot), |unit| unit.lease(idle.now, &self.parameters))
    }

    fn watches_arrivals(&self) -> bool {
        true
    }

    fn arrived(&mut self, arrival: &ArrivalView) {
        if self.units.len() <= arrival.unit as usize {
            self.units.resize(arrival.unit as usize + 1, None);
        }
        let slot = arrival.now.as_nanos() / self.parameters.slot.as_nanos();
        let unit = self.units[arrival.unit as usize].get_or_insert_with(|| Unit::new(slot));
        unit.arrived(slot, self.parameters.update);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::{after_gaps, idle, serve};
    use crate::random::Streams;

    /// Runs of active minutes, each with so many invocations a minute, and a gap of idle minutes after each; then one invocation.
    fn plan_after(runs: &[(u64, u64, u64)]) -> Plan {
        let (mut unit, mut slot) = (Unit::new(0), 0);
        for (active, invocations, gap) in runs {
            for minute in slot..slot + active {
                (0..*invocations).for_each(|_| unit.arrived(minute, 5));
            }
            slot += active + gap;
        }
        unit.arrived(slot, 5);
        unit.plan
    }

    fn once(gaps: &[u64]) -> Vec<(u64, u64, u64)> {
        gaps.iter().map(|gap| (1, 1, *gap)).collect()
    }

    #[test]
    fn kinds_by_hand() {
        let always: Vec<_> = (0..5).map(|_| (1_100, 1, 1)).collect();
        assert_eq!(plan_after(&always), Plan::AlwaysWarm, "5 idle minutes of 5,505");
        assert_eq!(plan_after(&once(&[29; 5])), Plan::Gap(29, 29), "regular");
        assert_eq!(plan_after(&once(&[29; 4])), Plan::GiveUp(1), "not sorted before five gaps");
        assert_eq!(plan_after(&once(&[29, 20, 29, 25, 20])), Plan::Gap(20, 29), "approximately regular");
        assert_eq!(plan_after(&once(&[29, 200, 29, 29, 200])), Plan::Gap(29, 29), "one of two gaps far apart");
        assert_eq!(plan_after(&once(&[1, 2, 3, 4, 1])), Plan::GiveUp(5), "dense");
        let successive = [(12, 1, 30), (10, 1, 50), (15, 1, 70), (11, 1, 90), (10, 1, 40)];
        assert_eq!(plan_after(&successive), Plan::GiveUp(1), "successive, without a gap that came again");
        let crowded = [(1, 11, 30), (1, 12, 30), (1, 11, 70), (1, 15, 90), (1, 11, 40)];
        assert_eq!(plan_after(&crowded), Plan::GiveUp(1), "successive by invocations");
        let possible = once(&[30, 33, 70, 90, 30, 33, 200, 500, 600, 800]);
        assert_eq!(plan_after(&possible), Plan::Gap(30, 33), "possible");
        assert_eq!(plan_after(&once(&[30, 60, 90, 150, 400])), Plan::GiveUp(1), "unknown");
    }

    /// In minute 30, 20 s after its beginning, a gap of 29 minutes is expected: the invocation is due in minute 60, so the function is
    /// there from the beginning of minute 58 to the end of minute 62.
    #[test]
    fn a_function_is_there_around_the_time() {
        let mut unit = Unit::new(30);
        unit.plan = Plan::Gap(29, 29);
        let now = Time::ZERO + Span::from_secs(30 * 60 + 20);
        let lease = |unit: &Unit| unit.lease(now, &Parameters::default());
        let (after, keep) = (Span::from_secs(28 * 60 - 20), Span::from_secs(5 * 60));
        assert_eq!(lease(&unit), Lease::Return { after, keep });
        // Short gaps: it stays.
        unit.plan = Plan::Gap(3, 3);
        assert_eq!(lease(&unit), Lease::For(Span::from_secs(7 * 60 - 20)));
        unit.plan = Plan::GiveUp(5);
        assert_eq!(lease(&unit), Lease::For(Span::from_secs(6 * 60 - 20)));
    }

    /// Every 30 min and a little earlier or later: cold until it is sorted, after five gaps, then never; idle for at most 5 of 30 min.
    #[test]
    fn a_rhythm_is_learned() {
        let arrivals = after_gaps((0..100).map(|n| 1_800.0 + if n % 2 == 0 { 3.0 } else { -3.0 }));
        let mut policy = Spes { parameters: Parameters::default(), units: Vec::new() };
        let seen = serve(&mut policy, &arrivals);
        assert_eq!(seen.cold, 6);
        assert!(seen.idle <= Span::from_secs(100 * 300), "{}", seen.idle);
        let last = arrivals[arrivals.len() - 1];
        let lease = policy.lease(&idle(&Streams::new(1, 0), last, None));
        assert!(matches!(lease, Lease::Return { .. }));
    }
}
