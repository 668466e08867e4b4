package pglocal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	socketPrefix = "breachledger-socket-"

	// socketLimit is the longest path that a socket can have on any of the
	// systems that we know (macOS; Linux has four bytes more).
	socketLimit = 103
)

// tempRoot is a folder for short-lived things that the account can enter and
// whose path is short enough for a socket below it, which TMPDIR's may not be.
func tempRoot(ctx context.Context, a account) (string, error) {
	for _, root := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		root, err := filepath.EvalSymlinks(root)
		if err != nil || !filepath.IsAbs(root) {
			continue
		}
		// MkdirTemp adds up to ten digits; "/s" is an ephemeral cluster's.
		longest := filepath.Join(root, socketPrefix+"1234567890", "s", ".s.PGSQL."+port+".lock")
		if len(longest) <= socketLimit && (!a.switched || reaches(ctx, a, root)) {
			return root, nil
		}
	}
	return "", errors.New("no temporary folder has a path that is short enough for a socket and that PostgreSQL's user can enter")
}

// makeSocketDir makes a folder that only the account and root can enter. This
// is what guards the database: whoever reaches the socket is let in.
func makeSocketDir(ctx context.Context, a account) (string, error) {
	root, err := tempRoot(ctx, a)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(root, socketPrefix+"*") // with mode 0700
	if err != nil {
		return "", fmt.Errorf("make it in %s: %w", root, err)
	}
	if err := a.own(dir); err != nil {
		return "", errors.Join(err, os.Remove(dir))
	}
	return dir, nil
}

// removeSocketDir removes such a folder, also one that a killed server has left.
// As its name may come from a pid file, it takes nothing but what is ours by
// name, and only sockets out of that.
func removeSocketDir(dir string) error {
	if !filepath.IsAbs(dir) || !strings.HasPrefix(filepath.Base(dir), socketPrefix) {
		return nil
	}
	for _, path := range []string{filepath.Join(dir, ".s.PGSQL."+port), filepath.Join(dir, ".s.PGSQL."+port+".lock"), dir} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the socket's folder: %w", err)
		}
	}
	return nil
}
