package api_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
)

// TestAFeedLeadsToItsList: the page of a filtered feed has the same filter, and
// neither its cursor nor its length.
func TestAFeedLeadsToItsList(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for query, want := range map[string]string{
		"":                                "/incidents",
		"?limit=1":                        "/incidents",
		"?payment=true":                   "/incidents?payment=true",
		"?q=card+%26+pin&limit=1":         "/incidents?q=card+%26+pin",
		"?limit=1&country=US&sector=bank": "/incidents?country=US&sector=bank",
	} {
		var feed struct {
			Links []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		}
		if err := xml.Unmarshal(s.get(t, "/feed.atom"+query).must(t, http.StatusOK).body, &feed); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, link := range feed.Links {
			if link.Rel == "alternate" {
				found = true
				if !strings.HasPrefix(link.Href, "http") || relative(t, link.Href) != want {
					t.Errorf("the feed %q leads to %s, want %s", query, link.Href, want)
				}
			}
		}
		if !found {
			t.Errorf("the feed %q leads nowhere", query)
		}
	}
}
