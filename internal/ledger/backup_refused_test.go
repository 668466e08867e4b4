package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// quantity is that of a count: of the incident's victims, which are worked out anew, at
// least one bound is known.
var quantity = regexp.MustCompile(`"quantity":\d+,"low":null,"high":null`)

// TestARefusedLineIsNamed: what only PostgreSQL finds wrong with a backup is told with its
// line, and as a fault of the file. It writes many lines at once, and said another line.
func TestARefusedLineIsNamed(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 5, 10)
	lines := bytes.SplitAfter(backup(t, l), []byte("\n"))
	place := func(kind string, n int) int { // of the nth line of a kind, from 0
		for i, line := range lines {
			if bytes.HasPrefix(line, []byte(`{"`+kind+`":`)) {
				if n--; n < 0 {
					return i
				}
			}
		}
		t.Fatalf("the backup has too few lines of the kind %s", kind)
		return 0
	}
	counted := place("incident", 0)
	for !quantity.Match(lines[counted]) {
		counted++
	}
	first := func(i int, field string) string {
		_, rest, _ := bytes.Cut(lines[i], []byte(`"`+field+`":"`))
		value, _, _ := bytes.Cut(rest, []byte(`"`))
		return string(value)
	}
	for name, broken := range map[string]struct {
		line     int // from 0
		old, new string
		want     string
	}{
		"a kind":      {place("actor", 2), `"kind":"`, `"kind":"x`, "invalid input value for enum actor_kind"},
		"a slug":      {place("actor", 3), `"slug":"`, `"slug":"A `, "actors_slug_form"},
		"an actor id": {place("actor", 3), first(place("actor", 3), "id"), first(place("actor", 1), "id"), "already exists"},
		"a name":      {place("actor", 4), `"name":"` + first(place("actor", 4), "name"), `"name":"` + first(place("actor", 1), "name"), "already exists"},
		"an address":  {place("source", 1), `"url":"http`, `"url":"gopher`, "sources_url_form"},
		"a category":  {place("incident", 3), `"category":"`, `"category":"x`, "invalid input value for enum category"},
		"a title":     {place("incident", 4), `"title":"` + first(place("incident", 4), "title") + `"`, `"title":""`, "incidents_title_given"},
		"a figure":    {counted, quantity.FindString(string(lines[counted])), `"quantity":9000000000000000,"low":null,"high":null`, "counts_countable"},
		"a version":   {place("actor", 2), `"version":`, `"version":300000000`, "/actor/version: must be from 0 to 2147483647"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := bytes.Clone(bytes.Join(lines[:broken.line], nil))
			line := strings.Replace(string(lines[broken.line]), broken.old, broken.new, 1)
			if line == string(lines[broken.line]) {
				t.Fatalf("the line has no %s: %s", broken.old, line)
			}
			changed = append(append(changed, line...), bytes.Join(lines[broken.line+1:], nil)...)
			other := ledgertest.Open(t)
			err := readBackup(t.Context(), other, changed)
			var at *ndjson.Error
			if !errors.As(err, &at) || at.Line != broken.line+1 || !strings.Contains(err.Error(), broken.want) || strings.Contains(err.Error(), "raced") {
				t.Errorf("got %v, want line %d with %s", err, broken.line+1, broken.want)
			}
			if said := fmt.Sprint(err); strings.Count(said, "line ") != 1 {
				t.Errorf("it names several lines: %s", said)
			}
			if empty, err := other.Empty(t.Context()); err != nil || !empty {
				t.Errorf("something is left of it (%v)", err)
			}
		})
	}
}
