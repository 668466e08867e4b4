//go:build unix

package pglocal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// takeLock locks the file for as long as it stays open, and writes our pid into
// it for others to read. The kernel drops the lock with the process, however
// that ends; postgres doesn't inherit it, as Go opens files close-on-exec.
func takeLock(path string, a account) (*os.File, error) {
	f, err := openLock(path, os.O_CREATE)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	pid := strconv.Itoa(os.Getpid()) + "\n"
	_, err = f.WriteAt([]byte(pid), 0)
	// Cut after writing, so that there is a number to read at any moment.
	if err := errors.Join(err, f.Truncate(int64(len(pid))), a.own(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("write the lock: %w", err), f.Close())
	}
	return f, nil
}

// openLock follows no link, as root may open it in a folder of another user's.
func openLock(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|flag, 0o644) //nolint:gosec // G302: others read the pid in it
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	return f, nil
}

// tryLock fails with ErrInUse and the holder's pid when somebody else has it.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return nil
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return fmt.Errorf("%w by process %s (it holds %s)", ErrInUse, pid, f.Name())
	}
	return fmt.Errorf("%w by another process (it holds %s)", ErrInUse, f.Name())
}

// dropLock ends the lock before it closes the file: a program that begins at this
// moment has the file too until it runs, and would hold the lock for as long.
func dropLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("unlock %s: %w", f.Name(), err)
	}
	return nil
}
