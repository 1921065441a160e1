#!/usr/bin/env bash
# Runs `soc2 check` for the action (action.yml): annotations go to the log, a summary to the run's page, a comment's text and
# SARIF to files. Needs no token. What the pull request says of itself (title, branch, author) is never asked for.
#
# SOC2_PROGRAM  the program
# SOC2_BASE     revision to compare with; in a pull request and a merge queue its target unless given
# SOC2_AS_OF    day to judge as of; today unless given
# SOC2_ARGS     further flags of `soc2 check`, separated by blanks
# SOC2_FOLDER   folder of the programme
set -euo pipefail

program=${SOC2_PROGRAM:?}
reports=${RUNNER_TEMP:?}/soc2-reports
markdown=$reports/soc2.md
sarif=$reports/soc2.sarif
mkdir -p "$reports"
rm -f "$markdown" "$sarif"

arguments=(-C "${SOC2_FOLDER:-.}" check)
if [ -n "${SOC2_BASE:-}" ]; then
  arguments+=("--base=$SOC2_BASE")
elif [ -n "${GITHUB_BASE_REF:-}" ] || [ "${GITHUB_EVENT_NAME:-}" = merge_group ]; then
  arguments+=(--base=auto)
fi
if [ -n "${SOC2_AS_OF:-}" ]; then
  arguments+=("--as-of=$SOC2_AS_OF")
fi
# Split at blanks and nothing else: no quotes, no patterns, no variables.
read -r -d '' -a more <<< "${SOC2_ARGS:-}" || true
arguments+=(${more[@]+"${more[@]}"})
arguments+=(--format github --format "markdown=$markdown" --format "sarif=$sarif")

code=0
"$program" "${arguments[@]}" || code=$?

{
  echo "exit-code=$code"
  if [ -f "$markdown" ]; then
    echo "markdown=$markdown"
  fi
  if [ -f "$sarif" ]; then
    echo "sarif=$sarif"
  fi
} >> "$GITHUB_OUTPUT"

if [ -f "$markdown" ]; then
  cat "$markdown" >> "$GITHUB_STEP_SUMMARY"
else
  printf '### soc2 could not work (exit code %s)\n\nThe log of this step says why.\n' "$code" >> "$GITHUB_STEP_SUMMARY"
  printf '::error title=soc2::soc2 check could not work (exit code %s); the lines above say why\n' "$code"
fi
exit "$code"
