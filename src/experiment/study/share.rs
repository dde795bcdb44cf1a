//! Which part of a study is run here.

use std::fmt;
use std::str::FromStr;

/// One of several equal parts of a study: every `of`-th of its tasks (a cell and a replication), beginning with the `number`-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    number: u64,
    of: u64,
}

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether it is all of the study.
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// How many equal parts there are.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Whether a task belongs to it, by its number from 0.
    pub fn has(self, task: u64) -> bool {
        task % self.of == self.number - 1
    }
}

impl FromStr for Share {
    type Err = String;

    /// Reads `2/8`: the second of eight.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err(format!("\"{text}\" is not a part; the first of eight is 1/8, the last 8/8")),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_belongs_to_one_share() {
        let shares: Vec<Share> = (1..=3).map(|number| format!("{number}/3").parse().unwrap()).collect();
        for task in 0..10 {
            assert_eq!(shares.iter().filter(|share| share.has(task)).count(), 1);
        }
        assert!(Share::WHOLE.is_whole() && Share::WHOLE.has(7));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["0/4", "5/4", "1", "a/b", "1/0", "-1/2"] {
            assert!(text.parse::<Share>().unwrap_err().contains("is 1/8"), "{text}");
        }
    }
}
