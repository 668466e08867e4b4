package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// An export that fails leaves no file that could be taken for one, and that would
// be in the way of the next try.
func TestAFailedExportLeavesNoFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "out.csv")
	if _, err := command(t, "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=1", "export", "--format=csv", file); err == nil {
		t.Error("without a database there is no error")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("without a database there is a file")
	}

	broken := errors.New("the connection broke")
	err := toFile(file, func(out io.Writer) error {
		_, err := io.WriteString(out, "slug,title\n")
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("half written: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("half a file is left")
	}

	url := ledgertest.URL(t)
	must(t, url, "export", "--format=csv", file)
	if _, err := command(t, url, "export", "--format=csv", file); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a file that is there: %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || len(text) == 0 {
		t.Errorf("the file that was there: %q %v", text, err)
	}
}
