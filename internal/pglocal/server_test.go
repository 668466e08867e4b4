//go:build unix

package pglocal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	o := Options{Dir: filepath.Join(folder(t), "made", "on the way", "postgres"), Database: "ledger"}

	first := start(t, o)
	if !first.fresh {
		t.Error("the first start doesn't say that the cluster is new")
	}
	equal(t, "directory", first.dir, o.Dir)
	run(t, first.URL("ledger"), "create table kept (word text)", "insert into kept values ('still here')")
	check(t, first.Stop())
	check(t, first.Stop()) // again does nothing

	second := start(t, o)
	if second.fresh {
		t.Error("the second start says that the cluster is new")
	}
	equal(t, "row", ask(t, second.URL("ledger"), "select word from kept"), "still here")
	check(t, second.Stop())

	entries, err := os.ReadDir(filepath.Dir(o.Dir))
	check(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	equal(t, "what is left", strings.Join(names, " "), "postgres postgres.lock postgres.log")
	if exists(second.socketDir) {
		t.Errorf("the socket's folder %s is left behind", second.socketDir)
	}
}

func TestServerAsConfigured(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Ephemeral: true, Database: "Größe", Settings: map[string]string{"work_mem": "7MB", "max_connections": "23"}})

	// A pool is what the rest of Breachledger opens.
	pool, err := pgxpool.New(t.Context(), s.URL("Größe"))
	check(t, err)
	defer pool.Close()
	for query, want := range map[string]string{
		"select current_setting('work_mem')":                                                "7MB",
		"select current_setting('max_connections')":                                         "23", // over this package's own
		"select current_setting('fsync')":                                                   "off",
		"select current_setting('jit')":                                                     "off",
		"select current_setting('listen_addresses')":                                        "",
		"select current_setting('server_encoding')":                                         "UTF8",
		"select current_setting('timezone')":                                                "UTC",
		"select current_setting('data_checksums')":                                          "on",
		"select current_database()::text":                                                   "Größe",
		"select current_user::text":                                                         "breachledger",
		"select lower('ÄÖÉ')":                                                               "äöé", // not only ASCII has case
		"select ('É' ilike 'é')::text":                                                      "true",
		"select string_agg(w, '' order by w) from (values ('b'), ('ä'), ('Z'), ('a')) v(w)": "Zabä", // by code point
	} {
		var got string
		if err := pool.QueryRow(t.Context(), query).Scan(&got); err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		equal(t, query, got, want)
	}
}

func TestOnlyTheOwnerReachesTheSocket(t *testing.T) {
	t.Parallel()
	// Logins need no password, so this is what keeps other users out.
	for name, o := range map[string]Options{"kept": {Dir: filepath.Join(folder(t), "pg")}, "ephemeral": {Ephemeral: true}} {
		s := start(t, o)
		info, err := os.Stat(s.socketDir)
		check(t, err)
		equal(t, name+": mode of the socket's folder", info.Mode().Perm().String(), "-rwx------")
		if owner := ownerOf(info).uid; owner != s.account.uid {
			t.Errorf("%s: the socket's folder belongs to user %d, want %d", name, owner, s.account.uid)
		}
	}
}

func TestOwnSettingsCannotBeChosen(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"listen_addresses", "port", "unix_socket_directories", ""} {
		_, err := Start(t.Context(), Options{Ephemeral: true, Settings: map[string]string{name: "x"}})
		if err == nil || !strings.Contains(err.Error(), "can't be chosen") {
			t.Errorf("%q: got error %v", name, err)
		}
	}
}

func TestEitherDirOrEphemeral(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Dir: "somewhere", Ephemeral: true}} {
		if _, err := Start(t.Context(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestFailedStartTellsTheLogAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "pg")
	_, err := Start(t.Context(), Options{Dir: dir, Settings: map[string]string{"shared_buffers": "plenty"}})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers": "plenty"`) {
		t.Fatalf("got error %v, want what postgres wrote", err)
	}
	if n := strings.Count(err.Error(), "plenty"); n != 1 {
		t.Errorf("the reason is told %d times:\n%v", n, err)
	}
	start(t, Options{Dir: dir}) // neither the lock nor the failure stays
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	parent := folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Start(ctx, Options{Dir: filepath.Join(parent, "pg"), binFolders: []string{binFolder(t)}})
	if err == nil {
		t.Fatal("a cancelled start succeeded")
	}
	if exists(filepath.Join(parent, "pg")) {
		t.Error("a cancelled start made a data directory")
	}
}

func TestInterruptedInitialisationIsForgotten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "pg")
	check(t, os.Mkdir(dir+".initdb-123", 0o700))
	check(t, os.WriteFile(dir+".initdb-123/PG_VERSION", []byte("15\n"), 0o600))
	if s := start(t, Options{Dir: dir}); !s.fresh {
		t.Error("the start took a half-made cluster for one")
	}
	if exists(dir + ".initdb-123") {
		t.Error("the half-made cluster is still there")
	}
}

func TestDoneWhenPostgresEndsByItself(t *testing.T) {
	t.Parallel()
	s, err := Start(t.Context(), Options{Ephemeral: true})
	check(t, err)
	check(t, signalProcess(s.cmd.Process.Pid, syscall.SIGKILL))
	<-s.Done()
	if err := s.Stop(); err == nil || !strings.Contains(err.Error(), "ended by itself: signal: killed") {
		t.Errorf("Stop: got error %v, want that postgres was killed", err)
	}
	if exists(filepath.Dir(s.dir)) {
		t.Error("the temporary cluster is left behind")
	}
}

func TestStopEndsOpenConnections(t *testing.T) {
	t.Parallel()
	s, err := Start(t.Context(), Options{Ephemeral: true})
	check(t, err)
	pool, err := pgxpool.New(t.Context(), s.URL("postgres"))
	check(t, err)
	defer pool.Close()
	check(t, pool.Ping(t.Context()))
	sleeping := make(chan error, 1)
	go func() {
		_, err := pool.Exec(t.Context(), "select pg_sleep(600)")
		sleeping <- err
	}()
	check(t, s.Stop())
	if err := <-sleeping; err == nil {
		t.Error("a query of ten minutes succeeded")
	}
}

func TestChildIsInAProcessGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Ephemeral: true})
	group, err := syscall.Getpgid(s.cmd.Process.Pid)
	check(t, err)
	if group != s.cmd.Process.Pid {
		t.Errorf("postgres is in process group %d, so Ctrl-C would reach it", group)
	}
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pg.log")
	check(t, os.WriteFile(path, slices.Repeat([]byte("old\n"), logLimit/4+1), 0o600))
	self, err := accountFor(contents{}, "")
	check(t, err)
	f, err := openLog(path, self)
	check(t, err)
	_, err = f.WriteString("one\ntwo\n")
	check(t, errors.Join(err, f.Close()))
	equal(t, "log", logTail(path, 0), "one\ntwo")
	equal(t, "log from an offset", logTail(path, 4), "two")
	if !exists(path + ".old") {
		t.Error("the old log isn't kept")
	}
}
