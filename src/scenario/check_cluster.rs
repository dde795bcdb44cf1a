//! What must hold of workers, and of how functions use them.

use super::check::Check;
use super::file::File;
use super::function::Defaults;
use super::problem::Problem;
use crate::platform::client::Client;
use crate::platform::cluster::{ClusterRules, CoreUse};
use crate::time::Span;

/// More workers than any data centre has; memory for their books would run out first.
const MOST_WORKERS: u64 = 1_000_000;

impl Check<'_> {
    /// Everything about workers.
    pub(super) fn cluster(&mut self, file: &File) {
        let (platform, policy) = (&file.platform, &file.policy);
        let groups = platform.workers.as_deref().unwrap_or_default();
        for (index, group) in groups.iter().enumerate() {
            let index = index.to_string();
            let key = |name| ["platform", "workers", &index, name];
            if group.memory.as_bytes() == 0 {
                self.add(
                    &key("memory"),
                    Problem::new("a worker without memory holds nothing").label("expected more than zero"),
                );
            }
            self.positive(&key("speed"), Some(group.speed));
            self.positive(&key("overcommit"), Some(group.overcommit));
        }
        let count: u64 = groups.iter().map(|group| u64::from(group.count.get())).sum();
        if platform.workers.is_some() && !(1..=MOST_WORKERS).contains(&count) {
            let problem = Problem::new(format!("the platform has {count} workers"));
            self.add(&["platform", "workers"], problem.label(format!("expected 1 to {MOST_WORKERS}")));
        }
        if policy.autoscaling.is_some() && policy.load_balancing.is_some() {
            let problem =
                Problem::new("an autoscaler says where instances are, so that no load balancer can choose a worker");
            self.add(&["policy", "load_balancing"], problem.help("remove this or `autoscaling`"));
        }
        if !groups.is_empty() {
            if platform.limits.as_ref().is_some_and(|limits| limits.scaling_rate.is_some()) {
                let problem = Problem::new("a scaling rate limits the instances of a function without workers");
                let help = "use `cluster.creation_rate` or `cluster.worker_creation_rate`";
                self.add(&["platform", "limits", "scaling_rate"], problem.help(help));
            }
            self.rules(&platform.cluster.clone().unwrap_or_default(), policy.load_balancing.is_some());
            return;
        }
        if platform.cluster.is_some() {
            self.needs_workers(&["platform", "cluster"]);
        }
        for (kind, choice) in policy.choices() {
            if choice.is_some() && ["load_balancing", "scheduling", "placement", "eviction"].contains(&kind) {
                self.needs_workers(&["policy", kind]);
            }
        }
    }

    fn needs_workers(&mut self, keys: &[&str]) {
        let help = "add `workers = [{ count = 8, cores = 16, memory = \"64 GiB\" }]` to [platform], or remove this";
        self.add(keys, Problem::new("this only makes sense on a platform with workers").help(help));
    }

    fn rules(&mut self, rules: &ClusterRules, balanced: bool) {
        let key = |name| ["platform", "cluster", name];
        if rules.cores == CoreUse::Exclusive && !balanced {
            let problem =
                Problem::new("exclusive cores need a load balancer, which says for which worker an invocation waits");
            self.add(&key("cores"), problem.help("add `load_balancing.least_connections = {}` to [policy]"));
        }
        if rules.init_on_cores && rules.cores != CoreUse::Shared {
            let problem = Problem::new("initialisation can only compute on shared cores");
            self.add(&key("init_on_cores"), problem.help("set `cores = \"shared\"`"));
        }
        let not_negative = rules.interference.is_finite() && rules.interference >= 0.0;
        if !not_negative || (rules.interference > 0.0 && rules.cores == CoreUse::Shared) {
            let problem = Problem::new("`interference` is a number from 0 up, for cores that are not shared");
            self.add(&key("interference"), problem);
        }
        if rules.report_every == Some(Span::ZERO) {
            self.add(
                &key("report_every"),
                Problem::new("`report_every` is zero").help("leave it out: then loads are known at once"),
            );
        }
        if rules.outages.is_some_and(|outages| outages.mean_time_between == Span::ZERO) {
            let problem =
                Problem::new("workers that stop at once never work").label("expected more than zero, such as \"30d\"");
            self.add(&["platform", "cluster", "outages", "mean_time_between"], problem);
        }
        for (name, rate) in
            [("creation_rate", rules.creation_rate), ("worker_creation_rate", rules.worker_creation_rate)]
        {
            if rate.is_some_and(|rate| rate.as_per_second() <= 0.0) {
                self.add(&key(name), Problem::new("no instance could ever start").label("expected more than zero"));
            }
        }
    }

    /// What a function says of shares, faults and cores.
    pub(super) fn shares(&mut self, at: &[&str], settings: &Defaults) {
        let key = |name| [at, &[name]].concat();
        self.positive(&key("weight"), settings.weight);
        self.client(at, settings.client);
        if settings.vcpu.is_some_and(|vcpu| !(0.001..=1000.0).contains(&vcpu)) {
            self.add(&key("vcpu"), Problem::new("`vcpu` is a number of cores").label("expected 0.001 to 1000"));
        }
        for (name, rate) in [("error_rate", settings.error_rate), ("crash_rate", settings.crash_rate)] {
            if rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
                self.add(
                    &key(name),
                    Problem::new(format!("`{name}` is a share")).label("expected a number from 0 to 1"),
                );
            }
        }
    }

    /// What callers do when something goes wrong.
    fn client(&mut self, at: &[&str], client: Option<Client>) {
        let key = |variant, name| [at, &["client", variant, name]].concat();
        match client {
            Some(Client::Retries(backoff)) if backoff.attempts == 0 => {
                let problem = Problem::new("an invocation is tried once at least").label("expected 1 to 255");
                self.add(&key("retries", "attempts"), problem);
            }
            Some(Client::Asynchronous(queue)) => {
                if queue.retries > 2 {
                    let problem = Problem::new("an asynchronous invocation is executed again twice at most");
                    self.add(&key("asynchronous", "retries"), problem.label("expected 0 to 2"));
                }
                if !(Span::from_secs(60)..=Span::from_secs(6 * 3600)).contains(&queue.max_age) {
                    let problem = Problem::new("the queue keeps an asynchronous invocation for a minute to 6 hours");
                    self.add(&key("asynchronous", "max_age"), problem.label("expected \"60s\" to \"6h\""));
                }
            }
            _ => {}
        }
    }

    fn positive(&mut self, keys: &[&str], number: Option<f64>) {
        if number.is_some_and(|number| !number.is_finite() || number <= 0.0) {
            let name = keys.last().copied().unwrap_or_default();
            self.add(keys, Problem::new(format!("`{name}` is not positive")).label("expected more than zero"));
        }
    }
}
