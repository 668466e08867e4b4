//go:build !unix

package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Unix sockets with folder permissions, users and file locks are what this
// package is built on. Elsewhere it compiles, and Start says that it can't.
var errUnsupported = fmt.Errorf("a private PostgreSQL runs on Linux and macOS only; set DATABASE_URL to a server that you have: %w", errors.ErrUnsupported)

type account struct {
	uid, gid uint32
	name     string
	switched bool
}

func accountFor(contents, string) (account, error) { return account{}, errUnsupported }

func ownerOf(os.FileInfo) account               { return account{} }
func (account) prepare(cmd *exec.Cmd, _ string) { cmd.Err = errUnsupported }
func (account) own(string) error                { return errUnsupported }

func takeLock(string, account) (*os.File, error) { return nil, errUnsupported }
func openLock(string, int) (*os.File, error)     { return nil, errUnsupported }
func tryLock(*os.File) error                     { return errUnsupported }

func alive(int) bool                                          { return false }
func signalProcess(int, syscall.Signal) error                 { return errUnsupported }
func isPostgresOf(context.Context, int, string) (bool, error) { return false, errUnsupported }
