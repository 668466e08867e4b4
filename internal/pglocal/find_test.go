//go:build unix

package pglocal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// binFolder is the folder of a PostgreSQL that can be used here.
func binFolder(t *testing.T) string {
	t.Helper()
	found := usable(findInstallations(context.WithoutCancel(t.Context()), nil, account{}))
	if len(found) == 0 {
		t.Fatal(noPostgres(nil))
	}
	return found[0].bin
}

// pretend makes a folder with programs that say they are of a version.
func pretend(t *testing.T, version string) string {
	t.Helper()
	dir := folder(t)
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
	for _, name := range []string{"postgres", "initdb"} {
		program(t, filepath.Join(dir, name), strings.NewReader(script))
	}
	return dir
}

func TestNoPostgres(t *testing.T) {
	t.Parallel()
	parent := folder(t)
	_, err := Start(t.Context(), Options{Dir: filepath.Join(parent, "data", "pg"), binFolders: []string{parent, pretend(t, "12.4")}})
	if !errors.Is(err, ErrNoPostgres) {
		t.Fatalf("got error %v, want ErrNoPostgres", err)
	}
	for _, want := range []string{"apt-get install postgresql", "dnf install", "brew install", "DATABASE_URL", "docker compose", "12.4 in"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q:\n%v", want, err)
		}
	}
	if exists(filepath.Join(parent, "data")) {
		t.Error("folders were made all the same")
	}
}

func TestTheNewestReleaseIsPreferred(t *testing.T) {
	t.Parallel()
	old, newer, beta, short := pretend(t, "15.18 (Debian 15.18-0+deb12u1)"), pretend(t, "17.2"), pretend(t, "19beta1"), pretend(t, "9.6.24")
	linked := folder(t) // as in a PATH folder that has links to the programs
	check(t, os.Symlink(filepath.Join(newer, "postgres"), filepath.Join(linked, "postgres")))

	found := findInstallations(t.Context(), []string{old, beta, linked, short, newer, "relative", "/nowhere"}, account{})
	var got []string
	for _, i := range found {
		got = append(got, i.String())
	}
	equal(t, "order", strings.Join(got, ", "), "17.2, 15.18, 9.6, 19 (preview)")

	for version, want := range map[int]string{0: newer, 15: old, 17: newer, 19: beta} {
		i, err := choose(found, contents{version: version}, "/data", account{})
		check(t, err)
		equal(t, "programs for the version of the data", i.bin, want)
	}
	if _, err := choose(found, contents{version: 16}, "/data", account{}); !errors.Is(err, ErrOtherVersion) {
		t.Errorf("data of version 16: got error %v, want ErrOtherVersion", err)
	}
	_, err := choose(found, contents{version: 9}, "/da ta", account{name: "postgres", switched: true})
	if err == nil || !strings.Contains(err.Error(), newer+"/pg_upgrade -b "+short+" -B "+newer+" -d '/da ta' -D '/da ta.17'") {
		t.Errorf("data of version 9: got error %v, want the commands", err)
	}
}
