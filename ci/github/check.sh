#!/usr/bin/env bash
# Runs the gate once with every report: annotations in the log, Markdown for the summary and the comment, SARIF for code
# scanning. Reads AGAINST, CONTRACTS (both may be empty) and OUT, a folder. Ends as `treaty check` did.
set -uo pipefail

mkdir -p "$OUT"
arguments=()
[ -n "${AGAINST:-}" ] && arguments+=(--against "$AGAINST")
# shellcheck disable=SC2206  # names of contracts hold no spaces: treaty.yaml does not allow any
contracts=(${CONTRACTS:-})
treaty check "${contracts[@]}" "${arguments[@]}" \
    --format github --format "markdown=$OUT/comment.md" --format "sarif=$OUT/treaty.sarif" --format "json=$OUT/treaty.json"
code=$?

[ -s "$OUT/comment.md" ] && cat "$OUT/comment.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
echo "exit-code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
