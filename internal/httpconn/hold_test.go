package httpconn_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/httpconn"
)

// serve answers /n with n bytes; in pieces of a size with ?pieces=, copied from a
// reader with ?copied, without a length with ?open, and broken off halfway with
// ?broken; with ?closing the connection may be closed meanwhile.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Path[1:])
		conn := httpconn.Of(r.Context())
		if conn == nil {
			t.Error("the request has no connection")
		}
		if !r.URL.Query().Has("open") {
			w.Header().Set("Content-Length", strconv.Itoa(n))
			conn.Hold()
			defer conn.Release()
		}
		body := content(n)
		if r.URL.Query().Has("broken") {
			_, _ = w.Write(body[:n/2])
			panic(http.ErrAbortHandler)
		}
		if r.URL.Query().Has("copied") {
			if _, err := io.Copy(w, struct{ io.Reader }{bytes.NewReader(body)}); err != nil {
				t.Error(err)
			}
			return
		}
		size, _ := strconv.Atoi(r.URL.Query().Get("pieces"))
		if size == 0 {
			size = n + 1
		}
		for len(body) > 0 {
			piece := body[:min(size, len(body))]
			if _, err := w.Write(piece); err != nil {
				if !r.URL.Query().Has("closing") {
					t.Error(err)
				}
				return
			}
			body = body[len(piece):]
		}
	}))
	s.Listener = httpconn.Listener(s.Listener)
	s.Config.ConnContext = httpconn.Context
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func dial(t *testing.T, s *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func content(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte('a' + i%23)
	}
	return out
}

// TestCopied: what a handler copies into its answer comes behind the head, which is
// held by then.
func TestCopied(t *testing.T) {
	t.Parallel()
	s := serve(t)
	client := s.Client()
	client.Timeout = time.Minute
	for _, n := range []int{1, 4096, 100_000} {
		response, err := client.Get(fmt.Sprintf("%s/%d?copied", s.URL, n))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		body, err := io.ReadAll(response.Body)
		if _ = response.Body.Close(); err != nil || !bytes.Equal(body, content(n)) {
			t.Errorf("%d bytes: %d came, %v", n, len(body), err)
		}
	}
}

// TestEverySize: whatever the sizes are, all arrives, one answer after the other
// on the same connection, and none waits for the next.
func TestEverySize(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := dial(t, s)
	in := bufio.NewReader(conn)
	sizes := []int{0, 1, 2047, 2048, 2049, 100_000, 1 << 20}
	for n := 3800; n < 4200; n++ { // around net/http's 4 KB
		sizes = append(sizes, n)
	}
	for n := 8000; n < 8300; n++ { // and around what is held at most
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		for _, how := range []string{"", "?pieces=700", "?pieces=4096", "?open"} {
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			fmt.Fprintf(conn, "GET /%d%s HTTP/1.1\r\nHost: here\r\n\r\n", n, how)
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatalf("%d%s: %v", n, how, err)
			}
			got, err := io.ReadAll(res.Body)
			if err != nil || !bytes.Equal(got, content(n)) {
				t.Fatalf("%d%s: %d bytes, %v", n, how, len(got), err)
			}
		}
	}
}

// TestBrokenOff: what was written before a handler broke off arrives.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, n := range []int{10_000, 100_000} {
		res, err := http.Get(s.URL + "/" + strconv.Itoa(n) + "?broken")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil || len(got) == 0 || !bytes.HasPrefix(content(n), got) {
			t.Errorf("%d: %d bytes, %v", n, len(got), err)
		}
	}
}

// TestOneWrite: a client that reads once gets more than net/http's 4 KB.
func TestOneWrite(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := dial(t, s)
	buffer := make([]byte, 64<<10)
	for range 20 {
		fmt.Fprintf(conn, "GET /20000 HTTP/1.1\r\nHost: here\r\n\r\n")
		n, err := conn.Read(buffer)
		if err != nil || n < 20_000 {
			t.Fatalf("the first read has %d bytes, %v", n, err)
		}
	}
}

// TestRequestsInPieces: requests arrive whole however they are cut and however many
// come at once, long ones too.
func TestRequestsInPieces(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := dial(t, s)
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	var all bytes.Buffer
	const requests = 60
	for n := range requests {
		fmt.Fprintf(&all, "GET /%d HTTP/1.1\r\nHost: here\r\nX-Long: %s\r\n", n, content(n*97))
		if n%3 == 0 {
			fmt.Fprintf(&all, "Content-Length: %d\r\n\r\n%s", n*50, content(n*50))
		} else {
			all.WriteString("\r\n")
		}
	}
	go func() {
		for size := 1; all.Len() > 0; size = size*3%4099 + 1 {
			_, _ = conn.Write(all.Next(size)) // what is lacking is found below
			if size%5 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	in := bufio.NewReader(conn)
	for n := range requests {
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("answer %d: %v", n, err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || !bytes.Equal(got, content(n)) {
			t.Fatalf("answer %d: %d bytes, %v", n, len(got), err)
		}
	}
}

// TestClosedWhileWriting: a server that ends at once closes connections to which
// handlers still write.
func TestClosedWhileWriting(t *testing.T) {
	t.Parallel()
	for range 20 {
		s := serve(t)
		conn := dial(t, s)
		go func() {
			for {
				if _, err := fmt.Fprintf(conn, "GET /20000?pieces=100&closing HTTP/1.1\r\nHost: here\r\n\r\n"); err != nil {
					return
				}
			}
		}()
		if _, err := io.CopyN(io.Discard, conn, 50_000); err != nil {
			t.Fatal(err)
		}
		_ = s.Config.Close()
	}
}
