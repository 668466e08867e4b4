package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// TestClaimsAtAGlance: what stands at the head of an incident says who claims it, and
// how well it is evidenced, as the claims below it do.
func TestClaimsAtAGlance(t *testing.T) {
	t.Parallel()
	s := open(t)
	shop := incidents.ActorRef{Name: "The Shop", Kind: incidents.Company}
	police, gang := incidents.ActorRef{Name: "Police", Kind: incidents.Agency}, incidents.ActorRef{Name: "A gang", Kind: incidents.Group}
	slug := s.record(incidents.Incident{
		Title: "Tills", Category: incidents.DataBreach, Sources: []incidents.Source{{Key: "s", URL: "https://example.com/tills"}},
		Losses: []incidents.Loss{{Kind: "stolen", Amount: new(decimal.NewFromInt(5000)), Currency: "USD", ClaimedBy: &shop, Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}}}}}},
		Attributions: []incidents.Attribution{
			{Accused: gang, Claimant: &police, Basis: "government_attributes", Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}}}}},
			{Accused: shop, Basis: "media_attributes"},
		},
	})
	head, _, _ := strings.Cut(s.anybody().page("/incidents/"+slug), "</dl>")
	head = regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(head, ""), " ")
	has(t, head, "5,000 USD stolen", "claimed by The Shop · cited", "Who is accused", "A gang", "accused by Police · cited", "The Shop", "unsourced")
	// So does the start page of what has no number.
	has(t, s.anybody().page("/"), "Without a number", "an unquantified number of people", "claimed by Apple", "The companies that were breached")
}

// TestACountThatTwoCorrect: both are named.
func TestACountThatTwoCorrect(t *testing.T) {
	t.Parallel()
	s := open(t)
	one := func(n int64, key string, headline bool) incidents.Count {
		return incidents.Count{Claim: incidents.Claim{Key: key}, Unit: incidents.People, Quantity: &n, Headline: headline}
	}
	counts := []incidents.Count{one(143, "first", false), one(148, "second", true), one(147, "third", false)}
	counts[1].Supersedes, counts[2].Supersedes = "first", "first"
	slug := s.record(incidents.Incident{Title: "Corrected twice", Category: incidents.DataBreach, Counts: counts})
	has(t, s.anybody().page("/incidents/"+slug), "143 people</h3>", "Corrected by", ">148 people</a>", "and", ">147 people</a>")
}

// TestEditorsTools: whoever may edit an incident finds the way at its head.
func TestEditorsTools(t *testing.T) {
	t.Parallel()
	s := open(t)
	page := s.as(access.Editor).page("/incidents/opm-breach")
	head, _, _ := strings.Cut(page, `<dl class="facts">`)
	has(t, head, `href="/incidents/opm-breach/edit"`, `href="/incidents/opm-breach/history"`)
	head, _, _ = strings.Cut(s.anybody().page("/incidents/opm-breach"), `<dl class="facts">`)
	has(t, head, `href="/incidents/opm-breach/history"`)
	if strings.Contains(head, "/edit") {
		t.Error("readers are offered to edit")
	}
}
