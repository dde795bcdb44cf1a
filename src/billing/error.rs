//! Why a price book, or a bill with it, is refused.

use rust_decimal::Decimal;

use crate::billing::measure::Measure;

/// Why a price book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The file cannot be read.
    #[error("{file}: cannot read the price book: {source}")]
    Read {
        /// The path.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is not TOML, or has a wrong key or value, or a row contradicts itself or another row.
    #[error("{file}:{line}: {problem}")]
    Row {
        /// The path, or the name of an embedded book.
        file: String,
        /// The line, or that at which the row begins, from 1.
        line: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// What is asked for does not exist, such as a region without prices.
    #[error("pricing.{key} = \"{name}\": {problem}")]
    Unknown {
        /// The key of the `[pricing]` table.
        key: &'static str,
        /// Its value.
        name: String,
        /// What is wrong, with the nearest right name or all of them.
        problem: String,
    },
    /// The book has several regions and the scenario names none.
    #[error("pricing.region is missing: the price book \"{book}\" has {regions}")]
    NoRegion {
        /// The name of the book.
        book: String,
        /// The regions it has.
        regions: String,
    },
}

impl BookError {
    /// The file and the line that are wrong, and what is wrong there, if the problem lies in a file of the user's.
    pub fn in_file(&self) -> Option<(&str, Option<usize>, String)> {
        match self {
            Self::Read { file, source } => Some((file, None, format!("cannot read the price book: {source}"))),
            Self::Row { file, line, problem } => Some((file, Some(*line), problem.clone())),
            Self::Unknown { .. } | Self::NoRegion { .. } => None,
        }
    }
}

/// Why usage cannot be billed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// The service bills this, but the book does not know the price in the region.
    #[error(
        "the price book \"{book}\" has no price for \"{meter}\" on {architecture} in {region}; copy the book, add a [[price]] row \
         and name the copy as book_file, or choose another region"
    )]
    NoPrice {
        /// The name of the book.
        book: String,
        /// The region.
        region: String,
        /// The key of the meter without price.
        meter: String,
        /// The processor.
        architecture: String,
    },
    /// The usage reaches tiers whose price the book does not know.
    #[error(
        "the price book \"{book}\" has no price for \"{meter}\" above {known_to} {unit}s a month; add a [[price]] row to a copy of it"
    )]
    BeyondTiers {
        /// The name of the book.
        book: String,
        /// The key of the meter.
        meter: String,
        /// Up to where the price is known.
        known_to: Decimal,
        /// The unit of the meter.
        unit: String,
    },
    /// The book has no meter for something that was used.
    #[error(
        "the price book \"{book}\" has no meter for {what}: the service does not bill it like this; choose another book"
    )]
    NoMeter {
        /// The name of the book.
        book: String,
        /// What was used.
        what: String,
    },
    /// A meter counts something that the usage does not say.
    #[error("the price book needs {what}, and the usage does not say it")]
    NotCounted {
        /// What is missing.
        what: &'static str,
        /// The measure that needs it.
        measure: Measure,
    },
    /// A window of no length cannot be scaled to a month.
    #[error("usage of a window of zero length cannot be scaled to a month")]
    NoWindow,
    /// The bill needs numbers beyond the range of decimals.
    #[error("the usage is too large to be billed: more than 2^96 units")]
    TooLarge,
}

/// The nearest of the `known` names, or all of them, as the end of an error message.
pub(super) fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known.iter().map(|known| (strsim::damerau_levenshtein(name, known), known)).min();
    match nearest {
        Some((distance, nearest)) if distance <= 3 && distance < nearest.len() => {
            format!("did you mean \"{nearest}\"?")
        }
        _ => match known.iter().filter(|known| has_word(known, name)).copied().collect::<Vec<_>>().as_slice() {
            [] => format!("there is {}", known.join(", ")),
            [only] => format!("did you mean \"{only}\"?"),
            several => format!("did you mean one of {}?", several.join(", ")),
        },
    }
}

/// Whether a name such as "aws-lambda" has what was typed, such as "lambda", in it.
fn has_word(known: &str, typed: &str) -> bool {
    typed.len() > 2 && known.contains(typed.to_lowercase().as_str())
}
