#!/bin/sh
# Who touched which file, of all files of a repository, beside `git log --raw` of the whole: both times, their ratio, and
# whether the last commit of 40 files is the one that git names.
#   benches/history.sh REPOSITORY
set -eu
repository=${1:?name a repository}
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --profile profiling --bench history
program=$(ls -t target/profiling/deps/history-* | grep -v '\.d$' | head -1)

git -C "$repository" ls-tree -r -z --name-only HEAD > "$work/paths"
seconds() { date +%s.%N; }
for _ in 1 2 3; do
    start=$(seconds)
    git -C "$repository" log --raw > /dev/null
    middle=$(seconds)
    "$program" "$repository" < "$work/paths" > "$work/ours"
    end=$(seconds)
    echo "$start $middle $end" |
        awk '{ printf "git log --raw %.2f s, soc2 %.2f s, ratio %.2f\n", $2 - $1, $3 - $2, ($3 - $2) / ($2 - $1) }'
done

count=$(wc -l < "$work/ours")
wrong=0
for nth in $(seq 3 $((count / 40)) "$count"); do
    line=$(sed -n "${nth}p" "$work/ours")
    theirs=$(git -C "$repository" log -1 --format=%H -- "${line#* }")
    [ "${line%% *}" = "$theirs" ] || { wrong=$((wrong + 1)); echo "$line is $theirs for git"; }
done
echo "$wrong of 40 files differ from git log -1"
