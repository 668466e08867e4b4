package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestPlainListsAreTheGeneralOnes: the lists with statements of their own say
// what the statement for every filter says, page by page.
func TestPlainListsAreTheGeneralOnes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 11, 60)
	if !(ledger.ListRequest{Filter: ledger.Filter{Date: ledger.ByDisclosed}}).Plain() {
		t.Error("the default list is not a plain one")
	}
	for _, sort := range []ledger.Sort{"-victims", "-victims_low", "-disclosed", "-updated"} {
		pages := func(f ledger.Filter) (out []string) {
			request := ledger.ListRequest{Filter: f, Sort: sort, Page: ledger.Page{Limit: 7}}
			if f.Certainties == nil != request.Plain() {
				t.Fatalf("%s: plain is %t", sort, request.Plain())
			}
			for {
				list, err := l.List(t.Context(), request)
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range list.JSON() {
					out = append(out, string(item))
				}
				if request.Page.Cursor = list.NextCursor; list.NextCursor == "" {
					return out
				}
				out = append(out, "next page")
			}
		}
		general := pages(ledger.Filter{Certainties: []incidents.Certainty{incidents.Confirmed, incidents.Suspected}, Compilations: false})
		if diff := cmp.Diff(general, pages(ledger.Filter{})); diff != "" || len(general) < 20 {
			t.Errorf("%s: -general +plain\n%s", sort, diff)
		}
	}
}

// TestQuickReadsUseIndexesOfEmptyTables, as the plan stays when they have filled.
func TestQuickReadsUseIndexesOfEmptyTables(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, sql := range []string{"SELECT others FROM possible_duplicates WHERE incident_id = '00000000-0000-7000-8000-000000000001'", "SELECT document FROM incidents WHERE slug = 'a'"} {
		plan, err := l.ExplainQuick(t.Context(), sql)
		if err != nil || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%v\n%s", err, plan)
		}
	}
	plan, err := l.ExplainRanking(t.Context(), ledger.Filter{Query: "word"}, ledger.Page{Limit: 20})
	if err != nil || strings.Contains(plan, "Seq Scan") {
		t.Errorf("a search: %v\n%s", err, plan)
	}
}
