package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestPanicInAQuestion: a panic in one of a page's questions is its page's fault
// and nobody else's, and the log says where it was.
func TestPanicInAQuestion(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s, err := New(Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	h := s.page(nil, func(v *visit) (answer, error) {
		return answer{}, together(
			v.ctx(),
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			func(context.Context) error { panic("a question without sense") },
		)
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Something went wrong") || strings.Contains(w.Body.String(), "without sense") {
		t.Errorf("status %d\n%s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "a question without sense") || !strings.Contains(log.String(), "together_internal_test.go") {
		t.Errorf("the log does not say what happened, and where: %s", &log)
	}
}
