//! CH-RLU: consistent hashing with random load updates.

use serde::Deserialize;

use super::build::build_checked;
use super::hash::Key;
use super::popularity::Popularity;
use super::ring::Ring;
use super::{BalanceView, LoadBalancing, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;
use crate::time::{Span, Time};

/// Unpopular functions stay at their home on the ring. A popular one goes to the first worker of a chain, clockwise from its home,
/// whose load per core with a random surcharge is at most the ceiling; if there is none, home. The surcharge is normal, with mean
/// rate / cores (the rate is 1 / the mean over the functions of their mean gaps, per second). It stays on the chosen worker until
/// loads are reported anew, so that popular functions spread out between two reports. O(log points + chain).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChRlu {
    /// Points of each worker on the ring, 1 to 10000. Default 3, as in Ilúvatar.
    pub virtual_nodes: u32,
    /// How many workers a popular function may try, 1 to 1000. Default 4, as in Ilúvatar.
    pub chain: u32,
    /// The share of functions that are popular: those with the least mean gaps between arrivals, 0 to 1. Default 0.2, as in
    /// Ilúvatar's configuration.
    pub popular: f64,
    /// The most load per core at which a worker is accepted, 0 to 1000. Default 1.4, as in Ilúvatar's configuration.
    pub ceiling: f64,
    /// Standard deviation of the surcharge, in load per core, 0 to 1000. Default 0.1, as in Ilúvatar.
    pub deviation: f64,
    /// How often popularity is found anew. No published default; here 1 s.
    pub period: Span,
    #[serde(skip)]
    ring: Ring,
    #[serde(skip)]
    popularity: Popularity,
    /// What each worker was charged, and to which report that was added.
    #[serde(skip)]
    surcharge: Vec<(Time, f64)>,
}

impl Default for ChRlu {
    fn default() -> Self {
        Self {
            virtual_nodes: 3,
            chain: 4,
            popular: 0.2,
            ceiling: 1.4,
            deviation: 0.1,
            period: Span::from_secs(1),
            ring: Ring::default(),
            popularity: Popularity::default(),
            surcharge: Vec::new(),
        }
    }
}

const fn parameter(name: &'static str, default: &'static str, meaning: &'static str) -> Parameter {
    Parameter { name, kind: "number", default: Some(default), meaning }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "ch_rlu",
    summary: "Unpopular functions at their home on a ring; popular ones spread along a chain by load with random surcharges.",
    reference: "Fuerst and Sharma, \"Locality-aware Load-Balancing For Serverless Clusters\", HPDC 2022; Ilúvatar, ch_rlu.rs",
    parameters: &[
        parameter("virtual_nodes", "3", "points of each worker on the ring"),
        parameter("chain", "4", "how many workers a popular function may try"),
        parameter("popular", "0.2", "the share of functions that are popular"),
        parameter("ceiling", "1.4", "the most load per core at which a worker is accepted"),
        parameter("deviation", "0.1", "standard deviation of the random surcharge, in load per core"),
        Parameter {
            name: "period",
            kind: "duration",
            default: Some("1s"),
            meaning: "how often popularity is found anew",
        },
    ],
    example: "{ popular = 0.2, ceiling = 1.4 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &ChRlu| {
            within("virtual_nodes", policy.virtual_nodes, 1.0..=10_000.0)?;
            within("chain", policy.chain, 1.0..=1000.0)?;
            within("popular", policy.popular, 0.0..=1.0)?;
            within("ceiling", policy.ceiling, 0.0..=1000.0)?;
            within("deviation", policy.deviation, 0.0..=1000.0)
        })
    }),
};

impl LoadBalancing for ChRlu {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.ring.fill(view.workers.len(), self.virtual_nodes);
        self.surcharge.resize(view.workers.len(), (Time::ZERO, 0.0));
        self.popularity.update(view, self.popular, self.period);
        let popular = self.popularity.is_popular(view.function);
        let chain = self.chain(view, if popular { self.chain as usize } else { 1 });
        let accepted = if popular { self.first_accepted(view, &chain) } else { None };
        accepted.or(chain.first().copied()).into()
    }
}

impl ChRlu {
    /// The first different workers clockwise from the home of the function.
    fn chain(&self, view: &BalanceView<'_>, length: usize) -> Vec<WorkerId> {
        let mut chain = Vec::new();
        for worker in self.ring.clockwise(Key::Unit(view.unit)).filter(|worker| view.workers[*worker].up) {
            if !chain.contains(&worker) {
                chain.push(worker);
            }
            if chain.len() == length {
                break;
            }
        }
        chain
    }

    fn first_accepted(&mut self, view: &BalanceView<'_>, chain: &[WorkerId]) -> Option<WorkerId> {
        let mut random = view.random();
        for worker in chain {
            let cores = f64::from(view.workers[*worker].cores);
            let more = self.popularity.rate() / cores + self.deviation * random.normal();
            let (report, charged) = self.surcharge[worker.index()];
            let charged = if report == view.loads_at { charged + more } else { more };
            if f64::from(view.loads.of(*worker)) / cores + charged <= self.ceiling {
                self.surcharge[worker.index()] = (view.loads_at, charged);
                return Some(*worker);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy, try_policy};
    use super::*;
    use crate::id::FunctionId;

    /// Five functions with mean gaps of 1, 2, 4, 8 and 10 s: the rate is 0.2/s. One fifth is popular: the first.
    fn five_functions() -> Cluster {
        let mut cluster = Cluster::new(&[1; 6]);
        for (function, gap) in (0..).map(FunctionId).zip([1, 2, 4, 8, 10]) {
            [0, gap].into_iter().for_each(|at| cluster.history.arrived(function, Time::ZERO + Span::from_secs(at)));
        }
        cluster
    }

    #[test]
    fn by_hand() {
        let mut cluster = five_functions();
        let mut balancer = policy(&ENTRY, r#"{ deviation = 0, chain = 2, period = "1ns" }"#);
        // All five are seen first, then popularity is found.
        assert!((0..5).all(|function| cluster.ask(&mut *balancer, function).is_some()));
        cluster.now = Time::ZERO + Span::from_secs(1);
        cluster.loads_at = cluster.now;
        let home = cluster.ask(&mut *balancer, 0).unwrap();
        cluster.load(home, 1);
        // 0.2 are charged; 1.4 is reached with the second, so that the third goes on.
        let asked = [(); 3].map(|()| cluster.ask(&mut *balancer, 0).unwrap());
        assert_eq!(asked[0], home);
        let next = asked[2];
        assert_ne!(next, home);
        // A new report: home may be had again, twice.
        cluster.loads_at = cluster.loads_at + Span::from_secs(1);
        assert_eq!([(); 3].map(|()| cluster.ask(&mut *balancer, 0).unwrap()), [home, home, next]);
        // Both workers of the chain are full: home.
        cluster.load(next, 9);
        assert_eq!(cluster.ask(&mut *balancer, 0), Some(home));
        // An unpopular function does not leave its home.
        let home = cluster.ask(&mut *balancer, 3).unwrap();
        cluster.load(home, 9);
        assert_eq!(cluster.ask(&mut *balancer, 3), Some(home));
    }

    #[test]
    fn shares_beyond_one_are_refused() {
        assert!(try_policy(&ENTRY, "{ popular = 1.5 }").err().unwrap().to_string().contains("`popular` is 1.5"));
    }
}
