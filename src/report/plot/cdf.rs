//! How response times are distributed, cold and warm apart.

use plotters::style::RGBColor;

use super::axis::{self, Scale};
use super::palette::{BLUE, FADED, NEUTRAL, ORANGE};
use super::scene::{Anchor, Label, Scene};
use crate::experiment::Outcome;
use crate::metrics::Histogram;
use crate::report::figures::Figures;
use crate::report::human;

const HEIGHT: f64 = 480.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = Scene::WIDTH - Scene::MARGIN;
const TABLE: f64 = Scene::TOP + 4.0;
const TOP: f64 = 186.0;
const BOTTOM: f64 = HEIGHT - 56.0;
/// Nearer points are not told apart, in pixels.
const FINEST: f64 = 0.3;
/// Places along the axis that tell their values.
const HINTS: u32 = 64;

/// The distribution function of the response time over all replications; `None` if nothing completed.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let (cold, warm) = Figures::new(outcome).responses();
    let mut all = cold.clone();
    all.merge(&warm);
    let x = Scale::log(range(&all)?, (LEFT, RIGHT));
    let y = Scale::linear((0.0, 1.0), (BOTTOM, TOP));
    let mut scene = Scene::new("response_time_cdf", "Response time", HEIGHT);
    axis::horizontal_grid(&mut scene, &Scale::linear((0.0, 100.0), (BOTTOM, TOP)).ticks(5, &[], " %"), LEFT, RIGHT);
    axis::vertical_grid(&mut scene, &x.log_ticks(written), TOP, BOTTOM, true);
    axis::base_line(&mut scene, LEFT, RIGHT, BOTTOM);
    axis::name_below(&mut scene, "Response time (logarithmic)", LEFT, RIGHT, BOTTOM);
    let name = "Invocations that took at most as long".into();
    scene.label(Label { text: name, x: Scene::MARGIN, y: TOP - 22.0, ..axis::small() });
    let curves = [("all", &all, NEUTRAL), ("warm and delayed", &warm, ORANGE), ("cold", &cold, BLUE)];
    header(&mut scene);
    for (row, (name, histogram, color)) in curves.into_iter().enumerate() {
        legend_row(&mut scene, row, name, histogram, color);
        // The curve of all is a broad band under the others, which may lie upon it.
        let width = if row == 0 { 6.0 } else { 2.0 };
        let points = steps(histogram, &x, &y, RIGHT);
        if !points.is_empty() {
            scene.line(points, color, width);
        }
    }
    hints(&mut scene, &curves, &x);
    scene.description = describe(&curves);
    Some(scene)
}

/// The distribution function up to the pixel `right`: a step at each time that occurs; empty if there is none.
pub fn steps(histogram: &Histogram, x: &Scale, y: &Scale, right: f64) -> Vec<(f64, f64)> {
    let count = histogram.count() as f64;
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut height = y.at(0.0);
    for (time, below) in histogram.cumulative() {
        let (at, next) = (x.at(time.as_nanos() as f64), y.at(below as f64 / count));
        let near = points.last().is_some_and(|last| at - last.0 < FINEST && height - next < FINEST);
        if !near {
            points.extend([(at, height), (at, next)]);
            height = next;
        }
    }
    if count > 0.0 {
        points.extend([(points.last().map_or(x.at(0.0), |last| last.0), y.at(1.0)), (right, y.at(1.0))]);
    }
    points
}

/// The range of the times of `all` on a logarithmic axis, in nanoseconds; `None` if there is none.
pub fn range(all: &Histogram) -> Option<(f64, f64)> {
    let shortest = all.cumulative().map(|(time, _)| time.as_nanos()).find(|nanos| *nanos > 0);
    (all.count() > 0).then(|| (shortest.unwrap_or(1) as f64, all.max().as_nanos().max(1) as f64))
}

/// At places side by side, how many took at most as long.
fn hints(scene: &mut Scene, curves: &[(&str, &Histogram, RGBColor)], x: &Scale) {
    let width = (RIGHT - LEFT) / f64::from(HINTS);
    for i in 0..HINTS {
        let left = LEFT + f64::from(i) * width;
        let nanos = x.value(left + width / 2.0);
        let share = |(name, histogram, _): &(&str, &Histogram, RGBColor)| {
            let below = histogram.cumulative().take_while(|(time, _)| time.as_nanos() as f64 <= nanos).last();
            format!("{name} {}", human::percent_of(below.map_or(0, |below| below.1) as f64, histogram.count() as f64))
        };
        let shares: Vec<String> = curves.iter().map(share).collect();
        let text = format!("at most {}: {}", human::duration(nanos / 1e6).value(nanos / 1e6), shares.join(", "));
        scene.hint((left, TOP), (width, BOTTOM - TOP), text);
    }
}

/// Right edges of the columns of the legend: invocations, then quantiles.
const COLUMNS: [(&str, f64); 5] =
    [("invocations", 320.0), ("p50", 424.0), ("p90", 528.0), ("p99", 632.0), ("longest", RIGHT)];

fn header(scene: &mut Scene) {
    for (text, x) in COLUMNS {
        scene.label(Label { text: text.into(), x, y: TABLE, anchor: Anchor::End, ..axis::small() });
    }
}

fn legend_row(scene: &mut Scene, row: usize, name: &str, histogram: &Histogram, color: RGBColor) {
    let y = TABLE + 22.0 * (row + 1) as f64;
    scene.rectangle((Scene::MARGIN, y - 2.0), (20.0, 4.0), color);
    scene.label(Label { text: name.into(), x: Scene::MARGIN + 28.0, y, ..Label::default() });
    for ((_, x), text) in COLUMNS.iter().zip(cells(histogram)) {
        scene.label(Label { text, x: *x, y, anchor: Anchor::End, color: FADED, ..Label::default() });
    }
}

fn cells(histogram: &Histogram) -> [String; 5] {
    let count = histogram.count() as f64;
    let [p50, p90, p99] = histogram.quantiles([0.5, 0.9, 0.99]);
    let time = |millis: f64| if count > 0.0 { human::duration(millis).value(millis) } else { "-".into() };
    let [p50, p90, p99, max] = [p50, p90, p99, histogram.max()].map(|span| time(span.as_millis_f64()));
    [human::count(count).value(count), p50, p90, p99, max]
}

fn describe(curves: &[(&str, &Histogram, RGBColor)]) -> String {
    let sentence = |(name, histogram, _): &(&str, &Histogram, RGBColor)| {
        let [count, p50, _, p99, max] = cells(histogram);
        format!("{name}: {count} invocations, median {p50}, 99th percentile {p99}, longest {max}")
    };
    let sentences: Vec<String> = curves.iter().map(sentence).collect();
    format!("Cumulative distribution of the response time. {}.", sentences.join("; "))
}

/// A round number of nanoseconds in words.
pub fn written(nanos: f64) -> String {
    let (divisor, unit) = match nanos {
        x if x < 999.0 => (1.0, "ns"),
        x if x < 999e3 => (1e3, "µs"),
        x if x < 999e6 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    let value = nanos / divisor;
    format!("{} {unit}", human::count(value.round()).value(value.round()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::time::Span;

    #[test]
    fn a_curve_rises_to_one() {
        let mut histogram = Histogram::default();
        [10, 20, 30, 40].iter().for_each(|millis| histogram.record(Span::from_millis(*millis)));
        let (x, y) = (Scale::log((1e7, 4e7), (LEFT, RIGHT)), Scale::linear((0.0, 1.0), (BOTTOM, TOP)));
        let points = steps(&histogram, &x, &y, RIGHT);
        assert!(points.is_sorted_by(|a, b| a.0 <= b.0 && a.1 >= b.1), "{points:?}");
        assert_eq!((points[0].1, points[1].1), (BOTTOM, y.at(0.25)));
        assert_eq!(points.last(), Some(&(RIGHT, TOP)));
    }

    #[test]
    fn nothing_completed_gives_no_plot_and_no_cold_start_is_said() {
        assert!(plot(&sample::nothing_completed()).is_none());
        assert!(plot(&sample::fast_and_warm()).unwrap().description.contains("cold: 0 invocations, median -"));
    }

    #[test]
    fn times_on_the_axis_are_round() {
        let texts = [100.0, 1e3, 5e5, 1e6, 2e9, 1e13].map(written);
        assert_eq!(texts, ["100 ns", "1 µs", "500 µs", "1 ms", "2 s", "10,000 s"]);
    }
}
