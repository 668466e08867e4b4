// Package sharedtest finds the larger test data that may lie beside the
// checkout, in ../shared. It is for tests.
package sharedtest

import (
	"os"
	"path/filepath"
)

// TB is what a test gives; production code doesn't import testing.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Path is the path of a file or folder of the shared data ("data/veris/tests").
// Where it is absent the test says so and skips; with REQUIRE_SHARED=1 it fails.
func Path(t TB, name string) string {
	t.Helper()
	path := filepath.Join(root(), "..", "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("REQUIRE_SHARED") == "1" {
			t.Fatalf("shared test data: %v", err)
		}
		t.Skipf("skipped: no shared test data (%v)", err)
	}
	return path
}

// root is the checkout: the nearest folder above the test's own with a go.mod.
func root() string {
	dir := "."
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Join("..", dir)
	}
	return "."
}
