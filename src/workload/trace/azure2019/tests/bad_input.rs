//! Traces that are wrong.

use proptest::prelude::*;

use super::*;
use crate::workload::trace::damage::damaged;

/// Each file, what is replaced in it, and what the error says.
const WRONG: [(&str, &str, &str, &str); 19] = [
    ("i", "f2,timer,1,0,0", "f2,timer,1,0", "i:3: the row has 6 fields, expected 7"),
    ("i", "f2,timer,1,0,0", "f2,timer,1,0,0,0", "i:3: the row has 8 fields, expected 7"),
    ("i", "f2,timer,1,0,0", "f2", "i:3: the row has 3 fields, expected 7"),
    (
        "i",
        "f2,timer,1,0,0",
        "f2,timer,1,many,0",
        "i:3: column \"2\" is \"many\", expected a whole number of invocations",
    ),
    (
        "i",
        "f2,timer,1,0,0",
        "f2,timer,1,0,-4",
        "i:3: column \"3\" is \"-4\", expected a whole number of invocations, not negative",
    ),
    ("i", "f2,timer,1,0,0", "f2,timer,4294967296,0,0", "i:3: column \"1\" is \"4294967296\", expected"),
    ("i", "f2,timer,1,0,0", "f2,tmer,1,0,0", "i:3: column \"Trigger\" is \"tmer\", expected http, timer"),
    ("i", "f2,timer,1,0,0", ",timer,1,0,0", "i:3: an identifier is empty"),
    ("i", "o2,a1,f1", "o1,a1,f1", "i:4: the row repeats the key of line 2"),
    (
        "i",
        "HashFunction",
        "HashFuncton",
        "i:1: there is no column \"HashFunction\"; the nearest name is \"HashFuncton\"",
    ),
    ("i", "1,2,3\n", "1,2,4\n", "i:1: the minute columns are not consecutive minutes"),
    ("i", "1,2,3\n", "a,b,c\n", "i:1: there are no minute columns"),
    ("d", "f2,o1,a1,0,1", "f2,o1,a1,-1,1", "d:3: column \"Average\" is \"-1\", expected a number, not negative"),
    ("d", "f2,o1,a1,0,1", "f2,o1,a1,NaN,1", "d:3: column \"Average\" is \"NaN\", expected a number"),
    ("d", "f1,o2,a1", "f1,o1,a1", "d:4: the row repeats the key of line 2"),
    ("d", "10,20,50,90", "10,20,50,9", "d:2: a percentile is below a lower one"),
    ("d", "percentile_Average_50", "percentile_Average_5O", "there is no column \"percentile_Average_50\""),
    ("m", "200.5", "inf", "m:2: column \"AverageAllocatedMb\" is \"inf\", expected a number of MB"),
    ("m", "HashApp", "HashAp", "m:1: there is no column \"HashApp\"; the nearest name is \"HashAp\""),
];

fn wrong(file: &str, from: &str, to: &str) -> Files {
    let text = |name, text: &str| {
        assert!(name != file || text.contains(from), "{from} is not in {name}");
        if name == file { text.replacen(from, to, 1) } else { text.to_owned() }
    };
    Files::day(&text("i", INVOCATIONS), &text("d", DURATIONS), &text("m", MEMORY))
}

#[test]
fn each_mistake_is_told_with_its_file_and_line() {
    for (file, from, to, expected) in WRONG {
        let error = wrong(file, from, to).read("").unwrap_err().to_string();
        assert!(error.contains(expected), "{from} -> {to}: {error}");
    }
}

#[test]
fn bad_rows_can_be_skipped_and_are_all_written() {
    let is_row = |wrong: &(&str, &str, &str, &str)| !wrong.3.contains(":1:") && !wrong.3.contains("there is no column");
    for (file, from, to, _) in WRONG.into_iter().filter(is_row) {
        let mut written = Vec::new();
        let mut rejects = Rejects::new(&mut written);
        let workload = wrong(file, from, to).read_with("on_bad_row = 'skip'", &mut rejects).unwrap();
        assert_eq!((rejects.count(), count(&workload, "rows of the trace refused")), (1, 1), "{from} -> {to}");
        drop(rejects);
        let mut rows = csv::Reader::from_reader(written.as_slice());
        let row = rows.records().next().unwrap().unwrap();
        assert!(row[0].ends_with(file) && row[1].parse::<u64>().is_ok() && !row[2].is_empty(), "{row:?}");
        assert!(row[3].contains(to.split('\n').next().unwrap()), "{row:?}");
    }
}

#[test]
fn missing_and_empty_files_are_told() {
    let error = |invocations: &str| Files::day(invocations, DURATIONS, MEMORY).read("").unwrap_err().to_string();
    assert!(error("").contains("i:1: there are no minute columns"));
    assert!(error(INVOCATIONS.lines().next().unwrap()).contains("i: no invocations to replay"));
    let missing = Files::new(&[("i", INVOCATIONS.as_bytes())]).read("").unwrap_err().to_string();
    assert!(missing.contains("d: the file cannot be opened"), "{missing}");
    let zeros = INVOCATIONS.lines().next().unwrap().to_owned() + "\no1,a1,f1,http,0,0,0\n";
    assert!(error(&zeros).contains("no invocations to replay"));
    let none = toml::from_str::<Azure2019>("invocations = []").unwrap();
    assert!(matches!(none.read(".".as_ref(), &mut Rejects::new(std::io::sink())), Err(TraceError::Empty { .. })));
}

#[test]
fn days_that_overlap_are_refused() {
    let files = Files::new(&[("i", INVOCATIONS.replace("1,2,3\n", "1440,1441,1442\n").as_bytes())]);
    assert!(files.read("").unwrap_err().to_string().contains("not consecutive minutes of a day"));
    let full: String = (1..=1440).map(|minute| format!(",{minute}")).collect();
    let counts = ",1".repeat(1440);
    let first = format!("HashFunction,Trigger{full}\nf,http{counts}\n");
    let second = "HashFunction,Trigger,0,1\nf,http,1,1\n";
    let files = Files::new(&[("a", first.as_bytes()), ("b", second.as_bytes())]);
    let config: Azure2019 = toml::from_str("invocations = ['a', 'b']").unwrap();
    let error = config.read(files.folder.path(), &mut Rejects::new(std::io::sink())).unwrap_err().to_string();
    assert!(error.contains("b:1: the minutes of the day begin before those of the day before end"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn damaged_files_never_panic(i in damaged(INVOCATIONS), d in damaged(DURATIONS), m in damaged(MEMORY), skip: bool) {
        let keys = if skip { "on_bad_row = 'skip'" } else { "" };
        if let Ok(workload) = Files::new(&[("i", &i), ("d", &d), ("m", &m)]).read(keys) {
            prop_assert_eq!(workload.functions.len(), workload.loads.len());
            prop_assert!(workload.functions.iter().all(|function| function.memory.as_bytes() > 0));
        }
    }
}
