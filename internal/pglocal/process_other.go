//go:build unix && !linux

package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// isPostgresOf reports whether the process is a postgres that serves the data
// directory, by its command line, which this package has written (serverArgs).
func isPostgresOf(ctx context.Context, pid int, dir string) (bool, error) {
	out, err := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	var status *exec.ExitError
	if errors.As(err, &status) {
		return false, ctx.Err() // no such process
	}
	if err != nil {
		return false, fmt.Errorf("run ps: %w", err)
	}
	command := strings.TrimSpace(string(out)) + " "
	return strings.Contains(command, "postgres") && strings.Contains(command, " -D "+dir+" "), nil
}
