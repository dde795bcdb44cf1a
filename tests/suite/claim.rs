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
    pub holds: bool,
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
        self.line(figures, tolerance, off <= STANDARD_ERRORS * error && sharp_enough)
    }

    /// The mean over replications is off by at most the share `tolerance`, and its standard error by at most half of that.
    pub fn about(self, figures: &[f64], tolerance: f64) -> Line {
        let off = (Estimate::of(figures).mean - self.expected).abs();
        let sharp_enough = figures.len() == 1 || standard_error(figures) <= tolerance / 2.0 * self.expected;
        let holds = off <= tolerance * self.expected && sharp_enough;
        self.line(figures, format!("{} %", 100.0 * tolerance), holds)
    }

    fn line(self, figures: &[f64], tolerance: String, holds: bool) -> Line {
        let estimate = Estimate::of(figures);
        let simulated = match estimate.n {
            1 => round(estimate.mean),
            _ => format!("{} ± {}", round(estimate.mean), round(estimate.half_width())),
        };
        Line { what: self.what, source: self.source, expected: round(self.expected), simulated, tolerance, holds }
    }
}

/// Fails, naming every line that does not hold.
pub fn check(lines: &[Line]) {
    let wrong: Vec<_> = lines.iter().filter(|line| !line.holds).collect();
    assert!(!lines.is_empty() && wrong.is_empty(), "{wrong:#?}");
}

/// Standard error of a mean over independent replications.
pub fn standard_error(figures: &[f64]) -> f64 {
    let n = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / n;
    let squares: f64 = figures.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// Four significant digits.
fn round(figure: f64) -> String {
    if figure == 0.0 {
        return "0".into();
    }
    let digits = (3.0 - figure.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{figure:.digits$}")
}
