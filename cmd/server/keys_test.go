package main

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestKeysThatAreNotMade: a time that is no time must not make a key for ever, and
// a name of two lines would look like two keys in the list.
func TestKeysThatAreNotMade(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	for _, c := range []struct{ option, want string }{
		{"--expires=0s", "--expires must be a time from now"},
		{"--expires=-1h", "--expires must be a time from now"},
		{"--name=a\nb", "/name: must be one line of 1 to 200 characters"},
		{"--name=a\x1b[31m", "/name: must be one line of 1 to 200 characters"},
		{"--name=" + strings.Repeat("a", 201), "/name: must be one line of 1 to 200 characters"},
	} {
		if out, err := command(t, url, "keys", "create", "--role=reader", c.option); err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%q: %v, %q", c.option, err, out)
		}
	}
	must(t, url, "keys", "create", "--role=reader", "--expires=1h", "--name= Für A & B ")
	if list := must(t, url, "keys", "list"); strings.Count(list, "\n") != 2 || !strings.Contains(list, "  Für A & B  reader  ") {
		t.Errorf("the keys are\n%s", list)
	}
}
