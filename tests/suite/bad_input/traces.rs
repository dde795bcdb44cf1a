//! Traces that are wrong, and traces that lack something.

use serde_json::Value;

use crate::workbench::Bench;

const TABLE: &str =
    "[workload.trace.table]\npath = \"t.csv\"\ncolumns = { arrival = \"start\", duration = \"seconds\" }\n";

const AZURE: &str = r#"[workload.trace.azure2019]
invocations = "i.csv"
durations = "d.csv"
memory = "m.csv"
"#;

const INVOCATIONS: &str = "\
HashOwner,HashApp,HashFunction,Trigger,1,2,3
o1,a1,f1,http,0,2,1
o1,a1,f2,timer,1,0,0
";

const DURATIONS: &str = "\
HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,percentile_Average_1,\
percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,percentile_Average_100
o1,a1,f1,100,3,10,500,10,20,50,90,120,300,500
o1,a1,f2,200,3,10,500,10,20,50,90,120,300,500
";

const MEMORY: &str = "HashOwner,HashApp,SampleCount,AverageAllocatedMb\no1,a1,100,200.5\n";

#[test]
fn each_mistake_in_a_table_is_told_with_file_and_line() {
    for (text, place, told) in [
        ("begin,seconds\n0,1\n", "t.csv:1", "there is no column \"start\"; the nearest name is \"begin\""),
        ("", "t.csv:1", "there is no column \"start\": the file is empty"),
        ("start,seconds\n0,1\n5\n", "t.csv:3", "the row has 1 field, expected 2"),
        ("start,seconds\n0,1\n5,soon\n", "t.csv:3", "column \"seconds\" is \"soon\", expected a number"),
        ("start,seconds\n0,1\n5,-1\n", "t.csv:3", "column \"seconds\" is \"-1\", expected a number, not negative"),
        ("start,seconds\n0,1\nNaN,1\n", "t.csv:3", "column \"start\" is \"NaN\", expected a time"),
        ("start,seconds\n0,1\n1,9460800000\n", "t.csv:3", "at most 100 years"),
        ("start,seconds\n0,1\n9460800000,1\n", "t.csv:3", "within 290 years of zero"),
        ("start,seconds\n1000,1\n1,1\n", "t.csv:3", "sort the file by arrival"),
        ("start,seconds\n", "t.csv", "no invocations to replay"),
    ] {
        let bench = Bench::with(&[("s.toml", TABLE), ("t.csv", text)]);
        let ran = bench.run(&["run", "s.toml"]);
        println!("{}", ran.err);
        ran.assert_refused(&[&format!("--> {place}\n"), told, "s.toml:1:11"]);
        assert_eq!(bench.names(), ["s.toml", "t.csv"], "nothing is left of the run");
    }
}

#[test]
fn each_mistake_in_the_azure_files_is_told_with_file_and_line() {
    for (from, to, place, told) in [
        ("f2,timer,1,0,0", "f2,timer,1,0", "i.csv:3", "the row has 6 fields, expected 7"),
        ("f2,timer,1,0,0", "f2,timer,1,-4,0", "i.csv:3", "column \"2\" is \"-4\", expected a whole number"),
        ("f2,timer,1,0,0", "f2,timer,1,many,0", "i.csv:3", "column \"2\" is \"many\", expected a whole number"),
        ("f2,timer,1,0,0", "f1,timer,1,0,0", "i.csv:3", "the row repeats the key of line 2"),
        ("HashFunction,Trigger", "HashFuncton,Trigger", "i.csv:1", "the nearest name is \"HashFuncton\""),
        ("a1,f2,200", "a1,f1,200", "d.csv:3", "the row repeats the key of line 2"),
        ("a1,f2,200", "a1,f2,-200", "d.csv:3", "column \"Average\" is \"-200\", expected a number, not negative"),
        ("a1,100,200.5", "a1,100,inf", "m.csv:2", "column \"AverageAllocatedMb\" is \"inf\", expected"),
    ] {
        let files = [INVOCATIONS, DURATIONS, MEMORY].map(|text| text.replacen(from, to, 1));
        assert_ne!(files.concat(), [INVOCATIONS, DURATIONS, MEMORY].concat(), "{from} is part of a file");
        let [i, d, m] = &files;
        let bench = Bench::with(&[("s.toml", AZURE), ("i.csv", i), ("d.csv", d), ("m.csv", m)]);
        let ran = bench.run(&["run", "s.toml"]);
        ran.assert_refused(&[&format!("--> {place}\n"), told, "s.toml:1:"]);
        assert_eq!(bench.names(), ["d.csv", "i.csv", "m.csv", "s.toml"], "nothing is left of the run");
    }
}

#[test]
fn a_trace_without_invocations_or_without_its_files_is_refused() {
    let zeros = INVOCATIONS.lines().next().unwrap().to_owned() + "\no1,a1,f1,http,0,0,0\n";
    for (i, place, told) in [
        (zeros.as_str(), "i.csv", "no invocations to replay"),
        (INVOCATIONS.lines().next().unwrap(), "i.csv", "no invocations to replay"),
        (INVOCATIONS, "d.csv", "No such file or directory"),
    ] {
        let bench = Bench::with(&[("s.toml", AZURE), ("i.csv", i), ("m.csv", MEMORY)]);
        if told.starts_with("no ") {
            std::fs::write(bench.path("d.csv"), DURATIONS).unwrap();
        }
        bench.run(&["run", "s.toml"]).assert_refused(&[&format!("--> {place}\n"), told]);
        assert!(!bench.path("results").exists());
    }
}

/// How often something happened, by the beginning of its note in the manifest.
fn count(bench: &Bench, what: &str) -> u64 {
    let manifest = bench.json("r/manifest.json");
    let notes = manifest["notes"].as_array().unwrap();
    let of = |note: &Value| note["what"].as_str().unwrap().starts_with(what).then(|| note["count"].as_u64().unwrap());
    notes.iter().find_map(of).unwrap_or_else(|| panic!("no note {what:?} in {notes:?}"))
}

#[test]
fn a_day_without_durations_or_memory_takes_the_stated_fallback_counted_and_reported() {
    let header = |text: &str| text.lines().next().unwrap().to_owned() + "\n";
    let (d, m) = (header(DURATIONS), header(MEMORY));
    let bench = Bench::with(&[("s.toml", AZURE), ("i.csv", INVOCATIONS), ("d.csv", &d), ("m.csv", &m)]);
    let shown = bench.succeed(&["run", "s.toml", "--replications", "1", "--out", "r"]).out;
    for (what, expected) in [
        ("days without rows of durations", 1),
        ("days without rows of memory", 1),
        ("functions without a row of durations: execute for 684ms", 2),
        ("invocations of functions without a row of durations: execute for 684ms", 4),
        ("apps or functions without a row of memory: given 140 MiB", 1),
    ] {
        assert_eq!(count(&bench, what), expected, "{what}");
        assert!(shown.contains(what), "{what:?} is missing in:\n{shown}");
        assert!(bench.read("r/report.html").contains(what), "{what:?} is missing in report.html");
    }
    let functions = bench.columns("r/functions.csv", &["function", "memory_mib", "execution_mean_ms"]);
    assert!(functions.iter().all(|row| row[1..] == ["140.0", "684.0"]), "{functions:?}");
}

#[test]
fn bad_rows_can_be_skipped_counted_and_kept() {
    let table = format!("{TABLE}on_bad_row = \"skip\"\n");
    let bench = Bench::with(&[("s.toml", &table), ("t.csv", "start,seconds\n0,1\n5,soon\n7,2\n9\n")]);
    let shown = bench.succeed(&["run", "s.toml", "--replications", "1", "--out", "r"]).out;
    assert_eq!(bench.json("r/summary.json")["runs"][0]["invocations"]["arrived"], 2);
    assert_eq!(count(&bench, "rows of the trace refused"), 2);
    assert!(shown.contains("rows of the trace refused"), "{shown}");
    let rejects = bench.columns("r/rejects.csv", &["file", "line", "reason", "row"]);
    assert_eq!(rejects.len(), 2);
    assert_eq!([&rejects[0][0], &rejects[0][1], &rejects[0][3]], ["t.csv", "3", "5,soon"]);
    assert!(rejects[0][2].contains("column \"seconds\""), "{rejects:?}");
    assert_eq!([&rejects[1][1], &rejects[1][3]], ["5", "9"]);
}
