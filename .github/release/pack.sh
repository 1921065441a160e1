#!/usr/bin/env bash
# Makes what a release offers from the programs that were built: an archive for each machine, the parts they were built
# from, and SHA256SUMS of it all. The same programs and commit give the same bytes. Needs GNU tar, and jq for the parts.
# Usage: pack.sh vX.Y.Z BUILT DIST    with BUILT/soc2-TARGET/soc2 (or soc2.exe), one of them x86_64-unknown-linux-gnu
set -euo pipefail
built=$(realpath "$2")
mkdir -p "$3"
dist=$(realpath "$3")
cd "$(dirname "$0")/../.."
version=${1#v}
export TZ=UTC LC_ALL=C
moment=$(git log -1 --format=%ct)

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
own=$staged/soc2
cp "$built/soc2-x86_64-unknown-linux-gnu/soc2" "$own"
chmod 755 "$own"
mkdir "$staged/completions"
"$own" completions bash > "$staged/completions/soc2.bash"
"$own" completions zsh > "$staged/completions/_soc2"
"$own" completions fish > "$staged/completions/soc2.fish"
"$own" completions powershell > "$staged/completions/_soc2.ps1"
"$own" completions elvish > "$staged/completions/soc2.elv"

for folder in "$built"/soc2-*; do
  name=soc2-$version-${folder##*/soc2-}
  mkdir "$staged/$name"
  cp LICENSE README.md CHANGELOG.md "$staged/$name/"
  cp -r "$staged/completions" "$staged/$name/"
  find "$staged/$name" -type f -exec chmod 644 {} +
  case $name in
    *windows*)
      cp "$folder/soc2.exe" "$staged/$name/"
      find "$staged/$name" -exec touch --date="@$moment" {} +
      (cd "$staged" && find "$name" -type f | sort | zip -q -X "$dist/$name.zip" -@)
      ;;
    *)
      cp "$folder/soc2" "$staged/$name/"
      chmod 755 "$staged/$name/soc2"
      tar -C "$staged" --sort=name --format=gnu --mtime="@$moment" --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX -cf - "$name" | gzip -9 -n > "$dist/$name.tar.gz"
      ;;
  esac
done

if command -v jq > /dev/null; then
  .github/release/parts.sh "$moment" > "$dist/soc2-$version.cdx.json"
else
  echo "no jq here: no list of parts" >&2
fi
rm -f "$dist/SHA256SUMS"
(cd "$dist" && sha256sum -- *) > "$staged/SHA256SUMS"
cp "$staged/SHA256SUMS" "$dist/"
