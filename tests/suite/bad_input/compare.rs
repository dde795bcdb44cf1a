//! What cannot be compared, and precision that cannot be asked for.

use crate::workbench::{Bench, FUNCTION};

fn bench() -> Bench {
    let scenario = |general: &str| format!("[scenario]\nduration = \"10m\"\nreplications = 2\n{general}{FUNCTION}");
    let other = scenario("").replace("1/s", "2/s");
    let slower = scenario("").replace("100ms", "200ms");
    Bench::with(&[
        ("a.toml", &scenario("")),
        ("b.toml", &scenario("seed = 7\n")),
        ("busier.toml", &other),
        ("slower.toml", &slower),
        ("renamed.toml", &scenario("").replace("\"f\"", "\"g\"")),
        ("wrong.toml", &scenario("sed = 7\n")),
    ])
}

#[test]
fn different_workloads_are_refused_with_the_first_difference() {
    let bench = bench();
    let before = bench.names();
    for (other, difference) in [
        ("b.toml", "`scenario.seed` is 42 in the one and 7 in the other"),
        ("busier.toml", "`arrivals` of function `f` differ"),
        ("slower.toml", "`execution` of function `f` differs"),
        ("renamed.toml", "only one has a function `f`"),
    ] {
        bench.run(&["compare", "a.toml", other]).assert_refused(&[
            "a.toml",
            other,
            difference,
            "--different-workloads",
        ]);
        assert_eq!(bench.names(), before, "nothing is left behind");
    }
}

#[test]
fn what_is_no_scenario_no_result_and_no_figure_is_refused_with_advice() {
    let bench = bench();
    std::fs::create_dir(bench.path("empty")).unwrap();
    std::fs::create_dir(bench.path("broken")).unwrap();
    std::fs::write(bench.path("broken/summary.json"), "{\"runs\": [{}]}").unwrap();
    for (arguments, told) in [
        (&["a.toml"][..], &["one alone is no comparison"][..]),
        (&["a.toml", "a.toml"], &["a.toml is given twice"]),
        (&["a.toml", "none.toml"], &["none.toml"]),
        (&["a.toml", "wrong.toml"], &["wrong.toml", "seed"]),
        (&["a.toml", "empty"], &["empty/summary.json", "cannot be read", "result folder of `coldcast run`"]),
        (&["a.toml", "broken"], &["broken/summary.json", "is not what this version of coldcast writes"]),
        (&["a.toml", "b.toml", "--figures", "cold_start_rate"], &["did you mean `cold_start_ratio`?"]),
        (&["a.toml", "b.toml", "--figures", "cost.lines[].amount"], &["there is no figure"]),
        (&["a.toml", "b.toml", "--seed", "7", "--baseline", "c"], &["no `c` is compared", "its number, 1 to 2"]),
        (&["a.toml", "b.toml", "--seed", "7", "--baseline", "3"], &["no `3` is compared"]),
        (&["a.toml", "b.toml", "--seed", "7", "--out", "."], &["is not empty and not a result", "--out"]),
    ] {
        bench.run(&[&["compare"], arguments].concat()).assert_refused(told);
    }
    assert!(!bench.path("results").exists());
}

#[test]
fn a_result_of_a_run_is_not_replaced_by_a_comparison() {
    let bench = bench();
    bench.succeed(&["run", "a.toml", "--quiet", "--out", "r"]);
    let told = ["not a result of coldcast (it has no comparison.json)", "--out"];
    bench.run(&["compare", "a.toml", "b.toml", "--seed", "7", "--out", "r"]).assert_refused(&told);
    assert!(bench.path("r/summary.json").is_file());
}

#[test]
fn precision_that_makes_no_sense_is_refused() {
    let bench = bench();
    for (sets, told) in [
        (&["scenario.precision=2"][..], "a percentage above 0 % and below 100 %"),
        (&["scenario.precision=0%"], "a percentage above 0 % and below 100 %"),
        (&["scenario.precision=100%"], "a percentage above 0 % and below 100 %"),
        (&["scenario.precision=-2%"], "is negative"),
        (&["scenario.precision=2%", "scenario.replications=1"], "expected 2 or more"),
        (&["scenario.precision=2%", "scenario.max_replications=1"], "expected 2 or more"),
        (&["scenario.precision=2%", "scenario.precision_of=[]"], "expected at least one"),
        (&["scenario.precision=2%", "scenario.precision_of=[\"utilization\"]"], "did you mean `utilisation`?"),
        (&["scenario.max_replications=20"], "says nothing without a `precision`"),
        (&["scenario.precision_of=[\"utilisation\"]"], "says nothing without a `precision`"),
    ] {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let arguments: Vec<&str> = ["check", "a.toml"].into_iter().chain(sets).collect();
        bench.run(&arguments).assert_refused(&[told]);
    }
}
