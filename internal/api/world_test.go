package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// world is what the examples of the OpenAPI document are about: they must work
// as they stand, on a ledger with the incidents and actors that they name.
type world struct {
	*service
	made atomic.Int64
}

const acme = "acme-pay-card-skimming"

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{service: start(tb)}
	w.incident(tb, acme, false)
	w.incident(tb, "acme-pay-breach-2024", false)
	return w
}

// incident logs an incident with a claim of every kind, and returns its document.
func (w *world) incident(tb testing.TB, slug string, draft bool) map[string]any {
	tb.Helper()
	n := w.made.Add(1)
	if slug == "" {
		slug = fmt.Sprintf("acme-pay-skimming-%d", n)
	}
	body := fmt.Sprintf(`{
		"slug": %q, "title": "Acme Pay card skimming", "category": "data_breach", "disclosed": "2026-03-01",
		"countries": ["US"], "vectors": ["skimming"], "data_classes": ["card_number"],
		"participants": [{"actor": {"name": "Acme Pay", "kind": "company", "sector": "payment_processor"}, "role": "victim"}],
		"sources": [
			{"key": "notice", "url": "https://example.com/notices/%d", "title": "Notice to customers", "text": "Acme Pay found that about 4,100 cards were skimmed. It blames Card Thieves, and promises to refund 120,000 dollars."},
			{"key": "more", "url": "https://example.com/more/%d", "title": "More about it"}],
		"counts": [{"unit": "cards", "qualifier": "about", "quantity": 4100, "evidence": [{"source": {"key": "notice"}, "quote": "about 4,100 cards were skimmed"}]}],
		"losses": [{"kind": "stolen", "amount": "120000", "currency": "USD", "evidence": [{"source": {"key": "notice"}}]}],
		"attributions": [{"accused": {"name": "Card Thieves", "kind": "group"}, "claimant": "Acme Pay", "basis": "victim_attributes", "evidence": [{"source": {"key": "notice"}, "quote": "It blames Card Thieves"}]}],
		"responses": [{"actor": "Acme Pay", "kind": "refund", "status": "promised", "date": "2026-03-02", "evidence": [{"source": {"key": "notice"}}]}],
		"external_refs": [{"scheme": "case", "id": "AP-%d"}]}`, slug, n, n, n)
	role := access.Editor
	if draft {
		role = access.Contributor
	}
	return w.send(tb, request{method: http.MethodPost, path: "/v1/incidents", role: role, body: body}).must(tb, http.StatusCreated).json(tb)
}

// arrange makes a request that must succeed for whoever may use the operation:
// its documented example, for things of its own.
func (w *world) arrange(tb testing.TB, op documented, role access.Role) request {
	tb.Helper()
	r := request{method: op.method, role: role, header: map[string]string{}}
	n := w.made.Add(1)
	if op.RequestBody != nil {
		media := op.RequestBody.Content["application/json"]
		if media == nil || media.Example == nil {
			tb.Fatalf("%s has no example of a body", op.OperationID)
		}
		body, err := json.Marshal(media.Example)
		if err != nil {
			tb.Fatal(err)
		}
		r.body = string(body)
	}
	switch op.OperationID {
	case "record-incident", "replace-incident":
		r.body = strings.ReplaceAll(r.body, "FR-1182", fmt.Sprint("FR-", n))
	case "create-source":
		r.body = strings.ReplaceAll(r.body, "example.com/notice", fmt.Sprint("example.com/new/", n))
	case "create-actor":
		r.body = strings.NewReplacer("Acme Pay", fmt.Sprint("Northern Pay ", n), "Acme Payments", fmt.Sprint("Northern Payments ", n)).Replace(r.body)
	}
	var doc map[string]any
	segments := strings.Split(op.path, "/")
	for i, s := range segments {
		if !strings.HasPrefix(s, "{") {
			continue
		}
		switch under := segments[i-1]; {
		case s == "{ref}":
			doc = w.incident(tb, "", role == access.Contributor || op.OperationID == "publish-incident" || op.OperationID == "reject-incident")
			segments[i] = text(tb, doc, "slug")
			if hasHeader(op, "If-Match") {
				r.header["If-Match"] = w.send(tb, request{path: "/v1/incidents/" + segments[i], role: access.Admin}).must(tb, http.StatusOK).header.Get("ETag")
			}
		case s == "{version}":
			segments[i] = "1"
		case s == "{slug}" && under == "actors":
			name := fmt.Sprint("Southern Pay ", n)
			made := w.post(tb, "/v1/actors", fmt.Sprintf(`{"name": %q, "kind": "company"}`, name)).must(tb, http.StatusCreated)
			segments[i] = text(tb, made.json(tb), "slug")
			w.post(tb, "/v1/incidents", fmt.Sprintf(`{"title": "Breach at %s", "category": "data_breach", "participants": [{"actor": %q, "role": "victim"}]}`, name, name)).must(tb, http.StatusCreated)
		case s == "{id}" && under == "participants":
			segments[i] = "acme-pay:victim"
		case s == "{id}" && doc != nil:
			list, _ := at(tb, doc, under).([]any)
			if len(list) == 0 {
				tb.Fatalf("the incident of this test has no %s", under)
			}
			segments[i] = text(tb, list[len(list)-1], "id")
		case s == "{id}" && under == "sources":
			segments[i] = text(tb, w.incident(tb, "", false), "sources", 0, "id")
		case s == "{id}" && under == "keys":
			made := w.send(tb, request{method: http.MethodPost, path: "/v1/keys", role: access.Admin, body: `{"name": "short-lived", "role": "reader"}`}).must(tb, http.StatusCreated)
			segments[i] = text(tb, made.json(tb), "id")
		default:
			tb.Fatalf("%s: say here what %s is behind %s", op.OperationID, s, under)
		}
	}
	r.path = strings.Join(segments, "/")
	if op.OperationID == "import-documents" {
		r.path += "?format=veris"
	}
	return r
}

func hasHeader(op documented, name string) bool {
	for _, p := range op.Parameters {
		if p.In == "header" && p.Name == name {
			return true
		}
	}
	return false
}
