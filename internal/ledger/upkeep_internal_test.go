package ledger

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"
)

// TestEachFailureIsSaidOnce: upkeep is tried every second, and may fail for as
// long as nobody sees to it.
func TestEachFailureIsSaidOnce(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	failing := failure{what: "it fails", log: slog.New(slog.NewTextHandler(&log, nil))}
	full, gone := errors.New("the disk is full"), errors.New("the table is gone")
	for _, try := range []struct {
		err  error
		said int // lines in all
	}{{nil, 0}, {full, 1}, {full, 1}, {gone, 2}, {gone, 2}, {nil, 2}, {gone, 3}} {
		failing.note(try.err)
		if got := bytes.Count(log.Bytes(), []byte("level=ERROR")); got != try.said {
			t.Fatalf("after %v the log has %d lines, want %d:\n%s", try.err, got, try.said, &log)
		}
	}
}
