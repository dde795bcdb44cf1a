//! The bill, line by line.

use std::cmp::Ordering;

use super::axis::{self, Scale};
use super::bars::{self, Bar, PITCH};
use super::palette::{BLUE, FADED, GREEN, NEUTRAL};
use super::scene::{Label, Scene};
use crate::experiment::Outcome;
use crate::report::figures::Figures;
use crate::report::human;

/// Most room for the names of lines.
const NAMES: f64 = 270.0;
const RIGHT: f64 = Scene::WIDTH - 170.0;
const TOP: f64 = Scene::TOP + 24.0;
/// More lines than this are summed up in the last.
const LINES: usize = 12;

/// What each line of the bill costs in the measured window; `None` if there is no bill.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let figures = Figures::new(outcome);
    let currency = figures.currency()?;
    let money = |amount: f64| human::money(amount, currency).value(amount);
    let lines = largest(figures.bill().iter().map(|line| (line.name.to_owned(), line.amount.mean)).collect());
    let charged: f64 = lines.iter().map(|(_, amount)| amount.max(0.0)).sum();
    let bottom = TOP + lines.len() as f64 * PITCH + 8.0;
    let mut scene = Scene::new("cost_by_line", "Cost by line of the bill", bottom + 52.0);
    let least = lines.iter().map(|(_, amount)| *amount).fold(0.0, f64::min);
    let most = lines.iter().map(|(_, amount)| *amount).fold(0.0, f64::max);
    let name_width = |(name, _): &(String, f64)| Label { text: name.clone(), ..Label::default() }.width();
    let left = Scene::MARGIN + lines.iter().map(name_width).fold(0.0, f64::max).clamp(40.0, NAMES) + 10.0;
    let x = Scale::linear((least, if most > least { most } else { 1.0 }), (left, RIGHT));
    axis::vertical_grid(&mut scene, &x.ticks(4, &[], ""), TOP, bottom, true);
    axis::base_line(&mut scene, left, RIGHT, bottom);
    axis::name_below(&mut scene, &format!("Cost of the measured window ({currency})"), left, RIGHT, bottom);
    let (total, month) = (figures.cost(|cost| cost.total).mean, figures.cost(|cost| cost.per_month).mean);
    let text = format!("{} in the measured window, {} in a month like it", money(total), money(month));
    scene.description = format!("The bill: {text}.");
    scene.label(Label { text, x: Scene::MARGIN, y: Scene::TOP, color: FADED, ..Label::default() });
    let bar = |(name, amount): &(String, f64)| {
        let share = if *amount > 0.0 { format!(" · {}", human::percent_of(*amount, charged)) } else { String::new() };
        scene.description += &format!(" {name}: {}{share}.", money(*amount));
        let color = if *amount < 0.0 { GREEN } else { BLUE };
        Bar { name: name.clone(), from: 0.0, to: *amount, figure: money(*amount) + &share, color }
    };
    let bars: Vec<Bar> = lines.iter().map(bar).collect();
    bars::draw(&mut scene, &bars, &x, left, TOP);
    let zero = x.at(0.0);
    scene.line(vec![(zero, TOP), (zero, bottom)], NEUTRAL, 1.0);
    Some(scene)
}

/// The lines with the largest amounts, most expensive first, and the sum of the others.
fn largest(mut lines: Vec<(String, f64)>) -> Vec<(String, f64)> {
    lines.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal));
    if lines.len() > LINES {
        let others = lines.split_off(LINES - 1);
        lines.push((format!("{} other lines", others.len()), others.iter().map(|(_, amount)| amount).sum()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn many_lines_are_summed_up_without_losing_money() {
        let lines = largest((0..20).map(|i| (format!("line {i}"), f64::from(i))).collect());
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0].1, 19.0);
        assert_eq!(lines[LINES - 1].0, "9 other lines");
        assert_eq!(lines.iter().map(|line| line.1).sum::<f64>(), 190.0);
    }

    #[test]
    fn the_description_tells_the_amounts() {
        let text = plot(&sample::typical()).unwrap().description;
        assert!(text.contains("Duration: $") && text.contains(" %") && text.contains("in a month"), "{text}");
        assert!(plot(&sample::no_cost()).is_none());
    }
}
