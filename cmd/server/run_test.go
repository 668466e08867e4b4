package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// safeBuffer can be read while it is written.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// dataDir is a folder that PostgreSQL's own user gets through to.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "breachledger-run-") //nolint:usetesting // T.TempDir is closed to PostgreSQL's own user
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// running is a server under test, in this process or in one of its own.
type running struct {
	url         string
	out, errOut *safeBuffer
	stop        func()
	kill        func() error // of a process of its own
	ended       chan error
}

var servesOn = regexp.MustCompile(`(?m)^Breachledger serves on (http://\S+)$`)

// begin runs the whole program in this process.
func begin(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{out: &safeBuffer{}, errOut: &safeBuffer{}, stop: cancel, ended: make(chan error, 1)}
	go func() {
		r.ended <- run(ctx, append([]string{"serve", "--listen=127.0.0.1:0"}, args...), r.out, r.errOut)
	}()
	r.wait(t)
	t.Cleanup(cancel)
	return r
}

func (r *running) wait(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if m := servesOn.FindStringSubmatch(r.out.String()); m != nil {
			r.url = m[1]
			return
		}
		select {
		case err := <-r.ended:
			t.Fatalf("the server ended: %v\n%s%s", err, r.out, r.errOut)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not start:\n%s%s", r.out, r.errOut)
		}
	}
}

// end stops it, and wants it to end well.
func (r *running) end(t *testing.T) {
	t.Helper()
	r.stop()
	select {
	case err := <-r.ended:
		if err != nil {
			t.Fatalf("the server ended with %v\n%s", err, r.errOut)
		}
	case <-time.After(hanging):
		t.Fatalf("the server does not end:\n%s", r.errOut)
	}
}

func (r *running) get(t *testing.T, path string) (int, map[string]any) {
	t.Helper()
	return call(t, http.MethodGet, r.url+path, "", "")
}

func call(t *testing.T, method, url, key, body string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer response.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(response.Body).Decode(&out); err != nil {
		t.Fatalf("%s %s: %s with no JSON: %v", method, url, response.Status, err)
	}
	return response.StatusCode, out
}

func slugs(list map[string]any) string {
	var out []string
	data, _ := list["data"].([]any)
	for _, item := range data {
		one, _ := item.(map[string]any)
		out = append(out, fmt.Sprint(one["slug"]))
	}
	return strings.Join(out, " ")
}

func adminKey(t *testing.T, data string) string {
	t.Helper()
	path := filepath.Join(data, "admin.key")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("the admin key has the mode %s, want 0600", info.Mode())
	}
	key, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(key))
}

const seedSlugs = "anthem-records-breach opm-breach"

// TestRun: the whole program on a fresh folder, stopped, and started again.
func TestRun(t *testing.T) {
	t.Parallel()
	data := dataDir(t)
	first := begin(t, "--data="+data)
	if status, list := first.get(t, "/v1/incidents"); status != http.StatusOK || !strings.HasPrefix(slugs(list), seedSlugs) || len(strings.Fields(slugs(list))) != 4 {
		t.Errorf("a fresh server lists %d %s", status, slugs(list))
	}
	key := adminKey(t, data)
	if strings.Contains(first.out.String()+first.errOut.String(), key) {
		t.Error("the admin key was printed")
	}
	if status, made := call(t, http.MethodPost, first.url+"/v1/incidents", key, `{"title":"Kept over a restart","category":"other"}`); status != http.StatusCreated {
		t.Fatalf("log an incident: %d %v", status, made)
	}
	first.end(t)

	second := begin(t, "--data="+data, "--metrics-listen=127.0.0.1:0")
	if status, list := second.get(t, "/v1/incidents"); status != http.StatusOK || len(strings.Fields(slugs(list))) != 5 {
		t.Errorf("after a restart: %d %s", status, slugs(list))
	}
	if adminKey(t, data) != key {
		t.Error("the admin key is another after a restart")
	}
	if status, _ := call(t, http.MethodGet, second.url+"/v1/keys", key, ""); status != http.StatusOK {
		t.Errorf("the admin key after a restart: %d", status)
	}
	metrics := regexp.MustCompile(`Metrics are on (http://\S+)`).FindStringSubmatch(second.out.String())
	if metrics == nil {
		t.Fatalf("the metrics have no address: %s", second.out)
	}
	response, err := http.Get(metrics[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if page, _ := io.ReadAll(response.Body); !strings.Contains(string(page), "breachledger_http_requests_total") {
		t.Errorf("the metrics are %.200s", page)
	}
	second.end(t)
}

// TestGracefulShutdown: told to stop, the server answers what is under way, and ends.
func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	data := dataDir(t)
	server := begin(t, "--data="+data, "--seed=off")
	key := adminKey(t, data)
	const many = 8
	type result struct {
		status int
		err    error
	}
	results := make(chan result, many)
	gates := make([]*io.PipeWriter, many)
	// The body is sent when the server asks for it: then it has the request.
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: hanging}}
	for i := range gates {
		body, gate := io.Pipe()
		gates[i] = gate
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.url+"/v1/incidents", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Expect", "100-continue")
		go func() {
			response, err := client.Do(request)
			if err != nil {
				results <- result{err: err}
				return
			}
			_ = response.Body.Close()
			results <- result{status: response.StatusCode}
		}()
		if _, err := io.WriteString(gate, `{"title":"Under way","cate`); err != nil {
			t.Fatal(err)
		}
	}
	server.stop()
	address := strings.TrimPrefix(server.url, "http://")
	for deadline := time.Now().Add(hanging); ; time.Sleep(5 * time.Millisecond) {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			break
		}
		_ = conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("a server that stops still takes new connections")
		}
	}
	for i, gate := range gates {
		if _, err := fmt.Fprintf(gate, `gory":"other","external_refs":[{"scheme":"case","id":"%d"}]}`, i); err != nil {
			t.Fatal(err)
		}
		if err := gate.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range many {
		if r := <-results; r.err != nil || r.status != http.StatusCreated {
			t.Errorf("a request that was under way: %d, %v", r.status, r.err)
		}
	}
	server.end(t)
	again := begin(t, "--data="+data, "--seed=off")
	if _, list := again.get(t, "/v1/incidents"); len(strings.Fields(slugs(list))) != many {
		t.Errorf("after a restart there are %s, want %d", slugs(list), many)
	}
	again.end(t)
}

// TestShutdownDelay: told to stop, the server is no longer ready, and goes on for as
// long as load balancers need to notice.
func TestShutdownDelay(t *testing.T) {
	t.Parallel()
	const delay = 10 * time.Second // in which a busy machine answers two requests
	server := begin(t, "--database-url="+ledgertest.URL(t), "--shutdown-delay="+delay.String())
	if status, _ := server.get(t, "/readyz"); status != http.StatusOK {
		t.Errorf("before the signal it is not ready: %d", status)
	}
	began := time.Now()
	server.stop()
	for { // until the server cannot be reached, and the test ends
		if status, body := server.get(t, "/readyz"); status == http.StatusServiceUnavailable && body["code"] == "stopping" {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if status, _ := server.get(t, "/v1/incidents"); status != http.StatusOK {
		t.Errorf("a request before the delay is over: %d", status)
	}
	server.end(t)
	if took := time.Since(began); took < delay {
		t.Errorf("it ended after %s", took)
	}
}

// build builds the server in a folder.
func build(t *testing.T, dir string) (program string) {
	t.Helper()
	program = filepath.Join(dir, "server")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the server: %v\n%s", err, out)
	}
	return program
}

// process starts a server as a process of its own.
func process(t *testing.T, program string, args ...string) (*running, *os.Process) {
	t.Helper()
	r := &running{out: &safeBuffer{}, errOut: &safeBuffer{}, ended: make(chan error, 1)}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"serve", "--listen=127.0.0.1:0"}, args...)...)
	cmd.Stdout, cmd.Stderr = r.out, r.errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.stop = func() { _ = cmd.Process.Signal(os.Interrupt) }
	go func() { r.ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	r.kill = cmd.Process.Kill
	r.wait(t)
	return r, cmd.Process
}

// TestASecondSignalEndsTheShutdownDelay: the rest of the shutdown is as usual.
func TestASecondSignalEndsTheShutdownDelay(t *testing.T) {
	t.Parallel()
	program := build(t, t.TempDir())
	for _, second := range stopSignals {
		r, server := process(t, program, "--database-url="+ledgertest.URL(t), "--shutdown-delay=1h")
		_ = server.Signal(syscall.SIGTERM)
		for status := 0; status != http.StatusServiceUnavailable; time.Sleep(5 * time.Millisecond) { // until it has seen the first
			status, _ = r.get(t, "/readyz")
		}
		_ = server.Signal(second)
		select {
		case err := <-r.ended:
			if err != nil {
				t.Errorf("%v: it ended with %v\n%s", second, err, r.errOut)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%v: it still waits", second)
		}
	}
}

// TestKilled: what was answered 201 outlives the SIGKILL of the server.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	program, data := build(t, dir), filepath.Join(dir, "data")
	start := func() *running {
		r, _ := process(t, program, "--data="+data)
		return r
	}
	const many = 20
	server := start()
	key := adminKey(t, data)
	for i := range many {
		if status, made := call(t, http.MethodPost, server.url+"/v1/incidents", key, fmt.Sprintf(`{"title":"Answered %d","category":"other"}`, i)); status != http.StatusCreated {
			t.Fatalf("log an incident: %d %v", status, made)
		}
	}
	if err := server.kill(); err != nil {
		t.Fatal(err)
	}
	<-server.ended
	next := start()
	_, list := next.get(t, "/v1/incidents?limit=100")
	if n := len(strings.Fields(slugs(list))); n != 4+many {
		t.Errorf("after the kill there are %d incidents, want %d", n, 4+many)
	}
	if adminKey(t, data) != key {
		t.Error("the admin key is another after the kill")
	}
	next.end(t)
}
