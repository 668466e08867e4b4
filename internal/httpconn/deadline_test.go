package httpconn_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"github.com/breachledger/breachledger/internal/httpconn"
)

// TestConn: the connections do what is expected of any, deadlines above all.
func TestConn(t *testing.T) {
	t.Parallel()
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		plain, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, nil, err
		}
		l := httpconn.Listener(plain)
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return nil, nil, nil, err
		}
		server, err := l.Accept()
		return server, client, func() { _, _, _ = client.Close(), server.Close(), l.Close() }, err
	})
}

// TestDeadlines: whenever a deadline is set, it ends what it should and nothing else.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	const soon, long = 150 * time.Millisecond, time.Minute
	type step = func(net.Conn) error
	in := func(d time.Duration) step {
		return func(c net.Conn) error { return c.SetDeadline(time.Now().Add(d)) }
	}
	none := func(c net.Conn) error { return c.SetDeadline(time.Time{}) }
	pass := func(net.Conn) error { time.Sleep(2*soon + 100*time.Millisecond); return nil }
	for name, c := range map[string]struct {
		steps []step
		ends  bool
	}{
		"none":                     {},
		"soon":                     {[]step{in(soon)}, true},
		"soon, and has passed":     {[]step{in(soon), pass}, true},
		"taken back":               {[]step{in(soon), none}, false},
		"taken back after it came": {[]step{in(soon), pass, none}, false},
		"put off":                  {[]step{in(soon), in(long)}, false},
		"put off after it came":    {[]step{in(soon), pass, in(long)}, false},
		"brought forward":          {[]step{in(long), in(soon)}, true},
		"before anything":          {[]step{in(-24 * 365 * time.Hour)}, true},
		"before, and taken back":   {[]step{in(-time.Hour), none}, false},
		"before, and put off":      {[]step{in(-time.Hour), in(long)}, false},
	} {
		for _, under := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", while reading"}[under], func(t *testing.T) {
				t.Parallel()
				server, client := pair(t)
				read := make(chan error, 1)
				begin := func() {
					go func() {
						_, err := server.Read(make([]byte, 1))
						read <- err
					}()
				}
				if under {
					begin()
					time.Sleep(50 * time.Millisecond)
				}
				for _, do := range c.steps {
					if err := do(server); err != nil {
						t.Error(err)
					}
				}
				if !under {
					begin()
				}
				if !c.ends {
					// A deadline that came and went has ended what was under way.
					select {
					case err := <-read:
						if !timedOut(err) || !under {
							t.Fatalf("reading ended with %v", err)
						}
						begin()
					case <-time.After(2 * soon):
					}
					_, _ = client.Write([]byte{1})
				}
				select {
				case err := <-read:
					if c.ends != timedOut(err) || !c.ends && err != nil {
						t.Errorf("reading ended with %v", err)
					}
				case <-time.After(long):
					t.Error("reading did not end")
				}
			})
		}
	}
}

// TestWriteDeadline: a client that reads nothing does not hold its answer for ever.
func TestWriteDeadline(t *testing.T) {
	t.Parallel()
	server, _ := pair(t)
	_ = server.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	much := make([]byte, 1<<20)
	for range 1000 {
		_, err := server.Write(much)
		if timedOut(err) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Error("a gigabyte was written to a client that reads nothing")
}

func timedOut(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// pair is a connection from both its ends.
func pair(t *testing.T) (server, client net.Conn) {
	t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := httpconn.Listener(plain)
	t.Cleanup(func() { _ = l.Close() })
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	return server, client
}
