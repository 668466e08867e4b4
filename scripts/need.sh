#!/bin/sh
# Sees to what the machine lacks: scripts/need.sh THING...
#
#   go         Go, at least the version in go.mod (said, never installed)
#   postgres   PostgreSQL's server programs, 15 or newer
#   cc         a C compiler, for the race detector
#   node       Node.js with npm, for the linter of the OpenAPI document
#   chromium   Chromium or Chrome, for the tests in a browser (CHROMIUM names another)
#   flask      Flask, SQLAlchemy and gunicorn, for the benchmarks
#   pgbench    PostgreSQL's own load tool, for the benchmarks
#   wrk        the HTTP load tool, for the benchmarks
#
# Silent when all is there. Otherwise it prints one command of the system's
# package manager and runs it, when it may: as root, or with Homebrew as a user.
# Else it says what to do and exits 1. NEED_DRY_RUN=1 prints and runs nothing.
set -eu

cd "$(dirname "$0")/.."

oldest=15 # internal/pglocal says the same
oldest_node=20.19 # tools/openapi-lint asks for it

# The folders that internal/pglocal looks in besides PATH and pg_config's.
usual_folders='
/usr/lib/postgresql/*/bin
/usr/pgsql-*/bin
/usr/lib/postgresql*/bin
/usr/lib64/postgresql*/bin
/usr/libexec/postgresql*
/usr/local/pgsql/bin
/opt/homebrew/opt/postgresql@*/bin
/usr/local/opt/postgresql@*/bin
/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin
/opt/local/lib/postgresql*/bin
/Applications/Postgres.app/Contents/Versions/*/bin
/Library/PostgreSQL/*/bin'

say() { echo "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# run prints a command and runs it, with its output on stderr: stdout stays the
# caller's own.
run() {
	say "+ $*"
	if [ -n "${NEED_DRY_RUN:-}" ]; then
		return 0
	fi
	"$@" >&2
}

# at_least WANTED FOUND compares versions such as 1.26 and 1.26.8.
at_least() {
	awk -v wanted="$1" -v found="$2" 'BEGIN {
		split(wanted, w, "."); split(found, f, ".")
		for (i = 1; i <= 3; i++) if (w[i] + 0 != f[i] + 0) exit (f[i] + 0 < w[i] + 0)
	}'
}

# A go of 1.21 or later fetches the toolchain that go.mod asks for by itself,
# unless it is told not to or there is no network: so the answer counts, not the
# version first found.
check_go() {
	wanted=$(awk '$1 == "go" { print $2; exit }' go.mod)
	if ! has go; then
		say "Go $wanted or newer is needed, and there is no go in PATH. Install it from https://go.dev/dl/"
		docker_way
		return 1
	fi
	found=$(go env GOVERSION) || found=go0
	found=$(echo "$found" | sed 's/^go//; s/[^0-9.].*//')
	if ! at_least "$wanted" "$found"; then
		[ "$found" != 0 ] || found="$(cd / && GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//') and could not fetch a newer one"
		say "Go $wanted or newer is needed; $(command -v go) is $found. Install it from https://go.dev/dl/"
		docker_way
		return 1
	fi
}

# usable_postgres FOLDER: the folder, or the one that its postgres is a link to,
# holds the server's programs, new enough and not a preview.
usable_postgres() {
	case $1 in /*) ;; *) return 1 ;; esac
	[ -x "$1/postgres" ] || return 1
	real=$(dirname "$(readlink -f "$1/postgres" 2>/dev/null || echo "$1/postgres")")
	[ -x "$1/initdb" ] || [ -x "$real/initdb" ] || return 1
	version=$("$1/postgres" --version 2>/dev/null) || return 1
	major=$(echo "$version" | sed -n 's/.*(PostgreSQL) \([0-9][0-9]*\).*/\1/p')
	[ -n "$major" ] || return 1
	if [ "$major" -lt "$oldest" ]; then
		too_old="$too_old
  (PostgreSQL $major in $real is too old)"
		return 1
	fi
}

has_postgres() {
	too_old=
	saved_ifs=$IFS
	set -f
	IFS=:
	# shellcheck disable=SC2086 # split at the colons
	set -- $PATH
	IFS=$saved_ifs
	set +f
	for folder in "$@"; do
		usable_postgres "$folder" && return 0
	done
	if has pg_config; then
		usable_postgres "$(pg_config --bindir)" && return 0
	fi
	IFS='
'
	# shellcheck disable=SC2086 # split at the newlines, and the patterns expanded
	set -- $usual_folders
	IFS=$saved_ifs
	for folder in "$@"; do
		usable_postgres "$folder" && return 0
	done
	return 1
}

# python_of PROGRAM: the Python that runs it, which need not be the first in PATH.
python_of() { sed -n '1s/^#! *//p' "$(command -v "$1")"; }

# is_there THING: installed already.
is_there() {
	case $1 in
	postgres) has_postgres ;;
	pgbench) has pgbench || ls /usr/lib/postgresql/*/bin/pgbench /usr/pgsql-*/bin/pgbench /usr/libexec/postgresql*/pgbench 2>/dev/null | grep -q . ;;
	wrk) has wrk ;;
	# internal/web/browsertest looks for the same.
	chromium) [ -n "${CHROMIUM:-}" ] || has chromium || has chromium-browser || has google-chrome ;;
	# shellcheck disable=SC2046 # it may be: /usr/bin/env python3
	flask) has gunicorn && $(python_of gunicorn) -c 'import flask, sqlalchemy, psycopg2' 2>/dev/null ;;
	node) has npm && has node && at_least "$oldest_node" "$(node --version | sed 's/^v//')" ;;
	cc) has "$(go env CC 2>/dev/null || echo cc)" || has cc || has gcc || has clang ;;
	esac
}

manager() {
	for m in apt-get dnf apk pacman zypper brew; do
		if has "$m"; then
			echo "$m"
			return
		fi
	done
}

# packages MANAGER THING
packages() {
	case $1:$2 in
	apt-get:postgres | pacman:postgres) echo postgresql ;;
	# pg_trgm is in a package of its own there.
	apk:postgres) echo postgresql postgresql-contrib ;;
	dnf:postgres | zypper:postgres) echo postgresql-server postgresql-contrib ;;
	brew:postgres) echo postgresql@17 ;;
	apt-get:cc) echo gcc libc6-dev ;;
	dnf:cc | zypper:cc) echo gcc glibc-devel ;;
	apk:cc) echo gcc musl-dev ;;
	pacman:cc | brew:cc) echo gcc ;;
	brew:node) echo node ;;
	*:node) echo nodejs npm ;;
	# With the server in Debian; with the extensions elsewhere.
	apt-get:pgbench | pacman:pgbench) echo postgresql ;;
	apk:pgbench | dnf:pgbench | zypper:pgbench) echo postgresql-contrib ;;
	brew:pgbench) echo postgresql@17 ;;
	*:wrk) echo wrk ;;
	# Homebrew's would not be in PATH.
	apt-get:chromium | dnf:chromium | apk:chromium | pacman:chromium | zypper:chromium) echo chromium ;;
	apt-get:flask) echo python3-flask python3-flask-sqlalchemy python3-psycopg2 gunicorn ;;
	dnf:flask) echo python3-flask python3-sqlalchemy python3-psycopg2 python3-gunicorn ;;
	apk:flask) echo py3-flask py3-sqlalchemy py3-psycopg2 py3-gunicorn ;;
	pacman:flask) echo python-flask python-sqlalchemy python-psycopg2 gunicorn ;;
	esac
}

# command_line MANAGER PACKAGE... is the one command, to print or to run.
command_line() {
	m=$1
	shift
	case $m in
	apt-get) echo apt-get install -y --no-install-recommends "$@" ;;
	dnf) echo dnf install -y "$@" ;;
	apk) echo apk add "$@" ;;
	pacman) echo pacman -S --noconfirm --needed "$@" ;;
	zypper) echo zypper --non-interactive install "$@" ;;
	brew) echo brew install "$@" ;;
	esac
}

docker_way() {
	cat >&2 <<-'END'
		Or with Docker alone:
		  docker compose up --build # runs it
		  docker run --rm -v "$PWD:/src" -w /src -e GOFLAGS=-buildvcs=false golang:1.26 make test # tests it
	END
}

# Debian's package also makes a cluster, and starts it where the system has
# services. Nothing here uses it (internal/pglocal makes its own), so it is told
# not to for as long as this installation takes. It never touches one that exists.
no_debian_cluster=/etc/postgresql-common/createcluster.d/breachledger.conf

install_with_apt() {
	export DEBIAN_FRONTEND=noninteractive
	if [ -z "${NEED_DRY_RUN:-}" ] && [ ! -e "$no_debian_cluster" ]; then
		trap 'rm -f "$no_debian_cluster"; rmdir "${no_debian_cluster%/*}" 2>/dev/null || :' EXIT
		trap 'exit 130' INT
		trap 'exit 143' TERM
		say "(with $no_debian_cluster in place meanwhile: no cluster is to be made)"
		mkdir -p "${no_debian_cluster%/*}"
		echo 'create_main_cluster = false' >"$no_debian_cluster"
	fi
	for package in "$@"; do # a fresh machine or image has no lists yet
		if ! apt-cache show "$package" >/dev/null 2>&1; then
			run apt-get update
			break
		fi
	done
	# shellcheck disable=SC2046 # words, none of them with a space
	run $(command_line apt-get "$@")
}

install_missing() {
	m=$1
	shift
	case $m in
	apt-get) install_with_apt "$@" ;;
	pacman)
		# Without its lists pacman finds nothing; with them, -y would be half an upgrade.
		[ -n "$(ls /var/lib/pacman/sync 2>/dev/null)" ] || run pacman -Sy
		# shellcheck disable=SC2046
		run $(command_line pacman "$@")
		;;
	*)
		# shellcheck disable=SC2046
		run $(command_line "$m" "$@")
		;;
	esac
}

label() {
	case $1 in
	postgres) echo "PostgreSQL $oldest or newer" ;;
	cc) echo "a C compiler" ;;
	node) echo "Node.js $oldest_node or newer" ;;
	chromium) echo "Chromium (or CHROMIUM set to a Chrome)" ;;
	*) echo "$1" ;;
	esac
}

missing='' names=''
too_old=''
for thing in "$@"; do
	case $thing in
	go) check_go || exit 1 ;;
	postgres | cc | node | chromium | pgbench | wrk | flask)
		if ! is_there "$thing"; then
			missing="$missing $thing"
			names="${names:+$names and }$(label "$thing")"
		fi
		;;
	*)
		say "need.sh: no such thing: $thing"
		exit 2
		;;
	esac
done
[ -n "$missing" ] || exit 0

say "Missing: $names$too_old"
m=$(manager)
wanted=
for thing in $missing; do
	wanted="$wanted $(packages "$m" "$thing")"
done

# Homebrew refuses root, and the others anyone else.
sudo=
case $m:$(id -u) in
:*) refusal="This system's package manager isn't known here. Install it, and start again." ;;
brew:0) refusal="Homebrew doesn't run as root. As a user:" ;;
brew:* | *:0) refusal= ;;
*) refusal="Only root can install it:" sudo="sudo " ;;
esac
if [ -n "$refusal" ]; then
	say "$refusal"
	# shellcheck disable=SC2086 # words
	[ -z "$m" ] || say "  $sudo$(command_line "$m" $wanted)"
	docker_way
	exit 1
fi

# shellcheck disable=SC2086 # words
if ! install_missing "$m" $wanted; then
	say "That failed. Install $names by hand, and start again."
	docker_way
	exit 1
fi
if [ -n "${NEED_DRY_RUN:-}" ]; then
	say "NEED_DRY_RUN is set: nothing was installed."
	exit 1
fi
for thing in $missing; do
	if ! is_there "$thing"; then
		say "$(label "$thing") is still missing.$too_old"
		[ "$thing" != postgres ] || say "Newer versions for this system: https://www.postgresql.org/download/"
		docker_way
		exit 1
	fi
done
