//! Whether two scenarios see the same invocations, so that their replications pair.

use std::path::PathBuf;

use crate::cli::{Failure, input};
use crate::scenario::Scenario;

/// The first thing by which the invocations of two scenarios differ, in words; `None` if they are the same. Platform, policies, prices
/// and the memory of functions may differ: they are what is compared.
///
/// # Errors
/// If a file that one of them names cannot be read.
pub fn difference(a: &Scenario, b: &Scenario) -> Result<Option<String>, Failure> {
    let first = general(a, b).or_else(|| functions(a, b)).or_else(|| workload(a, b));
    match first {
        Some(first) => Ok(Some(first)),
        None => files(a, b),
    }
}

fn general(a: &Scenario, b: &Scenario) -> Option<String> {
    let [a, b] = [a, b].map(|scenario| &scenario.file().scenario);
    let length = |duration: Option<crate::time::Span>| {
        duration.map_or("the length of the trace".to_owned(), |duration| duration.to_string())
    };
    let keys = [
        ("seed", a.seed.to_string(), b.seed.to_string()),
        ("duration", length(a.duration), length(b.duration)),
        ("warm_up", a.warm_up.to_string(), b.warm_up.to_string()),
    ];
    let differing = keys.into_iter().find(|(_, a, b)| a != b);
    differing.map(|(key, a, b)| format!("`scenario.{key}` is {a} in the one and {b} in the other"))
}

fn functions(a: &Scenario, b: &Scenario) -> Option<String> {
    let [a, b] = [a, b].map(|scenario| scenario.file());
    let names = |functions: &[crate::scenario::Function]| {
        functions.iter().map(|function| function.name.clone()).collect::<Vec<_>>()
    };
    let (in_a, in_b) = (names(&a.function), names(&b.function));
    if in_a != in_b {
        let only = in_a.iter().find(|name| !in_b.contains(name)).or(in_b.iter().find(|name| !in_a.contains(name)));
        return Some(match only {
            Some(name) => format!("only one has a function `{name}`"),
            None => "their functions come in another order, on which their random numbers depend".to_owned(),
        });
    }
    for (x, y) in a.function.iter().zip(&b.function) {
        let execution = |function: &crate::scenario::Function, file: &crate::scenario::File| {
            function.execution.clone().or_else(|| file.defaults.execution.clone())
        };
        if x.arrivals != y.arrivals {
            return Some(format!("`arrivals` of function `{}` differ", x.name));
        }
        if execution(x, a) != execution(y, b) {
            return Some(format!("`execution` of function `{}` differs", x.name));
        }
    }
    None
}

fn workload(a: &Scenario, b: &Scenario) -> Option<String> {
    let [a, b] = [a, b].map(|scenario| &scenario.file().workload);
    (a != b).then(|| "the section `[workload]` differs".to_owned())
}

/// Files of the same name may hold something else: traces and samples, but not price books.
fn files(a: &Scenario, b: &Scenario) -> Result<Option<String>, Failure> {
    let read = |scenario: &Scenario| -> Vec<PathBuf> {
        let book = scenario.file().pricing.book_file.as_ref().map(|book| scenario.base().join(book));
        scenario.inputs().into_iter().filter(|path| Some(path) != book.as_ref()).collect()
    };
    let (in_a, in_b) = (read(a), read(b));
    let same = in_a.len() == in_b.len()
        && in_a
            .iter()
            .zip(&in_b)
            .all(|(a, b)| a.canonicalize().ok().is_some_and(|a| b.canonicalize().is_ok_and(|b| a == b)));
    if same {
        return Ok(None);
    }
    let (in_a, in_b) = (input::describe(&in_a)?, input::describe(&in_b)?);
    let differing = in_a.iter().zip(&in_b).find(|(a, b)| a.sha256 != b.sha256);
    Ok(differing.map(|(a, b)| format!("{} and {} do not hold the same", a.path.display(), b.path.display())))
}
