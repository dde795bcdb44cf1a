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
        .or_else(|| wrong_type(message))
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

/// "invalid type: string "three", expected u32", "invalid value: integer `-3`, expected u32".
fn wrong_type(message: &str) -> Option<Problem> {
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.split_once(", expected ")?;
    Some(Problem::new(format!("found {found}, expected {}", kind_of_value(expected))))
}

/// The program's name of a type in the words of a user.
fn kind_of_value(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "i32" => "a whole number",
        "u32" => "a whole number from 0 to 4294967295",
        "a nonzero u32" => "a whole number from 1 to 4294967295",
        "u64" => "a whole number, not negative",
        "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a string" => "a text in quotes",
        "a sequence" => "a list, such as `[1, 2]`",
        "a map" => "a table, such as `{ ... }`",
        _ if expected.starts_with("struct ") => "a table, such as `{ ... }`",
        other => other,
    }
}

/// The reader's words for a choice of none or several.
fn choice(message: &str) -> Option<&'static str> {
    let choice = message.starts_with("wanted exactly 1 element") || message == "wanted string or table";
    choice.then_some("expected exactly one choice, such as `poisson = { ... }`")
}
