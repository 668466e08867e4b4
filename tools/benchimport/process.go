package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// process is a program that has ended.
type process struct {
	took   time.Duration
	cpu    time.Duration
	memory int64 // at its peak, in bytes
}

// execute runs a program and throws away what it prints, unless it fails.
func execute(ctx context.Context, program string, args ...string) (process, error) {
	var errOut bytes.Buffer
	command := exec.CommandContext(ctx, program, args...)
	command.Stderr = &errOut
	began := time.Now()
	err := command.Run()
	p := process{took: time.Since(began)}
	if command.ProcessState == nil { // it did not even begin
		return p, fmt.Errorf("%s: %w", program, err)
	}
	p.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.memory = usage.Maxrss * 1024
	}
	if err != nil {
		return p, fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, errOut.Bytes())
	}
	return p, nil
}

func findPsql() (string, error) {
	if path, err := exec.LookPath("psql"); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/psql")
	if err != nil || len(found) == 0 {
		return "", errors.Join(errors.New("there is no psql"), err)
	}
	return found[len(found)-1], nil
}

func admin(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err = conn.Exec(ctx, s); err != nil {
			err = fmt.Errorf("%s: %w", s, err)
			break
		}
	}
	return errors.Join(err, conn.Close(ctx))
}

// join writes files one behind another.
func join(into string, files []string) (err error) {
	out, err := os.Create(into)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for _, name := range files {
		if err := appendFile(out, name); err != nil {
			return err
		}
	}
	return nil
}

func appendFile(out io.Writer, name string) (err error) {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
