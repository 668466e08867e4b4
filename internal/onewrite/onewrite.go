// Package onewrite sends the head of an answer together with its body. net/http
// buffers 4 KB, and so sends a larger answer in at least two writes: one more system
// call here, and a client that wakes up twice.
package onewrite

import (
	"context"
	"io"
	"net"
	"sync"
	"time"
)

// heldMost is how many bytes are held back at most: the 4 KB that net/http writes
// first are fewer, and with the large rest that it then writes they are more.
const heldMost = 8 << 10

// Listener makes the connections of a listener able to hold back what is written.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept is part of [net.Listener].
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &Conn{TCPConn: tcp}, err
	}
	return c, err
}

// lastWrite bounds how long a connection that is closed waits to write what it holds.
const lastWrite = 100 * time.Millisecond

// Conn is a connection. Like the answers on it, it is written to by one
// goroutine at a time; any may close it.
type Conn struct {
	*net.TCPConn
	holding bool

	mu   sync.Mutex // guards held; not locked during a write
	held []byte
}

type key struct{}

// Context keeps the connection for [Of]; it is for [net/http.Server.ConnContext].
func Context(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*Conn); ok {
		return context.WithValue(ctx, key{}, c)
	}
	return ctx
}

// Of is the connection of a request; nil when it cannot hold back.
func Of(ctx context.Context) *Conn {
	c, _ := ctx.Value(key{}).(*Conn)
	return c
}

// Hold is called before an answer is written whose Content-Length is set: net/http
// writes all of it when the handler returns, at the latest.
func (c *Conn) Hold() {
	if c != nil {
		c.holding = true
	}
}

// Release ends that. What is held goes out with what net/http still has to write.
func (c *Conn) Release() {
	if c != nil {
		c.holding = false
	}
}

// Write is part of [net.Conn].
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.holding && len(c.held)+len(p) <= heldMost {
		c.held = append(c.held, p...)
		c.mu.Unlock()
		return len(p), nil
	}
	if len(c.held) == 0 {
		c.mu.Unlock()
		return c.TCPConn.Write(p)
	}
	held := c.held
	c.held = nil
	c.mu.Unlock()
	before := int64(len(held))
	both := net.Buffers{held, p}
	n, err := both.WriteTo(c.TCPConn)
	c.mu.Lock()
	c.held = held[:0] // it has gone out; the memory serves again
	c.mu.Unlock()
	return int(max(0, n-before)), err
}

// ReadFrom is part of [io.ReaderFrom], which net/http uses to copy into an answer: what
// is held goes first.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	c.mu.Lock()
	held := c.held
	c.held = nil
	c.mu.Unlock()
	if len(held) > 0 {
		if _, err := c.TCPConn.Write(held); err != nil {
			return 0, err
		}
	}
	return c.TCPConn.ReadFrom(r)
}

// Close is part of [net.Conn].
func (c *Conn) Close() error {
	c.flush()
	return c.TCPConn.Close()
}

// CloseWrite ends the answers; net/http calls it before it closes.
func (c *Conn) CloseWrite() error {
	c.flush()
	return c.TCPConn.CloseWrite()
}

// flush writes what a handler that broke off has left.
func (c *Conn) flush() {
	c.mu.Lock()
	held := c.held
	c.held = nil
	c.mu.Unlock()
	if len(held) > 0 {
		_ = c.SetWriteDeadline(time.Now().Add(lastWrite))
		_, _ = c.TCPConn.Write(held) // the connection ends
	}
}
