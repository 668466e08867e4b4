package web

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/ledger"
)

func TestWhatTakesTooLongIsLeftOut(t *testing.T) {
	t.Parallel()
	if got, err := inTime(1, fmt.Errorf("report: %w", ledger.ErrTooSlow)); got != nil || err != nil {
		t.Errorf("too slow: %v, %v", got, err)
	}
	if got, err := inTime(1, nil); got == nil || *got != 1 || err != nil {
		t.Errorf("in time: %v, %v", got, err)
	}
	failure := errors.New("broken")
	if _, err := inTime(1, failure); !errors.Is(err, failure) {
		t.Errorf("an error becomes %v", err)
	}
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := s.templates.ExecuteTemplate(&out, "start", &startPage{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "too much of it to draw"); n != 2 {
		t.Errorf("%d parts say that they are missing", n)
	}
	out.Reset()
	if err := s.templates.ExecuteTemplate(&out, "responses", &responsesPage{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "too many to collect") {
		t.Error("the register of promises is missing without a word")
	}
}
