package ledger_test

import (
	"encoding/json"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

var editor = access.Identity{Name: "an editor", Role: access.Editor}

const smallest = `{"title":"Acme Pay card skimming","category":"data_breach",
 "participants":[{"actor":{"name":"Acme Pay","kind":"company","sector":"payment_processor"},"role":"victim"}],
 "counts":[{"unit":"cards","qualifier":"about","quantity":4100,
            "evidence":[{"source":{"url":"https://example.com/notice"}}]}],
 "external_refs":[{"scheme":"case","id":"FR-1182"}]}`

func TestRecordTheSmallestUsefulThing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var in incidents.Incident
	if err := json.Unmarshal([]byte(smallest), &in); err != nil {
		t.Fatal(err)
	}
	doc, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, in)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", doc.JSON)
	rebuilt, err := l.Rebuilt(t.Context(), doc.ID)
	if err != nil {
		t.Fatal(err)
	}
	if string(rebuilt.JSON) != string(doc.JSON) {
		t.Errorf("rebuilt from rows:\n%s\nstored:\n%s", rebuilt.JSON, doc.JSON)
	}
	page, err := l.Incidents(t.Context(), ledger.Filter{}, "-victims", ledger.Page{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", page.Items)
}
