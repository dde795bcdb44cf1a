//! A figure that somebody else has worked out or measured, beside the simulated one.

use coldcast::experiment::Estimate;

/// How many standard errors a simulated mean may be off: with 20 replications, one claim in 1,300 would fail by chance.
const STANDARD_ERRORS: f64 = 4.0;

/// What a figure must be, and who says so.
pub struct Claim {
    pub what: String,
    pub source: &'static str,
    pub expected: f64,
}

/// A claim with its verdict: a line of docs/validation.md.
#[derive(Debug)]
pub struct Line {
    pub what: String,
    pub source: &'static str,
    pub expected: String,
    pub simulated: String,
    pub tolerance: String,
    /// Whether it holds; `None` if the line is only shown.
    pub holds: Option<bool>,
}

/// A claim about a figure.
pub fn claim(what: impl Into<String>, source: &'static str, expected: f64) -> Claim {
    Claim { what: what.into(), source, expected }
}

impl Claim {
    /// The mean over replications is within 4 of its own standard errors, which are at most the share `sharp` of what is
    /// expected: otherwise the claim could hardly fail.
    pub fn exactly(self, figures: &[f64], sharp: f64) -> Line {
        let off = (Estimate::of(figures).mean - self.expected).abs();
        let error = standard_error(figures);
        let sharp_enough = error <= sharp * self.expected;
        let tolerance = format!("4 standard errors ({:.1} %)", 400.0 * error / self.expected);
        self.line(figures, tolerance, Some(off <= STANDARD_ERRORS * error && sharp_enough))
    }

    /// The mean over replications is off by at most the share `tolerance`, and its standard error by at most half of that.
    pub fn about(self, figures: &[f64], tolerance: f64) -> Line {
        let off = (Estimate::of(figures).mean - self.expected).abs();
        let sharp_enough = figures.len() == 1 || standard_error(figures) <= tolerance / 2.0 * self.expected;
        let holds = off <= tolerance * self.expected && sharp_enough;
        self.line(figures, format!("{} %", 100.0 * tolerance), Some(holds))
    }

    /// The mean over replications is off by more than the share `distance`: the wrong model must be told from the right one.
    pub fn far_from(self, figures: &[f64], distance: f64) -> Line {
        let off = (Estimate::of(figures).mean - self.expected).abs();
        let holds = off > distance * self.expected;
        self.line(figures, format!("must be off by more than {} %", 100.0 * distance), Some(holds))
    }

    /// Shown beside what is expected, without a verdict of its own: other lines sum it up.
    pub fn beside(self, figures: &[f64]) -> Line {
        self.line(figures, "shown only".into(), None)
    }

    fn line(self, figures: &[f64], tolerance: String, holds: Option<bool>) -> Line {
        let estimate = Estimate::of(figures);
        let simulated = match estimate.n {
            1 => round(estimate.mean),
            _ => format!("{} ± {}", round(estimate.mean), digits(estimate.half_width(), 2)),
        };
        Line { what: self.what, source: self.source, expected: round(self.expected), simulated, tolerance, holds }
    }
}

/// A figure that must not be above a limit.
pub fn within(what: impl Into<String>, source: &'static str, limit: f64, simulated: f64) -> Line {
    let (expected, simulated_as) = (format!("at most {}", round(limit)), round(simulated));
    let tolerance = "none beyond the limit".into();
    Line { what: what.into(), source, expected, simulated: simulated_as, tolerance, holds: Some(simulated <= limit) }
}

/// A figure for each row of a timeline: the mean over replications is within 5 of its standard errors in every row (with 100
/// replications and 1,000 rows, one claim in 400 would fail by chance), and these are at most 3 % of the largest one expected.
pub fn claim_rows(what: &str, source: &'static str, expected: &[f64], simulated: &[Vec<f64>]) -> Line {
    let largest = expected.iter().copied().fold(0.0, f64::max);
    let rows = || expected.iter().zip(simulated);
    let error = rows().map(|(_, figures)| standard_error(figures)).fold(0.0, f64::max);
    let off = |(expected, figures): (&f64, &Vec<f64>)| {
        (Estimate::of(figures).mean - expected).abs() / standard_error(figures).max(1e-9)
    };
    let worst = rows().map(off).fold(0.0, f64::max);
    Line {
        what: format!("{what}: each of {} rows", expected.len()),
        source,
        expected: format!("up to {}", round(largest)),
        simulated: format!("off by {worst:.1} standard errors in the worst row"),
        tolerance: format!("5 standard errors (each up to {:.1} %)", 100.0 * error / largest),
        holds: Some(worst <= 5.0 && error <= 0.03 * largest && !expected.is_empty()),
    }
}

/// Fails, naming every line that does not hold.
pub fn check(lines: &[Line]) {
    let wrong: Vec<_> = lines.iter().filter(|line| line.holds == Some(false)).collect();
    assert!(!lines.is_empty() && wrong.is_empty(), "{wrong:#?}");
}

/// Standard error of a mean over independent replications.
pub fn standard_error(figures: &[f64]) -> f64 {
    let n = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / n;
    let squares: f64 = figures.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// Four significant digits, or the whole number.
fn round(figure: f64) -> String {
    if figure.fract() == 0.0 { format!("{figure}") } else { digits(figure, 4) }
}

/// So many significant digits.
fn digits(figure: f64, count: u32) -> String {
    let after_point = (f64::from(count) - 1.0 - figure.abs().max(1e-12).log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{figure:.after_point$}")
}
