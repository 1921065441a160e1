#!/usr/bin/env bash
# Prints what soc2 is built from as a CycloneDX list: every crate of Cargo.lock that reaches a program with the default
# features, on any system, with its hash in the registry and its licence.
# Usage: parts.sh SECONDS    the moment to name, since 1970
set -euo pipefail
cd "$(dirname "$0")/../.."

# "NAME VERSION" to hash, from the lock file.
hashes=$(awk -F '"' '
  /^name = /{ name = $2 } /^version = /{ version = $2 }
  /^checksum = /{ printf "%s%s", separator, "\"" name " " version "\":\"" $2 "\""; separator = "," }
  BEGIN { printf "{" } END { printf "}" }' Cargo.lock)

cargo metadata --locked --format-version 1 | jq --sort-keys --argjson hashes "$hashes" --argjson moment "$1" '
  . as $all
  # Dependencies for tests and benches reach no program.
  | ($all.resolve.nodes
      | map({ key: .id, value: [.deps[] | select(any(.dep_kinds[]; .kind != "dev")) | .pkg] })
      | from_entries) as $needs
  | def reached: . as $some | ([$some[], ($some[] | $needs[.][])] | unique) as $more
      | if ($more | length) == ($some | length) then $some else $more | reached end;
  ([$all.resolve.root] | reached) as $in
  | def purl: "pkg:cargo/\(.name)@\(.version)";
  ($all.packages | map({ key: .id, value: . }) | from_entries) as $packages
  | def part($kind): . as $part | {
        type: $kind, name, version, purl: purl, "bom-ref": purl,
        licenses: (if .license then [{ expression: (.license | gsub("/"; " OR ")) }] else null end),
        hashes: ($hashes["\(.name) \(.version)"] | if . then [{ alg: "SHA-256", content: . }] else null end)
      } | with_entries(select(.value != null));
  {
    bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
    metadata: { timestamp: ($moment | todate), component: ($packages[$all.resolve.root] | part("application")) },
    components: [$in[] | select(. != $all.resolve.root) | $packages[.] | part("library")],
    dependencies: [$in[] | { ref: ($packages[.] | purl), dependsOn: ([$needs[.][] | $packages[.] | purl] | unique) }]
  }'
