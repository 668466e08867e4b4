package pglocal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// isPostgresOf reports whether the process is a postgres that serves the data
// directory: by its program, and by its working directory, which postgres makes
// the data directory. What can't be read is gone, a zombie or another user's.
func isPostgresOf(_ context.Context, pid int, dir string) (bool, error) {
	program, unreadable := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if unreadable != nil || !strings.Contains(filepath.Base(program), "postgres") {
		return false, nil //nolint:nilerr // that it can't be read is the answer
	}
	there, unreadable := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if unreadable != nil {
		return false, nil //nolint:nilerr // as above
	}
	here, err := os.Stat(dir)
	if err != nil {
		return false, fmt.Errorf("look at the data directory: %w", err)
	}
	return os.SameFile(here, there), nil
}
