//! Priorities that grow while an invocation waits.

use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::scheduling::ranked::ByRank;
use crate::policy::scheduling::{Scheduling, Waiting};
use crate::time::Span;

/// The catalog's entry. O(log n): all grow at the same speed, so that their order never changes.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "priority_with_ageing",
    summary: "The highest priority goes first, where each `tau` since the arrival counts as one level more.",
    reference: "Kleinrock, \"A Delay Dependent Queue Discipline\", 1964; Silberschatz et al., \"Operating System Concepts\", ageing",
    parameters: &[Parameter {
        name: "tau",
        kind: "duration",
        default: None,
        meaning: "age that is worth one level of priority; longer than zero",
    }],
    example: r#"{ tau = "1s" }"#,
    build: Build::Function(|parameters| {
        let Parameters { tau } = read(parameters)?;
        if tau == Span::ZERO {
            return Err(ParameterError("`tau` is zero; expected a duration such as \"1s\"".into()));
        }
        Ok(Box::new(move || Box::new(ByRank::new(move |waiting, _| rank(waiting, tau)))))
    }),
};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    tau: Span,
}

/// priority + (now - arrived) / tau, largest first, is arrived - tau priority, smallest first, at every instant.
fn rank(waiting: &Waiting, tau: Span) -> i128 {
    i128::from(waiting.arrived.as_nanos()) - i128::from(tau.as_nanos()) * i128::from(waiting.priority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{Job, job, order};

    #[test]
    fn two_levels_are_worth_two_tau() {
        let urgent = |at, priority| Job { priority, ..job(at, 0, 20) };
        let jobs = [job(0, 0, 20), urgent(1, 0), urgent(10, 2), urgent(12, 2), urgent(13, -1)];
        assert_eq!(order(&ENTRY, r#"{ tau = "5s" }"#, &jobs, &[]), [0, 2, 1, 3, 4]);
        assert_eq!(order(&ENTRY, r#"{ tau = "1s" }"#, &jobs, &[]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn zero_is_refused() {
        let refused = ENTRY.build(toml::toml! { tau = "0s" }).err().map(|error| error.to_string());
        assert!(refused.is_some_and(|why| why.contains("`tau` is zero")));
    }
}
