//! Arrivals, instances and cold starts over time.

use plotters::style::RGBColor;

use super::axis::{self, Scale, Tick};
use super::intervals::{Interval, coarsen, mean, rate_unit, rates};
use super::palette::{BLUE, GREEN, INK, NEUTRAL, VERMILION};
use super::scene::{Label, Scene};
use crate::experiment::Outcome;
use crate::metrics::TimelineRow;
use crate::report::human;

const LEFT: f64 = 78.0;
const RIGHT: f64 = Scene::WIDTH - Scene::MARGIN;
const PANEL: f64 = 130.0;
const HEADING: f64 = 34.0;
/// Most intervals that are drawn: longer timelines are averaged to this many, two pixels each.
const COLUMNS: usize = 320;

/// Three panels over one time axis, averaged over the replications; `None` without a timeline.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let timelines: Vec<&[TimelineRow]> = outcome.runs.iter().map(|run| run.timeline.as_slice()).collect();
    let intervals = coarsen(&mean(&timelines), COLUMNS);
    let (first, last) = (intervals.first()?, intervals.last()?);
    let (divisor, unit, steps) = time_axis(last.end_s - first.start_s);
    let x = Scale::linear((first.start_s / divisor, last.end_s / divisor), (LEFT, RIGHT));
    let panels = [arrivals(&intervals), instances(&intervals), cold_starts(&intervals)];
    let height = Scene::TOP - 10.0 + panels.len() as f64 * (HEADING + PANEL) + 56.0;
    let mut scene = Scene::new("timeline", "Arrivals, instances and cold starts over time", height);
    let ticks = x.ticks(8, steps, "");
    let edges: Vec<(f64, f64)> =
        intervals.iter().map(|i| (x.at(i.start_s / divisor), x.at(i.end_s / divisor))).collect();
    let mut top = Scene::TOP - 10.0;
    for (i, panel) in panels.iter().enumerate() {
        panel.draw(&mut scene, top, &edges, &ticks, i + 1 == panels.len());
        top += HEADING + PANEL;
    }
    axis::name_below(&mut scene, &format!("Time since the start ({unit})"), LEFT, RIGHT, top);
    for (i, (from, to)) in edges.iter().enumerate() {
        let values: Vec<String> = panels.iter().map(|panel| panel.at(i)).collect();
        let text = format!("from {:.1} {unit}: {}", intervals[i].start_s / divisor, values.join("; "));
        scene.hint((*from, Scene::TOP), (to - from, top - Scene::TOP), text);
    }
    scene.description = panels.iter().map(Panel::describe).collect::<Vec<_>>().join(" ");
    Some(scene)
}

/// One figure over time.
struct Series {
    name: &'static str,
    color: RGBColor,
    values: Vec<f64>,
}

/// Series over time with a common vertical axis: stacked areas, or a line with the others as areas under it.
struct Panel {
    title: String,
    stacked: bool,
    series: Vec<Series>,
}

impl Panel {
    fn draw(&self, scene: &mut Scene, top: f64, edges: &[(f64, f64)], ticks: &[Tick], last: bool) {
        let (foot, head) = (top + HEADING + PANEL, top + HEADING);
        scene.label(Label {
            text: self.title.clone(),
            x: Scene::MARGIN,
            y: top + 18.0,
            bold: true,
            ..Label::default()
        });
        if self.series.len() > 1 {
            let entries: Vec<_> = self.series.iter().map(|series| (series.name, series.color)).collect();
            scene.legend(top + 18.0, &entries);
        }
        let y = Scale::linear((0.0, self.peak() * 1.05), (foot, head));
        axis::vertical_grid(scene, ticks, head, foot, last);
        let mut levels = y.ticks(6, &[], "");
        levels.truncate(if self.peak() > 0.0 { levels.len() } else { 1 });
        axis::horizontal_grid(scene, &levels, LEFT, RIGHT);
        match self.stacked {
            true => self.draw_stack(scene, edges, &y),
            false => self.draw_line(scene, edges, &y),
        }
        axis::base_line(scene, LEFT, RIGHT, foot);
    }

    fn draw_stack(&self, scene: &mut Scene, edges: &[(f64, f64)], y: &Scale) {
        let mut below = vec![0.0; edges.len()];
        for series in &self.series {
            let above: Vec<f64> = below.iter().zip(&series.values).map(|(below, value)| below + value).collect();
            let mut outline = steps(edges, &above, y);
            outline.extend(steps(edges, &below, y).into_iter().rev());
            if series.values.iter().any(|value| *value > 0.0) {
                scene.area(outline, series.color);
            }
            below = above;
        }
    }

    fn draw_line(&self, scene: &mut Scene, edges: &[(f64, f64)], y: &Scale) {
        let foot = vec![0.0; edges.len()];
        for series in self.series.iter().skip(1) {
            let mut outline = steps(edges, &series.values, y);
            outline.extend(steps(edges, &foot, y).into_iter().rev());
            scene.area(outline, series.color);
        }
        if let Some(series) = self.series.first() {
            scene.line(steps(edges, &series.values, y), series.color, 1.5);
        }
    }

    /// The highest point of the panel.
    fn peak(&self) -> f64 {
        let columns = self.series.first().map_or(0, |series| series.values.len());
        let height = |i: usize| {
            let values = self.series.iter().map(|series| series.values[i]);
            if self.stacked { values.sum() } else { values.fold(0.0, f64::max) }
        };
        (0..columns).map(height).fold(0.0, f64::max)
    }

    /// Its values in an interval.
    fn at(&self, i: usize) -> String {
        let value =
            |series: &Series| format!("{} {}", series.name, human::average(series.values[i]).value(series.values[i]));
        format!("{}: {}", self.title, self.series.iter().map(value).collect::<Vec<_>>().join(", "))
    }

    fn describe(&self) -> String {
        let most = |series: &Series| {
            let most = series.values.iter().fold(0.0, |a: f64, b| a.max(*b));
            format!("{} up to {most:.2}", series.name)
        };
        format!("{}: {}.", self.title, self.series.iter().map(most).collect::<Vec<_>>().join(", "))
    }
}

fn arrivals(intervals: &[Interval]) -> Panel {
    let (per, name) = rate_unit(intervals, |i| i.arrivals);
    let mut series = vec![Series { name: "arrivals", color: INK, values: rates(intervals, per, |i| i.arrivals) }];
    if intervals.iter().any(|i| i.throttled > 0.0) {
        series.push(Series { name: "throttled", color: VERMILION, values: rates(intervals, per, |i| i.throttled) });
    }
    Panel { title: format!("Arrivals per {name}"), stacked: false, series }
}

fn instances(intervals: &[Interval]) -> Panel {
    let series = |name, color, value: fn(&Interval) -> f64| Series {
        name,
        color,
        values: intervals.iter().map(value).collect(),
    };
    let series = vec![
        series("busy", GREEN, |i| i.busy),
        series("starting", BLUE, |i| i.starting),
        series("idle", NEUTRAL, |i| i.idle),
    ];
    Panel { title: "Instances".into(), stacked: true, series }
}

fn cold_starts(intervals: &[Interval]) -> Panel {
    let (per, name) = rate_unit(intervals, |i| i.cold);
    let series = vec![Series { name: "cold starts", color: BLUE, values: rates(intervals, per, |i| i.cold) }];
    Panel { title: format!("Cold starts per {name}"), stacked: true, series }
}

/// Unit of the time axis: its seconds, its name, and steps that suit it.
pub(super) fn time_axis(span_s: f64) -> (f64, &'static str, &'static [f64]) {
    match span_s {
        s if s > 3.0 * 86_400.0 => (86_400.0, "days", &[1.0, 2.0, 7.0, 14.0, 28.0]),
        s if s > 3.0 * 3_600.0 => (3_600.0, "h", &[1.0, 2.0, 3.0, 6.0, 12.0, 24.0]),
        s if s > 180.0 => (60.0, "min", &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
        _ => (1.0, "s", &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
    }
}

/// The outline of a step function.
fn steps(edges: &[(f64, f64)], values: &[f64], y: &Scale) -> Vec<(f64, f64)> {
    edges.iter().zip(values).flat_map(|((from, to), value)| [(*from, y.at(*value)), (*to, y.at(*value))]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn no_timeline_gives_no_plot() {
        assert!(plot(&sample::nothing_at_all()).is_none());
    }
}
