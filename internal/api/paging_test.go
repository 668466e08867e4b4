package api_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var nextPattern = regexp.MustCompile(`^<([^>]+)>; rel="next"$`)

// pages follows Link from page to page, and returns the items of all.
func (s *service) pages(t *testing.T, path, list string) []any {
	t.Helper()
	var all []any
	for range 100 {
		page := s.get(t, path).must(t, http.StatusOK)
		body := page.json(t)
		items, ok := body[list].([]any)
		if !ok {
			t.Fatalf("%s has no list %s: %s", path, list, page.body)
		}
		all = append(all, items...)
		link := page.header.Get("Link")
		if (link == "") != (body["next_cursor"] == nil) {
			t.Fatalf("%s: Link is %q, next_cursor %v", path, link, body["next_cursor"])
		}
		if link == "" {
			return all
		}
		m := nextPattern.FindStringSubmatch(link)
		if m == nil {
			t.Fatalf("%s: Link is %q", path, link)
		}
		path = relative(t, m[1])
	}
	t.Fatal("the list does not end")
	return nil
}

// TestPaging: following Link gives everything once, in every order.
func TestPaging(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for i := range 9 {
		figure := fmt.Sprintf(`"counts":[{"unit":"cards","quantity":%d}],`, i/3)
		if i%4 == 3 {
			figure = ""
		}
		s.post(t, "/v1/incidents", fmt.Sprintf(`{%s"title":"Breach %d","category":"other","disclosed":"20%02d","participants":[{"actor":{"name":"Company %d"},"role":"victim"}],"sources":[{"url":"https://example.com/%d"}]}`,
			figure, i, 10+i/2, i, i)).must(t, http.StatusCreated)
	}
	want := slugs(t, s.pages(t, "/v1/incidents?limit=200", "data"))
	same(t, "how many there are", len(want), 13)
	for _, sort := range []string{"-victims", "victims", "-victims_low", "victims_low", "-disclosed", "disclosed", "-occurred", "occurred", "-updated", "updated"} {
		whole := slugs(t, s.pages(t, "/v1/incidents?limit=200&sort="+sort, "data"))
		paged := slugs(t, s.pages(t, "/v1/incidents?limit=2&sort="+sort, "data"))
		same(t, sort, paged, whole)
		same(t, sort+", sorted", slices.Sorted(slices.Values(paged)), slices.Sorted(slices.Values(want)))
	}
	for path, list := range map[string]string{
		"/v1/actors": "data", "/v1/sources": "data", "/v1/reports/responses": "actors", "/v1/reports/breaches": "ranking",
		"/v1/incidents/opm-breach/history": "data", "/v1/duplicates": "data", "/v1/duplicates/actors": "data",
	} {
		same(t, path, s.pages(t, path+"?limit=3", list), s.pages(t, path+"?limit=200", list))
	}
}

// TestTamperedCursors: a cursor is good for the list that gave it out, and
// nothing else is.
func TestTamperedCursors(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for path, list := range map[string]string{"/v1/incidents": "victims", "/v1/actors": "", "/v1/sources": "", "/v1/reports/responses": "", "/v1/reports/breaches": ""} {
		cursor, _ := s.get(t, path+"?limit=1").must(t, http.StatusOK).json(t)["next_cursor"].(string)
		if cursor == "" {
			t.Fatalf("%s has one page only", path)
		}
		s.get(t, path+"?limit=2&cursor="+cursor).must(t, http.StatusOK)
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			t.Fatal(err)
		}
		flipped := slices.Clone(raw)
		flipped[len(flipped)-3] ^= 1
		bad := []string{
			"x", "null", cursor[1:], cursor[:len(cursor)-2], cursor + "AA", strings.ToUpper(cursor), base64.RawURLEncoding.EncodeToString(flipped),
			base64.RawURLEncoding.EncodeToString(raw[8:]), base64.RawURLEncoding.EncodeToString([]byte(`{"k":"1","i":"x"}`)), "%00", "%FF", "..%2F", "'%20OR%201=1",
		}
		for _, c := range bad {
			got := s.get(t, path+"?limit=1&cursor="+c).must(t, http.StatusBadRequest)
			same(t, path+" "+c, got.problem(t).Code, "bad_cursor")
		}
		if list != "" {
			s.get(t, path+"?limit=1&sort=victims&cursor="+cursor).must(t, http.StatusBadRequest)
			s.get(t, path+"?limit=1&payment=true&cursor="+cursor).must(t, http.StatusBadRequest)
		}
	}
}

// TestPagesOfASource: an article that many incidents name shows them in pages, each with
// what it quotes.
func TestPagesOfASource(t *testing.T) {
	t.Parallel()
	s := start(t)
	var id string
	for i := range 5 {
		doc := s.post(t, "/v1/incidents", fmt.Sprintf(`{"title":"Breach %d","category":"other","sources":[{"key":"a","url":"https://example.com/a","text":"Cards were taken."}],
			"counts":[{"unit":"cards","qualifier":"not_disclosed","evidence":[{"source":{"key":"a"},"quote":"Cards were taken."}]}]}`, i)).must(t, http.StatusCreated).json(t)
		id = text(t, doc, "sources", 0, "id")
	}
	for _, list := range []string{"incidents", "quotes"} {
		same(t, "how many "+list, len(s.pages(t, "/v1/sources/"+id+"?limit=2", list)), 5)
	}
	same(t, "on one page", len(s.get(t, "/v1/sources/"+id+"?limit=2").json(t)["incidents"].([]any)), 2)
}
