package pglocal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// contents say what a directory holds: nothing or a cluster. Anything else is
// an error of inspect.
type contents struct {
	version int // major version of the cluster; 0: missing or empty
	info    os.FileInfo
}

// inspect looks, and changes nothing.
func inspect(dir string) (contents, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return contents{}, nil
	}
	if err != nil {
		return contents{}, fmt.Errorf("look at the data directory: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return contents{}, fmt.Errorf("look into the data directory: %w", err)
	}
	if len(entries) == 0 {
		return contents{info: info}, nil
	}
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return contents{}, fmt.Errorf("%w: %s", ErrForeignDir, dir)
	}
	if err != nil {
		return contents{}, fmt.Errorf("read the cluster's version: %w", err)
	}
	// Before PostgreSQL 10 a major version was two numbers ("9.6"): the first will do.
	major, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	version, err := strconv.Atoi(major)
	if err != nil || version <= 0 {
		return contents{}, fmt.Errorf("%w: %s has a PG_VERSION of %q", ErrForeignDir, dir, text)
	}
	return contents{version: version, info: info}, nil
}

// initArgs are initdb's arguments that a cluster's data depend on.
//
// Local logins need no password, as only the folder's owner (and root) reaches
// the socket; over TCP, should it ever be opened, nobody gets in. Checksums are
// what PostgreSQL 18 does by default, and pg_upgrade wants both sides alike.
func initArgs() []string {
	return []string{
		"--username=" + superuser, "--auth-local=trust", "--auth-host=reject",
		"--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--data-checksums",
	}
}

// characterTypes are the locales to try for upper and lower case. Text sorts by
// code point everywhere (--locale=C), but with C alone lower() and ILIKE would
// know ASCII only. macOS long had no C.UTF-8. The last is always there.
var characterTypes = []string{"C.UTF-8", "en_US.UTF-8", "C"}

// initCluster makes a cluster beside the directory and moves it there when it
// is complete, so an interrupted start leaves nothing that blocks the next one.
// The lock must be held.
func initCluster(ctx context.Context, bin installation, dir string, a account, ephemeral bool) error {
	unfinished := filepath.Base(dir) + ".initdb-"
	if err := removeUnfinished(filepath.Dir(dir), unfinished); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(filepath.Dir(dir), unfinished+"*")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	if err := a.own(draft); err != nil {
		return errors.Join(err, os.RemoveAll(draft))
	}
	if err := initdb(ctx, bin, draft, a, ephemeral); err != nil {
		return errors.Join(err, os.RemoveAll(draft))
	}
	// An empty directory that somebody has made makes room; Remove takes no other.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		hint := ""
		if errors.Is(err, syscall.EBUSY) {
			hint = " (if it is a mount point, name a folder inside it)"
		}
		return errors.Join(fmt.Errorf("replace the empty folder%s: %w", hint, err), os.RemoveAll(draft))
	}
	if err := os.Rename(draft, dir); err != nil {
		return errors.Join(fmt.Errorf("move the new cluster to its place: %w", err), os.RemoveAll(draft))
	}
	if ephemeral {
		return nil
	}
	return syncFolder(filepath.Dir(dir))
}

func initdb(ctx context.Context, bin installation, dir string, a account, ephemeral bool) error {
	for i, ctype := range characterTypes {
		args := append(initArgs(), "--lc-ctype="+ctype, "--no-instructions", "--pgdata="+dir)
		if bin.major >= 17 { // its own C.UTF-8, the same on every system
			args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
		}
		if ephemeral {
			args = append(args, "--no-sync")
		}
		cmd := exec.CommandContext(ctx, bin.program("initdb"), args...)
		a.prepare(cmd, filepath.Dir(dir))
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // so that it ends its own children
		cmd.WaitDelay = 10 * time.Second
		out, err := cmd.CombinedOutput()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("run initdb: %w", ctx.Err())
		}
		if i == len(characterTypes)-1 || !strings.Contains(string(out), "invalid locale") {
			return fmt.Errorf("run %s: %w:\n%s", cmd.Path, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// removeUnfinished removes what interrupted starts have left of initCluster.
func removeUnfinished(parent, prefix string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("look for unfinished clusters: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(parent, e.Name())); err != nil {
			return fmt.Errorf("remove an unfinished cluster: %w", err)
		}
	}
	return nil
}

// syncFolder makes a rename in the folder survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the folder to sync it: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync the folder: %w", err)
	}
	return nil
}
