//! What a comparison allows to say of a cell, in words.

use crate::experiment::{Compared, Comparison, Contrast, Difference, Estimate, Verdict};
use crate::report::human::{self, Shown};

/// The verdict on a cell, such as `cheaper by 12 % [9, 15]; response p99 not distinguishable`. The numbers in brackets are the ends of the
/// confidence interval.
pub fn words(comparison: &Comparison, cell: usize) -> String {
    if cell == comparison.baseline {
        return "the baseline".to_owned();
    }
    let contrasts: Vec<(&Compared, &Contrast)> =
        comparison.figures.iter().filter_map(|compared| Some((compared, compared.cells.get(cell)?))).collect();
    let mut parts: Vec<String> =
        contrasts.iter().filter_map(|(compared, contrast)| different(compared, contrast)).collect();
    let in_common = [
        ("the same", is_same as fn(&Contrast) -> bool),
        ("not distinguishable", |contrast| contrast.verdict == Verdict::NotDistinguishable && !is_same(contrast)),
        ("not known, for want of replications", |contrast| contrast.verdict == Verdict::Unknown),
    ];
    for (what, holds) in in_common {
        let holding = contrasts.iter().filter(|(_, contrast)| holds(contrast));
        let labels: Vec<&str> = holding.map(|(compared, _)| compared.figure.label.as_str()).collect();
        if !labels.is_empty() {
            parts.push(format!("{} {what}", labels.join(", ")));
        }
    }
    if parts.is_empty() { "nothing to compare".to_owned() } else { parts.join("; ") }
}

/// Whether every replication of a cell has the figure of the baseline.
pub fn is_same(contrast: &Contrast) -> bool {
    let none = |absolute: Estimate| absolute.mean == 0.0 && absolute.half_width() == 0.0 && absolute.n > 1;
    contrast.difference.as_ref().is_some_and(|difference| none(difference.absolute))
}

/// A difference that is distinguishable, such as `response p99 shorter by 12 % [9, 15]`.
fn different(compared: &Compared, contrast: &Contrast) -> Option<String> {
    let distinguishable = [Verdict::Better, Verdict::Worse, Verdict::Less, Verdict::More].contains(&contrast.verdict);
    let difference = contrast.difference.as_ref().filter(|_| distinguishable)?;
    let less = difference.absolute.mean < 0.0;
    let (label, path) = (&compared.figure.label, compared.figure.path.as_str());
    let how = match (path, less) {
        ("cost.per_month" | "cost.total", true) => "cheaper".to_owned(),
        ("cost.per_month" | "cost.total", false) => "dearer".to_owned(),
        (_, true) if path.starts_with("latency_ms.") => format!("{label} shorter"),
        (_, false) if path.starts_with("latency_ms.") => format!("{label} longer"),
        (_, true) => format!("{label} lower"),
        (_, false) => format!("{label} higher"),
    };
    Some(format!("{how} by {}", amount(compared, difference, less)))
}

/// How large a difference is: in per cent, or in the unit of the figure if the baseline is zero.
fn amount(compared: &Compared, difference: &Difference, less: bool) -> String {
    let sized = |estimate: Estimate| match less {
        true => Estimate { mean: -estimate.mean, ci_low: -estimate.ci_high, ci_high: -estimate.ci_low, n: estimate.n },
        false => estimate,
    };
    match difference.relative {
        Some(relative) => percent(sized(relative)),
        None => {
            let absolute = sized(difference.absolute);
            let shown = shown(compared, absolute.mean);
            let ends = [absolute.ci_low, absolute.ci_high].map(|end| shown.value(end));
            let brackets =
                if absolute.half_width() > 0.0 { format!(" [{}, {}]", ends[0], ends[1]) } else { String::new() };
            format!("{}{brackets}", shown.value(absolute.mean))
        }
    }
}

/// `12 % [9, 15]` of a share, with as many decimals as the interval makes sense of. Without an interval `12.3 %`.
pub fn percent(share: Estimate) -> String {
    let [mean, low, high] = [share.mean, share.ci_low, share.ci_high].map(|share| share * 100.0);
    let half = high - mean;
    if half <= 0.0 {
        return format!("{mean:.1} %");
    }
    let decimals = libm::ceil(-libm::log10(half)).clamp(0.0, 3.0) as usize;
    let written = |number: f64| {
        let text = format!("{number:.decimals$}");
        if text.trim_start_matches(['-', '0', '.']).is_empty() { text.trim_start_matches('-').to_owned() } else { text }
    };
    format!("{} % [{}, {}]", written(mean), written(low), written(high))
}

/// How a figure is written.
pub fn shown(compared: &Compared, value: f64) -> Shown {
    match compared.figure.unit {
        "currency" => human::money(value, &compared.unit),
        "ms" => human::duration(value),
        "0 to 1" => human::percent(value),
        "1/s" => human::quantity(value, "/s"),
        "GB-s" => human::quantity(value, "GB-s"),
        _ => human::average(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Pairing, Standing};
    use crate::metrics::Figure;

    fn share(mean: f64, half: f64) -> Estimate {
        Estimate { mean, ci_low: mean - half, ci_high: mean + half, n: 10 }
    }

    fn compared(path: &str, verdict: Verdict, absolute: Estimate, relative: Option<Estimate>) -> Compared {
        let figure = Figure::find(path).unwrap();
        let unit = if figure.unit == "currency" { "USD" } else { figure.unit }.to_owned();
        let estimate = Some(share(1.0, 0.1));
        let baseline = Contrast { estimate, difference: None, verdict: Verdict::Baseline, standing: Standing::Unknown };
        let difference = Some(Difference { absolute, relative, p: None, p_adjusted: None });
        let cells = vec![baseline.clone(), Contrast { difference, verdict, ..baseline }];
        Compared { figure, unit, cells, best: None }
    }

    #[test]
    fn verdicts_in_words() {
        let figures = vec![
            compared("cost.per_month", Verdict::Better, share(-1.2, 0.3), Some(share(-0.12, 0.03))),
            compared("latency_ms.response.p50", Verdict::NotDistinguishable, share(0.1, 1.0), Some(share(0.01, 0.1))),
            compared("latency_ms.response.p95", Verdict::Worse, share(25.0, 5.0), Some(share(0.05, 0.01))),
            compared("latency_ms.response.p99", Verdict::NotDistinguishable, share(0.2, 1.0), Some(share(0.02, 0.1))),
            compared("invocations.failed", Verdict::Worse, share(4.0, 1.0), None),
            compared("throughput_per_s", Verdict::NotDistinguishable, share(0.0, 0.0), Some(share(0.0, 0.0))),
            compared("instances.mean", Verdict::Unknown, Estimate { n: 1, ..share(1.0, 0.0) }, None),
        ];
        let cells = vec!["a".into(), "b".into()];
        let comparison =
            Comparison { name: "n".into(), cells, baseline: 0, level: 0.95, pairing: Pairing::Paired, figures };
        assert_eq!(words(&comparison, 0), "the baseline");
        assert_eq!(
            words(&comparison, 1),
            "cheaper by 12 % [9, 15]; response p95 longer by 5 % [4, 6]; invocations failed higher by 4.000 [3.000, 5.000]; \
             throughput the same; response p50, response p99 not distinguishable; instances mean not known, for want of replications"
        );
        let nothing = Comparison { figures: Vec::new(), ..comparison };
        assert_eq!(words(&nothing, 1), "nothing to compare");
    }

    #[test]
    fn a_share_has_the_decimals_that_its_interval_makes_sense_of() {
        for (estimate, text) in [
            (share(0.12, 0.03), "12 % [9, 15]"),
            (share(0.1234, 0.003), "12.3 % [12.0, 12.6]"),
            (share(1.5, 0.4), "150 % [110, 190]"),
            (share(0.001, 0.03), "0 % [-3, 3]"),
            (share(0.12345, 0.0), "12.3 %"),
        ] {
            assert_eq!(percent(estimate), text);
        }
    }
}
