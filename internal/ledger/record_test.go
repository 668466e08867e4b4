package ledger_test

import (
	"testing"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

const smallest = `{"title":"Acme Pay card skimming","category":"data_breach",
 "participants":[{"actor":{"name":"Acme Pay","kind":"company","sector":"payment_processor"},"role":"victim"}],
 "counts":[{"unit":"cards","qualifier":"about","quantity":4100,
            "evidence":[{"source":{"url":"https://example.com/notice"}}]}],
 "external_refs":[{"scheme":"case","id":"FR-1182"}]}`

func TestTheSmallestUsefulThing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, smallest))
	in := parse(t, doc)
	if doc.Slug != "acme-pay-card-skimming" || in.Version != 1 || !in.Payment || !in.Unanswered {
		t.Errorf("recorded as %s", doc.JSON)
	}
	if v := in.Victims; v == nil || v.Text != "about 4,100 cards" || v.Support != "cited" {
		t.Errorf("its victims are %+v", in.Victims)
	}
	sameAsRows(t, l, doc.Slug)
	page, err := l.Incidents(t.Context(), ledger.Filter{}, "-victims", ledger.Page{Limit: 20})
	if err != nil || len(page.Items) != 1 || page.NextCursor != "" {
		t.Errorf("the list is %s, %q, %v", page.JSON(), page.NextCursor, err)
	}
}
