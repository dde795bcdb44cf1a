//! Provisioned instances by the clock.

use serde::Deserialize;

use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;
use crate::workload::arrivals::{CronExpression, Start};

const MINUTE: Span = Span::from_secs(60);

/// Provisioned concurrency that actions set at the times of cron expressions, in UTC. Amortised O(actions) per minute.
///
/// AWS Application Auto Scaling, "Scheduled scaling" of Lambda provisioned concurrency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    /// What happens when. Of several at one minute, the last in the list counts.
    pub schedule: Vec<Action>,
    /// Date and time (UTC) at which the run begins.
    #[serde(default)]
    pub start: Start,
    /// Instances until the first action.
    #[serde(default)]
    pub initial: u32,
    #[serde(skip)]
    state: Option<State>,
}

/// An action of a schedule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// When, as a cron expression of five fields.
    pub at: CronExpression,
    /// How many provisioned instances there are from then on.
    pub instances: u32,
}

#[derive(Debug, Clone)]
struct State {
    /// The next minute of each action, since 1970.
    next: Vec<i64>,
    instances: u32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "scheduled",
    summary: "Provisioned instances by the clock: cron expressions say when there are how many.",
    reference: "AWS Application Auto Scaling, scheduled scaling of Lambda provisioned concurrency",
    parameters: &[
        Parameter {
            name: "schedule",
            kind: "a list of { at = cron, instances = number }",
            default: None,
            meaning: "when there are how many instances (UTC)",
        },
        Parameter::optional("start", "date and time", "\"2019-07-15T00:00\"", "when the run begins (UTC)"),
        Parameter::optional("initial", "number", "0", "instances until the first action"),
    ],
    example: r#"{ schedule = [{ at = "0 8 * * MON-FRI", instances = 20 }, { at = "0 18 * * *", instances = 2 }] }"#,
    build: Build::Function(|parameters| {
        let policy: Scheduled = read(parameters)?;
        if policy.schedule.is_empty() {
            return Err(ParameterError("`schedule` is empty; expected { at = \"0 8 * * *\", instances = 20 }".into()));
        }
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Prewarm for Scheduled {
    fn period(&self) -> Span {
        MINUTE
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        let start = self.start.minutes();
        let now = start + (view.now.as_nanos() / MINUTE.as_nanos()) as i64;
        let state = self.state.get_or_insert_with(|| State {
            next: self.schedule.iter().map(|action| action.at.next(start)).collect(),
            instances: self.initial,
        });
        // What happens now, or has happened since the last time.
        let mut latest = i64::MIN;
        for (action, next) in self.schedule.iter().zip(&mut state.next) {
            while *next <= now {
                if *next >= latest {
                    (latest, state.instances) = (*next, action.instances);
                }
                *next = action.at.next(*next + 1);
            }
        }
        Wanted::Provisioned(state.instances)
    }

    fn provisions(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    fn at(policy: &mut Scheduled, hours: u64) -> Wanted {
        let now = Time::ZERO + Span::from_secs(3600 * hours);
        policy.wanted(&DemandView { now, ..DemandView::start() })
    }

    #[test]
    fn actions_set_the_number_until_the_next_one() {
        let text = r#"
            initial = 5
            start = "2019-07-19T06:00"
            schedule = [{ at = "0 8 * * MON-FRI", instances = 20 }, { at = "0 18 * * *", instances = 2 }]
        "#;
        let mut policy: Scheduled = toml::from_str(text).unwrap();
        // From Friday 6:00; Saturday and Sunday have no morning; Monday 8:00 is 74 hours later.
        for (hours, instances) in [(0, 5), (1, 5), (2, 20), (11, 20), (12, 2), (26, 2), (73, 2), (74, 20), (84, 2)] {
            assert_eq!(at(&mut policy, hours), Wanted::Provisioned(instances), "{hours} hours");
        }
    }

    #[test]
    fn of_several_actions_since_the_last_time_the_latest_counts() {
        let text = r#"
            schedule = [
                { at = "0 9 * * *", instances = 9 },
                { at = "0 8 * * *", instances = 8 },
                { at = "0 9 * * *", instances = 10 },
            ]
        "#;
        let mut policy: Scheduled = toml::from_str(text).unwrap();
        assert_eq!([8, 12].map(|hours| at(&mut policy, hours)), [8, 10].map(Wanted::Provisioned));
    }

    #[test]
    fn mistakes_in_expressions_are_named() {
        let build = |text: &str| ENTRY.build(toml::from_str(text).unwrap()).err().map(|error| error.0).unwrap();
        assert!(build("schedule = [{ at = '61 * * * *', instances = 1 }]").contains("\"61\" cannot be the minute"));
        assert!(build("schedule = []").contains("`schedule` is empty"));
    }
}
