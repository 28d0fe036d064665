#!/usr/bin/env bash
# Puts the report of a pull request into its one comment: found again by the marker on its first line, edited in place.
#
# Runs in a workflow of the default branch, with a token that may write. What the pull request left behind (REPORT) is only
# ever the text of a comment; which pull request it belongs to comes from the event, never from that text.
# Reads GH_TOKEN, GITHUB_REPOSITORY, HEAD_OWNER, HEAD_BRANCH, HEAD_SHA and REPORT, a file.
set -euo pipefail

MARKER='<!-- treaty:report -->'
LIMIT=65000

[ -s "$REPORT" ] || { echo "there is no report to post"; exit 0; }
[ "$(head -c ${#MARKER} "$REPORT")" = "$MARKER" ] || { echo "the report does not begin with $MARKER" >&2; exit 1; }

number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f "head=$HEAD_OWNER:$HEAD_BRANCH" \
    --jq "map(select(.head.sha == \"$HEAD_SHA\"))[0].number // empty")
[ -n "$number" ] || { echo "no open pull request has the head $HEAD_SHA any more"; exit 0; }

body=$(mktemp)
trap 'rm -f "$body"' EXIT
# A letter cut in half is dropped, and iconv ends with 1 when it drops one.
head -c "$LIMIT" "$REPORT" | { iconv -f utf-8 -t utf-8 -c || true; } > "$body"
mine=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$MARKER\"))) | .id" | head -n 1)
if [ -n "$mine" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" -F "body=@$body" --silent
    echo "edited the comment of pull request $number"
else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F "body=@$body" --silent
    echo "commented on pull request $number"
fi
