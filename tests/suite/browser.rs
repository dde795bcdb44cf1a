//! The reports in a browser: Chromium, at the width of a desktop and of a phone, light and dark.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::workbench::{Bench, FUNCTION};

/// Runs in a copy of each report: presses the heading of the first column of numbers of every table that can be sorted, twice, and tells
/// the page around it what it found.
const PROBE: &str = r#"<script>
addEventListener("load", () => {
  const sorted = [...document.querySelectorAll("table.sortable")].map((table) => {
    const column = [...table.tBodies[0].rows[0].cells].findIndex((cell) => cell.matches("td[data-value]"));
    const values = () => [...table.tBodies[0].rows].map((row) => row.cells[column].dataset.value).filter((value) => value !== "");
    const press = () => (table.tHead.rows[0].cells[column].querySelector("button").click(), values().map(Number));
    return { up: press(), down: press() };
  });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const background = getComputedStyle(document.body).backgroundColor;
  const { scrollWidth } = document.documentElement;
  parent.postMessage({ name, width: innerWidth, scrollWidth, dark, background, sorted }, "*");
});
</script>"#;

/// Collects what the reports tell in its title.
const COLLECTOR: &str = r#"<!DOCTYPE html><title>[]</title><script>
const found = [];
addEventListener("message", (event) => (found.push(event.data), (document.title = JSON.stringify(found))));
</script>"#;

const WIDTHS: [u64; 2] = [1280, 390];
const SWEEP: &str = "\n[sweep]\n\"policy.keep_alive.fixed.ttl\" = [\"10s\", \"1m\", \"10m\"]\n";

/// Whether there is a browser; says so if there is none.
fn has_chromium() -> bool {
    let found = Command::new("chromium").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        println!("SKIPPED: chromium is not installed, so no report was opened in a browser (apt-get install chromium)");
    }
    found
}

/// Opens a page, and gives what it became.
fn open(page: &Path, profile: &Path, more: &[&str]) -> Output {
    let mut chromium = Command::new("chromium");
    chromium.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ]);
    chromium.args(["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"]);
    chromium
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--log-net-log={}", net_log(profile).display()));
    chromium.args(["--virtual-time-budget=5000", "--window-size=1400,900", "--dump-dom"]).args(more);
    chromium.arg(format!("file://{}", page.display())).output().unwrap()
}

fn net_log(profile: &Path) -> std::path::PathBuf {
    profile.with_extension("json")
}

/// Requests that a page made; those of the browser itself have no origin.
fn requests(profile: &Path) -> Vec<String> {
    let log: Value = serde_json::from_str(&fs::read_to_string(net_log(profile)).unwrap()).unwrap();
    let events = log["events"].as_array().unwrap().iter().map(|event| &event["params"]);
    let by_a_page = events.filter(|event| event["initiator"].as_str().is_some_and(|from| from != "not an origin"));
    by_a_page.map(|event| event["url"].to_string()).collect()
}

/// A run, a sweep and a comparison.
fn reports() -> Bench {
    let general = "[scenario]\nduration = \"10m\"\nreplications = 3\n";
    let prices = "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n";
    let scenario = format!("{general}{prices}{FUNCTION}");
    let other = format!("{scenario}[policy]\nkeep_alive.none = {{}}\n");
    let bench = Bench::with(&[
        ("a.toml", &scenario),
        ("without-keep-alive-and-with-a-name-that-is-long.toml", &other),
        ("s.toml", &format!("{scenario}{SWEEP}")),
    ]);
    bench.succeed(&["run", "a.toml", "--quiet", "--out", "run"]);
    bench.succeed(&["sweep", "s.toml", "--quiet", "--out", "sweep"]);
    let others = ["compare", "a.toml", "without-keep-alive-and-with-a-name-that-is-long.toml"];
    bench.succeed(&[&others[..], &["--quiet", "--out", "comparison"]].concat());
    bench
}

fn assert_is_right(found: &Value) {
    let (width, scroll) = (found["width"].as_u64().unwrap(), found["scrollWidth"].as_u64().unwrap());
    assert!(scroll <= width, "the page is wider than the window: {found}");
    let tables = found["sorted"].as_array().unwrap();
    assert!(!tables.is_empty(), "no table can be sorted: {found}");
    for table in tables {
        let values = |key: &str| table[key].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect::<Vec<_>>();
        assert!(!values("up").is_empty() && values("up").is_sorted(), "{table}");
        assert!(values("down").is_sorted_by(|a, b| a >= b), "{table}");
    }
}

#[test]
fn reports_fit_sort_and_ask_for_nothing() {
    if !has_chromium() {
        return;
    }
    let bench = reports();
    let mut collector = COLLECTOR.to_owned();
    for report in ["run", "sweep", "comparison"] {
        let page = bench.read(&format!("{report}/report.html"));
        fs::write(bench.path(&format!("{report}.html")), page.replace("</body>", &format!("{PROBE}</body>"))).unwrap();
        for width in WIDTHS {
            collector += &format!(
                "<iframe name=\"{report}\" src=\"{report}.html\" style=\"width:{width}px;border:0\"></iframe>"
            );
        }
    }
    fs::write(bench.path("all.html"), collector).unwrap();
    let mut backgrounds = Vec::new();
    for (theme, dark) in [("--blink-settings=preferredColorScheme=1", false), ("--force-dark-mode", true)] {
        let profile = bench.path(if dark { "dark" } else { "light" });
        let output = open(&bench.path("all.html"), &profile, &[theme]);
        let (dom, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let title = dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
        let found: Vec<Value> = serde_json::from_str(title.unwrap_or("")).unwrap_or_else(|_| panic!("{dom}\n{log}"));
        assert_eq!(found.len(), 3 * WIDTHS.len(), "{found:?}\n{log}");
        for found in &found {
            assert!(WIDTHS.contains(&found["width"].as_u64().unwrap()), "{found}");
            assert_eq!(found["dark"], dark, "{found}");
            assert_is_right(found);
        }
        backgrounds.push(found[0]["background"].clone());
        assert!(!log.contains("CONSOLE"), "{log}");
        assert_eq!(requests(&profile), [""; 0], "a report needs nothing from elsewhere");
    }
    assert_ne!(backgrounds[0], backgrounds[1], "the dark theme differs");
}
