"""What the notebooks share: run coldcast, and read what it wrote.

Environment variables: COLDCAST names the program, else `cargo run` compiles it once (in the profile COLDCAST_PROFILE, else release);
COLDCAST_RESULTS names the folder of the results, else it is results/notebooks.
"""

import json
import os
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
RESULTS = Path(os.environ.get("COLDCAST_RESULTS", ROOT / "results" / "notebooks"))

# The colours of Okabe and Ito, which colour-blind readers tell apart.
BLUE, RED, GREEN, PURPLE, ORANGE, SKY, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#767676"

plt.style.use(Path(__file__).with_name("coldcast.mplstyle"))


def command(*arguments):
    """What a command prints; if it fails, its message is the error."""
    done = subprocess.run([str(argument) for argument in arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def cargo_run(*arguments):
    """What `cargo run` prints with these arguments."""
    return command("cargo", "run", "--quiet", "--profile", os.environ.get("COLDCAST_PROFILE", "release"), *arguments)


def coldcast(*arguments):
    """What `coldcast` prints with these arguments."""
    program = os.environ.get("COLDCAST")
    return command(program, *arguments) if program else cargo_run("--", *arguments)


def run(scenario, name, changes=None, *options):
    """Runs a scenario and returns its result folder, RESULTS/name.

    `scenario` is a file of the gallery, such as "quickstart", or the text of a scenario; `changes` are keys with their new
    values, as after `--set`.
    """
    folder = RESULTS / name
    if "\n" in scenario:
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{name}.toml"
        path.write_text(scenario, encoding="utf-8")
    else:
        path = SCENARIOS / f"{scenario}.toml"
    changed = [part for key, value in (changes or {}).items() for part in ("--set", f"{key}={value}")]
    coldcast("run", path, "--quiet", "--out", folder, *changed, *options)
    return folder


def pooled(folder, figure):
    """A figure over all replications, such as "latency_ms.response.p99": a dictionary with mean, ci_low, ci_high and n."""
    value = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["pooled"]
    for key in figure.split("."):
        value = value[key]
    return value
