//! Spelling: which of the right names was meant.

/// The known name that is most like `name`, if one is like it at all.
///
/// Like means: at most a third of the letters changed, inserted, dropped or swapped (Damerau-Levenshtein distance), or one of the
/// two begins with the other.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let (best, far) = known.into_iter().map(|other| (other, distance(other))).min_by_key(|(_, distance)| *distance)?;
    let begins = name.len() >= 3 && (best.starts_with(name) || name.starts_with(best));
    (begins || far <= (name.chars().count() + 1) / 3).then_some(best)
}

/// "did you mean `rate`?", or the names there are, for a name that is not among them.
pub fn advice<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(best) => format!("did you mean `{best}`?"),
        None => format!("known are {}", list(known)),
    }
}

/// Names in backticks, with commas.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_strangers_are_not() {
        let known = ["rate", "poisson", "most_recently_used", "aws-lambda", "nodejs22.x"];
        for (slip, meant) in [
            ("rats", "rate"),
            ("Rate", "rate"),
            ("poison", "poisson"),
            ("most_recently_use", "most_recently_used"),
            ("aws-lamda", "aws-lambda"),
            ("nodejs22", "nodejs22.x"),
        ] {
            assert_eq!(nearest(slip, known), Some(meant), "{slip}");
        }
        assert_eq!(nearest("zebra", known), None);
        assert_eq!(advice("zebra", ["a", "b"]), "known are `a`, `b`");
    }
}
