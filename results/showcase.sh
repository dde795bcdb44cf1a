#!/bin/sh
# Makes the showcase again, with the same bytes on every machine:  sh results/showcase.sh [FOLDER]
# COLDCAST names the program; without it, cargo compiles it.
set -eu

case "${1:-}" in
    "") out=$(dirname "$0")/showcase ;;
    *) out=$1 ;;
esac
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."

coldcast() {
    if [ -n "${COLDCAST:-}" ]; then "$COLDCAST" "$@"; else cargo run --quiet --release -- "$@"; fi
}

coldcast run scenarios/quickstart.toml --quiet --out "$out/quickstart"
coldcast run scenarios/keep-alive.toml --quiet --out "$out/keep-alive"

# All that must be the same. The manifest says how long a run took.
cd "$out"
find . -type f ! -name manifest.json ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS
