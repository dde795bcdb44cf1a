//! A load-balancing policy of one's own.

use coldcast::policy::LoadBalancing;
use coldcast::policy::entry::{Build, Entry, Parameter, read};
use coldcast::policy::load_balancing::{BalanceView, Target};

/// A worker with an idle instance of the function, unless it has over `slack` invocations more than the least loaded one.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WarmFirst {
    slack: u32,
}

impl LoadBalancing for WarmFirst {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let least = view.loads.least();
        let Some(fallback) = least.get(view.random().index(least.len().max(1))) else { return Target::Wait };
        let most = view.loads.of(*fallback) + self.slack;
        let warm = view.sites().filter(|site| site.idle > 0).map(|site| site.worker);
        let near = warm.filter(|worker| view.loads.of(*worker) <= most);
        Target::Worker(near.min_by_key(|worker| view.loads.of(*worker)).unwrap_or(*fallback))
    }
}

const SLACK: Parameter =
    Parameter { name: "slack", kind: "number", default: None, meaning: "how much more load a warm worker may have" };

pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "warm_first",
    summary: "A worker with an idle instance of the function, unless its load is far above the least.",
    reference: "an example",
    parameters: &[SLACK],
    example: "{ slack = 2 }",
    build: Build::Function(|parameters| {
        let policy: WarmFirst = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};
