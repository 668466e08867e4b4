#!/bin/sh
# Runs every fuzz target of the module: scripts/fuzz.sh 10s, or 5000x for that many
# inputs each. On a busy machine a time limit can end in "context deadline exceeded",
# which go test calls a failure; a number of inputs cannot.
# go test takes one target of one package at a time.
set -eu

cd "$(dirname "$0")/.."
time=$1

packages=$(grep -rlE --include='*_test.go' '^func Fuzz[A-Z0-9_]' cmd db internal | xargs -r -n 1 dirname | sort -u | sed 's|^|./|')
if [ -z "$packages" ]; then
	echo "no fuzz targets"
	exit 0
fi

# Names, then the line "ok <package> <time>" that they belong to.
# shellcheck disable=SC2086 # words
listed=$(go test -list '^Fuzz' $packages)
targets=$(echo "$listed" | awk '
	/^Fuzz/ { names[++n] = $1 }
	/^ok/ { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }')
[ -n "$targets" ] || { echo "no fuzz targets in: $packages" >&2; exit 1; }

echo "$targets" | while read -r package target; do
	echo "+ go test -run '^\$' -fuzz '^$target\$' -fuzztime $time $package"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" </dev/null
done
