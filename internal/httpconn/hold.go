package httpconn

import (
	"io"
	"net"
	"time"
)

// heldMost is how many bytes are held back at most: the 4 KB that net/http writes
// first are fewer, and with the large rest that it then writes they are more.
const heldMost = 8 << 10

// lastWrite bounds how long a connection that is closed waits to write what it holds.
const lastWrite = 100 * time.Millisecond

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
	held, kept := c.keepOrTake(p)
	if kept {
		return len(p), nil
	}
	if err := c.writing.enter(); err != nil {
		return 0, err
	}
	defer c.writing.leave()
	if len(held) == 0 {
		return c.tcp.Write(p)
	}
	before := int64(len(held))
	both := net.Buffers{held, p}
	n, err := both.WriteTo(c.tcp)
	c.mu.Lock()
	c.held = held[:0] // it has gone out; the memory serves again
	c.mu.Unlock()
	return int(max(0, n-before)), err
}

// ReadFrom is part of [io.ReaderFrom], which net/http uses to copy into an answer: what
// is held goes first.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	if err := c.writing.enter(); err != nil {
		return 0, err
	}
	defer c.writing.leave()
	if held := c.take(); len(held) > 0 {
		if _, err := c.tcp.Write(held); err != nil {
			return 0, err
		}
	}
	return c.tcp.ReadFrom(r)
}

// flush writes what a handler that broke off has left.
func (c *Conn) flush() {
	if held := c.take(); len(held) > 0 {
		_ = c.tcp.SetWriteDeadline(time.Now().Add(lastWrite))
		_, _ = c.tcp.Write(held) // the connection ends
	}
}

// keepOrTake holds p back, too, where it may; otherwise what is held goes out before p.
func (c *Conn) keepOrTake(p []byte) (held []byte, kept bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holding && len(c.held)+len(p) <= heldMost {
		c.held = append(c.held, p...)
		return nil, true
	}
	held, c.held = c.held, nil
	return held, false
}

// take is what is held, and is not from now on.
func (c *Conn) take() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := c.held
	c.held = nil
	return held
}
