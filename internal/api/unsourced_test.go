package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhatIsUnsourcedHasNoSource: nowhere is a source said to claim what rests on none.
func TestWhatIsUnsourcedHasNoSource(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.post(t, "/v1/incidents", `{"slug": "unsourced", "title": "Unsourced", "category": "data_breach", "counts": [{"unit": "cards", "quantity": 5}],
		"losses": [{"kind": "stolen", "amount": "5", "currency": "EUR"}],
		"attributions": [{"accused": {"name": "Void", "kind": "group"}, "basis": "third_party_attributes"}]}`).must(t, http.StatusCreated)
	_, table := s.acceptCSV(t, "/v1/incidents")
	for i, column := range table[0] {
		if column == "victims_claimed_by" && table[1][i] != "" {
			t.Errorf("the list as CSV has %q", table[1][i])
		}
	}
	stix := string(s.get(t, "/v1/incidents/unsourced/stix").must(t, http.StatusOK).body)
	if strings.Contains(stix, "source itself") || !strings.Contains(stix, "Somebody who is not named accuses Void.") || strings.Count(stix, "Stated by: Somebody who is not named") != 2 {
		t.Errorf("as STIX it is %s", stix)
	}
	if feed := string(s.get(t, "/feed.atom").must(t, http.StatusOK).body); strings.Contains(feed, "source itself") {
		t.Errorf("the feed has %s", feed)
	}
}
