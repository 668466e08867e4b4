package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// tick is the unit of /proc's times: USER_HZ, 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// reaped is how long PostgreSQL may take until it has seen that its processes for
// the program have ended: what they took is lost between their end and that.
const reaped = time.Second

// whole runs something, and says what it and PostgreSQL took of the CPU meanwhile.
func (b *bench) whole(ctx context.Context, run func() (process, error)) (process, time.Duration, error) {
	before, err := b.postgresCPU(ctx)
	if err != nil {
		return process{}, 0, err
	}
	p, err := run()
	if err != nil {
		return p, 0, err
	}
	time.Sleep(reaped)
	after, err := b.postgresCPU(ctx)
	return p, p.cpu + after - before, err
}

// postgresCPU is the CPU time of PostgreSQL so far, of the processes that have
// ended too; 0 where there is no /proc.
func (b *bench) postgresCPU(ctx context.Context) (time.Duration, error) {
	own, err := procOf(os.Getpid())
	if err != nil || own.parent == 0 {
		return 0, nil //nolint:nilerr // another system: it has no /proc
	}
	if b.postmaster == 0 {
		if b.postmaster, err = postmaster(ctx, b.imported); err != nil {
			return 0, err
		}
	}
	server, err := procOf(b.postmaster)
	if err != nil {
		return 0, err
	}
	all := server.own + server.ended
	found, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, folder := range found {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if p, err := procOf(pid); err == nil && p.parent == b.postmaster { // others end meanwhile
			all += p.own
		}
	}
	return all, nil
}

// postmaster is the process that starts all others of PostgreSQL.
func postmaster(ctx context.Context, url string) (int, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	p, err := procOf(int(conn.PgConn().PID()))
	return p.parent, err
}

// proc is what /proc/…/stat tells of a process.
type proc struct {
	parent int
	own    time.Duration
	ended  time.Duration // of its children that have ended
}

func procOf(pid int) (proc, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return proc{}, err
	}
	// Behind the name, which may hold spaces: state, ppid and so on (proc(5)).
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 15 {
		return proc{}, fmt.Errorf("/proc/%d/stat: %q", pid, stat)
	}
	number := func(i int) int { n, _ := strconv.Atoi(string(fields[i])); return n }
	return proc{
		parent: number(1),
		own:    time.Duration(number(11)+number(12)) * tick,
		ended:  time.Duration(number(13)+number(14)) * tick,
	}, nil
}
