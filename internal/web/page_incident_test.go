package web_test

import (
	"html"
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
	has(t, s.anybody().page("/incidents/"+slug), `aria-label="Loss: 5,000 USD stolen, claimed by The Shop"`, `aria-label="Attribution: A gang accused by Police"`)
	has(t, head, "5,000 USD stolen", "claimed by The Shop · cited", "Who is accused", "A gang", "accused by Police · cited", "The Shop", "unsourced")
	// So does the start page of what has no number.
	has(t, s.anybody().page("/"), "Without a number", "an unquantified number of people", "claimed by Apple", "The companies that were breached")
}

// TestDenialsAtAGlance: whoever denies an accusation twice is named once at the head, and
// both denials stand where the accusation does.
func TestDenialsAtAGlance(t *testing.T) {
	t.Parallel()
	s := open(t)
	shop, bank := incidents.ActorRef{Name: "The Shop", Kind: incidents.Company}, incidents.ActorRef{Name: "The Bank", Kind: incidents.Company}
	no := func(by incidents.ActorRef, summary string) incidents.Response {
		return incidents.Response{Actor: by, Kind: incidents.Denial, Answers: "careless", Summary: summary}
	}
	slug := s.record(incidents.Incident{
		Title: "Tills", Category: incidents.DataBreach,
		Attributions: []incidents.Attribution{{Claim: incidents.Claim{Key: "careless"}, Accused: shop, Basis: "media_attributes"}},
		Responses:    []incidents.Response{no(shop, "Not us."), no(bank, "Not them."), no(shop, "Still not us.")},
	})
	head, rest, _ := strings.Cut(s.anybody().page("/incidents/"+slug), "</dl>")
	has(t, head, "denied by The Shop and The Bank</span>")
	has(t, rest, "Not us.", "Not them.", "Still not us.")
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

// TestCitationsOfClaims: a citation stands alone, so that it says whose figure it is,
// that it was corrected, who accuses and who denies it, and that nothing is cited.
func TestCitationsOfClaims(t *testing.T) {
	t.Parallel()
	s := open(t)
	shop, police := incidents.ActorRef{Name: "The Shop", Kind: incidents.Company}, incidents.ActorRef{Name: "The police", Kind: incidents.Agency}
	const text = "The Shop said ten, then nine. Police: it was careless. Never, it said."
	from := func(quote string) incidents.Claim {
		return incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: quote}}}
	}
	in := incidents.Incident{
		Title: "Tills", Category: incidents.DataBreach, Sources: []incidents.Source{{Key: "s", Title: "The story", URL: "https://example.com/tills", Text: text}},
		Counts: []incidents.Count{
			{Claim: from("The Shop said ten"), Unit: "cards", Quantity: new(int64(10)), ClaimedBy: &shop},
			{Claim: from("then nine"), Unit: "cards", Quantity: new(int64(9)), ClaimedBy: &shop, Supersedes: "ten", Headline: true},
			{Unit: incidents.People, Quantity: new(int64(4))},
		},
		Losses:       []incidents.Loss{{Kind: "stolen", Amount: new(decimal.NewFromInt(5000)), Currency: "USD", ClaimedBy: &shop}},
		Attributions: []incidents.Attribution{{Claim: from("it was careless"), Accused: shop, Claimant: &police, Basis: "government_attributes"}},
		Responses:    []incidents.Response{{Claim: from("Never, it said"), Actor: shop, Kind: incidents.Denial, Answers: "careless"}},
	}
	in.Counts[0].Key, in.Attributions[0].Key = "ten", "careless"
	slug := s.record(in)
	page := s.anybody().page("/incidents/" + slug)
	var citations []string
	for _, m := range regexp.MustCompile(`<p class="cite">([^<]*)`).FindAllStringSubmatch(page, -1) {
		citations = append(citations, html.UnescapeString(m[1]))
	}
	all := strings.Join(citations, "\n")
	for _, want := range []string{
		"10 cards, claimed by The Shop, corrected to 9 cards (Tills): “The Shop said ten”, The story. ", "9 cards, claimed by The Shop (Tills)", "4 people, unsourced (Tills). ",
		"5,000 USD stolen, claimed by The Shop, unsourced (Tills). ", "The Shop accused by The police, denied by The Shop (Tills)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no citation has %q:\n%s", want, all)
		}
	}
	source := regexp.MustCompile(`/sources/[0-9a-f-]{36}`).FindString(page)
	has(t, s.anybody().page(source), "10 cards, claimed by The Shop, corrected to 9 cards", "The Shop accused by The police, denied by The Shop")
}
