//! Turns what the TOML reader says into what a person can act on.

use super::nearest::{advice, list, nearest};
use super::problem::Problem;

/// The problem behind an error of the TOML reader.
pub fn explain(error: &toml::de::Error) -> Problem {
    explain_message(error.message()).at(error.span())
}

/// The problem behind a message of serde: an unknown name gets the nearest right one.
pub fn explain_message(message: &str) -> Problem {
    unknown(message, "unknown field ", "key")
        .or_else(|| unknown(message, "unknown variant ", "choice"))
        .or_else(|| missing(message))
        .unwrap_or_else(|| Problem::new(choice(message).unwrap_or(message)))
}

/// "unknown field `rats`, expected one of `rate`, `mean`".
fn unknown(message: &str, start: &str, what: &str) -> Option<Problem> {
    let (name, known) = message.strip_prefix(start)?.strip_prefix('`')?.split_once('`')?;
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let problem = Problem::new(format!("unknown {what} `{name}`"));
    Some(match nearest(name, known.iter().copied()) {
        _ if known.is_empty() => problem.label("no key is expected here"),
        Some(_) => problem.label(advice(name, known.iter().copied())).help(format!("known are {}", list(known))),
        None => problem.label(format!("this {what} is not known here")).help(format!("known are {}", list(known))),
    })
}

fn missing(message: &str) -> Option<Problem> {
    let name = message.strip_prefix("missing field `")?.strip_suffix('`')?;
    Some(Problem::new(format!("the key `{name}` is missing")).label(format!("`{name}` must be given here")))
}

/// The reader's words for a choice of none or several.
fn choice(message: &str) -> Option<&'static str> {
    message
        .starts_with("wanted exactly 1 element")
        .then_some("expected exactly one choice, such as `poisson = { ... }`")
}
