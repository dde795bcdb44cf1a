//! What a study is: records of another one are of no use to it.

use serde::{Deserialize, Serialize};

/// Everything that decides what the records of a study are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of coldcast, which may compute other results than another.
    pub version: String,
    /// How many cells there are.
    pub cells: u64,
    /// How many replications of each.
    pub replications: u32,
    /// Name and SHA-256 of the files that the scenario names.
    pub inputs: Vec<(String, String)>,
    /// The scenario as TOML, without the place of its paths.
    pub scenario: String,
}

/// Most lines that a difference shows.
const SHOWN: usize = 12;

impl Plan {
    /// What differs in a later plan, a line each; `None` if nothing does.
    pub fn difference(&self, later: &Self) -> Option<String> {
        if self == later {
            return None;
        }
        let (before, now) = (self.lines(), later.lines());
        let only = |these: &[String], those: &[String], sign: char| -> Vec<String> {
            these.iter().filter(|line| !those.contains(line)).map(|line| format!("  {sign} {line}")).collect()
        };
        let mut lines = [only(&before, &now, '-'), only(&now, &before, '+')].concat();
        if lines.is_empty() {
            lines.push("  the same lines in another order".into());
        }
        let more = lines.len().saturating_sub(SHOWN);
        lines.truncate(SHOWN);
        if more > 0 {
            lines.push(format!("  and {more} more lines"));
        }
        Some(lines.join("\n"))
    }

    fn lines(&self) -> Vec<String> {
        let Self { version, cells, replications, inputs, scenario } = self;
        let facts = [format!("coldcast {version}"), format!("{cells} cells"), format!("{replications} replications")];
        let inputs = inputs.iter().map(|(name, sha256)| format!("{name} with SHA-256 {sha256}"));
        let scenario = scenario.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        facts.into_iter().chain(inputs).chain(scenario).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown() {
        let plan = Plan {
            version: "1.0".into(),
            cells: 4,
            replications: 10,
            inputs: vec![("trace.csv".into(), "ab".into())],
            scenario: "[policy]\nttl = \"1m\"\n".into(),
        };
        assert_eq!(plan.difference(&plan.clone()), None);
        let later = Plan { scenario: "[policy]\nttl = \"2m\"\n".into(), cells: 5, ..plan.clone() };
        let difference = plan.difference(&later).unwrap();
        assert_eq!(difference, "  - 4 cells\n  - ttl = \"1m\"\n  + 5 cells\n  + ttl = \"2m\"");
    }
}
