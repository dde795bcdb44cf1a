//! Tables that are wrong.

use proptest::prelude::*;

use super::*;
use crate::workload::trace::damage::damaged;

/// What is replaced in the table, and what the error says.
const WRONG: [(&str, &str, &str); 13] = [
    ("g,a,11.25,1.5,256,timer", "g,a,11.25", ":3: the row has 3 fields, expected 6, one for each column of line 1"),
    (
        "11.25,1.5",
        "soon,1.5",
        ":3: column \"when\" is \"soon\", expected a time as a number within 290 years of zero, or a date",
    ),
    ("11.25,1.5", "11.25,-1.5", ":3: column \"took\" is \"-1.5\", expected a number, not negative"),
    ("11.25,1.5", "11.25,", ":3: column \"took\" is \"\", expected a number"),
    ("256,timer", "0,timer", ":3: column \"mem\" is \"0\", expected an amount of memory above zero"),
    ("256,timer", "256,clock", ":3: column \"by\" is \"clock\", expected http, timer"),
    ("g,a,11.25", "\"g,a,11.25", ":3: a quote is opened but not closed"),
    ("13,0.25", "4000000000,0.25", ":5: the row arrives more than 100 years after time zero"),
    (
        "13,0.25",
        "13,9460800000",
        ":5: column \"took\" is \"9460800000\", expected a number, not negative and at most 100 years",
    ),
    (
        "f,a,13",
        "f,a,-50",
        ":5: the row arrives 61250ms before one above it, expected at most 1m: sort the file by arrival",
    ),
    ("took", "tok", ":1: there is no column \"took\"; the nearest name is \"tok\""),
    ("who,app", "whom,app", ":1: there is no column \"who\""),
    (
        "13,0.25",
        "9460800000,0.25",
        ":5: column \"when\" is \"9460800000\", expected a time as a number within 290 years of zero",
    ),
];

#[test]
fn each_mistake_is_told_with_its_line() {
    for (from, to, expected) in WRONG {
        assert!(TABLE.contains(from));
        let (_file, table) = table(TABLE.replacen(from, to, 1).as_bytes(), COLUMNS);
        let error = scan(&table).unwrap_err().to_string();
        assert!(error.contains(expected), "{from} -> {to}: {error}");
    }
}

#[test]
fn bad_rows_can_be_skipped() {
    for (from, to, _) in WRONG.into_iter().filter(|wrong| !wrong.2.contains(":1:")) {
        let (_file, table) = table(TABLE.replacen(from, to, 1).as_bytes(), &format!("on_bad_row = 'skip'\n{COLUMNS}"));
        let (workload, scanned) = scan(&table).unwrap();
        assert_eq!(
            workload.notes.iter().find(|note| note.what.starts_with("rows of the trace refused")).unwrap().count,
            1
        );
        let (arrivals, failure) = replay(&scanned);
        assert_eq!((arrivals.len(), failure), (3, None), "{from} -> {to}");
    }
}

#[test]
fn empty_and_missing_files_are_told() {
    let error = |bytes: &[u8]| {
        let (_file, table) = table(bytes, COLUMNS);
        scan(&table).unwrap_err().to_string()
    };
    assert!(error(b"").contains("there is no column \"when\": the file is empty"));
    assert!(error(b"who,app,when,took,mem,by\n").contains("no invocations to replay"));
    assert!(error(b"\x1f\x8bnot gzip").contains(":1: reading broke off"));
    let (file, table) = table(b"", COLUMNS);
    drop(file);
    assert!(scan(&table).unwrap_err().to_string().contains("cannot be opened"));
}

/// Every way in which a file can change between the two passes is noticed, also where bad rows are skipped.
#[test]
fn a_file_that_changed_is_an_error() {
    let changes = [
        ("13,0.25", "13,0.26"),
        ("13,0.25", "12,0.25"),
        ("13,0.25", "1,0.25"),
        ("13,0.25", "x,0.25"),
        ("f,a,13", "h,a,13"),
        ("f,a,10", "f,a,9"),
        ("f,a,13,0.25,128,http\n", ""),
        ("f,a,13,0.25,128,http\n", "f,a,13,0.25,128,http\nf,a,14,0.25,128,http\n"),
    ];
    for skip in ["", "on_bad_row = 'skip'\n"] {
        for (from, to) in changes {
            let (file, table) = table(TABLE.as_bytes(), &format!("{skip}{COLUMNS}"));
            let (_, scanned) = scan(&table).unwrap();
            std::fs::write(file.path(), TABLE.replace(from, to)).unwrap();
            let (arrivals, failure) = replay(&scanned);
            assert!(failure.is_some_and(|failure| failure.contains("the file changed")), "{from} -> {to}");
            assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_tables_never_panic(bytes in damaged(TABLE), skip: bool) {
        let (_file, table) = table(&bytes, &format!("{}{COLUMNS}", if skip { "on_bad_row = 'skip'\n" } else { "" }));
        if let Ok((_, scanned)) = scan(&table) {
            let (arrivals, failure) = replay(&scanned);
            prop_assert_eq!((arrivals.len() as u64, failure), (scanned.invocations(), None));
            prop_assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        }
    }
}
