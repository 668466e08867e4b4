package main

import (
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
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
	set func(bytes int64)

	mu         sync.Mutex
	open, most int64 // connections, and how many the limit is for
}

// limitMemory limits the memory of a server, unless the environment (GOMEMLIMIT)
// does.
func limitMemory(server *http.Server) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	m := &memoryLimit{set: func(bytes int64) { debug.SetMemoryLimit(bytes) }, most: freeConnections}
	m.set(servingLimit)
	server.ConnState = m.follow
}

// follow counts the connections, as an http.Server tells of them.
func (m *memoryLimit) follow(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.open++; m.open > m.most {
			m.most = m.open + connectionStep
			m.set(servingLimit + (m.most-freeConnections)*eachConnection)
		}
	case http.StateClosed, http.StateHijacked:
		m.mu.Lock()
		defer m.mu.Unlock()
		m.open--
	case http.StateActive, http.StateIdle:
	}
}
