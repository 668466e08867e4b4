package pglocal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// fallbackRoot is where root's clusters go that can't be where they were asked
// for, as below /root, which other users can't enter.
const fallbackRoot = "/var/lib/breachledger"

// A home is where a cluster lives, and as whom it runs.
type home struct {
	dir     string // absolute, without links; "" for an ephemeral cluster, which has none yet
	account account
	asked   string // the directory that was asked for
	moved   bool   // dir isn't asked
}

// settle decides on both. It refuses a directory that can't be used, and makes
// none but the folders above.
func settle(ctx context.Context, o Options) (home, error) {
	if o.Ephemeral {
		a, err := accountFor(contents{}, "")
		return home{account: a}, err
	}
	dir, err := resolve(o.Dir)
	if err != nil {
		return home{}, err
	}
	found, err := inspect(dir)
	if err != nil {
		return home{}, err
	}
	a, err := accountFor(found, dir)
	if err != nil {
		return home{}, err
	}
	if !a.switched {
		return home{dir: dir, account: a, asked: dir}, nil
	}
	if !reaches(ctx, a, "/") {
		return home{}, fmt.Errorf("this process, though root's, can't become the user %s, as whom PostgreSQL has to run", a.name)
	}
	if reaches(ctx, a, filepath.Dir(dir)) {
		return home{dir: dir, account: a, asked: dir}, nil
	}
	if found.version != 0 {
		// A new, empty cluster elsewhere would look as if the data were lost.
		return home{}, fmt.Errorf("the cluster in %s belongs to the user %s, who can't enter a folder above it: "+
			"let that user through (chmod o+x), or start as that user", dir, a.name)
	}
	return fallbackHome(ctx, o, dir)
}

// fallbackHome is the directory under fallbackRoot for the one asked for. Its
// name comes from that, so that two checkouts don't meet in it.
func fallbackHome(ctx context.Context, o Options, asked string) (home, error) {
	root := o.fallback
	if root == "" {
		root = fallbackRoot
	}
	dir := filepath.Join(root, fmt.Sprintf("postgres-%x", sha256.Sum256([]byte(asked)))[:len("postgres-")+12])
	found, err := inspect(dir)
	if err != nil {
		return home{}, err
	}
	a, err := accountFor(found, dir)
	if err != nil {
		return home{}, err
	}
	if !reaches(ctx, a, root) {
		return home{}, fmt.Errorf("the user %s, as whom PostgreSQL has to run, can reach neither %s nor %s", a.name, asked, root)
	}
	return home{dir: dir, account: a, asked: asked, moved: true}, nil
}

// reaches asks the kernel, by trying, rather than reading permission bits:
// access lists and security modules have a say too. A folder that doesn't exist
// yet will be made by us, enterable, so the nearest existing one decides.
func reaches(ctx context.Context, a account, folder string) bool {
	for {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) || folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	// A cancelled start must not look like a closed folder.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", "-c", "exit 0")
	a.prepare(cmd, folder) // the child enters it after it has become that user
	return cmd.Run() == nil
}

// enterable is the mode of the folders above a data directory: PostgreSQL's user
// must get through. The data directory itself is 0700.
const enterable = 0o755

// makeFolders makes a folder and those above it, as MkdirAll does. Another user
// who needs to can enter what it makes, whatever the umask says.
func makeFolders(path string, a account) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeFolders(filepath.Dir(path), a); err != nil {
		return err
	}
	if err := os.Mkdir(path, enterable); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if !a.switched {
		return nil
	}
	return os.Chmod(path, enterable)
}

// resolve makes the path absolute and follows links, even when its last parts
// don't exist yet: one directory must not have two locks.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("resolve the data directory: %w", err)
	}
	rest := ""
	for existing := abs; ; existing = filepath.Dir(existing) {
		resolved, err := filepath.EvalSymlinks(existing)
		if err == nil {
			return filepath.Join(resolved, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || existing == filepath.Dir(existing) {
			return "", fmt.Errorf("resolve the data directory: %w", err)
		}
		rest = filepath.Join(filepath.Base(existing), rest)
	}
}
