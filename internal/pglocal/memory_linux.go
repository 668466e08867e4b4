package pglocal

import (
	"os"
	"syscall"
)

const (
	memoryDir   = "/dev/shm"
	memoryLeast = 8 << 30 // bytes free: the clusters of many tests at once take some 3 GB
	tmpfs       = 0x01021994
)

// memoryRoot is a folder in memory for what a test throws away: databases are made and
// dropped there in half the time that a disk takes. It is "" where there is none or
// little room, and where TMPDIR says what is wanted.
func memoryRoot() string {
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memoryDir, &fs) != nil || fs.Type != tmpfs || fs.Bavail*uint64(fs.Bsize) < memoryLeast {
		return ""
	}
	return memoryDir
}
