#!/usr/bin/env bash
# How long `soc2 check` takes on a large programme, beside what git and sha256sum need on the same tree.
#
#     benches/check.sh [FOLDER]
#
# 10,000 controls and 100,000 manifests are generated into FOLDER (a temporary folder unless given; kept if given, and
# used again if it is there). Everything runs once to warm up, then five times; medians are printed.
# CONTROLS, EVIDENCE and RUNS in the environment set other sizes.
set -euo pipefail

controls=${CONTROLS:-10000}
evidence=${EVIDENCE:-100000}
runs=${RUNS:-5}
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

if [ $# -gt 0 ]; then
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi

cargo build --release --quiet --bin soc2 --example generate --example phases
target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
soc2=$target/release/soc2
generate=$target/release/examples/generate

# generated NAME CONTROLS EVIDENCE: the programme of that size, made unless it is there
generated() {
  local tree=$folder/$1
  [ -e "$tree/soc2.toml" ] || "$generate" --controls "$2" --evidence "$3" --commits 52 --seed 1 "$tree" >&2
  echo "$tree"
}

# median COMMAND: median seconds of a shell command, warm; its exit code does not matter
median() {
  if command -v hyperfine >/dev/null; then
    local json
    json=$(mktemp)
    hyperfine --ignore-failure --warmup 1 --runs "$runs" --export-json "$json" "$1" >/dev/null 2>&1
    python3 -c 'import json, sys; print("%.3f" % json.load(open(sys.argv[1]))["results"][0]["median"])' "$json"
    rm -f "$json"
  else
    python3 - "$runs" "$1" <<'PY'
import statistics, subprocess, sys, time
def once():
    start = time.perf_counter()
    subprocess.run(["sh", "-c", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
once()
print("%.3f" % statistics.median(once() for _ in range(int(sys.argv[1]))))
PY
  fi
}

ratio() { python3 -c 'import sys; print("%.2f" % (float(sys.argv[1]) / float(sys.argv[2])))' "$1" "$2"; }

check_of() { echo "'$soc2' check -C '$1' --as-of 2026-12-31 --format json > /dev/null"; }

# Peak resident memory in MiB. GNU time, so that macOS is told apart.
peak() {
  if /usr/bin/time -v true >/dev/null 2>&1; then
    { /usr/bin/time -v "$soc2" check -C "$1" --as-of 2026-12-31 --format json >/dev/null; } 2>&1 |
      awk -F': ' '/Maximum resident set size/ { printf "%.0f MiB", $2 / 1024 }'
  else
    echo "unknown (install GNU time)"
  fi
}

echo "soc2      $("$soc2" --version), $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'), $(getconf _NPROCESSORS_ONLN) cores"
tree=$(generated large "$controls" "$evidence")
echo "programme $controls controls, $evidence manifests, $(find "$tree" -path "$tree/.git" -prune -o -type f -print | wc -l) files"

check=$(median "$(check_of "$tree")")
grep=$(median "cd '$tree' && git grep -c zzzqq > /dev/null")
sums=$(median "cd '$tree' && find evidence -type f ! -name manifest.yaml -print0 | xargs -0 sha256sum > /dev/null")
both=$(python3 -c 'import sys; print("%.3f" % (float(sys.argv[1]) + float(sys.argv[2])))' "$grep" "$sums")
echo "check     $check s, peak $(peak "$tree")"
echo "git grep  $grep s"
echo "sha256sum $sums s"
echo "ratio     $(ratio "$check" "$both") (check to git grep plus sha256sum)"

status=$(median "'$soc2' status -C '$tree' --as-of 2026-12-31 > /dev/null")
echo "status    $status s, $(ratio "$status" "$check") of check"
echo "phases    of one thread, so that seconds are CPU time:"
RAYON_NUM_THREADS=1 "$target/release/examples/phases" "$tree" 2026-12-31 | sed 's/^/          /'

small=$(generated small $((controls / 10)) $((evidence * 11 / 100)))
tenfold=$(generated tenfold "$controls" $((evidence * 11 / 10)))
a=$(median "$(check_of "$small")")
b=$(median "$(check_of "$tenfold")")
echo "growth    $((evidence * 11 / 100)) manifests $a s, $((evidence * 11 / 10)) manifests $b s: ten times the programme, $(ratio "$b" "$a") times the time"

echo "version   $(median "'$soc2' --version") s"
if [ -e examples/acme/soc2.toml ]; then
  echo "acme      $(median "'$soc2' check -C examples/acme") s"
fi
