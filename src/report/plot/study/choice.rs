//! Which variants are drawn where there is no room for all.

use crate::report::study::measure::{DRAWN, View};

/// Of these cells at most `most`, in their order: the baseline, then the best and the worst in each figure.
pub fn contrasts(view: View, cells: &[usize], most: usize) -> Vec<usize> {
    if cells.len() <= most {
        return cells.to_vec();
    }
    let mut wanted = vec![view.baseline()];
    for worst in [false, true] {
        for measure in &DRAWN {
            let mut estimates = view.estimates(measure);
            estimates.sort_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
            let end = if worst { estimates.last() } else { estimates.first() };
            wanted.extend(end.map(|(cell, _)| *cell));
        }
    }
    let mut chosen: Vec<usize> = Vec::new();
    for cell in wanted {
        if chosen.len() < most && cells.contains(&cell) && !chosen.contains(&cell) {
            chosen.push(cell);
        }
    }
    chosen.sort_unstable();
    chosen
}
