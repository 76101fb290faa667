#!/bin/sh
# The review of a branch, without any platform: as a note of its last commit. Usage: docs/ci/review.sh BASE [REMOTE]
set -eu
base=${1:?the revision to compare with, such as origin/main}
remote=${2:-origin}
code=0
.venv/bin/longshore review run --touched-by "$base..HEAD" --base "$base" --output report || code=$?
.venv/bin/longshore review publish --to git-notes report
git push "$remote" refs/notes/longshore-review
exit "$code"
