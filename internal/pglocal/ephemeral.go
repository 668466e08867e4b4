package pglocal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	ephemeralPrefix = "breachledger-test-"

	// sweepAge is how old a folder is at least whose lock says something: a
	// younger one may just not be locked yet.
	sweepAge = time.Minute
)

// watch waits for a line, which says that all is cleared up, or for the end of
// its input, which is the end of our process; then it clears up in our place.
// A child that watches a pipe works on every Unix, and whatever killed us; it
// starts before postgres, so that there is no moment without it, and leaves
// only with us.
const watch = `
trap '' HUP INT TERM
read -r line && exit 0
file="$1/data/postmaster.pid"
pid=$(head -n 1 "$file" 2>/dev/null)
if [ -n "$pid" ]; then
	kill -QUIT "$pid" 2>/dev/null
	tries=0
	while [ -e "$file" ] && [ "$tries" -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
fi
rm -rf -- "$1"`

// ephemeral is the temporary folder of a test's cluster, with everything in it:
// data, log, lock and socket.
type ephemeral struct {
	root    string
	watcher *exec.Cmd
	pipe    io.WriteCloser
}

func newEphemeral(ctx context.Context, a account, log *slog.Logger) (*ephemeral, error) {
	temp, err := ephemeralRoot(ctx, a)
	if err != nil {
		return nil, err
	}
	sweep(ctx, temp, a, log)
	root, err := os.MkdirTemp(temp, ephemeralPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	e := &ephemeral{root: root}
	if err := errors.Join(a.own(root), e.startWatcher(ctx, a)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(root))
	}
	return e, nil
}

// ephemeralRoot is where the folders of tests' clusters are made.
func ephemeralRoot(ctx context.Context, a account) (string, error) {
	if root := memoryRoot(); root != "" && (!a.switched || reaches(ctx, a, root)) {
		return root, nil
	}
	return tempRoot(ctx, a)
}

func (e *ephemeral) startWatcher(ctx context.Context, a account) error {
	e.watcher = exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", "-c", watch, "sh", e.root)
	a.prepare(e.watcher, "/")
	var err error
	if e.pipe, err = e.watcher.StdinPipe(); err != nil {
		return fmt.Errorf("make the watcher's pipe: %w", err)
	}
	if err := e.watcher.Start(); err != nil {
		return fmt.Errorf("start the watcher: %w", err)
	}
	return nil
}

func (e *ephemeral) dataDir() string { return filepath.Join(e.root, "data") }

// makeSocketDir makes the socket's folder; the whole root is closed to others.
func (e *ephemeral) makeSocketDir(a account) (string, error) {
	dir := filepath.Join(e.root, "s")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	return dir, a.own(dir)
}

// remove clears up what is left after postgres has ended, and tells the watcher.
func (e *ephemeral) remove() error {
	if err := os.RemoveAll(e.root); err != nil {
		return fmt.Errorf("remove the temporary cluster: %w", err)
	}
	_, err := io.WriteString(e.pipe, "done\n")
	if err := errors.Join(err, e.pipe.Close(), e.watcher.Wait()); err != nil {
		return fmt.Errorf("end the watcher: %w", err)
	}
	return nil
}

// sweep removes temporary clusters whose process and watcher were both killed.
// It is a courtesy to the disk: what goes wrong is told and not an error.
func sweep(ctx context.Context, temp string, a account, log *slog.Logger) {
	entries, err := os.ReadDir(temp)
	if err != nil {
		log.WarnContext(ctx, "left-over temporary clusters can't be looked for", "error", err)
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.IsDir() || !strings.HasPrefix(entry.Name(), ephemeralPrefix) ||
			ownerOf(info).uid != a.uid || time.Since(info.ModTime()) < sweepAge {
			continue
		}
		root := filepath.Join(temp, entry.Name())
		if err := sweepOne(ctx, root); err != nil && !errors.Is(err, ErrInUse) {
			log.WarnContext(ctx, "a left-over temporary cluster can't be removed", "dir", root, "error", err)
		}
	}
}

func sweepOne(ctx context.Context, root string) error {
	lock, err := openLock(filepath.Join(root, "data.lock"), 0)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil {
		defer lock.Close()
		if err := tryLock(lock); err != nil {
			return err
		}
	}
	if err := endOrphan(ctx, filepath.Join(root, "data"), slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	if err := os.RemoveAll(root); err != nil {
		return fmt.Errorf("remove it: %w", err)
	}
	return nil
}
