#!/usr/bin/env bash
# How long packing an archive takes, beside `zip -r` and `sha256sum` of the same files in the same run.
#
#     benches/archive.sh [MIB [FILES [FOLDER]]]
#
# Files are made in FOLDER (a temporary folder unless given; kept if given): 2048 MiB in 20,000 files unless said, of which
# 60 % of the bytes are text and 40 % do not shrink. Wall and CPU seconds and the highest memory are printed. PACK names a
# program to measure instead of the example that is built here.
set -euo pipefail

mib=${1:-2048}
files=${2:-20000}
top=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -gt 2 ]; then
  mkdir -p "$3"
  folder=$(cd "$3" && pwd)
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi

if [ -z "${PACK:-}" ]; then
  cd "$top"
  cargo build --release --quiet --no-default-features --example pack
  target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
  PACK=$target/release/examples/pack
fi

tree=$folder/tree-$mib-$files
[ -d "$tree" ] || python3 - "$tree" "$mib" "$files" <<'PY'
import os, random, sys
tree, mib, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = random.Random(1)
words = [("%s-%d" % (word, n)) for n in range(400) for word in ("alice", "admin", "github", "reviewed", "2027-03-28", "removed")]
text = "".join(",".join(rng.choices(words, k=6)) + ",%08x\n" % rng.getrandbits(32) for _ in range(60000)).encode()
size = mib * (1 << 20) // files
for n in range(files):
    folder = os.path.join(tree, "control-%03d" % (n % 200))
    os.makedirs(folder, exist_ok=True)
    length = max(1, int(size * rng.uniform(0.2, 1.8)))
    if n % 5 < 3:
        at = rng.randrange(len(text))
        data = ((text[at:] + text) * (length // len(text) + 1))[:length]
        name = "export-%05d.csv" % n
    else:
        data, name = rng.randbytes(length), "screen-%05d.%s" % (n, "png" if n % 2 else "bin")
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data)
PY
find "$tree" -type f -print0 | xargs -0 cat > /dev/null

# measured NAME COMMAND: wall and CPU seconds and the highest memory of a command
measured() {
  python3 - "$1" "$2" <<'PY'
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(["sh", "-c", sys.argv[2]], check=True, stdout=subprocess.DEVNULL)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%-10s %7.1f s wall %7.1f s CPU %6d MiB" % (sys.argv[1], wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024))
PY
}

echo "files     $(find "$tree" -type f | wc -l) in $(du -sm --apparent-size "$tree" | cut -f1) MiB, $(getconf _NPROCESSORS_ONLN) cores, load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)"
rm -f "$folder"/theirs.zip "$folder"/ours.zip
measured theirs "cd '$tree' && zip -q -r '$folder/theirs.zip' . && find . -type f -print0 | xargs -0 sha256sum > '$folder/theirs.sha256'"
measured ours "'$PACK' '$tree' '$folder/ours.zip'"
measured checked "'$PACK' --check '$folder/ours.zip'"
ls -l "$folder"/theirs.zip "$folder"/ours.zip | awk '{ print $NF, int($5 / 1048576), "MiB" }'
