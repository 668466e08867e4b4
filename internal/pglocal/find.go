package pglocal

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const oldest = 15 // the oldest major version that Breachledger's SQL runs on

// usualFolders are where distributions and installers put the binaries; most
// keep them out of PATH, to have several versions side by side.
var usualFolders = []string{
	"/usr/lib/postgresql/*/bin",                       // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                // PostgreSQL's own RPMs
	"/usr/lib/postgresql*/bin",                        // SUSE, Gentoo
	"/usr/lib64/postgresql*/bin",                      // Gentoo
	"/usr/libexec/postgresql*",                        // Alpine
	"/usr/local/pgsql/bin",                            // built from source
	"/opt/homebrew/opt/postgresql@*/bin",              // Homebrew, Apple silicon
	"/usr/local/opt/postgresql@*/bin",                 // Homebrew, Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", // Homebrew, Linux
	"/opt/local/lib/postgresql*/bin",                  // MacPorts
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/Library/PostgreSQL/*/bin", // EDB's installer
}

// An installation is a folder with PostgreSQL's server programs.
type installation struct {
	bin          string
	major, minor int
	preview      bool // a beta or the like, whose data format isn't settled
}

func (i installation) program(name string) string { return filepath.Join(i.bin, name) }

func (i installation) String() string {
	if i.preview {
		return fmt.Sprintf("%d (preview)", i.major)
	}
	return fmt.Sprintf("%d.%d", i.major, i.minor)
}

// findInstallations returns what the account can run, best first: releases
// before previews, newer before older. Nil folders mean the usual places.
func findInstallations(ctx context.Context, folders []string, a account) []installation {
	if folders == nil {
		folders = candidateFolders(ctx)
	}
	var all []installation
	seen := map[string]bool{}
	for _, folder := range folders {
		bin := realFolder(folder)
		if bin == "" || seen[bin] {
			continue
		}
		seen[bin] = true
		if found, ok := probe(ctx, bin, a); ok {
			all = append(all, found)
		}
	}
	slices.SortStableFunc(all, func(x, y installation) int {
		if x.preview != y.preview {
			if x.preview {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(y.major, x.major), cmp.Compare(y.minor, x.minor))
	})
	return all
}

func candidateFolders(ctx context.Context) []string {
	folders := filepath.SplitList(os.Getenv("PATH"))
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	for _, pattern := range usualFolders {
		found, _ := filepath.Glob(pattern) // fails for a malformed pattern only
		folders = append(folders, found...)
	}
	return folders
}

// realFolder is the folder that really holds the programs (PATH often has links
// to some of them), or "" when they aren't there.
func realFolder(folder string) string {
	if !filepath.IsAbs(folder) {
		return "" // a relative PATH entry isn't to be trusted
	}
	postgres, err := filepath.EvalSymlinks(filepath.Join(folder, "postgres"))
	if err != nil {
		return ""
	}
	for _, bin := range []string{filepath.Dir(postgres), folder} {
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err == nil {
			return bin
		}
	}
	return ""
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)(?:\.(\d+))?(devel|alpha|beta|rc)?`)

// probe asks postgres for its version as the account that will run it, so that
// what that account can't run isn't found.
func probe(ctx context.Context, bin string, a account) (installation, bool) {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version")
	a.prepare(cmd, "/")
	out, err := cmd.Output()
	if err != nil {
		return installation{}, false
	}
	m := versionLine.FindStringSubmatch(string(out))
	if m == nil {
		return installation{}, false
	}
	major, _ := strconv.Atoi(m[1]) // digits, by the pattern
	minor, _ := strconv.Atoi(m[2]) // "" in a preview
	return installation{bin: bin, major: major, minor: minor, preview: m[3] != ""}, true
}

// usable are the installations new enough.
func usable(all []installation) []installation {
	return slices.DeleteFunc(slices.Clone(all), func(i installation) bool { return i.major < oldest })
}

func noPostgres(tooOld []installation) error {
	var found strings.Builder
	for _, i := range tooOld {
		fmt.Fprintf(&found, "\n  (%s in %s is too old)", i, i.bin)
	}
	return fmt.Errorf(`%w%s
Install it:
  Debian, Ubuntu   apt-get install postgresql
  Fedora, RHEL     dnf install postgresql-server
  Alpine           apk add postgresql
  Arch             pacman -S postgresql
  macOS            brew install postgresql@17
or set DATABASE_URL to a server that you have, or use docker compose up`, ErrNoPostgres, found.String())
}
