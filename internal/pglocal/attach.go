package pglocal

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotRunning means that no server runs on the directory.
var ErrNotRunning = errors.New("no private PostgreSQL runs there")

// Attach is the connection string of a database of the cluster in o.Dir that
// another process has started and keeps running. A command beside a running
// server uses it where Start says [ErrInUse].
func Attach(ctx context.Context, o Options) (string, error) {
	h, err := settle(ctx, o)
	if err != nil {
		return "", err
	}
	p, err := readPidFile(h.dir)
	if err != nil {
		return "", err
	}
	if p.pid <= 0 || !alive(p.pid) || p.socketDir == "" {
		return "", fmt.Errorf("attach to %s: %w", h.dir, ErrNotRunning)
	}
	return connString(p.socketDir, o.Database), nil
}
