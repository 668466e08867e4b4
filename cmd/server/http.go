package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/breachledger/breachledger/internal/httpconn"
)

// timeouts bound how long a client can hold a connection, whatever it is slow at.
type timeouts struct {
	header, read, write, idle time.Duration
}

var defaultTimeouts = timeouts{header: 5 * time.Second, read: 30 * time.Second, write: 60 * time.Second, idle: 2 * time.Minute}

const (
	maxHeaderBytes  = 64 << 10
	shutdownTimeout = 20 * time.Second
)

// newHTTPServer makes a server whose requests have the context base, and end with it.
func newHTTPServer(base context.Context, handler http.Handler, t timeouts, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: t.header, ReadTimeout: t.read, WriteTimeout: t.write,
		IdleTimeout: t.idle, MaxHeaderBytes: maxHeaderBytes,
		BaseContext: func(net.Listener) context.Context { return base }, ConnContext: httpconn.Context,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// drainer is a handler that can be told that it will soon be stopped.
type drainer interface {
	http.Handler
	Drain()
}

// serving is the server while it runs: what it listens on, and what ends it.
type serving struct {
	p         *program
	delay     time.Duration // between the signal to stop and the last new request
	handler   drainer
	listener  net.Listener
	metrics   http.Handler
	metricsAt net.Listener    // nil when metrics have no listener of their own
	stopped   <-chan struct{} // closed when the database has ended by itself
}

// run serves until the program is told to stop, and then until the requests
// under way are answered.
func (s *serving) run() error {
	// The program's end stops new requests; those under way have their own time.
	base, abandon := context.WithCancel(context.WithoutCancel(s.p.ctx))
	defer abandon()
	server := newHTTPServer(base, s.handler, defaultTimeouts, s.p.log)
	limitMemory(server)
	served := make(chan error, 2)
	go func() { served <- server.Serve(httpconn.Listener(s.listener)) }()
	fmt.Fprintf(s.p.stdout, "Breachledger serves on http://%s\n", s.listener.Addr())
	if s.metricsAt != nil {
		metrics := newHTTPServer(base, s.metrics, defaultTimeouts, s.p.log)
		go func() { served <- metrics.Serve(s.metricsAt) }()
		defer metrics.Close()
		fmt.Fprintf(s.p.stdout, "Metrics are on http://%s\n", s.metricsAt.Addr())
	}
	select {
	case err := <-served:
		_ = server.Close()
		return fmt.Errorf("serve: %w", err)
	case <-s.stopped:
		_ = server.Close()
		return errors.New("the private PostgreSQL has ended by itself; its log says why")
	case <-s.p.ctx.Done():
	}
	again := make(chan os.Signal, 1) // who stops it twice does not want to wait
	signal.Notify(again, stopSignals...)
	defer signal.Stop(again)
	s.p.log.Info("stopping")
	s.handler.Drain()
	select {
	case <-time.After(s.delay):
	case <-again:
	case <-s.stopped:
	}
	ctx, cancel := context.WithTimeout(base, shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		// Whoever still holds a database connection gives it back now; the pools
		// could not be closed otherwise.
		abandon()
		_ = server.Close()
		return fmt.Errorf("stop serving: requests were still under way after %s: %w", shutdownTimeout, err)
	}
	return nil
}

// listen opens the listeners.
func (s *serving) listen(address, metricsAddress string) (err error) {
	if s.listener, err = (&net.ListenConfig{}).Listen(s.p.ctx, "tcp", address); err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	if metricsAddress == "" {
		return nil
	}
	if s.metricsAt, err = (&net.ListenConfig{}).Listen(s.p.ctx, "tcp", metricsAddress); err != nil {
		_ = s.listener.Close()
		return fmt.Errorf("listen on %s for metrics: %w", metricsAddress, err)
	}
	return nil
}
