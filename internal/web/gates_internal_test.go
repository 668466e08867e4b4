package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/tables"
)

// TestFileIsNotCut: the time limit is for the first part of a file; each of the
// others waits its turn, and holds no place while it is sent.
func TestFileIsNotCut(t *testing.T) {
	t.Parallel()
	inside, parts := 0, 0
	count := func(ctx context.Context) (context.Context, func(), error) {
		inside++
		return ctx, func() { inside-- }, nil
	}
	limited := func(ctx context.Context) (context.Context, func(), error) {
		ctx, cancel := context.WithCancel(ctx) // its time is over with the first part
		ctx, leave, err := count(ctx)
		return ctx, func() { cancel(); leave() }, err
	}
	s, err := New(Config{Gates: Gates{Search: limited, Part: count}})
	if err != nil {
		t.Fatal(err)
	}
	h := s.page(s.gates.Search, func(v *visit) (answer, error) {
		return whole(s, v, tables.Promises(), func(ctx context.Context, cursor string) ([]ledger.Promise, string, error) {
			parts++
			if inside != 1 {
				t.Errorf("a part is read with %d places", inside)
			}
			next := cursor + "."
			if parts == 4 {
				next = ""
			}
			return nil, next, ctx.Err()
		})
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/promises.csv", nil))
	if w.Code != http.StatusOK || parts != 4 || inside != 0 {
		t.Errorf("status %d, %d parts, %d places still held", w.Code, parts, inside)
	}
}

// TestFormHoldsNoPlace: a form is read before its sender is let in.
func TestFormHoldsNoPlace(t *testing.T) {
	t.Parallel()
	closed := func(context.Context) (context.Context, func(), error) { return nil, nil, errors.New("full") }
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	body := strings.NewReader("a=b")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/log", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.page(closed, nil).ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "nothing was done") || body.Len() != 0 {
		t.Errorf("status %d %v, %d bytes of the form were not read\n%s", w.Code, w.Header(), body.Len(), w.Body)
	}
}

// TestKeptWaitsNoLongerThanTheRequest: who waits for another's answer is let go
// when the time is over.
func TestKeptWaitsNoLongerThanTheRequest(t *testing.T) {
	t.Parallel()
	var k kept[int]
	asked, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	go func() {
		_, _ = k.get(t.Context(), "x", 1, func() (int, error) { close(asked); <-end; return 0, nil })
	}()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := k.get(ctx, "x", 1, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the one who waits gets the error %v", err)
	}
}
