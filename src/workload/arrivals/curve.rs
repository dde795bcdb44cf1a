//! Poisson arrivals after a curve of requests over time, read from a CSV file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::piecewise::{Piece, Piecewise};
use crate::amount::Rate;
use crate::time::Span;
use crate::workload::data::DataError;
use crate::workload::trace::header::Header;
use crate::workload::trace::instant::date;
use crate::workload::trace::number::decimal;
use crate::workload::trace::rows::{Fields, Rows};
use crate::workload::trace::{TimeUnit, TraceError};
use crate::workload::validate::{self, Invalid};

/// Poisson arrivals after a curve of requests over time, as monitoring exports it: a CSV file with a row for each step of time.
///
/// Within a step the rate is constant, and as many arrivals are expected as the row says; the real number differs from replication
/// to replication. A step ends where the next row begins, so steps may differ; the last one is as long as the one before it. The first
/// row is time zero of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// The file, plain or gzip; a relative path starts at the folder of the scenario. Its first line names the columns.
    pub path: PathBuf,
    /// The column of the times at which the steps begin, in rising order: Unix seconds, or dates and times such as
    /// `2026-03-02T08:00:00Z` (without an offset: UTC). Default: `"timestamp"`.
    #[serde(default = "timestamp")]
    pub timestamp: String,
    /// The column of the numbers of requests in each step. Default: `"requests"`, if neither this nor `rps` is given and the file
    /// has such a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<String>,
    /// The column of the mean rates of each step, in requests per second, instead of `requests`. Default: `"rps"`, if the file has
    /// no column `requests`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rps: Option<String>,
    /// The rate of every step is multiplied by this: 1.2 is growth by a fifth. Default: 1.
    #[serde(default = "one")]
    pub scale: f64,
    /// Whether the curve begins again at its end; else nothing arrives after it. Default: false.
    #[serde(default)]
    pub repeat: bool,
    #[serde(skip)]
    steps: Vec<(Rate, Span)>,
}

fn timestamp() -> String {
    "timestamp".into()
}

const fn one() -> f64 {
    1.0
}

/// The column that says how much arrives.
#[derive(Clone, Copy)]
enum Load {
    Requests(usize),
    Rps(usize),
}

impl Curve {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        if self.requests.is_some() && self.rps.is_some() {
            return Err(Invalid::new("both `requests` and `rps` name a column; expected one of the two"));
        }
        validate::positive("scale", self.scale)?;
        validate::number("scale", self.scale, 0.0..=1e9)
    }

    /// Reads the file.
    pub(super) fn load(&mut self, base: &Path) -> Result<(), DataError> {
        let file = base.join(&self.path);
        let mut rows = Rows::open(&file).map_err(|error| of_trace(&file, &error))?;
        let header = Header::read(&mut rows).map_err(|error| of_trace(&file, &error))?;
        let (time, load) = self.columns(&header).map_err(|error| of_trace(&file, &error))?;
        let mut points: Vec<(i64, f64)> = Vec::new();
        while rows.advance().map_err(|error| of_trace(&file, &error))? {
            let line = Some(rows.number() as usize);
            let wrong = |problem| DataError { file: file.clone(), line, problem };
            let fields = header.fields(&mut rows).map_err(|problem| wrong(problem.to_string()))?;
            let point = self.point(&fields, time, load).map_err(wrong)?;
            match points.last() {
                Some((before, _)) if point.0 <= *before => {
                    let problem = "the time is not after that of the row before; sort the rows, with one for each step";
                    return Err(wrong(problem.into()));
                }
                _ => points.push(point),
            }
        }
        self.steps = self.steps(&points, load).map_err(|problem| DataError { file, line: None, problem })?;
        Ok(())
    }

    fn columns(&self, header: &Header) -> Result<(usize, Load), TraceError> {
        let time = header.require(&self.timestamp)?;
        let load = match (&self.requests, &self.rps) {
            (Some(name), _) => Load::Requests(header.require(name)?),
            (None, Some(name)) => Load::Rps(header.require(name)?),
            (None, None) if header.position("requests").is_none() && header.position("rps").is_some() => {
                Load::Rps(header.require("rps")?)
            }
            (None, None) => Load::Requests(header.require("requests")?),
        };
        Ok((time, load))
    }

    /// When a step begins, in nanoseconds since 1970, and how much arrives in it.
    fn point(&self, fields: &Fields<'_>, time: usize, load: Load) -> Result<(i64, f64), String> {
        let text = String::from_utf8_lossy(fields.get(time));
        let at = instant(&text)
            .map_err(|expected| format!("column \"{}\" is \"{text}\", expected {expected}", self.timestamp))?;
        let (Load::Requests(column) | Load::Rps(column)) = load;
        let text = String::from_utf8_lossy(fields.get(column));
        let amount = text.parse::<f64>().ok().filter(|amount| (0.0..=1e15).contains(amount));
        let amount = amount.ok_or_else(|| {
            let what = if matches!(load, Load::Rps(_)) { "a rate per second" } else { "a number of requests" };
            format!("\"{text}\" is not {what}; expected a number, zero or more, such as 1200")
        })?;
        Ok((at, amount))
    }

    fn steps(&self, points: &[(i64, f64)], load: Load) -> Result<Vec<(Rate, Span)>, String> {
        let lengths: Vec<Span> =
            points.windows(2).map(|pair| Span::from_nanos(pair[1].0.abs_diff(pair[0].0))).collect();
        let last =
            *lengths.last().ok_or("the curve has fewer than two rows, so that the length of a step is not known")?;
        let total: f64 = lengths.iter().map(|length| length.as_secs_f64()).sum();
        if total + last.as_secs_f64() > Span::LONGEST.as_secs_f64() {
            return Err("the curve is longer than 100 years; expected Unix times in seconds".into());
        }
        let step = |((_, amount), length): (&(i64, f64), Span)| {
            let amount = amount * self.scale;
            let rate = if matches!(load, Load::Rps(_)) { amount } else { amount / length.as_secs_f64() };
            let rate = Rate::per_second(rate).filter(|rate| rate.as_per_second() <= 1e9);
            Ok((rate.ok_or("a step has more than 1000000000 requests per second")?, length))
        };
        let steps = points.iter().zip(lengths.iter().copied().chain([last])).map(step);
        let steps = steps.collect::<Result<Vec<_>, String>>()?;
        if steps.iter().all(|(rate, _)| rate.as_per_second() == 0.0) {
            return Err("the curve is zero everywhere; expected a step with requests".into());
        }
        let changes = Self { steps: steps.clone(), ..self.clone() }.mean() * total / steps.len() as f64;
        validate::arrivals_per_change(changes).map_err(|invalid| invalid.to_string())?;
        Ok(steps)
    }

    /// Per second, over the curve.
    fn mean(&self) -> f64 {
        let sum = |figure: fn(&(Rate, Span)) -> f64| self.steps.iter().map(figure).sum::<f64>();
        sum(|(rate, length)| rate.as_per_second() * length.as_secs_f64()) / sum(|(_, length)| length.as_secs_f64())
    }

    pub(super) fn model(self) -> Piecewise {
        let mean_rate = if self.repeat { self.mean() } else { 0.0 };
        let pieces = self.steps.iter().map(|(rate, length)| Piece::flat(*rate, *length)).collect();
        Piecewise { pieces, repeat: self.repeat, mean_rate }
    }
}

/// A time in nanoseconds since 1970, or what was expected.
fn instant(text: &str) -> Result<i64, &'static str> {
    if let Some(seconds) = decimal(text.as_bytes()) {
        // In the year 5138: milliseconds of our century are above.
        let in_seconds = seconds.abs() < rust_decimal::dec!(100_000_000_000);
        let at = in_seconds.then(|| TimeUnit::S.instant(text.as_bytes())).flatten();
        return at.ok_or("Unix time in seconds (divide milliseconds by 1000)");
    }
    date(text.as_bytes()).ok_or("a date and time such as 2026-03-02T08:00:00Z, or Unix time in seconds")
}

fn of_trace(file: &Path, error: &TraceError) -> DataError {
    let line = error.place().and_then(|(_, line)| line).map(|line| line as usize);
    let advice = if line.is_none() { format!("; {}", error.advice()) } else { String::new() };
    DataError { file: file.into(), line, problem: format!("{}{advice}", error.what()) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, read, until};
    use super::super::{ArrivalModel, Arrivals};
    use super::*;

    fn loaded(keys: &str, csv: &str) -> Result<Box<dyn ArrivalModel>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rps.csv"), csv).unwrap();
        let mut arrivals = read(&format!("curve = {{ path = \"rps.csv\"{keys} }}"))?;
        arrivals.resolve(folder.path()).map_err(|error| error.to_string())?;
        Ok(arrivals.model())
    }

    /// Steps of 50 ms, 50 ms, 100 ms (written as fractions of Unix seconds), the last as long as the one before.
    #[test]
    fn every_step_has_its_requests() {
        let csv = "timestamp,requests\n100,2\n100.05,100\n100.1,0\n100.2,20\n";
        let model = loaded(", repeat = true", csv).unwrap();
        let found = counts(&*model, 1, Span::from_millis(50), 6 * 2000);
        for (step, expected) in [2.0, 100.0, 0.0, 0.0, 10.0, 10.0].into_iter().enumerate() {
            let mean = found.iter().skip(step).step_by(6).sum::<f64>() / 2000.0;
            assert!((mean - expected).abs() <= 4.0 * (expected / 2000f64).sqrt(), "step {step}: {mean} for {expected}");
        }
        assert!((model.mean_rate().unwrap() - 122.0 / 0.3).abs() < 1e-9);
    }

    #[test]
    fn rates_times_and_columns_are_read_in_every_form() {
        let mean = |keys: &str, csv: &str| loaded(&format!(", repeat = true{keys}"), csv).unwrap().mean_rate().unwrap();
        let iso = "region;x,timestamp,rps\na,2026-03-02T00:00:00Z,3\na,2026-03-02T01:00:30+01:00,5\n";
        assert_eq!(mean("", &iso.replace("region;x", "region")), 4.0);
        let local = "\u{feff}when,n\r\n2026-02-28 23:59:00,60\r\n2026-03-01 00:00:00,180\r\n";
        assert_eq!(mean(", timestamp = \"when\", requests = \"n\", scale = 0.5", local), 1.0);
        assert_eq!(mean("", "rps,timestamp\n7,0\n7,1e3\n"), 7.0);
    }

    #[test]
    fn nothing_arrives_after_a_curve_that_does_not_repeat() {
        let model = loaded("", "timestamp,requests\n0,100\n1,100\n").unwrap();
        let times = until(&*model, 1, Span::from_secs(100));
        assert!((140..260).contains(&times.len()) && times.iter().all(|at| at.as_secs_f64() <= 2.0));
        assert_eq!(model.mean_rate(), Some(0.0));
    }

    #[test]
    fn a_curve_that_was_loaded_is_written_as_it_was_read() {
        let arrivals = read("curve = { path = \"rps.csv\", rps = \"rate\" }").unwrap();
        let Arrivals::Curve(curve) = &arrivals else { panic!("{arrivals:?}") };
        assert_eq!((curve.timestamp.as_str(), curve.scale, curve.repeat), ("timestamp", 1.0, false));
        assert!(!toml::to_string(&arrivals).unwrap().contains("steps"));
    }
}
