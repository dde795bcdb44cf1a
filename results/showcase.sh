#!/bin/sh
# Makes the showcase again, with the same bytes on every machine:  sh results/showcase.sh [FOLDER]
# COLDCAST names the program; without it, cargo compiles it.
set -eu

out=${1:-$(dirname "$0")/showcase}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."

# An older showcase goes: without its manifests, coldcast would not take its folders for results and leave them as they are.
folders="quickstart keep-alive memory providers"
if [ -f "$out/SHA256SUMS" ]; then (cd "$out" && rm -rf $folders); fi

coldcast() {
    if [ -n "${COLDCAST:-}" ]; then "$COLDCAST" "$@"; else cargo run --quiet --release -- "$@"; fi
}

coldcast run scenarios/quickstart.toml --quiet --out "$out/quickstart"

coldcast sweep scenarios/keep-alive.toml --quiet --out "$out/keep-alive" --baseline 2 --set 'sweep."policy.keep_alive"=[
    { none = {} }, { fixed = { ttl = "10m" } }, { survival = { curve = "aws-lambda" } }, { histogram = {} },
    { clairvoyant = { break_even = "10m" } }, { infinite = {} }]'

coldcast sweep scenarios/quickstart.toml --quiet --out "$out/memory" \
    --set 'platform.cpu.quota={ full_vcpu = "1769 MiB", period = "20ms" }' --set 'function.thumbnail.io=60ms' \
    --set 'sweep."function.thumbnail.memory"=["256 MiB", "512 MiB", "1024 MiB", "1769 MiB", "3008 MiB"]'

# Arrivals by a rule instead of a file: where that lies, seen from the result, is a part of the result.
coldcast run scenarios/providers.toml --quiet --out "$out/providers" --replications 3 --set scenario.duration=1d \
    --set 'function.api.arrivals.diurnal={ rate = "8/s", amplitude = 0.9, peak = "14h" }'

# All that must be the same: manifests say how long a run took, and records are what the tables were made from.
cd "$out"
find $folders -type f ! -name manifest.json ! -path '*/records/*' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
