package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

func number(s string) json.Number { return json.Number(s) }

// smallest is the smallest useful thing to log.
const smallest = `{"title":"Acme Pay card skimming","category":"data_breach",
 "participants":[{"actor":{"name":"Acme Pay","kind":"company","sector":"payment_processor"},"role":"victim"}],
 "counts":[{"unit":"cards","qualifier":"about","quantity":4100,
            "evidence":[{"source":{"url":"https://example.com/notice"}}]}],
 "external_refs":[{"scheme":"case","id":"FR-1182"}]}`

func TestSmallestPost(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	made := s.post(t, "/v1/incidents", smallest).must(t, http.StatusCreated)
	location := made.header.Get("Location")
	same(t, "Location", location, "/v1/incidents/acme-pay-card-skimming")
	read := s.get(t, location).must(t, http.StatusOK)
	same(t, "the document behind Location", read.json(t), made.json(t))
	same(t, "ETag", read.header.Get("ETag"), made.header.Get("ETag"))
	doc := made.json(t)
	same(t, "the words of the count", text(t, doc, "counts", 0, "text"), "about 4,100 cards")
	same(t, "support", text(t, doc, "counts", 0, "support"), "cited")
	same(t, "headline", at(t, doc, "counts", 0, "headline"), true)
	same(t, "payment", at(t, doc, "payment"), true)
	same(t, "unanswered", at(t, doc, "unanswered"), true)

	list, _ := s.get(t, "/v1/incidents?sort=-victims").json(t)["data"].([]any)
	same(t, "its rank", slugs(t, list), []string{
		"anthem-records-breach", "opm-breach", "acme-pay-card-skimming", "apple-id-payment-thefts", "icloud-china-web-attack",
	})

	again := s.post(t, "/v1/incidents", smallest).must(t, http.StatusConflict)
	same(t, "Location of the known one", again.header.Get("Location"), location)
	same(t, "the code", again.problem(t).Code, "exists")
}

// TestContributorsLogDrafts: which the public does not see.
func TestContributorsLogDrafts(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Contributor, body: smallest}).must(t, http.StatusCreated)
	same(t, "publication", text(t, made.json(t), "publication"), "draft")
	path := made.header.Get("Location")
	s.get(t, path).must(t, http.StatusNotFound)
	s.send(t, request{path: path, role: access.Reader}).must(t, http.StatusNotFound)
	s.send(t, request{path: path, role: access.Contributor}).must(t, http.StatusOK)
	same(t, "the public list", s.get(t, "/v1/incidents").json(t)["data"], []any{})
	s.get(t, "/v1/incidents?publication=draft").must(t, http.StatusForbidden)
	drafts, _ := s.send(t, request{path: "/v1/incidents?publication=draft", role: access.Contributor}).json(t)["data"].([]any)
	same(t, "the drafts", slugs(t, drafts), []string{"acme-pay-card-skimming"})
}

// TestWhoeverAsksForADraftGetsOne: nothing is published by mistake. Another state
// that is asked for is refused rather than left out of account.
func TestWhoeverAsksForADraftGetsOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	asking := func(state string) string {
		return `{"title": "Asked for", "category": "data_breach", "publication": "` + state + `"}`
	}
	for _, role := range []access.Role{access.Contributor, access.Editor} {
		made := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: role, body: asking("draft")}).must(t, http.StatusCreated)
		same(t, "publication", text(t, made.json(t), "publication"), "draft")
		s.get(t, made.header.Get("Location")).must(t, http.StatusNotFound)
	}
	for _, wrong := range []struct {
		role  access.Role
		state string
	}{{access.Contributor, "published"}, {access.Editor, "retracted"}, {access.Editor, "merged"}, {access.Editor, "secret"}} {
		got := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: wrong.role, body: asking(wrong.state)}).must(t, http.StatusUnprocessableEntity)
		same(t, "the pointer", got.problem(t).Errors[0].Pointer, "/publication")
	}
	made := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Editor, body: asking("published")}).must(t, http.StatusCreated)
	s.get(t, made.header.Get("Location")).must(t, http.StatusOK)
}

// TestWrongPost: one answer names every bad field, and nothing is written.
func TestWrongPost(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.post(t, "/v1/incidents", `{
		"title": " ", "category": "hacking", "colour": "red", "countries": ["USA"], "vectors": ["fishing", 3], "disclosed": "2014-13",
		"participants": [{"actor": "Unknown", "role": "villain"}],
		"counts": [{"unit": "card", "quantity": -1}, {"unit": "cards", "qualifier": "between", "low": 5, "high": 2}, {"unit": "cards", "quantity": 1.5}],
		"losses": [{"kind": "stolen", "amount": "12", "currency": "XXY"}],
		"responses": [{"actor": {"name": "Acme", "kind": "shop"}, "kind": "apology", "answers": "nothing"}],
		"sources": [{"url": "javascript:alert(1)"}], "tags": ["UPPER"], "external_refs": [{"scheme": "", "id": ""}]}`).must(t, http.StatusUnprocessableEntity)
	p := got.problem(t)
	same(t, "the code", p.Code, "invalid")
	found := map[string][]string{}
	for _, e := range p.Errors {
		found[e.Pointer] = e.Allowed
	}
	for _, pointer := range []string{
		"/title", "/category", "/colour", "/countries/0", "/vectors/0", "/vectors/1", "/disclosed", "/participants/0/actor", "/participants/0/role",
		"/counts/0/unit", "/counts/0/quantity", "/counts/1/low", "/counts/2/quantity", "/losses/0/currency", "/responses/0/actor/kind", "/responses/0/answers",
		"/sources/0/url", "/tags/0", "/external_refs/0/scheme", "/external_refs/0/id",
	} {
		if _, ok := found[pointer]; !ok {
			t.Errorf("%s is not among the errors: %s", pointer, got.body)
		}
	}
	for _, pointer := range []string{"/category", "/colour", "/vectors/0", "/participants/0/role", "/counts/0/unit", "/responses/0/actor/kind"} {
		if len(found[pointer]) == 0 {
			t.Errorf("the error of %s does not list what is allowed: %s", pointer, got.body)
		}
	}
	s.isEmpty(t)
}

func (s *service) isEmpty(tb testing.TB) {
	tb.Helper()
	empty, err := s.ledger.Empty(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	if !empty {
		tb.Error("something was written")
	}
}

// TestMalformedPost: what is no JSON, or not the same JSON to every reader, is a
// 400 that says where.
func TestMalformedPost(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, c := range map[string]struct{ body, pointer, words string }{
		"cut off":         {`{"title": "a`, "/title", "line 1, column 11"},
		"not JSON":        {"title=a", "", "line 1, column 1"},
		"twice":           {"{\"title\": \"a\",\n \"title\": \"b\"}", "/title", "line 2, column 2"},
		"twice, deep":     {`{"counts": [{"unit": "cards", "unit": "people"}]}`, "/counts/0/unit", "line 1, column 31"},
		"NUL":             {`{"title": "a\u0000b"}`, "/title", "line 1"},
		"lone surrogate":  {`{"title": "a\ud800b"}`, "/title", "line 1"},
		"not UTF-8":       {"{\"title\": \"a\xffb\"}", "/title", "line 1"},
		"depth bomb":      {strings.Repeat(`{"a":`, 1000), "", "32 levels"},
		"list bomb":       {strings.Repeat(`[`, 100_000), "", "32 levels"},
		"trailing":        {`{"title": "a", "category": "other"} {}`, "", "line 1, column 37"},
		"NaN":             {`{"counts": [{"quantity": NaN}]}`, "/counts/0/quantity", "line 1"},
		"byte order mark": {"\ufeff{}", "", "byte order mark"},
		"comment":         {"{} // a", "", "line 1"},
	} {
		got := s.post(t, "/v1/incidents", c.body).must(t, http.StatusBadRequest)
		p := got.problem(t)
		if p.Code != "malformed" || !strings.Contains(p.Detail, c.words) || len(p.Errors) != 1 {
			t.Errorf("%s: the answer should say %q: %s", name, c.words, got.body)
		} else if c.pointer != "" && p.Errors[0].Pointer != c.pointer {
			t.Errorf("%s: the pointer is %q, want %q", name, p.Errors[0].Pointer, c.pointer)
		}
	}
	s.isEmpty(t)
}

// TestStrangeNumbers: nothing is rounded, wrapped round, or blown up.
func TestStrangeNumbers(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, n := range []string{"9223372036854775808", "-1", "1e400", "1.5", "18446744073709551616", `"4100"`, "1e-400", "99999999999999999999999999999999"} {
		got := s.post(t, "/v1/incidents", fmt.Sprintf(`{"title": "a", "category": "other", "counts": [{"unit": "cards", "quantity": %s}]}`, n)).must(t, http.StatusUnprocessableEntity)
		if p := got.problem(t); len(p.Errors) != 1 || p.Errors[0].Pointer != "/counts/0/quantity" {
			t.Errorf("%s: %s", n, got.body)
		}
	}
	for _, n := range []string{"1e400", "1e999999999", "-5", `"1e-999999999"`, "0.0000000000000000001", `"twelve"`} {
		got := s.post(t, "/v1/incidents", fmt.Sprintf(`{"title": "a", "category": "other", "losses": [{"kind": "stolen", "currency": "USD", "amount": %s}]}`, n)).must(t, http.StatusUnprocessableEntity)
		if p := got.problem(t); len(p.Errors) != 1 || p.Errors[0].Pointer != "/losses/0/amount" {
			t.Errorf("%s: %s", n, got.body)
		}
	}
	for name, figures := range map[string]string{
		"quantity": `"quantity": 1000000000000001`, "high": `"qualifier": "between", "low": 1, "high": 9223372036854775807`,
	} {
		got := s.post(t, "/v1/incidents", `{"title": "a", "category": "other", "counts": [{"unit": "cards", `+figures+`}]}`).must(t, http.StatusUnprocessableEntity)
		if p := got.problem(t); len(p.Errors) != 1 || p.Errors[0].Pointer != "/counts/0/"+name || p.Errors[0].Detail != "must be at most 1,000,000,000,000,000" {
			t.Errorf("%s: %s", figures, got.body)
		}
	}
	s.isEmpty(t)
	made := s.post(t, "/v1/incidents", `{"title": "a", "category": "other", "counts": [{"unit": "cards", "quantity": 1000000000000000}],
		"losses": [{"kind": "stolen", "currency": "ETH", "amount": "0.000000000000000001"}]}`).must(t, http.StatusCreated).json(t)
	same(t, "the largest count", at(t, made, "victims", "quantity"), number("1000000000000000"))
	same(t, "the smallest amount", text(t, made, "losses", 0, "amount"), "0.000000000000000001")
}

// TestManyClaims: a document of 10,000 claims is refused in proportion.
func TestManyClaims(t *testing.T) {
	t.Parallel()
	s := start(t)
	claims := strings.Repeat(`{"unit":"cards","quantity":1},`, 10_000)
	got := s.post(t, "/v1/incidents", `{"title":"a","category":"other","counts":[`+strings.TrimSuffix(claims, ",")+`]}`).must(t, http.StatusUnprocessableEntity)
	if len(got.body) > 300_000 {
		t.Errorf("the answer has %d bytes", len(got.body))
	}
	s.isEmpty(t)
}
