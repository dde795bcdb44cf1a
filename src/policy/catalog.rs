//! The lists of policies. The command line, the documentation, the validation of scenarios and the tests all walk them.

use std::collections::BTreeSet;

use crate::policy::entry::{Entry, Listed};
use crate::policy::{
    Allocation, Autoscaling, Eviction, KeepAlive, LoadBalancing, Placement, Prewarm, Reuse, Scheduling, allocation,
    autoscaling, eviction, keep_alive, load_balancing, placement, prewarm, reuse, scheduling,
};

/// The entries of one kind of policy.
pub struct Kind<'a> {
    /// As scenario files call it: `policy.KIND`.
    pub name: &'static str,
    /// What policies of this kind decide.
    pub decides: &'static str,
    /// Its policies.
    pub entries: Vec<&'a dyn Listed>,
}

impl<'a> Kind<'a> {
    fn new<P: ?Sized>(name: &'static str, decides: &'static str, entries: &'a [Entry<P>]) -> Self {
        Self { name, decides, entries: entries.iter().map(|entry| entry as &dyn Listed).collect() }
    }

    /// The policy of that name.
    pub fn find(&self, name: &str) -> Option<&'a dyn Listed> {
        self.entries.iter().copied().find(|entry| entry.name() == name)
    }
}

/// All policies that a scenario can name. Programs add their own with [`Vec::push`].
#[derive(Debug)]
pub struct Catalog {
    /// How long idle instances are kept.
    pub keep_alive: Vec<Entry<dyn KeepAlive>>,
    /// Which idle instance is reused.
    pub reuse: Vec<Entry<dyn Reuse>>,
    /// Which worker gets an invocation.
    pub load_balancing: Vec<Entry<dyn LoadBalancing>>,
    /// Which waiting invocation is next.
    pub scheduling: Vec<Entry<dyn Scheduling>>,
    /// On which worker an instance is started.
    pub placement: Vec<Entry<dyn Placement>>,
    /// How much memory a function gets.
    pub allocation: Vec<Entry<dyn Allocation>>,
    /// Which idle instance goes when a worker needs memory.
    pub eviction: Vec<Entry<dyn Eviction>>,
    /// Which instances are kept ready before they are needed.
    pub prewarm: Vec<Entry<dyn Prewarm>>,
    /// How many instances there are.
    pub autoscaling: Vec<Entry<dyn Autoscaling>>,
}

impl Catalog {
    /// The kinds of policies with their entries.
    pub fn kinds(&self) -> Vec<Kind<'_>> {
        vec![
            Kind::new("keep_alive", "how long idle instances are kept", &self.keep_alive),
            Kind::new("reuse", "which idle instance an invocation reuses", &self.reuse),
            Kind::new("load_balancing", "which worker gets an invocation", &self.load_balancing),
            Kind::new("scheduling", "which waiting invocation is next", &self.scheduling),
            Kind::new("placement", "on which worker an instance is started", &self.placement),
            Kind::new("allocation", "how much memory a function gets", &self.allocation),
            Kind::new("eviction", "which idle instance goes when a worker needs memory", &self.eviction),
            Kind::new("prewarm", "which instances are kept ready before they are needed", &self.prewarm),
            Kind::new("autoscaling", "how many instances there are", &self.autoscaling),
        ]
    }
}

/// Two policies of one kind have one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are two policies `{kind}.{name}`\n  give the one that was added another name")]
pub struct SameName {
    /// Kind of both.
    pub kind: &'static str,
    /// Name of both.
    pub name: &'static str,
}

impl Catalog {
    /// Whether every name says which policy is meant.
    ///
    /// # Errors
    /// The first name that is there twice.
    pub fn check(&self) -> Result<(), SameName> {
        for Kind { name: kind, entries, .. } in self.kinds() {
            let mut names = BTreeSet::new();
            if let Some(twice) = entries.iter().find(|entry| !names.insert(entry.name())) {
                return Err(SameName { kind, name: twice.name() });
            }
        }
        Ok(())
    }
}

impl Default for Catalog {
    /// The policies of coldcast.
    fn default() -> Self {
        Self {
            keep_alive: vec![
                keep_alive::none::ENTRY,
                keep_alive::fixed::ENTRY,
                keep_alive::infinite::ENTRY,
                keep_alive::survival::ENTRY,
                keep_alive::histogram::ENTRY,
                keep_alive::hybrid_histogram::ENTRY,
                keep_alive::ski_rental::ENTRY,
                keep_alive::hawkes::ENTRY,
                keep_alive::spes::ENTRY,
                keep_alive::clairvoyant::ENTRY,
            ],
            reuse: reuse::ENTRIES.into(),
            load_balancing: vec![
                load_balancing::random::ENTRY,
                load_balancing::weighted_random::ENTRY,
                load_balancing::round_robin::ENTRY,
                load_balancing::smooth_weighted_round_robin::ENTRY,
                load_balancing::least_connections::ENTRY,
                load_balancing::least_work_left::ENTRY,
                load_balancing::power_of_d::ENTRY,
                load_balancing::join_idle_queue::ENTRY,
                load_balancing::late_binding::ENTRY,
                load_balancing::minimum_response_time::ENTRY,
                load_balancing::consistent_hashing::ENTRY,
                load_balancing::bounded_loads::ENTRY,
                load_balancing::ch_rlu::ENTRY,
                load_balancing::openwhisk::ENTRY,
                load_balancing::locality::ENTRY,
                load_balancing::hermod::ENTRY,
                load_balancing::hiku::ENTRY,
                load_balancing::palette_bucket_hashing::ENTRY,
                load_balancing::palette_consistent_hashing::ENTRY,
                load_balancing::palette_least_assigned::ENTRY,
            ],
            scheduling: scheduling::ENTRIES.into(),
            placement: vec![
                placement::first_fit::ENTRY,
                placement::best_fit::ENTRY,
                placement::worst_fit::ENTRY,
                placement::random::ENTRY,
                placement::image_locality::ENTRY,
                placement::spread::ENTRY,
            ],
            eviction: vec![
                eviction::least_recently_used::ENTRY,
                eviction::least_frequently_used::ENTRY,
                eviction::greedy_dual::ENTRY,
                eviction::frequency::ENTRY,
                eviction::size::ENTRY,
                eviction::landlord::ENTRY,
                eviction::cidre::ENTRY,
                eviction::belady::ENTRY,
            ],
            prewarm: vec![
                prewarm::floor::ENTRY,
                prewarm::scheduled::ENTRY,
                prewarm::target_tracking::ENTRY,
                prewarm::predictive::ENTRY,
                prewarm::icebreaker::ENTRY,
                prewarm::femux::ENTRY,
                prewarm::arrival_quantile::ENTRY,
            ],
            autoscaling: vec![
                autoscaling::fixed_replicas::ENTRY,
                autoscaling::knative::ENTRY,
                autoscaling::horizontal_pod::ENTRY,
                autoscaling::azure::ENTRY,
                autoscaling::target_based::ENTRY,
                autoscaling::cloud_run::ENTRY,
                autoscaling::openfaas::ENTRY,
                autoscaling::staffing::ENTRY,
            ],
            allocation: allocation::ENTRIES.into(),
        }
    }
}

/// The entry of that name.
pub fn find<'a, P: ?Sized>(entries: &'a [Entry<P>], name: &str) -> Option<&'a Entry<P>> {
    entries.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::entry::Build;

    fn check(entry: &dyn Listed) {
        let name = entry.name();
        assert!(
            entry.summary().ends_with('.') && !entry.reference().is_empty(),
            "{name} says what it does and where it comes from"
        );
        let example: toml::Table = toml::from_str(&format!("p = {}", entry.example())).unwrap();
        let example = example["p"].as_table().unwrap().clone();
        for key in example.keys() {
            assert!(
                entry.parameters().iter().any(|parameter| parameter.name == key),
                "{name}: {key} is not documented"
            );
        }
        entry.check(example.clone()).unwrap_or_else(|error| panic!("{name}: the example works: {error}"));
        let mut wrong = example;
        wrong.insert("no_such_key".into(), true.into());
        let refused = entry.check(wrong).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("no_such_key"), "{name} refuses unknown keys: {refused}");
    }

    #[test]
    fn every_entry_is_documented_and_its_example_works() {
        let catalog = Catalog::default();
        assert_eq!(catalog.check(), Ok(()));
        catalog.kinds().iter().flat_map(|kind| &kind.entries).for_each(|entry| check(*entry));
    }

    #[test]
    fn a_name_that_exists_is_refused() {
        let mut catalog = Catalog::default();
        catalog.keep_alive.push(keep_alive::fixed::ENTRY);
        assert_eq!(catalog.check(), Err(SameName { kind: "keep_alive", name: "fixed" }));
    }

    #[test]
    fn a_policy_may_own_data() {
        let table = [1, 2, 3];
        let build = move |_| -> Result<crate::policy::entry::Factory<dyn crate::policy::Reuse>, _> {
            Err(crate::policy::entry::ParameterError(format!("{} rows", table.len())))
        };
        let entry = Entry {
            build: Build::Closure(Box::new(build)),
            ..crate::policy::reuse::ENTRIES.into_iter().next().unwrap()
        };
        assert_eq!(entry.build(toml::Table::new()).err().map(|error| error.0), Some("3 rows".to_owned()));
    }
}
