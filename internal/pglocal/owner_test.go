//go:build unix

package pglocal

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSecondInstanceIsRefused(t *testing.T) {
	t.Parallel()
	parent := folder(t)
	first := startRemote(t, self(t), filepath.Join(parent, "pg"), nil)
	check(t, os.Symlink(parent, filepath.Join(parent, "link")))

	for _, dir := range []string{first.dir, filepath.Join(parent, "link", "pg")} {
		_, err := Start(t.Context(), Options{Dir: dir})
		if !errors.Is(err, ErrInUse) {
			t.Fatalf("%s: got error %v, want ErrInUse", dir, err)
		}
		if want := fmt.Sprintf("process %d ", first.cmd.Process.Pid); !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error doesn't name %q: %v", dir, want, err)
		}
	}
	equal(t, "the first server", ask(t, first.url, "select 'works'"), "works")
	first.kill(t)
	check(t, start(t, Options{Dir: first.dir}).Stop()) // ends the orphan
}

func TestSecondInstanceInOneProcessIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: filepath.Join(folder(t), "pg")})
	if _, err := Start(t.Context(), Options{Dir: s.dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("got error %v, want ErrInUse", err)
	}
	equal(t, "the first server", ask(t, s.URL("postgres"), "select 'works'"), "works")
}

// A child that another goroutine begins has all open files until it runs.
func TestLockEndsThoughAChildHasTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	self, err := accountFor(contents{}, "")
	check(t, err)
	first, err := takeLock(path, self)
	check(t, err)
	inherited, err := syscall.Dup(int(first.Fd()))
	check(t, err)
	t.Cleanup(func() { check(t, syscall.Close(inherited)) })
	check(t, dropLock(first))
	second, err := takeLock(path, self)
	check(t, err)
	check(t, dropLock(second))
}

func TestOrphanIsTakenOver(t *testing.T) {
	t.Parallel()
	killed := startRemote(t, self(t), filepath.Join(folder(t), "pg"), nil)
	run(t, killed.url, "create table kept (word text)", "insert into kept values ('committed')")
	orphan, err := readPidFile(killed.dir)
	check(t, err)
	killed.kill(t)
	if !alive(killed.postgres) {
		t.Fatal("postgres ended with its server, so there is no orphan to take over")
	}

	s := start(t, Options{Dir: killed.dir})
	if s.fresh {
		t.Error("the cluster was made anew")
	}
	equal(t, "row", ask(t, s.URL("postgres"), "select word from kept"), "committed")
	if s.cmd.Process.Pid == killed.postgres {
		t.Error("the orphan is still the server")
	}
	if exists(orphan.socketDir) {
		t.Errorf("the orphan's socket folder %s is left behind", orphan.socketDir)
	}
}

func TestCrashedPostgresIsRecovered(t *testing.T) {
	t.Parallel()
	killed := startRemote(t, self(t), filepath.Join(folder(t), "pg"), nil)
	run(t, killed.url, "create table kept (word text)", "insert into kept values ('committed')")
	killed.kill(t)
	check(t, signalProcess(killed.postgres, syscall.SIGKILL))
	eventually(t, "postgres is killed", func() bool { return ended(t, killed) })
	// Its backends see it and end, and until then postgres won't start.
	var s *Server
	eventually(t, "a new server starts", func() bool {
		var err error
		s, err = Start(t.Context(), Options{Dir: killed.dir})
		if err != nil && !strings.Contains(err.Error(), "still in use") {
			t.Fatal(err)
		}
		return err == nil
	})
	t.Cleanup(func() { check(t, s.Stop()) })
	equal(t, "row", ask(t, s.URL("postgres"), "select word from kept"), "committed")
}

// ended isn't "not alive": a zombie that nobody collects has ended too.
func ended(t *testing.T, r remote) bool {
	t.Helper()
	running, err := isPostgresOf(t.Context(), r.postgres, r.dir)
	return err == nil && !running
}

func TestForeignProcessIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: filepath.Join(folder(t), "pg")})
	check(t, s.Stop())

	// A program of the same user's: the kind that postgres itself takes for another postgres.
	other := exec.Command("sleep", "600")
	s.account.prepare(other, "/")
	check(t, other.Start())
	t.Cleanup(func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	})
	stale := fmt.Sprintf("%d\n%s\n1700000000\n5432\n/tmp\n\n0 0\nready\n", other.Process.Pid, s.dir)
	path := filepath.Join(s.dir, "postmaster.pid")
	check(t, os.WriteFile(path, []byte(stale), 0o600))
	check(t, s.account.own(path))

	again := start(t, Options{Dir: s.dir})
	equal(t, "the new server", ask(t, again.URL("postgres"), "select 'works'"), "works")
	if !alive(other.Process.Pid) {
		t.Error("the foreign process is gone")
	}
}

// A backend of another cluster is a postgres too, but not of this directory.
func TestPostgresOfAnotherDirectoryIsLeftAlone(t *testing.T) {
	t.Parallel()
	other := start(t, Options{Ephemeral: true})
	s := start(t, Options{Dir: filepath.Join(folder(t), "pg")})
	check(t, s.Stop())
	path := filepath.Join(s.dir, "postmaster.pid")
	check(t, os.WriteFile(path, []byte(strconv.Itoa(other.cmd.Process.Pid)+"\n"), 0o600))
	check(t, s.account.own(path))

	check(t, start(t, Options{Dir: s.dir}).Stop())
	equal(t, "the other server", ask(t, other.URL("postgres"), "select 'works'"), "works")
}

func TestEphemeralEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, remote){
		"killed": func(t *testing.T, r remote) {
			t.Helper()
			r.kill(t)
		},
		"exits without Stop": func(t *testing.T, r remote) {
			t.Helper()
			check(t, r.input.Close())
			check(t, r.cmd.Wait())
		},
	} {
		r := startRemote(t, self(t), "ephemeral", nil)
		equal(t, name, ask(t, r.url, "select 'works'"), "works")
		end(t, r)
		eventually(t, name+": postgres ends", func() bool { return ended(t, r) })
		eventually(t, name+": its folder goes", func() bool { return !exists(filepath.Dir(r.dir)) })
	}
}

func TestLeftOverEphemeralClustersAreSwept(t *testing.T) {
	t.Parallel()
	a, err := accountFor(contents{}, "")
	check(t, err)
	temp, err := ephemeralRoot(t.Context(), a)
	check(t, err)
	leftOver := func() (root string, lock *os.File) {
		root, err := os.MkdirTemp(temp, ephemeralPrefix+"*") //nolint:usetesting // it is where clusters are that is swept
		check(t, err)
		t.Cleanup(func() { check(t, os.RemoveAll(root)) })
		path := filepath.Join(root, "data.lock")
		check(t, os.WriteFile(path, []byte("1\n"), 0o600))
		check(t, a.own(root))
		lock, err = openLock(path, 0)
		check(t, err)
		t.Cleanup(func() { _ = lock.Close() })
		return root, lock
	}
	// Other tests sweep too, and at any moment: what is to stay is locked or young throughout.
	dead, deadLock := leftOver()
	young, _ := leftOver()
	held, lock := leftOver()
	check(t, tryLock(lock))
	old, late := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	check(t, os.Chtimes(young, late, late))
	check(t, os.Chtimes(held, old, old))
	check(t, deadLock.Close())
	check(t, os.Chtimes(dead, old, old))

	start(t, Options{Ephemeral: true})
	eventually(t, "a folder of a dead process goes", func() bool { return !exists(dead) }) // another may be at it
	for what, root := range map[string]string{"perhaps in the making": young, "of a living process": held} {
		if !exists(root) {
			t.Errorf("a folder %s is gone", what)
		}
	}
}
