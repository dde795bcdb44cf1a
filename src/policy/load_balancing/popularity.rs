//! Which functions are popular, for CH-RLU.

use super::BalanceView;
use crate::id::FunctionId;
use crate::time::{Span, Time};

/// The functions with the least mean gaps between arrivals, found anew once in a period. O(functions log functions) then.
#[derive(Debug, Clone, Default)]
pub(super) struct Popularity {
    /// Whether each function is popular; `None` if it was not invoked.
    popular: Vec<Option<bool>>,
    rate: f64,
    due: Time,
}

impl Popularity {
    /// Takes note of the function of this invocation, and finds the popular ones when it is time.
    pub fn update(&mut self, view: &BalanceView<'_>, share: f64, period: Span) {
        let function = view.function.index();
        self.popular.resize(self.popular.len().max(function + 1), None);
        self.popular[function].get_or_insert(false);
        if view.now >= self.due {
            self.due = view.now + period;
            self.find(view, share);
        }
    }

    /// Whether a function is popular.
    pub fn is_popular(&self, function: FunctionId) -> bool {
        self.popular[function.index()] == Some(true)
    }

    /// 1 / the mean over all functions of their mean gaps, per second; 0 while it is not known.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    fn find(&mut self, view: &BalanceView<'_>, share: f64) {
        let invoked = (0..).map(FunctionId).zip(&self.popular).filter(|(_, popular)| popular.is_some());
        let gap = |(function, _)| Some((view.history[function].mean_gap()?, function));
        let mut gaps: Vec<(Span, FunctionId)> = invoked.filter_map(gap).collect();
        gaps.sort_unstable();
        let sum: f64 = gaps.iter().map(|(gap, _)| gap.as_secs_f64()).sum();
        self.rate = if sum > 0.0 { gaps.len() as f64 / sum } else { 0.0 };
        let popular = (share * gaps.len() as f64).round() as usize;
        gaps.iter().enumerate().for_each(|(rank, (_, function))| {
            self.popular[function.index()] = Some(rank < popular);
        });
    }
}
