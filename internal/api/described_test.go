package api_test

import (
	"net/http"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestDescriptionsAgreeWithTheLedger: what a body says of a known actor against
// what the ledger has of it is refused with its place, instead of being dropped.
func TestDescriptionsAgreeWithTheLedger(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, actor := range []string{
		`{"name": "Anthem", "kind": "company", "sector": "health", "country": "US", "domain": "anthem.example", "aliases": ["Anthem, Inc."]}`,
		`{"name": "OPM", "kind": "agency"}`, `{"name": "Someone Else"}`,
	} {
		s.post(t, "/v1/actors", actor).must(t, http.StatusCreated)
	}
	for _, test := range []struct{ actor, pointer, detail string }{
		{`{"slug": "anthem", "name": "OPM"}`, "/name", "is a name of OPM (opm), but the slug anthem is that of Anthem; leave one of the two out"},
		{`{"slug": "anthem", "name": "Anthem Limited"}`, "/name", "the ledger has no actor of this name, but the slug anthem is that of Anthem; leave one of the two out"},
		{`{"slug": "anthem-inc", "name": "Anthem, Inc."}`, "/slug", "is not the slug of Anthem (anthem); leave slug out"},
		{`{"slug": "anthem", "aliases": ["OPM"]}`, "/aliases/0", "is a name of OPM (opm), and not of Anthem"},
		{`{"name": "Anthem, Inc.", "kind": "government"}`, "/kind", "the ledger has Anthem as company; change the actor itself, or leave kind out"},
		{`{"slug": "anthem", "sector": "bank"}`, "/sector", "the ledger has Anthem as health; change the actor itself, or leave sector out"},
		{`{"name": "anthem", "country": "DE"}`, "/country", "the ledger has Anthem as US; change the actor itself, or leave country out"},
		{`{"name": "anthem", "domain": "anthem.test"}`, "/domain", "the ledger has Anthem as anthem.example; change the actor itself, or leave domain out"},
	} {
		refused := func(r request, within string) {
			t.Helper()
			got := s.send(t, r).must(t, http.StatusUnprocessableEntity)
			errors := got.problem(t).Errors
			if len(errors) != 1 || errors[0].Pointer != within+test.pointer || errors[0].Detail != test.detail {
				t.Errorf("%s %s: %s", r.method, r.body, got.body)
			}
		}
		refused(request{
			method: http.MethodPost, path: "/v1/incidents", role: access.Editor,
			body: `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": ` + test.actor + `}]}`,
		}, "/participants/0/actor")
		s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach", "slug": "kept", "participants": [{"role": "victim", "actor": "someone-else"}]}`)
		s.post(t, "/v1/incidents/kept/counts", `{"unit": "people", "quantity": 5}`)
		count := text(t, s.get(t, "/v1/incidents/kept").json(t), "counts", 0, "id")
		match := map[string]string{"If-Match": s.get(t, "/v1/incidents/kept").header.Get("ETag")}
		refused(request{
			method: http.MethodPost, path: "/v1/incidents/kept/responses", role: access.Editor, body: `{"kind": "apology", "actor": ` + test.actor + `}`,
		}, "/actor")
		refused(request{
			method: http.MethodPatch, path: "/v1/incidents/kept/counts/" + count, role: access.Editor, header: match, body: `{"claimed_by": ` + test.actor + `}`,
		}, "/claimed_by")
		refused(request{
			method: http.MethodPut, path: "/v1/incidents/kept", role: access.Editor, header: match,
			body: `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": "opm"}, {"role": "victim", "actor": ` + test.actor + `}]}`,
		}, "/participants/1/actor")
	}
	// What agrees, or says more than the ledger has, is nobody's mistake.
	for _, actor := range []string{
		`{"slug": "anthem", "name": "ANTHEM, Inc.", "kind": "company", "sector": "health", "country": "US", "domain": "anthem.example"}`,
		`{"name": "Anthem", "kind": "other", "sector": "unknown"}`, `{"name": "Anthem", "aliases": ["Anthem Blue"]}`,
		`{"name": "Someone Else", "kind": "company", "sector": "bank", "country": "US"}`, `{"name": "Some Thing", "aliases": ["Anthem"]}`,
	} {
		s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": `+actor+`}]}`).must(t, http.StatusCreated)
	}
}

// TestANewActorIsDescribedOnce: two descriptions of a new actor within a document
// agree too.
func TestANewActorIsDescribedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": {"name": "New Pay", "kind": "company"}}],
		"responses": [{"kind": "apology", "actor": {"name": "New Pay", "kind": "agency"}}]}`
	got := s.post(t, "/v1/incidents", body).must(t, http.StatusUnprocessableEntity)
	errors := got.problem(t).Errors
	want := "the document describes New Pay as company before"
	if len(errors) != 1 || errors[0].Pointer != "/responses/0/actor/kind" || errors[0].Detail != want {
		t.Errorf("%s", got.body)
	}
	made := s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": {"name": "New Pay"}}],
		"responses": [{"kind": "apology", "actor": {"name": "New Pay", "kind": "company", "sector": "wallet"}}]}`).must(t, http.StatusCreated).json(t)
	same(t, "what the two descriptions say together", text(t, made, "participants", 0, "actor", "kind")+" "+text(t, made, "participants", 0, "actor", "sector"), "company wallet")
}
