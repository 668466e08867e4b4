package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestABodyThatWasReadLeavesTheRequestItsTime: readers ask once more behind the end,
// and the limit of that read must not end the request while documents are stored.
func TestABodyThatWasReadLeavesTheRequestItsTime(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := &steadyReader{from: r.Body, control: http.NewResponseController(w), stall: 200 * time.Millisecond}
		for range 2 {
			if _, err := io.ReadAll(body); err != nil {
				t.Errorf("read the body: %v", err)
			}
		}
		select {
		case <-r.Context().Done():
			t.Errorf("the request ended while its body was stored: %v", r.Context().Err())
		case <-time.After(time.Second):
		}
	}))
	t.Cleanup(server.Close)
	response, err := server.Client().Post(server.URL, "text/plain", strings.NewReader("documents"))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
}
