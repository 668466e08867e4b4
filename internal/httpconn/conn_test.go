package httpconn_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/breachledger/breachledger/internal/httpconn"
)

// TestPeer: the other end of a connection is the one that net/http names.
func TestPeer(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			want, err := netip.ParseAddrPort(r.RemoteAddr)
			if got := httpconn.Of(r.Context()).Peer(); err != nil || got != want.Addr() {
				t.Errorf("the peer is %v, and net/http says %s", got, r.RemoteAddr)
			}
		}))
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Logf("%s: %v", address, err) // a machine without IPv6
			continue
		}
		_ = s.Listener.Close()
		s.Listener, s.Config.ConnContext = httpconn.Listener(l), httpconn.Context
		s.Start()
		got, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		s.Close()
	}
	if got := (*httpconn.Conn)(nil).Peer(); got.IsValid() {
		t.Errorf("no connection has the peer %v", got)
	}
}
