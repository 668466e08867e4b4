package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestUnknownSourcesAreReportedWhereTheyStand: an id that evidence names is not
// in the body's list of sources.
func TestUnknownSourcesAreReportedWhereTheyStand(t *testing.T) {
	t.Parallel()
	s := start(t)
	const unknown = "01a2019a-e415-7d09-9181-7f062830b5ef"
	for _, test := range []struct{ rest, pointer string }{
		{`"counts": [{"unit": "cards", "quantity": 4, "headline": true}, {"unit": "cards", "quantity": 5, "evidence": [{"source": {"id": "` + unknown + `"}}]}]`, "/counts/1/evidence/0/source/id"},
		{`"counts": [{"unit": "cards", "quantity": 4, "evidence": [{"source": "` + unknown + `"}]}]`, "/counts/0/evidence/0/source"},
		{`"sources": [{"url": "https://example.com/"}, {"id": "` + unknown + `"}], "counts": [{"unit": "cards", "quantity": 4, "evidence": [{"source": "` + unknown + `"}]}]`, "/sources/1/id"},
	} {
		got := s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach", `+test.rest+`}`).must(t, http.StatusUnprocessableEntity)
		if errors := got.problem(t).Errors; len(errors) != 1 || errors[0].Pointer != test.pointer {
			t.Errorf("want %s: %s", test.pointer, got.body)
		}
	}
	s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach"}`).must(t, http.StatusCreated)
	got := s.post(t, "/v1/incidents/a-breach/counts", `{"unit": "cards", "quantity": 4, "evidence": [{"source": {"id": "`+unknown+`"}}]}`).must(t, http.StatusUnprocessableEntity)
	if errors := got.problem(t).Errors; len(errors) != 1 || errors[0].Pointer != "/evidence/0/source/id" {
		t.Errorf("of a part: %s", got.body)
	}
}

// TestWhatIsReferredToIsNotRemoved: a request without a body is not told of one.
func TestWhatIsReferredToIsNotRemoved(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach",
		"counts": [{"key": "old", "unit": "cards", "quantity": 4, "evidence": [{"source": {"url": "https://example.com/"}}]}, {"unit": "cards", "quantity": 5, "supersedes": "old", "headline": true, "key": "whole"}, {"unit": "cards", "quantity": 1, "part_of": "whole"}],
		"attributions": [{"key": "it", "accused": {"name": "Thieves"}, "basis": "media_attributes"}],
		"responses": [{"key": "promise", "actor": {"name": "Acme"}, "kind": "refund", "status": "promised"}, {"actor": "Acme", "kind": "refund", "fulfils": "promise"},
			{"actor": "Thieves", "kind": "denial", "answers": "it"}]}`).must(t, http.StatusCreated).json(t)
	match := map[string]string{"If-Match": s.get(t, "/v1/incidents/a-breach").header.Get("ETag")}
	for _, test := range []struct{ path, pointer, detail string }{
		{"counts/" + text(t, made, "counts", 0, "id"), "/counts/1/supersedes", "refers to the count: change or remove it first"},
		{"counts/" + text(t, made, "counts", 1, "id"), "/counts/2/part_of", "refers to the count: change or remove it first"},
		{"attributions/" + text(t, made, "attributions", 0, "id"), "/responses/2/answers", "refers to the attribution: change or remove it first"},
		{"responses/" + text(t, made, "responses", 0, "id"), "/responses/1/fulfils", "refers to the response: change or remove it first"},
		{"sources/" + text(t, made, "sources", 0, "id"), "/counts/0/evidence/0", "cites the source: change or remove it first"},
	} {
		got := s.send(t, request{method: http.MethodDelete, path: "/v1/incidents/a-breach/" + test.path, role: access.Editor, header: match}).must(t, http.StatusUnprocessableEntity)
		p := got.problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Pointer != test.pointer || p.Errors[0].Detail != test.detail || p.Detail != "the rest of the incident does not allow that; nothing was changed" {
			t.Errorf("%s: %s", test.path, got.body)
		}
	}
}

// TestAReasonIsReportedWithTheRest: what is wrong with the reason of a step is told in
// the one answer that tells what else is wrong.
func TestAReasonIsReportedWithTheRest(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.post(t, "/v1/incidents", `{"title":"A breach","category":"other","participants":[{"actor":{"name":"Acme","kind":"company"},"role":"victim"}]}`).must(t, http.StatusCreated)
	reason := `,"reason":"` + strings.Repeat("x", 2001) + `"}`
	for _, test := range []struct {
		path, body string
		pointers   []string
	}{
		{"/v1/incidents/a-breach/merge", `{"into":1`, []string{"/into", "/reason"}},
		{"/v1/incidents/a-breach/restore", `{"version":0`, []string{"/version", "/reason"}},
		{"/v1/actors/acme/merge", `{"into":""`, []string{"/into", "/reason"}},
		{"/v1/duplicates/not-the-same", `{"other":null`, []string{"/one", "/other", "/reason"}},
	} {
		p := s.post(t, test.path, test.body+reason).must(t, http.StatusUnprocessableEntity).problem(t)
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Pointer)
		}
		same(t, test.path, got, test.pointers)
	}
}

// TestAReasonInTheAddressIsReportedAsAParameter: it is no field of the body.
func TestAReasonInTheAddressIsReportedAsAParameter(t *testing.T) {
	t.Parallel()
	s := start(t)
	doc := s.post(t, "/v1/incidents", `{"title":"A breach","category":"other","counts":[{"unit":"cards","quantity":5}],"sources":[{"title":"Notice"}],
		"participants":[{"actor":{"name":"Acme","kind":"company"},"role":"victim"}]}`).must(t, http.StatusCreated).json(t)
	for reason, detail := range map[string]string{
		"%00": "must not contain the control character U+0000", "a%1Bb": "must not contain the control character U+001B", "%ED%A0%80": "must be valid UTF-8",
		"%E2%80%AE":                    "must not contain the control character U+202E, which shows what stands around it in another order",
		strings.Repeat("%C3%A9", 2001): "must have at most 2,000 characters",
	} {
		for _, r := range []request{
			{method: http.MethodPut, path: "", body: `{"title":"A breach","category":"other"}`},
			{method: http.MethodPatch, path: "", body: `{"title":"Another"}`},
			{method: http.MethodPost, path: "/counts", body: `{"unit":"people","quantity":5}`},
			{method: http.MethodPost, path: "/participants", body: `{"actor":"acme","role":"responder"}`},
			{method: http.MethodPost, path: "/sources", body: `{"title":"Article"}`},
			{method: http.MethodPatch, path: "/participants/acme:victim", body: `{"role":"responder"}`},
			{method: http.MethodDelete, path: "/counts/" + text(t, doc, "counts", 0, "id")},
		} {
			r.path, r.role, r.header = "/v1/incidents/a-breach"+r.path+"?reason="+reason, access.Editor, map[string]string{"If-Match": "*"}
			p := s.send(t, r).must(t, http.StatusUnprocessableEntity).problem(t)
			if len(p.Errors) != 1 || p.Errors[0].Parameter != "reason" || p.Errors[0].Pointer != "" || p.Errors[0].Detail != detail {
				t.Errorf("%s %s: %+v", r.method, r.path, p.Errors)
			}
		}
	}
	p := s.post(t, "/v1/incidents/a-breach/retract", `{"reason":"a\u001bb"}`).must(t, http.StatusUnprocessableEntity).problem(t)
	same(t, "a reason in the body", p.Errors[0].Pointer+" "+p.Errors[0].Detail, "/reason must not contain the control character U+001B")
}
