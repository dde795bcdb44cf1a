//! A Markov chain of whole numbers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Forecaster;
use super::series::{Series, validate_history};
use crate::policy::demand::round_up;
use crate::workload::Invalid;

/// The values rounded up are the states of a Markov chain, whose transitions are as frequent as they were in the history; the
/// forecast is the expected state. O(history log history) for each forecast and step.
///
/// After the Markov chain of FeMux (Nasiri et al., EuroSys 2026, 120 minutes of history), which draws the next state instead, and
/// whose states are rounded to two digits. A state without successor stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Markov {
    /// How many values count. Default: 120.
    pub history: usize,
    #[serde(skip)]
    series: Series,
}

impl Default for Markov {
    fn default() -> Self {
        Self { history: 120, series: Series::default() }
    }
}

/// How often each state followed another.
type Transitions = BTreeMap<u32, BTreeMap<u32, u32>>;

/// A probability for each state.
type Chances = BTreeMap<u32, f64>;

fn transitions(states: &[u32]) -> Transitions {
    let mut counts = Transitions::new();
    for pair in states.windows(2) {
        *counts.entry(pair[0]).or_default().entry(pair[1]).or_default() += 1;
    }
    counts
}

fn step(transitions: &Transitions, before: &Chances) -> Chances {
    let mut after = Chances::new();
    for (state, chance) in before {
        let Some(next) = transitions.get(state) else {
            *after.entry(*state).or_default() += chance;
            continue;
        };
        let total = f64::from(next.values().sum::<u32>());
        for (state, count) in next {
            *after.entry(*state).or_default() += chance * f64::from(*count) / total;
        }
    }
    after
}

impl Forecaster for Markov {
    fn observe(&mut self, value: f64) {
        self.series.push(value, self.history);
    }

    fn forecast(&self, steps: u32) -> f64 {
        let states: Vec<u32> = self.series.values().iter().map(|value| round_up(*value)).collect();
        let Some(last) = states.last() else { return 0.0 };
        let transitions = transitions(&states);
        let chances = (0..steps).fold(Chances::from([(*last, 1.0)]), |chances, _| step(&transitions, &chances));
        chances.iter().map(|(state, chance)| f64::from(*state) * chance).sum()
    }

    fn validate(&self) -> Result<(), Invalid> {
        validate_history(self.history, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(values: &[f64]) -> Markov {
        let mut forecaster = Markov::default();
        values.iter().for_each(|value| forecaster.observe(*value));
        forecaster
    }

    #[test]
    fn a_cycle_goes_on() {
        let forecaster = after(&[0.0, 2.0, 5.0, 0.0, 2.0, 5.0, 0.0]);
        assert_eq!([1, 2, 3, 4].map(|steps| forecaster.forecast(steps)), [2.0, 5.0, 0.0, 2.0]);
    }

    #[test]
    fn frequencies_of_the_history_are_the_chances() {
        // 0 is followed by 0 twice and by 4 once; 4 (rounded up from 3.2) always by 0.
        let forecaster = after(&[0.0, 0.0, 3.2, 0.0, 0.0]);
        assert!((forecaster.forecast(1) - 4.0 / 3.0).abs() < 1e-12);
        assert!((forecaster.forecast(2) - 4.0 * 2.0 / 9.0).abs() < 1e-12);
        // In the long run 1 of 4 is at 4.
        assert!((forecaster.forecast(200) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_state_never_seen_before_stays() {
        assert_eq!(after(&[]).forecast(1), 0.0);
        assert_eq!(after(&[1.0, 1.0, 9.0]).forecast(2), 9.0);
    }
}
