package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, data, want string }{
		{"plain", "a\r\nb\n", ""},
		{"empty", "", ""},
		{"byte order mark", "\ufeffé", ""},
		{"as large as may be", strings.Repeat("x", MaxSize), ""},
		{"not UTF-8", "a\nb\xff", "x.txt:2: byte 3 (from 0): must be valid UTF-8; 0xFF is not"},
		{"half a character", "é\xc3", "x.txt:1: byte 2 (from 0): must be valid UTF-8; 0xC3 is not"},
		{"NUL", "a\n\nb\x00", "x.txt:3: byte 4 (from 0): must not contain the character U+0000"},
		{"too large", strings.Repeat("x", MaxSize+1), "x.txt:1: byte 1048576 (from 0): must have at most 1048576 bytes, has 1048577"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, err := Read("x.txt", []byte(tc.data))
			switch {
			case tc.want == "" && (err != nil || a.Text != tc.data):
				t.Errorf("got %q, %v", a.Text, err)
			case tc.want != "" && (err == nil || err.Error() != tc.want):
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

// seeds are the texts that the ledger begins with.
func seeds(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../seeds/articles/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	texts := map[string]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Read(path, data)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = a.Text
	}
	return texts
}
