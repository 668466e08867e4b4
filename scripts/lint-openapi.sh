#!/bin/sh
# Lints the OpenAPI document with the linter pinned in tools/openapi-lint, which
# it installs first when it is missing or another one. Says something only when
# something is wrong. The linter sends nothing anywhere.
set -eu

cd "$(dirname "$0")/../tools/openapi-lint"
document=../../internal/api/testdata/openapi.golden.json
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

quietly() {
	output=$("$@" 2>&1) || {
		echo "$output" >&2
		exit 1
	}
}

if ! cmp -s package-lock.json node_modules/.installed; then
	echo "+ npm ci (in tools/openapi-lint)" >&2
	quietly npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	cp package-lock.json node_modules/.installed
fi
quietly node_modules/.bin/redocly lint --config redocly.yaml --format=stylish "$document"
echo "no errors in the OpenAPI document"
