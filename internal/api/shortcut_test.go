package api_test

import (
	"bytes"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestShortcutsAnswerAsHuma: whatever is asked for, who takes a shortcut gets the
// very answer of who does not.
func TestShortcutsAnswerAsHuma(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		w.incident(t, "", false)
	}
	first := w.get(t, "/v1/incidents?limit=2").must(t, http.StatusOK)
	next, _ := first.json(t)["next_cursor"].(string)
	document := w.get(t, "/v1/incidents/"+acme).must(t, http.StatusOK)
	quick := []request{
		{path: "/v1/incidents"},
		{path: "/v1/incidents?limit=2"},
		{path: "/v1/incidents?limit=2&cursor=" + next},
		{path: "/v1/incidents?cursor=" + next + "&limit=1"},
		{path: "/v1/incidents?cursor=rubbish"},
		{path: "/v1/incidents?sort=-victims&cursor=" + next},
		{path: "/v1/incidents?sort=-disclosed&cursor=" + next},
		{path: "/v1/incidents?sort=occurred"},
		{path: "/v1/incidents?sort=%2Dupdated&limit=200"},
		{path: "/v1/incidents", role: access.Reader},
		{path: "/v1/incidents?limit=2", header: map[string]string{"If-None-Match": first.header.Get("ETag")}},
		{path: "/v1/incidents", header: map[string]string{"If-None-Match": `"another"`}},
		{path: "/v1/incidents", header: map[string]string{"Accept": "text/csv"}},
		{path: "/v1/incidents", header: map[string]string{"Accept": "application/json;q=0.1, text/*"}},
		{path: "/v1/incidents/" + acme},
		{path: "/v1/incidents/" + acme, role: access.Admin},
		{path: "/v1/incidents/" + acme, header: map[string]string{"If-None-Match": document.header.Get("ETag")}},
		{path: "/v1/incidents/nowhere"},
		{path: "/v1/incidents/00000000-0000-7000-8000-000000000000"},
	}
	slow := []request{
		{path: "/v1/incidents?limit=0"}, {path: "/v1/incidents?limit=201"}, {path: "/v1/incidents?limit=%2B2"}, {path: "/v1/incidents?limit=02"},
		{path: "/v1/incidents?limit="}, {path: "/v1/incidents?limit=2&limit=2"}, {path: "/v1/incidents?limit=two"},
		{path: "/v1/incidents?cursor="}, {path: "/v1/incidents?cursor=" + strings.Repeat("x", 2001)}, {path: "/v1/incidents?cursor=%zz"},
		{path: "/v1/incidents?sort="}, {path: "/v1/incidents?sort=relevance"}, {path: "/v1/incidents?sort=size"},
		{path: "/v1/incidents?q=skimmed"}, {path: "/v1/incidents?country=US"}, {path: "/v1/incidents?nothing=1"}, {path: "/v1/incidents?limit=2;limit=3"},
		{path: "/v1/incidents/" + acme + "?version=1"}, {path: "/v1/incidents/" + strings.Repeat("x", 101)},
	}
	taken := 0
	w.api.CountShortcuts(func() { taken++ })
	replies := make([]reply, 0, len(quick)+len(slow))
	for i, r := range append(quick, slow...) {
		before := taken
		replies = append(replies, w.ask(t, r))
		if short := taken > before; short != (i < len(quick)) {
			t.Errorf("%s took a shortcut: %t", r.path, short)
		}
	}
	w.api.CountShortcuts(nil)
	for i, r := range append(quick, slow...) {
		got, want := replies[i], w.ask(t, r)
		if got.status != want.status || !bytes.Equal(withoutRequest(got), withoutRequest(want)) {
			t.Errorf("%s is answered with\n%d %s\nand by huma with\n%d %s", r.path, got.status, got.body, want.status, want.body)
		}
		a, b := maps.Clone(got.header), maps.Clone(want.header)
		for _, h := range []http.Header{a, b} {
			h.Del("X-Request-Id")
			if got.status >= http.StatusBadRequest {
				h.Del("Content-Length") // net/http sets it where nobody has
			}
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s has the headers\n%v\nand by huma\n%v", r.path, a, b)
		}
	}
}

// ask sends a request whose answer is not kept.
func (w *world) ask(t *testing.T, r request) reply {
	t.Helper()
	r.header = maps.Clone(r.header)
	if r.header == nil {
		r.header = map[string]string{}
	}
	r.header["Cookie"] = "own=1"
	return w.send(t, r)
}
