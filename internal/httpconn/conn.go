// Package httpconn has connections on which net/http's server costs less. The head of
// an answer goes out together with its body: net/http buffers 4 KB, and so sends a
// larger answer in at least two writes, one more system call here, and a client that
// wakes up twice. And deadlines move the runtime's timers only when something waits
// for them: net/http sets five a request, a twentieth of what an answer from memory
// costs.
package httpconn

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Listener makes the connections of a listener such connections.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept is part of [net.Listener].
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return newConn(tcp), err
	}
	return c, err
}

// Conn is a connection. Like the answers on it, it is written to by one
// goroutine at a time; any may close it.
type Conn struct {
	net.Conn // tcp, for what remains as it is
	tcp      *net.TCPConn
	peer     netip.Addr

	reading, writing deadline

	holding bool
	mu      sync.Mutex // guards held; not locked during a write
	held    []byte
}

func newConn(tcp *net.TCPConn) *Conn {
	c := &Conn{Conn: tcp, tcp: tcp, reading: deadline{tell: tcp.SetReadDeadline}, writing: deadline{tell: tcp.SetWriteDeadline}}
	if peer, ok := tcp.RemoteAddr().(*net.TCPAddr); ok {
		c.peer = peer.AddrPort().Addr()
	}
	return c
}

type key struct{}

// Context keeps the connection for [Of]; it is for [net/http.Server.ConnContext].
func Context(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*Conn); ok {
		return context.WithValue(ctx, key{}, c)
	}
	return ctx
}

// Of is the connection of a request; nil when it is of another kind.
func Of(ctx context.Context) *Conn {
	c, _ := ctx.Value(key{}).(*Conn)
	return c
}

// Peer is the address at the connection's other end, as [net/http.Request.RemoteAddr]
// has it without the port; the zero Addr of no connection.
func (c *Conn) Peer() netip.Addr {
	if c == nil {
		return netip.Addr{}
	}
	return c.peer
}

// Read is part of [net.Conn].
func (c *Conn) Read(p []byte) (int, error) {
	if err := c.reading.enter(); err != nil {
		return 0, err
	}
	defer c.reading.leave()
	return c.tcp.Read(p)
}

// SetDeadline is part of [net.Conn].
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.reading.set(t); err != nil {
		return err
	}
	return c.writing.set(t)
}

// SetReadDeadline is part of [net.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error { return c.reading.set(t) }

// SetWriteDeadline is part of [net.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.writing.set(t) }

// Close is part of [net.Conn].
func (c *Conn) Close() error {
	c.flush()
	return c.tcp.Close()
}

// CloseWrite ends the answers; net/http calls it before it closes.
func (c *Conn) CloseWrite() error {
	c.flush()
	return c.tcp.CloseWrite()
}
