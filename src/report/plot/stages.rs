//! Where the response time goes, stage by stage.

use plotters::style::RGBColor;

use super::axis::{self, Scale};
use super::bars::{self, Bar, PITCH};
use super::palette::{BLUE, FADED, GREEN, NEUTRAL, ORANGE, PURPLE, SKY, VERMILION, YELLOW};
use super::scene::{Label, Scene};
use crate::experiment::Outcome;
use crate::metrics::Stages;
use crate::report::figures::Figures;
use crate::report::human;
use crate::report::rows::STAGES;

const LEFT: f64 = 120.0;
const RIGHT: f64 = Scene::WIDTH - 110.0;
const HEADING: f64 = 30.0;
const GAP: f64 = 14.0;
/// Colours of the stages of a cold start.
const COLORS: [RGBColor; 5] = [NEUTRAL, SKY, PURPLE, BLUE, GREEN];

/// A stage with its mean in milliseconds.
type Stage = (&'static str, f64, RGBColor);

/// The mean response time of cold and of warm invocations, each as a staircase of its stages; `None` if nothing completed.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let figures = Figures::new(outcome);
    let (cold, warm) = (cold(&figures), warm(&figures));
    let groups: Vec<_> = [("Cold invocations", cold), ("Warm and delayed invocations", warm)]
        .into_iter()
        .filter(|(_, stages)| !stages.is_empty())
        .collect();
    let longest = groups.iter().map(|(_, stages)| total(stages)).reduce(f64::max)?;
    let rows: usize = groups.iter().map(|(_, stages)| stages.len()).sum();
    let bottom = Scene::TOP + rows as f64 * PITCH + groups.len() as f64 * (HEADING + GAP);
    let mut scene = Scene::new("latency_by_stage", "Mean response time by stage", bottom + 52.0);
    let (divisor, unit) = human::time_unit(longest);
    let x = Scale::linear((0.0, longest / divisor), (LEFT, RIGHT));
    let ticks = x.ticks(5, &[], unit);
    axis::base_line(&mut scene, LEFT, RIGHT, bottom);
    axis::name_below(&mut scene, &format!("Mean time since the arrival ({})", unit.trim()), LEFT, RIGHT, bottom);
    let split = if exact(&figures) { "" } else { ", split as in all instances started" };
    let mut top = Scene::TOP;
    for (name, stages) in &groups {
        let text =
            format!("{name}: {} on average{}", written(total(stages)), if stages.len() > 2 { split } else { "" });
        scene.label(Label { text, x: Scene::MARGIN, y: top + HEADING / 2.0, bold: true, ..Label::default() });
        let end = top + HEADING + stages.len() as f64 * PITCH;
        axis::vertical_grid(&mut scene, &ticks, top + HEADING, end, false);
        bars::draw(&mut scene, &staircase(stages, divisor), &x, LEFT, top + HEADING);
        top = end + GAP;
    }
    axis::vertical_grid(&mut scene, &ticks, bottom - 4.0, bottom, true);
    scene.description = groups.iter().map(|(name, stages)| describe(name, stages)).collect::<Vec<_>>().join(" ");
    Some(scene)
}

/// Stages of a cold invocation. What is known of the stages is their mean over the instances started; it is scaled to
/// the mean time that cold invocations waited, which differs if instances are also started in advance.
fn cold(figures: &Figures) -> Vec<Stage> {
    let (responses, _) = figures.responses();
    if responses.count() == 0 {
        return Vec::new();
    }
    let waited = figures.ratio(|s| s.latency_ms.cold_start.mean, |s| s.invocations.cold).mean;
    let stage = |i: usize| figures.ratio(|s| STAGES[i].1(&s.stages_ms), |s| s.instances.started).mean;
    let starts: [Stage; 5] = std::array::from_fn(|i| (STAGES[i].0, stage(i), COLORS[i]));
    let known = total(&starts);
    let queued = figures.cold_queueing_ms();
    let mut stages = waits(figures, queued, false);
    match known > 0.0 {
        true => stages.extend(starts.map(|(name, mean, color)| (name, mean * waited / known, color))),
        false => stages.push(("cold start", waited, BLUE)),
    }
    stages.push(("execution", (responses.mean().as_millis_f64() - waited - queued).max(0.0), ORANGE));
    stages
}

/// Whether the stages of the instances started take as long as cold invocations wait, to one per cent.
fn exact(figures: &Figures) -> bool {
    let waited = figures.ratio(|s| s.latency_ms.cold_start.mean, |s| s.invocations.cold).mean;
    let known: f64 =
        STAGES.iter().map(|(_, stage)| figures.ratio(|s| stage(&s.stages_ms), |s| s.instances.started).mean).sum();
    (known - waited).abs() <= 0.01 * waited
}

/// What an invocation waits before it has an instance: for the platform's decisions, which take as long for all, and for others.
fn waits(figures: &Figures, queueing: f64, always: bool) -> Vec<Stage> {
    let mean = |decision: fn(&Stages) -> f64| figures.ratio(|s| decision(&s.stages_ms), |s| s.invocations.arrived).mean;
    let scheduling = mean(|stages| stages.scheduling).min(queueing);
    let balancing = mean(|stages| stages.balancing).min(queueing - scheduling);
    let decisions = [("scheduling", scheduling, YELLOW), ("balancing", balancing, FADED)];
    let mut stages: Vec<Stage> = decisions.into_iter().filter(|(_, mean, _)| *mean > 0.0).collect();
    let rest = queueing - total(&stages);
    if always || rest > 0.0 {
        stages.push(("queueing", rest.max(0.0), VERMILION));
    }
    stages
}

/// Stages of a warm or delayed invocation: the queueing of all, less that of cold ones.
fn warm(figures: &Figures) -> Vec<Stage> {
    let (_, responses) = figures.responses();
    if responses.count() == 0 {
        return Vec::new();
    }
    let mean = responses.mean().as_millis_f64();
    let (cold, _) = figures.responses();
    let completed = (cold.count() + responses.count()) as f64;
    let all = figures.ratio(|s| s.latency_ms.queueing.mean, |s| s.invocations.completed).mean * completed;
    let of_cold = figures.cold_queueing_ms() * cold.count() as f64;
    let queueing = ((all - of_cold) / responses.count() as f64).clamp(0.0, mean);
    let mut stages = waits(figures, queueing, true);
    stages.push(("execution", mean - queueing, ORANGE));
    stages
}

/// Each bar begins where the one above ends.
fn staircase(stages: &[Stage], divisor: f64) -> Vec<Bar> {
    let mut from = 0.0;
    let bar = |(name, mean, color): &Stage| {
        let start = from;
        from += mean / divisor;
        Bar { name: (*name).into(), from: start, to: from, figure: written(*mean), color: *color }
    };
    stages.iter().map(bar).collect()
}

fn total(stages: &[Stage]) -> f64 {
    stages.iter().map(|(_, mean, _)| mean).sum()
}

fn written(millis: f64) -> String {
    human::duration(millis).value(millis)
}

fn describe(name: &str, stages: &[Stage]) -> String {
    let parts: Vec<String> = stages.iter().map(|(stage, mean, _)| format!("{stage} {}", written(*mean))).collect();
    format!("{name}: {} on average, of which {}.", written(total(stages)), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_stages_add_up_to_the_mean_response_time() {
        for outcome in [sample::typical(), sample::slow_and_long(), sample::fast_and_warm()] {
            let figures = Figures::new(&outcome);
            let (cold_responses, warm_responses) = figures.responses();
            for (stages, responses) in [(cold(&figures), cold_responses), (warm(&figures), warm_responses)] {
                let mean = responses.mean().as_millis_f64();
                assert!((total(&stages) - mean).abs() <= 1e-9 * mean, "{}: {mean} {stages:?}", outcome.name);
                assert!(stages.iter().all(|(_, time, _)| *time >= 0.0), "{stages:?}");
            }
        }
    }

    #[test]
    fn queueing_is_shared_out_among_those_who_are_not_cold() {
        let outcome = sample::typical();
        let figures = Figures::new(&outcome);
        let queued: f64 = outcome
            .runs
            .iter()
            .map(|run| run.summary.latency_ms.queueing.mean * run.summary.invocations.completed as f64)
            .sum();
        let (_, warm_responses) = figures.responses();
        assert!((warm(&figures)[0].1 * warm_responses.count() as f64 / queued - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_platform_without_stages_has_one_cold_start() {
        let mut outcome = sample::typical();
        outcome.runs.iter_mut().for_each(|run| run.summary.stages_ms = Default::default());
        assert_eq!(cold(&Figures::new(&outcome))[0].0, "cold start");
        assert!(plot(&sample::nothing_completed()).is_none());
    }
}
