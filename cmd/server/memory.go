package main

import (
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
)

const (
	// servingLimit bounds the memory of the Go runtime while it serves: with the
	// program itself less than 100 MiB. Near it, garbage is collected earlier.
	servingLimit = 64 << 20
	// eachConnection is what a connection takes, its garbage included. Each past the
	// first freeConnections raises the limit by it; otherwise the server would do
	// little but collect garbage.
	eachConnection  = 128 << 10
	freeConnections = 128
	// connectionStep is by how many connections the limit is raised at a time, since
	// changing it stops the program for a moment.
	connectionStep = 64
)

// memoryLimit follows the highest number of connections open at once.
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

// follow counts the connections; it is an [http.Server.ConnState].
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
