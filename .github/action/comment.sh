#!/usr/bin/env bash
# Keeps one comment of a pull request equal to the report (action.yml). The only step that holds a token. Where the token
# may not write, as in pull requests from forks, it says so and is done: the summary has the same text.
#
# GH_TOKEN         the token of the run
# SOC2_MARKDOWN    file with the text; its first line is the mark by which the comment is found
# SOC2_NUMBER      number of the pull request
# SOC2_FROM        repository that the change comes from
set -euo pipefail

# GitHub takes 65,536 characters.
most=60000
mark='<!-- soc2 check --base -->'
number=${SOC2_NUMBER:-}
repository=${GITHUB_REPOSITORY:?}

note() {
  printf '::notice title=soc2::%s; the summary of the run has the report\n' "$1"
  exit 0
}

nothing_told() {
  sed -n 2p "$SOC2_MARKDOWN" | grep -q '^### soc2: this change weakens nothing · as of '
}

[[ $number =~ ^[0-9]+$ ]] || note "this run is of no pull request, so there is nothing to comment on"
[ "${SOC2_FROM:-}" = "$repository" ] || note "a change from a fork gets no comment, because its token may only read"
[ "$(head -n 1 "$SOC2_MARKDOWN")" = "$mark" ] || note "the report compares with nothing, so it is no comment"

body=$(mktemp "${RUNNER_TEMP:?}/soc2-comment.XXXXXX")
trap 'rm -f "$body"' EXIT
if [ "$(wc -c < "$SOC2_MARKDOWN")" -gt "$most" ]; then
  # Whole lines only: a cut inside a character would not be text.
  head -c "$most" "$SOC2_MARKDOWN" | sed '$d' > "$body"
  printf '\nThe rest is in the summary of the run.\n' >> "$body"
else
  cp "$SOC2_MARKDOWN" "$body"
fi

# Ours is the oldest one that the workflows' bot wrote and that begins with the mark. Anybody can write the mark.
find_ours='.[] | select(.user.login == "github-actions[bot]") | select(.body | startswith("'$mark'")) | .id'
ids=$(gh api --paginate "repos/$repository/issues/$number/comments" --jq "$find_ours") ||
  note "the comments could not be read; pull-requests: write lets this step write one"
id=${ids%%$'\n'*}
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$repository/issues/comments/$id" --field "body=@$body" --silent ||
    note "the comment could not be updated; pull-requests: write lets this step do it"
elif ! nothing_told; then
  gh api --method POST "repos/$repository/issues/$number/comments" --field "body=@$body" --silent ||
    note "the comment could not be written; pull-requests: write lets this step do it"
fi
