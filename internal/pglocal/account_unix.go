//go:build unix

package pglocal

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// An account is the user that PostgreSQL runs as.
type account struct {
	uid, gid uint32
	name     string
	switched bool // it isn't who we are: we are root, whom PostgreSQL refuses
}

// accountFor is the owner of an existing cluster; for a new one it is ourselves
// or, when that is root, the user postgres or else nobody.
func accountFor(found contents, dir string) (account, error) {
	self := account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	self.name = userName(self.uid)
	if found.version != 0 {
		owner := ownerOf(found.info)
		switch {
		case owner.uid == self.uid && self.uid != 0:
			return self, nil
		case self.uid != 0:
			return account{}, fmt.Errorf("the cluster in %s belongs to the user %s, and this is %s: start as that user, or name another directory", dir, owner.name, self.name)
		case owner.uid == 0:
			return account{}, fmt.Errorf("the cluster in %s belongs to root, as whom PostgreSQL doesn't run: give it to another user (chown -R postgres %s)", dir, quote(dir))
		}
		owner.switched = true
		return owner, nil
	}
	if self.uid != 0 {
		return self, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return account{}, fmt.Errorf("read the ids of the user %s: %w", name, err)
		}
		return account{uid: uint32(uid), gid: uint32(gid), name: name, switched: true}, nil
	}
	return account{}, errors.New("PostgreSQL doesn't run as root, and there is no user postgres or nobody to run it as")
}

// ownerOf is the account that a file belongs to.
func ownerOf(info os.FileInfo) account {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok { // never, for what os.Stat returns on Unix
		return account{uid: math.MaxUint32, gid: math.MaxUint32, name: "unknown"}
	}
	return account{uid: stat.Uid, gid: stat.Gid, name: userName(stat.Uid)}
}

// userName is for messages; a user without a name is shown by number.
func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// prepare makes a command run as the account, in the folder, outside the
// terminal's process group, and with no more of our environment than it needs:
// what is left out are PG* (PGDATA and the like) and our secrets. LC_ALL keeps
// messages in English and, on macOS, postgres from becoming multithreaded.
func (a account) prepare(cmd *exec.Cmd, folder string) {
	cmd.Dir = folder
	cmd.Env = []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LOCPATH", "LOCALE_ARCHIVE"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}

// own gives a file or folder that we have made to the account.
func (a account) own(path string) error {
	if !a.switched {
		return nil
	}
	if err := os.Lchown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("give %s to the user %s: %w", path, a.name, err)
	}
	return nil
}
