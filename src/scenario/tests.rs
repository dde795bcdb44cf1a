//! What users write wrong, and what they are told; what they leave out, and what they get.

use std::path::Path;

use proptest::prelude::{ProptestConfig, prop_assert, proptest};

use super::Scenario;
use crate::amount::Memory;
use crate::experiment::Experiment;
use crate::platform::cpu::Cpu;
use crate::policy::catalog::Catalog;
use crate::time::Span;
use crate::workload::trace::Rejects;

const RIGHT: &str = r#"[scenario]
duration = "1h"
[[function]]
name = "f"
arrivals.poisson = { rate = "1/s" }
execution.constant = "100ms"
"#;

fn read(text: &str, overrides: &[(&str, &str)]) -> Result<Scenario, String> {
    let overrides: Vec<_> = overrides.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let scenario = Scenario::from_text(Path::new("test.toml"), text.into(), &overrides, &Catalog::default());
    scenario.map_err(|error| error.to_string())
}

fn resolve(text: &str, overrides: &[(&str, &str)]) -> Experiment {
    let scenario = read(text, overrides).unwrap_or_else(|error| panic!("{error}"));
    scenario
        .resolve(Path::new("."), &Catalog::default(), &mut Rejects::new(std::io::sink()))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Replaces a part of the right scenario, and says what is then shown.
fn shown(from: &str, to: &str) -> String {
    let text = RIGHT.replace(from, to);
    assert_ne!(text, RIGHT, "{from} is part of the scenario");
    read(&text, &[]).err().unwrap_or_else(|| panic!("{to:?} is accepted"))
}

#[test]
fn each_mistake_is_shown_at_its_place_with_the_right_name() {
    for (from, to, place, told) in [
        ("duration", "duraton", "test.toml:2:1", "did you mean `duration`?"),
        ("rate", "rats", "test.toml:5:22", "did you mean `rate`?"),
        ("poisson", "poison", "test.toml:5:10", "did you mean `poisson`?"),
        ("execution", "exec", "test.toml:6:1", "unknown key `exec`"),
        ("[[function]]", "[[functions]]", "test.toml:3:3", "did you mean `function`?"),
        ("1h", "1 hour", "test.toml:2:12", "unknown unit \"hour\""),
        ("1h", "-1h", "test.toml:2:12", "is negative"),
        ("1h", "300d 5h", "test.toml:2:12", "expected a duration"),
        ("1h", "109500d", "test.toml:2:12", "longer than 100 years"),
        ("\"1h\"", "3600", "test.toml:2:12", "expected a duration, such as \"250ms\""),
        ("\"1h\"", "nan", "test.toml:2:12", "expected a duration"),
        ("1h", "0s", "test.toml:2:12", "`duration` is zero"),
        ("1/s", "1", "test.toml:5:29", "has no unit"),
        ("1/s", "NaN/s", "test.toml:5:29", "does not begin with a number"),
        ("{ rate = \"1/s\" }", "{}", "test.toml:5:20", "the key `rate` is missing"),
        (
            "poisson = { rate = \"1/s\" }",
            "poisson = { rate = \"1/s\" }\narrivals.none = {}",
            "test.toml:5:1",
            "exactly one choice",
        ),
        ("name = \"f\"", "", "test.toml:3:1", "the key `name` is missing"),
        ("name = \"f\"", "name = \"f\"\nname = \"g\"", "test.toml:5:1", "duplicate key"),
        ("duration", "warm_up = \"2h\"\nduration", "test.toml:2:11", "the warm-up is not shorter than the duration"),
        ("duration", "replications = 0\nduration", "test.toml:2:16", "no replication"),
        ("duration", "replications = -1\nduration", "test.toml:2:16", "expected a whole number from 0 to 4294967295"),
        ("duration", "name = \"a/b\"\nduration", "test.toml:2:8", "expected letters, digits"),
        ("duration", "# ", "test.toml:1:1", "`duration` is missing"),
        ("execution", "# ", "test.toml:3:1", "the key `execution` is missing"),
        ("execution", "memory = \"0 MiB\"\nexecution", "test.toml:6:10", "`memory` is zero"),
        ("execution", "timeout = \"0s\"\nexecution", "test.toml:6:11", "`timeout` is zero"),
        ("execution", "parallel = 1.5\nexecution", "test.toml:6:12", "expected a number from 0 to 1"),
        ("execution", "parallel = nan\nexecution", "test.toml:6:12", "expected a number from 0 to 1"),
        ("execution", "cold_start.runtime = \"nodejs22\"\nexecution", "test.toml:6:22", "did you mean `nodejs22.x`?"),
        ("[[f", "[platform]\npreset = \"aws-lamda\"\n[[f", "test.toml:4:10", "did you mean `aws-lambda`?"),
        ("[[f", "[policy]\nkeep_alive.fixd = {}\n[[f", "test.toml:4:19", "did you mean `fixed`?"),
        ("[[f", "[policy]\nkeep_alive.fixed = { tl = \"1m\" }\n[[f", "test.toml:4:27", "did you mean `ttl`?"),
        ("[[f", "[policy]\nkeep_alive.fixed = {}\n[[f", "test.toml:4:20", "the key `ttl` is missing"),
        ("[[f", "[policy]\nkeep_alive.none = {}\nkeep_alive.fixed = {}\n[[f", "test.toml:4:1", "exactly one policy"),
    ] {
        let shown = shown(from, to);
        assert!(shown.contains(place), "{to:?}: {place} is missing in:\n{shown}");
        assert!(shown.contains(told), "{to:?}: {told} is missing in:\n{shown}");
    }
}

#[test]
fn several_mistakes_are_shown_together() {
    let twice = format!("{RIGHT}memory = \"0 MiB\"\n{}", RIGHT.split_once("\"1h\"\n").unwrap().1);
    let shown = read(&twice, &[("scenario.replications", "0")]).unwrap_err();
    for part in ["`memory` is zero", "two functions `f`", "no replication"] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    assert!(read("[scenario]\nduration = \"1h\"\n", &[]).unwrap_err().contains("no functions"));
    assert!(read("", &[]).unwrap_err().contains("`duration` is missing"));
}

#[test]
fn overrides_change_choose_and_add() {
    let duration = |value| resolve(RIGHT, &[("scenario.duration", value)]).window.end.to_string();
    assert_eq!(duration("5m"), "5m");
    assert_eq!(duration("\"7m\""), "7m");
    assert_eq!(resolve(RIGHT, &[("scenario.seed", "7")]).seed, 7);
    for function in ["function.f.memory", "function.0.memory"] {
        let workload = resolve(RIGHT, &[(function, "1 GiB")]).workload;
        assert_eq!(workload.functions[0].memory.to_string(), "1 GiB");
    }
    let chosen = resolve(RIGHT, &[("function.f.execution.exponential.mean", "1s"), ("policy.keep_alive.none", "{}")]);
    assert!(chosen.scenario.contains("exponential") && !chosen.scenario.contains("constant"), "{}", chosen.scenario);
    for (key, told) in [
        ("function.g.memory", "known are `f`"),
        ("scenario.duration.hours", "holds a value, not a table"),
        ("scenario.sed", "did you mean `seed`?"),
        ("a..b", "is not a key"),
    ] {
        let shown = read(RIGHT, &[(key, "1")]).err().unwrap_or_else(|| panic!("{key} is accepted"));
        assert!(shown.contains(told), "{key}: {told} is missing in:\n{shown}");
    }
}

#[test]
fn what_is_left_out_has_its_stated_default() {
    let resolved = resolve(RIGHT, &[]);
    assert_eq!((resolved.seed, resolved.replications, resolved.name.as_str()), (42, 10, "test"));
    assert_eq!(resolved.workload.functions[0].memory.to_string(), "128 MiB");
    for written in ["keep_alive", "fixed = { ttl = \"10m\" }", "most_recently_used", "seed = 42", "replications = 10"] {
        assert!(resolved.scenario.contains(written), "{written} is missing in:\n{}", resolved.scenario);
    }
}

#[test]
fn a_function_comes_before_defaults_and_these_before_the_platform() {
    let text = format!(
        "{RIGHT}timeout = \"1s\"\n[[function]]\nname = \"g\"\narrivals.poisson.rate = \"1/s\"\nexecution.constant = \"1s\"\n\
         [defaults]\nmemory = \"256 MiB\"\n[platform]\ntimeout = \"9s\"\n"
    );
    let resolved = resolve(&text, &[]);
    let timeouts: Vec<_> = resolved.platform.deployments.iter().map(|d| d.timeout.unwrap().to_string()).collect();
    assert_eq!(timeouts, ["1s", "9s"]);
    assert!(resolved.workload.functions.iter().all(|function| function.memory.to_string() == "256 MiB"));
    let resolved = resolve(&text, &[("defaults.timeout", "5s")]);
    assert_eq!(resolved.platform.deployments[1].timeout.unwrap().to_string(), "5s");
}

#[test]
fn functions_of_an_app_share_it() {
    let text =
        format!("{RIGHT}app = \"a\"\n{}app = \"a\"\nmemory = \"1 GiB\"\n", RIGHT.split_once("\"1h\"\n").unwrap().1)
            .replacen("\"f\"", "\"g\"", 1);
    let apps = resolve(&text, &[]).workload.apps;
    assert_eq!(apps.len(), 1);
    assert_eq!((apps[0].name.as_str(), apps[0].memory.to_string().as_str()), ("a", "1 GiB"));
    let shown = read(
        &format!(
            "{RIGHT}[[function]]\nname = \"g\"\napp = \"f\"\narrivals.poisson.rate = \"1/s\"\nexecution.constant = \"1s\"\n"
        ),
        &[],
    );
    assert!(shown.unwrap_err().contains("app `f` has the name of a function"));
}

#[test]
fn the_resolved_scenario_resolves_to_itself() {
    for platform in
        ["platform.preset = \"aws-lambda\"", "platform = { preset = \"azure-functions\", concurrency = 2 }", ""]
    {
        let text = format!("{platform}\n{RIGHT}cold_start.runtime = \"java21\"\n");
        let once = resolve(&text, &[]).scenario;
        assert!(!once.contains("preset =") && !once.contains("runtime ="), "{once}");
        assert_eq!(resolve(&once, &[]).scenario, once);
    }
}

#[test]
fn every_scenario_of_the_gallery_is_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files =
        |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut read = 0;
    let all = files(&root).into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    for path in all.filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let scenario = Scenario::read(&path, &[], &Catalog::default());
        assert!(scenario.is_ok(), "{}", scenario.unwrap_err());
        read += 1;
    }
    assert!(read >= 15, "{read} scenarios");
}

#[test]
fn sample_files_are_inputs_and_their_paths_survive_a_move() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("times.txt"), "1ms\n2ms\n").unwrap();
    let path = folder.path().join("a.toml");
    std::fs::write(&path, RIGHT.replace("constant = \"100ms\"", "samples = { file = \"times.txt\" }")).unwrap();
    let catalog = Catalog::default();
    let scenario = Scenario::read(&path, &[], &catalog).unwrap();
    assert_eq!(scenario.inputs(), [folder.path().join("times.txt")]);
    let results = folder.path().join("results/a");
    std::fs::create_dir_all(&results).unwrap();
    let resolved = scenario.resolve(&results, &catalog, &mut Rejects::new(std::io::sink())).unwrap().scenario;
    assert!(resolved.contains("paths_from = \"../..\""), "{resolved}");
    std::fs::write(results.join("scenario.toml"), &resolved).unwrap();
    let again = Scenario::read(&results.join("scenario.toml"), &[], &catalog).unwrap();
    assert_eq!(again.resolve(&results, &catalog, &mut Rejects::new(std::io::sink())).unwrap().scenario, resolved);
}

#[test]
fn a_scenario_without_files_resolves_to_the_same_text_everywhere() {
    let text = |folder: &str| {
        let scenario = read(RIGHT, &[]).unwrap();
        scenario.resolve(Path::new(folder), &Catalog::default(), &mut Rejects::new(std::io::sink())).unwrap().scenario
    };
    assert_eq!(text("results/a"), text("elsewhere"));
}

/// A long scenario, as a target for damage.
const LONG: &str = include_str!("../../scenarios/quickstart.toml");

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn damaged_scenarios_are_read_or_refused_in_words(at in 0..LONG.len(), length in 0..40usize, insert in "\\PC{0,12}|[\\[\\]{}=.\"'\n0-9a-z-]{0,12}") {
        let floor = |at: usize| (0..=at.min(LONG.len())).rev().find(|at| LONG.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (floor(at), floor(at + length));
        let text = format!("{}{insert}{}", &LONG[..start], &LONG[end..]);
        if let Err(shown) = read(&text, &[]) {
            prop_assert!(shown.starts_with("error: "), "{shown}");
        }
    }

    #[test]
    fn any_override_is_taken_or_refused_in_words(key in "[a-z_.\"0-9]{0,30}|(scenario|function|policy|platform)\\.[a-z_.]{1,20}", value in "\\PC{0,20}") {
        if let Err(shown) = read(LONG, &[(&key, &value)]) {
            prop_assert!(shown.starts_with("error: "), "{shown}");
        }
    }
}

#[test]
fn functions_of_a_table_have_the_memory_of_the_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), "at,took\n0,1\n").unwrap();
    for (keys, mib) in [("", 128), ("[defaults]\nmemory = \"1 GiB\"", 1024), ("[defaults]\nmemory = \"1 GiB\"\n", 512)]
    {
        let own = if mib == 512 { "memory = \"512 MiB\"" } else { "" };
        let text = format!(
            "[workload.trace.table]\npath = \"t.csv\"\ncolumns = {{ arrival = \"at\", duration = \"took\" }}\n{own}\n{keys}"
        );
        let (path, catalog) = (folder.path().join("s.toml"), Catalog::default());
        let scenario = Scenario::from_text(&path, text, &[], &catalog).unwrap_or_else(|error| panic!("{error}"));
        let experiment = scenario.resolve(folder.path(), &catalog, &mut Rejects::new(std::io::sink()));
        let memory = experiment.unwrap_or_else(|error| panic!("{error}")).workload.functions[0].memory;
        assert_eq!(memory.as_mib_f64(), f64::from(mib));
    }
}

/// A function that only computes, on AWS Lambda's law and prices.
const SIZED: &str = r#"[scenario]
duration = "1h"
[[function]]
name = "f"
memory = "256 MiB"
arrivals.poisson = { rate = "1/s" }
execution.exponential = { mean = "500ms" }
[platform]
cpu.fluid = { full_vcpu = "1769 MiB" }
[pricing]
book = "aws-lambda"
region = "us-east-1"
[policy]
allocation.minimum_time = { grid = ["512 MiB", "1769 MiB", "3008 MiB"] }
"#;

#[test]
fn an_allocation_policy_gives_functions_their_memory() {
    let fastest = resolve(SIZED, &[]);
    let workload = &fastest.workload;
    assert_eq!(workload.functions[0].memory, Memory::from_mib(1769));
    assert_eq!(workload.apps[0].memory, Memory::from_mib(1769));
    assert_eq!(fastest.platform.deployments[0].cpu, Cpu::Fluid { stretch: 1.0, io: Span::ZERO });
    assert_eq!(workload.notes[0].what, "memory chosen by minimum_time: f 256 MiB -> 1769 MiB");
    // Input and output take as long at every size, so that the least memory is the cheapest.
    let waits = [("defaults.io", "\"1s\""), ("policy.allocation.minimum_cost.grid", "[\"512 MiB\", \"1769 MiB\"]")];
    assert_eq!(resolve(SIZED, &waits).workload.functions[0].memory, Memory::from_mib(512));
    let own = resolve(SIZED, &[("policy.allocation", "{ fixed = {} }")]);
    assert_eq!((own.workload.functions[0].memory, own.workload.notes.len()), (Memory::from_mib(256), 0));
}

#[test]
fn an_allocation_that_cannot_matter_is_refused() {
    for (from, to, told) in [
        ("cpu.fluid = { full_vcpu = \"1769 MiB\" }", "cpu = \"as_measured\"", "`minimum_time` needs a CPU law"),
        ("allocation.minimum_time", "allocation.balanced", "nothing has a price"),
    ] {
        let prices = "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n";
        let scenario = read(&SIZED.replace(prices, "").replace(from, to), &[]).unwrap();
        let resolved = scenario.resolve(Path::new("."), &Catalog::default(), &mut Rejects::new(std::io::sink()));
        let error = resolved.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(told) && error.contains("help: add `"), "{error}");
    }
}
