//! Ranges of axes, and the numbers that stand for values of a sweep.

use crate::amount::{Memory, Rate};
use crate::experiment::Estimate;
use crate::time::Span;

/// The range of figures with their intervals, with some room at both ends; never below zero if no figure is.
pub fn padded<'a>(estimates: impl Iterator<Item = &'a Estimate> + Clone) -> (f64, f64) {
    let least = estimates.clone().map(|estimate| estimate.ci_low).fold(f64::INFINITY, f64::min);
    let most = estimates.clone().map(|estimate| estimate.ci_high).fold(f64::NEG_INFINITY, f64::max);
    let lowest = estimates.map(|estimate| estimate.mean).fold(f64::INFINITY, f64::min);
    let room = match most - least {
        width if width > most.abs() * 1e-9 => width * 0.08,
        _ if most == 0.0 => 0.5,
        _ => most.abs() * 0.1,
    };
    let from = if lowest >= 0.0 { (least - room).max(0.0) } else { least - room };
    (from, most + room)
}

/// Whether figures between these are better shown on a logarithmic scale.
pub fn wide(least: f64, most: f64) -> bool {
    least > 0.0 && most / least >= 20.0
}

/// The values of an axis as numbers, if all are numbers or quantities of one kind, and no two are equal.
pub fn numbers(values: &[String]) -> Option<Vec<f64>> {
    let kinds: [fn(&str) -> Option<f64>; 5] = [
        |text| text.parse().ok().filter(|number: &f64| number.is_finite()),
        |text| text.parse().ok().map(Span::as_secs_f64),
        |text| text.parse().ok().map(Memory::as_mib_f64),
        |text| text.parse().ok().map(|rate: Rate| rate.as_per_second()),
        |text| text.strip_suffix('%').and_then(|number| number.trim().parse().ok()),
    ];
    let numbers = kinds.iter().find_map(|kind| values.iter().map(|text| kind(text)).collect::<Option<Vec<f64>>>())?;
    let differ = numbers.iter().enumerate().all(|(i, number)| !numbers[..i].contains(number));
    (numbers.len() > 1 && differ).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_of_one_kind_are_numbers_and_anything_else_is_not() {
        let numbers = |values: &[&str]| numbers(&values.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(numbers(&["1m", "90s"]), Some(vec![60.0, 90.0]));
        assert_eq!(numbers(&["512 MiB", "1 GiB"]), Some(vec![512.0, 1024.0]));
        assert_eq!(numbers(&["2", "0.5"]), Some(vec![2.0, 0.5]));
        for values in [&["1m", "fixed"][..], &["1m", "512 MiB"], &["60s", "1m"], &["nan", "1"], &["1"]] {
            assert_eq!(numbers(values), None, "{values:?}");
        }
    }

    #[test]
    fn a_range_has_room_and_width() {
        let at = |mean: f64| Estimate { mean, ci_low: mean, ci_high: mean, n: 1 };
        assert_eq!(padded([at(0.0)].iter()), (0.0, 0.5));
        assert_eq!(padded([at(10.0), at(10.0)].iter()), (9.0, 11.0));
        assert_eq!(padded([at(1.0), at(101.0)].iter()), (0.0, 109.0));
    }
}
