package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

const (
	// long is a limit that no test reaches, however busy the machine is.
	long = 2 * time.Minute
	// hanging is when a limit that should have been reached has not been.
	hanging = time.Minute
)

// slowly is a server with such limits.
func slowly(t *testing.T, limits timeouts) (address string, log *safeBuffer, written chan error) {
	t.Helper()
	log, written = &safeBuffer{}, make(chan error, 1)
	logger := slog.New(slog.NewJSONHandler(log, nil))
	handler, err := api.New(api.Config{Ledger: ledgertest.Open(t), Log: logger, BodyTimeout: long})
	if err != nil {
		t.Fatal(err)
	}
	large := bytes.Repeat([]byte("x"), 64<<20)
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(large)
		written <- err
	})
	server := newHTTPServer(context.Background(), mux, limits, logger)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String(), log, written
}

// TestSlowClients: whatever a client is slow at, the server ends the connection
// when its time is over, and does not wait for the next byte.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	// An answer comes however long it takes: only what the client is slow at has a limit.
	atHeaders, log, _ := slowly(t, timeouts{header: 300 * time.Millisecond, read: long, write: long, idle: long})
	atRest, otherLog, _ := slowly(t, timeouts{header: long, read: time.Second, write: long, idle: 500 * time.Millisecond})
	post := "POST /v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer blk_x\r\nContent-Type: application/json\r\n"
	for name, c := range map[string]struct {
		address string
		send    string // at once
		drip    string // again and again
		answer  string // how the answer begins
	}{
		"says nothing":                 {atHeaders, "", "", ""},
		"drips its headers":            {atHeaders, "GET /healthz HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n", ""},
		"drips one header":             {atHeaders, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", "b", ""},
		"drips the request line":       {atHeaders, "GET /", "a", ""},
		"drips its body":               {atRest, post + "Content-Length: 1000\r\n\r\n{", " ", "HTTP/1.1 401"},
		"sends no body":                {atRest, post + "Content-Length: 1000\r\n\r\n", "", "HTTP/1.1 401"},
		"drips a chunked body":         {atRest, post + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n{\r\n", "HTTP/1.1 401"},
		"keeps an idle connection":     {atRest, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "", "HTTP/1.1 200"},
		"sends headers without end":    {atRest, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 100<<10), "", "HTTP/1.1 431"},
		"drips the body of a lost way": {atRest, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", "x", "HTTP/1.1 404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", c.address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, c.send); err != nil && c.drip == "" && !strings.Contains(c.answer, "431") {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				for c.drip != "" {
					select {
					case <-done:
						return
					case <-time.After(50 * time.Millisecond):
						_, _ = io.WriteString(conn, c.drip)
					}
				}
			}()
			got := untilClosed(t, conn)
			close(done)
			if !strings.HasPrefix(got, c.answer) {
				t.Errorf("the answer is %.200q, want %q", got, c.answer)
			}
		})
	}
	t.Cleanup(func() {
		if all := log.String() + otherLog.String(); strings.Contains(all, "ERROR") {
			t.Errorf("a slow client is taken for a fault of the server: %s", all)
		}
	})
}

// TestSlowBody: with a good key the body is read, and has its own limit, which
// is answered.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, key, err := l.CreateKey(t.Context(), "slow", "editor", nil)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(api.Config{Ledger: l, BodyTimeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	server := newHTTPServer(context.Background(), handler, timeouts{long, long, long, long}, slog.New(slog.DiscardHandler))
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", key)
	got := untilClosed(t, conn)
	if !strings.HasPrefix(got, "HTTP/1.1 408") || !strings.Contains(got, "body_too_slow") {
		t.Errorf("the answer is %s", got)
	}
}

// TestSlowReader: a client that does not read its answer does not hold the
// connection either.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	address, _, written := slowly(t, timeouts{header: long, read: long, write: 1500 * time.Millisecond, idle: long})
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-written:
		if err == nil {
			t.Error("the server has written 64 MiB to a client that does not read")
		}
	case <-time.After(hanging):
		t.Error("the server goes on waiting for the client to read")
	}
}

func untilClosed(t *testing.T, conn net.Conn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(hanging)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(bufio.NewReader(conn))
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		t.Fatalf("the server does not close the connection; so far it said %.200q", got)
	}
	return string(got)
}
