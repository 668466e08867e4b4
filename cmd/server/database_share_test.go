package main

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestCommandsShareAPrivateDatabase: of commands that begin at once, or one after
// the other, the first runs the private PostgreSQL. It once ended under the others,
// and whoever came while it was starting was refused.
func TestCommandsShareAPrivateDatabase(t *testing.T) {
	t.Parallel()
	data := filepath.Join(dataDir(t), "data")
	long, short := documents(t, 6000), documents(t, 10)
	var wg sync.WaitGroup
	importing := func(file, want string) {
		wg.Go(func() {
			out, errOut := &safeBuffer{}, &safeBuffer{}
			err := run(t.Context(), []string{"--data=" + data, "import", "--format=veris", file}, out, errOut)
			if err != nil || !strings.Contains(out.String(), want) {
				t.Errorf("%v\n%s%s", err, out.String(), errOut.String())
			}
		})
	}
	importing(short, "10 rows")
	importing(short, "10 rows")
	time.Sleep(200 * time.Millisecond) // the longest one comes when another is starting
	importing(long, "6,000 rows")
	wg.Wait()
}

// TestNobodyJoinsADatabaseThatStops: others may join while its owner waits for the last
// of them, and no longer when it has made up its mind to stop it.
func TestNobodyJoinsADatabaseThatStops(t *testing.T) {
	t.Parallel()
	p := &program{ctx: t.Context(), common: common{Data: filepath.Join(dataDir(t), "data"), StartLimit: time.Minute}, log: slog.New(slog.DiscardHandler)}
	owned, err := p.shareDatabase()
	if err != nil {
		t.Fatal(err)
	}
	defer owned.close()
	var joined [2]*database
	for i := range joined {
		if joined[i], err = p.attachDatabase(); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range joined {
		if err := p.leaveDatabase(d); err != nil {
			t.Fatal(err)
		}
	}
	conn := p.waitForOthers(owned.url)
	defer conn.Close(t.Context())
	if d, err := p.attachDatabase(); !errors.Is(err, errStopping) {
		t.Errorf("a command joins %+v (%v) that is about to stop", d, err)
	}
}
