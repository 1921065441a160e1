#!/usr/bin/env bash
# How long `soc2 history --every day` takes over a year, beside what git needs to list the same commits and hand out the
# blobs that they changed.
#
#     benches/history-days.sh [FOLDER]
#
# 5,000 commits over 2026 with 10,000 manifests are generated into FOLDER (a temporary folder unless given; kept if given,
# and used again if it is there). Everything runs once to warm up, then five times; medians are printed.
# CONTROLS, EVIDENCE, COMMITS and RUNS in the environment set other sizes; SOC2 and GENERATE name programs that are built.
set -euo pipefail

controls=${CONTROLS:-500}
evidence=${EVIDENCE:-10000}
commits=${COMMITS:-5000}
runs=${RUNS:-5}
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi

if [ -z "${SOC2:-}" ] || [ -z "${GENERATE:-}" ]; then
  cargo build --release --quiet --bin soc2 --example generate
  target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
  SOC2=$target/release/soc2
  GENERATE=$target/release/examples/generate
fi

tree=$folder/history-$controls-$evidence-$commits
[ -e "$tree/soc2.toml" ] ||
  "$GENERATE" --controls "$controls" --evidence "$evidence" --commits "$commits" --seed 1 "$tree" >&2

# The blobs that the commits of the first-parent line brought in.
blobs=$folder/blobs-$controls-$evidence-$commits
git -C "$tree" log --first-parent --raw --no-abbrev --format= | awk '/^:/ && $4 !~ /^0+$/ { print $4 }' >"$blobs"
echo "history   $commits commits, $controls controls, $evidence manifests, $(wc -l <"$blobs") changed blobs, $(getconf _NPROCESSORS_ONLN) cores"

python3 - "$runs" "$tree" "$blobs" "$SOC2" <<'PY'
import statistics, subprocess, sys, time

runs, tree, blobs, soc2 = int(sys.argv[1]), *sys.argv[2:]
history = [soc2, "history", "-C", tree, "--as-of", "2026-12-31", "--every", "day", "--format", "json"]
steps = {
    "git log": (["git", "-C", tree, "log", "--first-parent", "--raw"], None),
    "cat-file": (["git", "-C", tree, "cat-file", "--batch"], blobs),
    "history": (history, None),
}

def seconds(command, given):
    with open(given or "/dev/null", "rb") as stdin:
        start = time.perf_counter()
        subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start

# Turn by turn, so that a busy machine is busy for all of them.
taken = {name: [] for name in steps}
for run in range(runs + 1):
    for name, (command, given) in steps.items():
        took = seconds(command, given)
        if run:
            taken[name].append(took)
median = {name: statistics.median(all) for name, all in taken.items()}
for name, value in median.items():
    print(f"{name:9} {value:.3f} s")
print(f"ratio     {median['history'] / (median['git log'] + median['cat-file']):.2f} (history to git log plus cat-file; the limit is 1.5)")
PY
