"""What `add` and `grow` have in common: where a figure comes from, and the file that it is kept in."""

import csv
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
COLUMNS = ["date", "commit", "machine", "command", "bench", "figure", "unit"]
# What a figure depends on. The records themselves are no part of it.
MEASURED = ["src", "prices", "benches", "Cargo.toml", "Cargo.lock", ":(exclude)benches/record/*.csv"]


def output(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def target():
    """Where cargo builds."""
    return Path(json.loads(output("cargo", "metadata", "--no-deps", "--format-version=1"))["target_directory"])


def commit():
    """The commit that is measured, and when it was made (seconds since 1970)."""
    changes = output("git", "status", "--porcelain", "--", *MEASURED)
    if changes:
        sys.exit(f"A figure belongs to a commit: commit these first.\n{changes}")
    name, time = output("git", "log", "-1", "--format=%h %ct", "--", *MEASURED).split()
    return name, int(time)


def processor():
    """Its name as it calls itself; where that says little, the numbers that tell it from others too."""
    if sys.platform == "darwin":
        return output("sysctl", "-n", "machdep.cpu.brand_string")
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    about = dict(map(str.strip, line.split(":", 1)) for line in lines if ":" in line)
    numbers = [about[key] for key in ("cpu family", "model", "stepping") if key in about]
    name = about.get("model name", platform.machine())
    return f"{name} ({'-'.join(numbers)})" if numbers else name


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def machine():
    """Such as "AMD EPYC 9R45 (26-2-1), 2 cores, 24 GiB, rustc 1.95.0"."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    compiler = " ".join(output("rustc", "--version").split()[:2])
    return f"{processor()}, {cores()} cores, {memory:.0f} GiB, {compiler}"


def file(day):
    """The record of this machine on a day."""
    name = re.sub(r"\(.*?\)|@.*|\b(cpu|processor)\b", " ", processor().lower())
    words = re.findall(r"[a-z0-9]+", name)
    return FOLDER / "-".join([day.isoformat(), *words, f"{cores()}cores.csv"])


def number(figure):
    """Four digits are more than repeat; whole numbers are counts."""
    return str(figure) if isinstance(figure, int) else f"{float(f'{figure:.4g}'):.10g}"


def known(path):
    """The rows of a record, which must be of this machine."""
    if not path.exists():
        return []
    with path.open(newline="") as text:
        columns, *rows = csv.reader(text)
    if columns != COLUMNS:
        sys.exit(f"{path} has the columns {columns}, expected {COLUMNS}.")
    others = {row[2] for row in rows} - {machine()}
    if others:
        sys.exit(f"{path} holds figures of another machine, {others}; this one is {machine()!r}. Rename that file.")
    return rows


def add(rows):
    """Adds (day, commit, command, bench, figure, unit) to the records, without those that are there, and says what it added."""
    for day in sorted({day for day, *_ in rows}):
        path = file(day)
        there = known(path)
        new = [[day.isoformat(), commit, machine(), command, bench, number(figure), unit]
               for of, commit, command, bench, figure, unit in rows if of == day]
        new = [row for row in new if row not in there]
        with path.open("a", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerows(new if there else [COLUMNS, *new])
        for *_, bench, figure, unit in new:
            print(f"{bench}: {figure} {unit}")
        print(f"{len(new)} rows added to {os.path.relpath(path)}")
