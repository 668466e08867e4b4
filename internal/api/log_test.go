package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// logBook is a log that can be read while it is written.
type logBook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logBook) config() api.Config {
	return api.Config{Log: slog.New(slog.NewJSONHandler(l, nil))}
}

// TestLogLine: a request is one line, which says who, what and how long.
func TestLogLine(t *testing.T) {
	t.Parallel()
	var log logBook
	s := startWith(t, ledgertest.Open(t), log.config())
	s.send(t, request{path: "/v1/incidents/nothing-here?", role: access.Editor}).must(t, http.StatusNotFound)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1:\n%s", len(lines), &log)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"level": "INFO", "msg": "request", "method": "GET", "path": "/v1/incidents/nothing-here", "route": "/v1/incidents/:ref",
		"status": 404.0, "client": "192.0.2.1", "key": "editor", "role": "editor",
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	for _, name := range []string{"id", "us", "bytes", "key_id", "time"} {
		if line[name] == nil {
			t.Errorf("%s is missing: %v", name, line)
		}
	}
}

// TestNothingSecretInLogs: wherever a key is put, the log does not have it.
func TestNothingSecretInLogs(t *testing.T) {
	t.Parallel()
	var log logBook
	s := startWith(t, ledgertest.Open(t), log.config())
	good, bad := s.keys[access.Admin], access.NewSecret()
	for _, r := range []struct{ method, path, authorization, body string }{
		{"GET", "/v1/incidents", "Bearer " + good, ""},
		{"GET", "/v1/incidents", "Bearer " + bad, ""},
		{"GET", "/v1/incidents", bad, ""},
		{"GET", "/v1/incidents", "Basic " + bad, ""},
		{"GET", "/v1/incidents?key=" + good + "&q=" + bad, "", ""},
		{"GET", "/v1/incidents/" + good, "", ""},
		{"GET", "/v1/" + good + "/" + bad, "", ""},
		{"BREW", "/v1/incidents/" + bad, "", ""},
		{"POST", "/v1/incidents", "Bearer " + good, `{"title":"` + bad + `","category":"` + good + `"}`},
		{"POST", "/v1/keys", "Bearer " + good, `{"name":"fresh","role":"reader"}`},
		{"GET", "/metrics", "Bearer " + good, ""},
	} {
		hr := httptest.NewRequest(r.method, "http://api.test"+r.path, strings.NewReader(r.body))
		hr.Header.Set("Content-Type", "application/json")
		if r.authorization != "" {
			hr.Header.Set("Authorization", r.authorization)
		}
		got := serve(s, hr)
		if r.path == "/v1/keys" {
			secret := text(t, got.must(t, http.StatusCreated).json(t), "secret")
			if strings.Contains(log.String(), secret) {
				t.Errorf("the log has the new secret: %s", &log)
			}
		}
	}
	for _, secret := range []string{good, bad, good[4:], bad[4:]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has a secret:\n%s", grep(log.String(), secret))
		}
	}
	if n := strings.Count(log.String(), `"msg":"request"`); n != 11 {
		t.Errorf("%d lines for 11 requests", n)
	}
}
