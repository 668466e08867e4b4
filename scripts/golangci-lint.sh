#!/bin/sh
# Prints the path of golangci-lint in the version given, built by the Go in use:
# scripts/golangci-lint.sh v2.12.0. One that go install put into its usual folder
# is taken when it fits; otherwise it is built into ./bin, which leaves that folder
# alone. The first build takes minutes.
#
# It isn't a tool in go.mod: its hundreds of dependencies would weigh on ours.
set -eu

cd "$(dirname "$0")/.."
version=$1
module=github.com/golangci/golangci-lint/v2

# golangci-lint refuses code for a newer Go than it was built with.
go_version=$(go env GOVERSION)

fits() {
	[ -x "$1" ] && built=$(go version -m "$1" 2>/dev/null) || return 1
	echo "$built" | awk -v binary="$1: $go_version" -v module="$module" -v version="$version" '
		NR == 1 { same_go = $0 == binary }
		$1 == "mod" && $2 == module { same_version = $3 == version }
		END { exit !(same_go && same_version) }'
}

gobin=$(go env GOBIN)
gopath=$(go env GOPATH)
for binary in "$PWD/bin/golangci-lint" "${gobin:-${gopath%%:*}/bin}/golangci-lint"; do
	if fits "$binary"; then
		echo "$binary"
		exit 0
	fi
done

echo "+ GOBIN=$PWD/bin go install $module/cmd/golangci-lint@$version" >&2
GOBIN="$PWD/bin" go install "$module/cmd/golangci-lint@$version" >&2
echo "$PWD/bin/golangci-lint"
