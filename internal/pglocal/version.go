package pglocal

import (
	"fmt"
	"runtime"
	"strings"
)

// choose picks the binaries for a directory: those of its own version, or the
// best there are for a new one. A directory of a version that isn't here is left alone.
func choose(installed []installation, found contents, dir string, a account) (installation, error) {
	good := usable(installed)
	if len(good) == 0 {
		return installation{}, noPostgres(installed)
	}
	if found.version == 0 {
		return good[0], nil
	}
	for _, i := range good {
		if i.major == found.version {
			return i, nil
		}
	}
	return installation{}, otherVersion(good[0], installed, found.version, dir, a)
}

// otherVersion gives the commands that make the directory usable. They aren't
// run here: an upgrade is for a person who has a backup.
func otherVersion(have installation, installed []installation, version int, dir string, a account) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s was made by PostgreSQL %d; the newest here is %s (%s). Nothing was changed.\n",
		dir, version, have, have.bin)
	if version >= oldest {
		fmt.Fprintf(&b, "Install PostgreSQL %d beside it (on Debian: apt-get install postgresql-%d) and start again", version, version)
	}
	if version > have.major {
		fmt.Fprintf(&b, ".\nThere is no way back to an older version but to dump with PostgreSQL %d (pg_dump) and restore into a new directory.", version)
		return fmt.Errorf("%w: %s", ErrOtherVersion, b.String())
	}

	oldBin := fmt.Sprintf("/usr/lib/postgresql/%d/bin", version)
	for _, i := range installed {
		if i.major == version {
			oldBin = i.bin
		}
	}
	if version >= oldest {
		fmt.Fprintf(&b, ", or upgrade")
	} else {
		fmt.Fprintf(&b, "Upgrade")
	}
	fmt.Fprintf(&b, ", with PostgreSQL %d installed too (its programs are taken to be in %s; make a backup first):\n", version, oldBin)
	newDir, as := fmt.Sprintf("%s.%d", dir, have.major), ""
	fmt.Fprintf(&b, "  cd /tmp\n")
	if a.switched {
		as = "sudo -u " + a.name + " "
		if runtime.GOOS == "linux" { // containers rarely have sudo
			as = "runuser -u " + a.name + " -- "
		}
		fmt.Fprintf(&b, "  install -d -o %s -m 0700 %s\n", a.name, quote(newDir))
	}
	fmt.Fprintf(&b, "  %s%s -D %s %s\n", as, quote(have.program("initdb")), quote(newDir), strings.Join(initArgs(), " "))
	fmt.Fprintf(&b, "  %s%s -b %s -B %s -d %s -D %s -U %s -s /tmp\n", as, quote(have.program("pg_upgrade")),
		quote(oldBin), quote(have.bin), quote(dir), quote(newDir), superuser)
	fmt.Fprintf(&b, "  mv %s %s && mv %s %s\n", quote(dir), quote(fmt.Sprintf("%s.%d", dir, version)), quote(newDir), quote(dir))
	fmt.Fprintf(&b, "or dump it with PostgreSQL %d (pg_dump) and restore into a new directory.", version)
	return fmt.Errorf("%w: %s", ErrOtherVersion, b.String())
}

// quote makes one word of the shell's out of a path.
func quote(path string) string {
	if !strings.ContainsFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+@:", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
