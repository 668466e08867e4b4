//go:build unix

package pglocal

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestForeignDirectoryIsRefusedAndUntouched(t *testing.T) {
	t.Parallel()
	parent := folder(t)
	dir := filepath.Join(parent, "holiday")
	check(t, os.Mkdir(dir, 0o750))
	check(t, os.WriteFile(filepath.Join(dir, "photo"), []byte("sea"), 0o640))
	before, err := os.Stat(dir)
	check(t, err)

	_, err = Start(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrForeignDir) {
		t.Fatalf("got error %v, want ErrForeignDir", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "photo"))
	check(t, err)
	equal(t, "the file", string(text), "sea")
	after, err := os.Stat(dir)
	check(t, err)
	if after.Mode() != before.Mode() || after.ModTime() != before.ModTime() || ownerOf(after) != ownerOf(before) {
		t.Errorf("the folder was %v, and is %v", before, after)
	}
	entries, err := os.ReadDir(parent)
	check(t, err)
	if len(entries) != 1 {
		t.Errorf("something was put beside the folder: %v", entries)
	}
}

func TestEmptyDirectoryIsUsed(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, Options{Dir: filepath.Join(dir, "..", filepath.Base(dir))})
	equal(t, "directory", s.dir, dir)
	equal(t, "answer", ask(t, s.URL("postgres"), "select 'works'"), "works")
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), strings.Repeat("long/", 30), strings.Repeat("x", 120))
	s := start(t, Options{Dir: dir})
	if path := filepath.Join(s.socketDir, ".s.PGSQL."+port); len(path) > socketLimit {
		t.Errorf("the socket's path has %d bytes: %s", len(path), path)
	}
	equal(t, "answer", ask(t, s.URL("postgres"), "select 'works'"), "works")
}

func TestOtherVersionIsRefusedWithTheCommands(t *testing.T) {
	t.Parallel()
	have := usable(findInstallations(t.Context(), []string{binFolder(t)}, account{}))[0]
	for version, wants := range map[string][]string{
		"13":  {"made by PostgreSQL 13", have.program("pg_upgrade") + " -b /usr/lib/postgresql/13/bin -B " + have.bin + " -d ", "pg_dump", " && mv "},
		"9.6": {"made by PostgreSQL 9", "pg_upgrade"},
		"99":  {"made by PostgreSQL 99", "apt-get install postgresql-99", "no way back"},
	} {
		dir := filepath.Join(folder(t), "pg")
		s := start(t, Options{Dir: dir})
		check(t, s.Stop())
		path := filepath.Join(dir, "PG_VERSION")
		check(t, os.WriteFile(path, []byte(version+"\n"), 0o600))

		_, err := Start(t.Context(), Options{Dir: dir})
		if !errors.Is(err, ErrOtherVersion) {
			t.Fatalf("%s: got error %v, want ErrOtherVersion", version, err)
		}
		for _, want := range append(wants, dir) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error lacks %q:\n%v", version, want, err)
			}
		}
		text, err := os.ReadFile(path)
		check(t, err)
		equal(t, "PG_VERSION", string(text), version+"\n")
	}
}

func TestRootMovesWhatItsUserCannotReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: PostgreSQL runs as this user, who reaches the folder")
		return
	}
	closed := filepath.Join(folder(t), "closed")
	check(t, os.Mkdir(closed, 0o700))
	fallback := filepath.Join(folder(t), "fallback")
	var log bytes.Buffer
	start1 := func(name string) *Server {
		return start(t, Options{Dir: filepath.Join(closed, name), fallback: fallback, Log: slog.New(slog.NewTextHandler(&log, nil))})
	}
	a, b := start1("a"), start1("b")
	if filepath.Dir(a.dir) != fallback || filepath.Dir(b.dir) != fallback || a.dir == b.dir {
		t.Errorf("the clusters are in %s and %s", a.dir, b.dir)
	}
	if !strings.Contains(log.String(), a.dir) || !strings.Contains(log.String(), "can't reach") {
		t.Errorf("the log doesn't say so:\n%s", &log)
	}
	run(t, a.URL("postgres"), "create table kept (word text)")
	check(t, a.Stop())
	if again := start1("a"); again.fresh || again.dir != a.dir {
		t.Errorf("the next start uses %s, new %t", again.dir, again.fresh)
	}
}

// TestOrdinaryUser starts a server as nobody, and then takes it over as root,
// who must leave the cluster to its owner.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: every other test is this one")
		return
	}
	nobody := account{uid: 65534, gid: 65534, name: "nobody", switched: true}
	home := folder(t)
	binary := filepath.Join(home, "server.test")
	own, err := os.Open(self(t))
	check(t, err)
	defer own.Close()
	program(t, binary, own)
	data := filepath.Join(home, "data")
	check(t, os.Mkdir(data, 0o700))
	check(t, nobody.own(data))

	r := startRemote(t, binary, filepath.Join(data, "pg"), func(cmd *exec.Cmd) {
		cmd.Dir = home
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody.uid, Gid: nobody.gid}}
	})
	run(t, r.url, "create table kept (word text)", "insert into kept values ('nobody''s')")
	r.kill(t)

	s := start(t, Options{Dir: r.dir})
	equal(t, "row", ask(t, s.URL("postgres"), "select word from kept"), "nobody's")
	if s.account.uid != nobody.uid {
		t.Errorf("postgres runs as %+v, want the cluster's owner", s.account)
	}
	check(t, s.Stop())

	// And back again: what root has touched still is that user's.
	r = startRemote(t, binary, filepath.Join(data, "pg"), func(cmd *exec.Cmd) {
		cmd.Dir = home
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody.uid, Gid: nobody.gid}}
	})
	equal(t, "row", ask(t, r.url, "select word from kept"), "nobody's")
	r.kill(t)
	check(t, start(t, Options{Dir: r.dir}).Stop())
}

func TestClusterOfRootIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: a cluster of root's can't be made here")
		return
	}
	dir := filepath.Join(folder(t), "pg")
	check(t, os.Mkdir(dir, 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte("15\n"), 0o600))
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "chown -R postgres "+dir) {
		t.Errorf("got error %v, want the command that helps", err)
	}
}
