//! What a file is that is no table of invocations.

/// What a file that begins with `line` seems to be, and what to do with it; `None` for anything like a table.
pub(super) fn recognise(line: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 6] = [
        (b"\x28\xb5\x2f\xfd", "the file is zstd; unpack it first: zstd -d FILE"),
        (b"PK\x03\x04", "the file is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV"),
        (b"PAR1", "the file is Parquet; write it as CSV first: duckdb -c \"COPY 'FILE' TO 'table.csv'\""),
        (b"SQLite format 3\0", "the file is a SQLite database; export a table: sqlite3 -csv -header FILE 'SELECT ...'"),
        (b"<", "the file is XML or HTML, expected a CSV file with a line of column names"),
        (b"%PDF", "the file is PDF, expected a CSV file with a line of column names"),
    ];
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_start();
    let contains = |word: &str| line.windows(word.len()).any(|part| part == word.as_bytes());
    let start = STARTS.iter().find(|(start, _)| line.starts_with(start)).map(|(_, what)| *what);
    start.or_else(|| match line.first()? {
        b'{' if contains("\"metric\"") && contains("\"type\"") => Some(
            "the file is k6's JSON output; write CSV instead (k6 run --out csv=FILE), or convert it: \
             jq -r 'select(.type == \"Point\" and .metric == \"http_req_duration\") | [.data.time, .data.value] | @csv'",
        ),
        b'{' | b'[' => Some("the file is JSON; write its rows as CSV first: jq -r '.[] | [.start, .seconds] | @csv'"),
        _ if contains(" RequestId: ") => Some(
            "the file is a log of AWS Lambda; export its REPORT lines as CSV with CloudWatch Logs Insights: \
             filter @type = \"REPORT\" | fields @timestamp, @duration, @memorySize, @log",
        ),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn files_of_other_kinds_are_named() {
        for (line, what) in [
            (&b"{\"type\":\"Metric\",\"metric\":\"http_req_duration\"}"[..], "k6's JSON"),
            (b"[{\"start\":1}]", "is JSON"),
            (b"2020-06-21T09:22:07.677000 START RequestId: r1 Version: $LATEST", "log of AWS Lambda"),
            (b"PAR1\x15", "Parquet"),
            (b"\x28\xb5\x2f\xfd\x04", "zstd"),
            (b"\xef\xbb\xbf<html>", "HTML"),
        ] {
            assert!(recognise(line).is_some_and(|text| text.contains(what)), "{what}");
        }
        for line in ["", "start,seconds,name", "@timestamp,@requestId,@duration"] {
            assert_eq!(recognise(line.as_bytes()), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_named_or_not(bytes: Vec<u8>) {
            let _ = recognise(&bytes);
        }
    }
}
