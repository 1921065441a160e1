#!/usr/bin/env bash
# Prints what CHANGELOG.md tells of the version that a tag names, and fails unless Cargo.toml has that version too.
# Usage: notes.sh vX.Y.Z
set -euo pipefail
cd "$(dirname "$0")/../.."

tag=$1
version=$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
if [ "$tag" != "v$version" ]; then
  echo "the tag is $tag, but Cargo.toml has version $version" >&2
  exit 1
fi
notes=$(awk -v heading="## [$version] - " '
  index($0, heading) == 1 { inside = 1; next }
  /^## / { inside = 0 }
  inside' CHANGELOG.md)
if [ -z "${notes//[[:space:]]/}" ]; then
  echo "CHANGELOG.md says nothing under \"## [$version] - DATE\"" >&2
  exit 1
fi
printf '%s\n' "$notes"
