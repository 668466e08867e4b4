package unpack_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/unpack"
)

func TestReader(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, "packed"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{"": "", "\x1f": "\x1f", "plain": "plain", packed.String(): "packed"} {
		r, err := unpack.Reader(strings.NewReader(in), 64)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("%q is read as %q, %v", in, got, err)
		}
	}
	if _, err := unpack.Reader(strings.NewReader("\x1f\x8bno header"), 64); err == nil || !strings.Contains(err.Error(), "unpack gzip") {
		t.Errorf("what only begins like gzip: %v", err)
	}
}
