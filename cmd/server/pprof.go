package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
)

// servePprof serves the profiles of the Go runtime, to this machine alone: they
// show what is in memory, and taking one costs time. The function stops it.
func (p *program) servePprof(address string) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("PPROF_LISTEN=%s must be a loopback address, such as 127.0.0.1:6060", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(p.ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for profiles: %w", address, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	unhurried := defaultTimeouts
	unhurried.write = 0 // a profile takes as long as it is asked to
	server := newHTTPServer(p.ctx, mux, unhurried, p.log)
	go func() { _ = server.Serve(listener) }() // until it is closed
	fmt.Fprintf(p.stdout, "Profiles are on http://%s/debug/pprof/\n", listener.Addr())
	return func() { _ = server.Close() }, nil
}
