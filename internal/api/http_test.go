package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// What HTTP asks of every route.

func TestNothingThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{
		"/", "/v1", "/v1/", "/v2/incidents", "/v1/incidents/", "/v1/incident", "/v1/incidents/nothing-of-the-kind", "/v1/incidents/..%2f..%2fetc",
		"/v1/incidents/%00", "/v1/incidents/%F0%9F%98%80", "/v1/incidents/аcme", "/v1/incidents/019c9f00-0000-7000-8000-000000000001",
		"/v1/actors/nobody", "/v1/sources/019c9f00-0000-7000-8000-000000000001", "//v1/incidents",
	} {
		same(t, path, s.get(t, path).must(t, http.StatusNotFound).problem(t).Code, "not_found")
	}
}

func TestWrongMethod(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, method := range map[string]string{"/v1/incidents": http.MethodDelete, "/v1/reports/breaches": http.MethodPost, "/healthz": http.MethodPut} {
		got := s.send(t, request{method: method, path: path, role: access.Admin}).must(t, http.StatusMethodNotAllowed)
		same(t, path, got.problem(t).Code, "method_not_allowed")
		if !strings.Contains(got.header.Get("Allow"), http.MethodGet) {
			t.Errorf("%s: Allow is %q", path, got.header.Get("Allow"))
		}
	}
}

func TestLargeAndForeignBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	large := `{"title":"` + strings.Repeat("a", 10<<20) + `"}`
	same(t, "a large body", s.post(t, "/v1/incidents", large).must(t, http.StatusRequestEntityTooLarge).problem(t).Code, "too_large")
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json; charset", "nonsense"} {
		got := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Editor, body: smallest, header: map[string]string{"Content-Type": media}})
		same(t, media, got.must(t, http.StatusUnsupportedMediaType).problem(t).Code, "unsupported_media_type")
	}
	s.isEmpty(t)
	s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Editor, body: smallest, header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}).must(t, http.StatusCreated)
}

func TestUnknownParameters(t *testing.T) {
	t.Parallel()
	s := start(t)
	for query, parameter := range map[string]string{
		"colour=red": "colour", "category=hacking": "category", "limit=0": "limit", "limit=201": "limit", "limit=ten": "limit", "payment=maybe": "payment",
		"category=other&category=extortion": "category", "limit=1&limit=2": "limit", "Limit=1": "Limit", "sort=size": "sort", "from=2014-13": "from",
		"min_victims=-1": "min_victims", "min_victims=99999999999999999999": "min_victims", "country=us": "country", "updated_since=yesterday": "updated_since",
		"[]=1": "[]", "a%00b=1": "a\x00b", "date=someday": "date",
	} {
		got := s.get(t, "/v1/incidents?"+query)
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: the status is %d, want 422", query, got.status)
			continue
		}
		p := got.problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Parameter != parameter || p.Errors[0].Detail == "" {
			t.Errorf("%s: the answer should name %q: %s", query, parameter, got.body)
		}
	}
	for _, query := range []string{strings.Repeat("x&", 5000) + many("x", 5000, "&"), "category=" + many("x", 5000, ","), "facets=" + many("x", 5000, ",")} {
		got := s.get(t, "/v1/incidents?"+query).must(t, http.StatusUnprocessableEntity)
		if p := got.problem(t); len(p.Errors) != 100 || !strings.Contains(p.Detail, "the first 100 are named") || len(got.body) > 3*len(query) {
			t.Errorf("%.20s…: %d errors in %d bytes: %s", query, len(p.Errors), len(got.body), p.Detail)
		}
	}
	same(t, "what is said of a time", s.get(t, "/v1/incidents?updated_since=2024").problem(t).Errors[0].Detail,
		"must be a date and time of RFC 3339, such as 2026-01-31T00:00:00Z")
	for query, detail := range map[string]string{
		"payment=maybe": "must be true or false", "limit=0": "must be a whole number from 1 to 200", "limit=ten": "must be a whole number from 1 to 200",
		"min_victims=1.5": "must be a whole number from 0 on", "q=" + strings.Repeat("x", 401): "must have at most 400 characters",
		"from=2014-13": "must be a date such as 2014-10-28, 2014-10 or 2014: there is no month 13",
		"country=us":   `"us" is not a country code of ISO 3166-1 alpha-2, such as US or GB`,
		"country=UK":   `"UK" is not a country code of ISO 3166-1 alpha-2, such as US or GB`, // whoever means GB is not told of an empty list
	} {
		same(t, "what is said of "+query, s.get(t, "/v1/incidents?"+query).must(t, http.StatusUnprocessableEntity).problem(t).Errors[0].Detail, detail)
	}
	same(t, "what is said of an id", s.get(t, "/v1/sources/acme").problem(t).Errors[0].Detail, "must be an id such as 01a2017a-2240-749b-9b44-b8bdbc92db9c")
	// What a form sends of a field that nobody filled in is no filter.
	s.get(t, "/v1/incidents?payment=&category=&limit=&q=&from=").must(t, http.StatusOK)
	both := s.get(t, "/v1/incidents?colour=red&limit=0&category=hacking&country=US,UK").must(t, http.StatusUnprocessableEntity).problem(t)
	same(t, "the number of errors", len(both.Errors), 4)
}

func TestHead(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	server := httptest.NewServer(s.api)
	t.Cleanup(server.Close)
	for _, path := range []string{"/v1/incidents", "/v1/incidents/opm-breach", "/v1/reports/responses", "/healthz", "/readyz", "/openapi.json", "/v1/nothing"} {
		get, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		head, err := http.Head(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(head.Body)
		if err != nil || len(body) > 0 {
			t.Errorf("%s: HEAD has the body %q (%v)", path, body, err)
		}
		same(t, path, head.StatusCode, get.StatusCode)
		for _, name := range []string{"Content-Type", "Etag"} {
			same(t, path+" "+name, head.Header.Get(name), get.Header.Get(name))
		}
		_ = get.Body.Close()
		_ = head.Body.Close()
	}
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for _, path := range []string{"/v1/incidents/opm-breach", "/v1/incidents/opm-breach/stix", "/v1/incidents/opm-breach/veris"} {
		etag := s.get(t, path).must(t, http.StatusOK).header.Get("ETag")
		for header, status := range map[string]int{
			etag: 304, `"other", ` + etag: 304, "W/" + etag: 304, "*": 304, `"other"`: 200, strings.Trim(etag, `"`): 200, "": 200,
		} {
			got := s.send(t, request{path: path, header: map[string]string{"If-None-Match": header}}).must(t, status)
			same(t, "ETag", got.header.Get("ETag"), etag)
			if status == http.StatusNotModified && len(got.body) > 0 {
				t.Errorf("%s: a 304 has the body %s", header, got.body)
			}
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{"/v1/incidents", "/v1/nothing", "/healthz", "/openapi.json"} {
		h := s.get(t, path).header
		same(t, path, h.Get("X-Content-Type-Options"), "nosniff")
		if h.Get("X-Request-Id") == "" {
			t.Errorf("%s has no X-Request-Id", path)
		}
	}
}

// many are so many different values.
func many(value string, n int, between string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = value + strconv.Itoa(i)
	}
	return strings.Join(all, between)
}
