package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestHistoryIsReadInParts: however many versions are read at once, which depends on
// how large they are, a page is the same.
func TestHistoryIsReadInParts(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	editor := access.Identity{Name: "editor", Role: access.Editor}
	for name, summary := range map[string]string{"small": "A summary.", "large": strings.Repeat("A summary. ", 170)} {
		in := incidents.Incident{Title: name, Category: incidents.CategoryOther}
		for i := range 25 {
			in.Responses = append(in.Responses, incidents.Response{
				Actor: incidents.ActorRef{Name: "Acme", Kind: incidents.Company}, Kind: "apology", Summary: fmt.Sprint(i, summary),
			})
		}
		doc := record(t, l, in)
		for n := range 11 {
			if _, err := l.Edit(t.Context(), ledger.Change{By: editor, Action: "edit"}, doc.Slug, "", func(in *incidents.Incident) error {
				in.Summary = fmt.Sprint(n)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		whole, next, err := l.History(t.Context(), editor, doc.Slug, ledger.Page{Limit: 200})
		if err != nil || next != "" || len(whole) != 12 {
			t.Fatalf("%s: %d versions, next %q: %v", name, len(whole), next, err)
		}
		for i, r := range whole {
			if r.Version != 12-i || (i < 11) != strings.Contains(string(r.Changes), "/summary") {
				t.Errorf("%s: version %d at %d has %s", name, r.Version, i, r.Changes)
			}
		}
		for _, limit := range []int{1, 3, 4, 5, 11, 12} {
			var all []ledger.Revision
			for cursor := ""; ; {
				page, next, err := l.History(t.Context(), editor, doc.Slug, ledger.Page{Limit: limit, Cursor: cursor})
				if err != nil || len(page) > limit {
					t.Fatalf("%s, %d at a time: %d: %v", name, limit, len(page), err)
				}
				all = slices.Concat(all, page)
				if cursor = next; next == "" {
					break
				}
			}
			if diff := cmp.Diff(whole, all); diff != "" {
				t.Errorf("%s, %d at a time: -want +got\n%s", name, limit, diff)
			}
		}
	}
}

// TestAPageOfAHistoryIsBounded: where versions change much, a page has fewer of them
// than were asked for, and the next one goes on behind it.
func TestAPageOfAHistoryIsBounded(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, incidents.Incident{Title: "Large", Category: incidents.DataBreach})
	const versions, size = 30, 1 << 20
	for i := range versions {
		addVersions(t, l, doc.ID, 2+i, 1, size+i)
	}
	var got []int
	for page := (ledger.Page{Limit: 200}); ; {
		revisions, next, err := l.History(t.Context(), editor, doc.Slug, page)
		if err != nil {
			t.Fatal(err)
		}
		bytes := 0
		for _, r := range revisions {
			got, bytes = append(got, r.Version), bytes+len(r.Changes)
		}
		if len(revisions) == 0 || bytes > 8*size {
			t.Fatalf("a page of %d versions has %d bytes of changes", len(revisions), bytes)
		}
		if page.Cursor = next; next == "" {
			break
		}
	}
	if len(got) != versions+1 || got[0] != versions+1 || got[versions] != 1 || !slices.IsSortedFunc(got, func(a, b int) int { return b - a }) {
		t.Errorf("the pages have the versions %v", got)
	}
}
