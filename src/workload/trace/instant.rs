//! Dates and times, as logs and tables write them: one reader for all.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};

/// A date and time in nanoseconds since 1970; `None` if `text` is none, or out of the range of 64 bits (the years 1677
/// to 2262).
///
/// Read are RFC 3339 and ISO 8601 (`2026-03-02T08:00:00.123Z`, a space for the `T`, offsets such as `+01:00`), the same
/// without an offset or with `UTC` or `GMT` behind it (both UTC), and the dates of access logs
/// (`02/Mar/2026:08:00:00 +0100`).
pub(in crate::workload) fn date(text: &[u8]) -> Option<i64> {
    /// No date is longer; without a bound a damaged cell would be read to its end by every form.
    const LONGEST: usize = 64;
    let text = std::str::from_utf8(text).ok()?.trim();
    // Digits alone are numbers in some unit, never a date without separators.
    if text.len() > LONGEST || !text.contains(':') {
        return None;
    }
    let stamp = text.parse::<Timestamp>().ok().or_else(|| without_offset(text)).or_else(|| of_access_log(text))?;
    i64::try_from(stamp.as_nanosecond()).ok()
}

fn without_offset(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).unwrap_or(text).trim_end();
    // jiff would take `2026-03-02T08:00+01:00[Europe/Paris]` for a date and drop the zone.
    if text.contains('[') {
        return None;
    }
    TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()
}

fn of_access_log(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    strtime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_usual_forms_are_one_instant() {
        for text in [
            "2026-03-02T08:00:00.25Z",
            "2026-03-02T09:00:00.250+01:00",
            "2026-03-02 08:00:00.25Z",
            "2026-03-02 08:00:00.250000",
            "2026-03-02T08:00:00.25",
            "2026-03-02 08:00:00.25 UTC",
            " 2026-03-02T08:00:00,25Z ",
        ] {
            assert_eq!(date(text.as_bytes()), Some(1_772_438_400_250_000_000), "{text}");
        }
        for text in ["02/Mar/2026:09:00:00 +0100", "[02/Mar/2026:08:00:00 +0000]"] {
            assert_eq!(date(text.as_bytes()), Some(1_772_438_400_000_000_000), "{text}");
        }
        assert_eq!(date(b"1970-01-01T00:00"), Some(0));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "soon", "12:00", "20260302", "1645006049", "2026-02-30T08:00:00Z", "9999-01-01T00:00:00Z"] {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>, text in "[-+0-9TZ:. /\\[\\]UTCMar]{0,40}") {
            let _ = (date(&bytes), date(text.as_bytes()));
        }
    }
}
