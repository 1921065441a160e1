#!/usr/bin/env bash
# Installs soc2 for the action (action.yml) and says where: the release archive whose SHA-256 was given, else the source of
# the action itself, built here. Nothing is taken from the repository that is checked, and no folder of it is entered:
# a toolchain file there would choose the program that builds.
#
# SOC2_VERSION     release, such as 0.1.0; that of the action's own source unless given
# SOC2_SHA256      SHA-256 of the archive for this runner, from SHA256SUMS of the release; without it the source is built
# SOC2_REPOSITORY  owner/name or address where the releases are; that of the action unless given
set -euo pipefail

fail() {
  printf '::error title=soc2::%s\n' "$1" >&2
  exit 1
}

# The archive's name for this machine, as the Rust project names machines.
target() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) echo "x86_64-unknown-linux-$(libc)" ;;
    Linux/aarch64 | Linux/arm64) echo "aarch64-unknown-linux-$(libc)" ;;
    Darwin/arm64) echo aarch64-apple-darwin ;;
    Darwin/x86_64) echo x86_64-apple-darwin ;;
    MINGW*/x86_64 | MSYS*/x86_64) echo x86_64-pc-windows-msvc ;;
    *) fail "there is no release for $(uname -s) on $(uname -m); leave sha256 out to build from source" ;;
  esac
}

libc() {
  # musl's `ldd` names itself and fails.
  case "$(ldd --version 2>&1 || true)" in
    *musl*) echo musl ;;
    *) echo gnu ;;
  esac
}

hash_of() {
  if command -v sha256sum > /dev/null; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
  fi | cut -c 1-64
}

own_version() {
  sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$source/Cargo.toml"
}

# The runner unpacks an action into _actions/OWNER/NAME/REF; a step of a composite action is not told them in another way.
own_repository() {
  local below=${source##*/_actions/}
  [ "$below" != "$source" ] || fail "this action runs from a folder, so its releases are not known; give \`repository\`"
  printf '%s\n' "$below" | cut -d / -f 1-2
}

download() {
  local version=$1 repository=$2 target name archive extension=tar.gz
  target=$(target)
  name=soc2-$version-$target
  case $target in *windows*) extension=zip ;; esac
  archive=$temporary/$name.$extension
  case $repository in
    https://*) ;;
    *) repository=${GITHUB_SERVER_URL:-https://github.com}/$repository ;;
  esac
  local address=$repository/releases/download/v$version/$name.$extension
  curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --max-time 300 \
    --output "$archive" "$address" || fail "$address could not be downloaded"
  local found
  found=$(hash_of "$archive")
  if [ "$found" != "$sha256" ]; then
    rm -f "$archive"
    fail "$name.$extension has the SHA-256 $found, not $sha256; nothing was installed"
  fi
  if [ "$extension" = zip ]; then
    unzip -q -j -o "$archive" "$name/soc2.exe" -d "$temporary/bin"
  else
    tar -xzf "$archive" -C "$temporary/bin" --strip-components=1 "$name/soc2"
  fi
  rm -f "$archive"
}

build() {
  command -v cargo > /dev/null || fail "there is no cargo here to build soc2 with; give version and sha256 of a release"
  echo "::group::Building soc2 from the source of this action"
  (cd "$temporary" && cargo install --quiet --locked --no-default-features --path "$source" --root "$temporary") ||
    fail "soc2 could not be built"
  echo "::endgroup::"
}

source=${GITHUB_ACTION_PATH:?}
source=${source//\\//} # Windows
version=${SOC2_VERSION:-}
sha256=${SOC2_SHA256:-}
repository=${SOC2_REPOSITORY:-}
temporary=${RUNNER_TEMP:?}/soc2
mkdir -p "$temporary/bin"

if [ -z "$sha256" ]; then
  if [ -n "$version" ] && [ "$version" != "$(own_version)" ]; then
    fail "version was given without sha256: take it from SHA256SUMS of the release, or leave both out"
  fi
  build
else
  version=${version:-$(own_version)}
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "version has to be like 0.1.0"
  [[ $sha256 =~ ^[0-9a-f]{64}$ ]] || fail "sha256 has to be 64 hex digits"
  [[ $repository =~ ^[A-Za-z0-9._:/-]*$ ]] || fail "repository has to be owner/name or an https address"
  download "$version" "${repository:-$(own_repository)}"
fi

program=$temporary/bin/soc2
[ -f "$program" ] || program=$program.exe
told=$("$program" --version)
if [ -n "$version" ] && [ "$told" != "soc2 $version" ]; then
  fail "the program that was installed says it is $told, not soc2 $version"
fi
echo "$told"
echo "$temporary/bin" >> "$GITHUB_PATH"
echo "program=$program" >> "$GITHUB_OUTPUT"
