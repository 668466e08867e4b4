package main

import (
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
)

const (
	// servingLimit bounds what the Go runtime of a server takes: with the program
	// itself, less than 100 MiB. Garbage is collected earlier when it comes near.
	servingLimit = 64 << 20
	// eachConnection is what one takes, its garbage included. Past the first
	// freeConnections they get it on top, or the server would do little else than
	// to collect garbage.
	eachConnection  = 128 << 10
	freeConnections = 128
	// connectionStep is how many more connections change the limit, which stops
	// the program for a moment.
	connectionStep = 64
)

// memoryLimit follows the number of connections that were open at once.
type memoryLimit struct {
	set        func(bytes int64)
	open, most atomic.Int64
}

// limitMemory limits the memory of a server, unless the environment (GOMEMLIMIT)
// does.
func limitMemory(server *http.Server) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	m := &memoryLimit{set: func(bytes int64) { debug.SetMemoryLimit(bytes) }}
	m.most.Store(freeConnections)
	m.set(servingLimit)
	server.ConnState = m.follow
}

// follow counts the connections, as an http.Server tells of them.
func (m *memoryLimit) follow(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		n, most := m.open.Add(1), m.most.Load()
		if n > most && m.most.CompareAndSwap(most, n+connectionStep) {
			m.set(servingLimit + (n+connectionStep-freeConnections)*eachConnection)
		}
	case http.StateClosed, http.StateHijacked:
		m.open.Add(-1)
	case http.StateActive, http.StateIdle:
	}
}
