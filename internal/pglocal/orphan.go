package pglocal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// pidFile is what a running postgres says of itself in postmaster.pid.
type pidFile struct {
	pid       int
	socketDir string
}

// readPidFile returns the zero value when there is no such file, or not yet a
// readable one: postgres itself then says what it thinks of it.
func readPidFile(dir string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return pidFile{}, nil
	}
	if err != nil {
		return pidFile{}, fmt.Errorf("read postmaster.pid: %w", err)
	}
	// Lines: pid, data directory, start time, port, socket directory, …
	lines := strings.Split(string(text), "\n")
	var p pidFile
	if pid, err := strconv.Atoi(strings.TrimSpace(lines[0])); err == nil {
		p.pid = pid
	}
	if len(lines) > 4 {
		p.socketDir = strings.TrimSpace(lines[4])
	}
	return p, nil
}

// endOrphan stops a postgres that has outlived the server that started it. The
// lock must be held: it says that no such server is alive. A pid file that
// names a process of somebody else's is removed, as postgres would refuse to
// start; that of a dead process is left to postgres, which also looks for
// backends that are still there.
func endOrphan(ctx context.Context, dir string, log *slog.Logger) error {
	p, err := readPidFile(dir)
	if err != nil {
		return err
	}
	if p.pid < 0 {
		p.pid = -p.pid // so postgres marks its single-user mode
	}
	if p.pid == 0 || !alive(p.pid) {
		return removeSocketDir(p.socketDir)
	}
	ours, err := isPostgresOf(ctx, p.pid, dir)
	if err != nil {
		return fmt.Errorf("find out what process %d is: %w", p.pid, err)
	}
	if !ours {
		log.WarnContext(ctx, "postmaster.pid is left over and names another program, which is left alone", "pid", p.pid, "dir", dir)
		if err := os.Remove(filepath.Join(dir, "postmaster.pid")); err != nil {
			return fmt.Errorf("remove the left-over postmaster.pid: %w", err)
		}
		return removeSocketDir(p.socketDir)
	}

	log.WarnContext(ctx, "a PostgreSQL of a server that was killed is still running; stopping it to start anew", "pid", p.pid, "dir", dir)
	for _, step := range []struct {
		signal syscall.Signal
		limit  time.Duration
	}{{syscall.SIGINT, fastLimit}, {syscall.SIGQUIT, immediateLimit}} {
		if err := signalProcess(p.pid, step.signal); err != nil {
			return fmt.Errorf("stop the orphaned postgres (pid %d): %w", p.pid, err)
		}
		gone, err := waitGone(ctx, p.pid, dir, step.limit)
		if err != nil {
			return fmt.Errorf("wait for the orphaned postgres (pid %d) to end: %w", p.pid, err)
		}
		if gone {
			return removeSocketDir(p.socketDir)
		}
	}
	return fmt.Errorf("the orphaned postgres (pid %d) doesn't end", p.pid)
}

// waitGone polls, as the process isn't our child.
func waitGone(ctx context.Context, pid int, dir string, limit time.Duration) (bool, error) {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		// Asked anew each time: the pid may be somebody else's by now, or a
		// zombie that nobody collects.
		running, err := isPostgresOf(ctx, pid, dir)
		if err != nil || !running {
			return err == nil, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false, nil
}
