package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program that serves HTTP on this machine.
type process struct {
	cmd *exec.Cmd
	url string
	key string
	log *os.File
}

// build builds the server as a user would.
func (o *options) build(ctx context.Context) (string, error) {
	program := filepath.Join(o.Data, "server")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/server")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build the server: %w", err)
	}
	return program, nil
}

// startServer starts the server with its defaults on a database, with its log in
// a file, and makes an editor's key.
func (o *options) startServer(ctx context.Context, program, database string, env ...string) (*process, error) {
	env = append([]string{"DATABASE_URL=" + database}, env...)
	keys := exec.CommandContext(ctx, program, "keys", "create", "--role", "editor", "--name", "bench")
	keys.Env = append(os.Environ(), env...)
	key, err := keys.Output()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, address, "/readyz", filepath.Join(o.Data, "server.log"), append(env, "LISTEN="+address), program)
	if err != nil {
		return nil, err
	}
	p.key = strings.TrimSpace(string(key))
	return p, nil
}

// start starts a program and waits until it answers.
func start(ctx context.Context, address, path, log string, env []string, program string, args ...string) (*process, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, program, args...), url: "http://" + address, log: file}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), env...), file, file
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	for range 600 {
		if a, err := p.get(ctx, path); err == nil && a.status < 500 {
			return p, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("%s does not answer; %s says why", program, log), p.stop())
}

func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait() // how it ends after that is no matter
	return p.log.Close()
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// answered is an answer that was read whole.
type answered struct {
	status int
	header http.Header
	body   []byte
	took   time.Duration
}

// wrong is an answer that was not what was wanted, or why there is none.
func (a answered) wrong(to string, err error) error {
	return errors.Join(fmt.Errorf("%s is answered with %d %s", to, a.status, a.body), err)
}

func (p *process) get(ctx context.Context, path string, headers ...string) (answered, error) {
	return p.send(ctx, http.MethodGet, path, nil, headers...)
}

func (p *process) post(ctx context.Context, path string, body []byte, headers ...string) (answered, error) {
	return p.send(ctx, http.MethodPost, path, body, append(headers, "Content-Type", "application/json", "Authorization", "Bearer "+p.key)...)
}

func (p *process) send(ctx context.Context, method, path string, body []byte, headers ...string) (a answered, err error) {
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	began := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	a.body, err = io.ReadAll(res.Body)
	a.status, a.header, a.took = res.StatusCode, res.Header, time.Since(began)
	return a, errors.Join(err, res.Body.Close())
}

var statusLine = regexp.MustCompile(`(?m)^(VmRSS|VmHWM):\s+(\d+) kB`)

// resident is the process's memory now and at its highest, in MiB.
func (p *process) resident() (now, highest float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for _, m := range statusLine.FindAllSubmatch(text, -1) {
		kib, _ := strconv.ParseFloat(string(m[2]), 64)
		if string(m[1]) == "VmRSS" {
			now = kib / 1024
		} else {
			highest = kib / 1024
		}
	}
	return now, highest, nil
}
