package incidents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// The documents that the tests start from.

// small is the smallest document that is valid.
func small() *Incident {
	in := &Incident{Title: "Acme Pay card skimming", Category: DataBreach}
	in.Complete()
	return in
}

// full is a valid document in which every field that a client may set has a
// value, linked and derived as the ledger would keep it.
func full(t *testing.T) *Incident {
	t.Helper()
	evidence := []Evidence{{
		Source: SourceRef{ID: id(90), URL: "https://example.com/notice", Title: "Notice", Publisher: "Acme"},
		Quote:  "as many as 4,100 cards", Start: new(12), End: new(34), Occurrence: 1,
	}}
	claim := func(n int) Claim { return Claim{ID: id(n), Evidence: evidence} }
	acme := ActorRef{Slug: "acme-pay", Name: "Acme Pay", Kind: Company, Sector: SectorPaymentProcessor}
	ring := ActorRef{
		Slug: "night-ring", Name: "Night Ring", Kind: Group, Sector: SectorUnknown,
		Country: "CN", Domain: "night-ring.example", Aliases: []string{"NR", "夜环"},
	}
	cert := ActorRef{Slug: "cert", Name: "CERT", Kind: Agency, Sector: "government"}
	in := &Incident{
		ID: id(1), Slug: "acme-pay-card-skimming", Title: "Acme Pay card skimming",
		Summary:  "Cards were skimmed.\n\nAcme says so.",
		Category: PaymentFraud, Certainty: Suspected, Publication: Published,
		Occurred:   Period{From: date(t, "2014"), To: date(t, "2014-10-28")},
		Discovered: date(t, "2014-11"), Disclosed: date(t, "2014-12-01"), Contained: date(t, "2015"),
		Countries: []string{"US", "CN"}, Vectors: []Vector{"skimming", "malware"},
		DataClasses: []DataClass{"card_number"}, PaymentMethods: []PaymentMethod{"card_present"},
		Tags:         []string{"pos", "year:2014"},
		Participants: []Participant{{acme, RoleVictim}, {ring, RoleAllegedAttacker}, {cert, RoleAccuser}},
		Counts: []Count{
			{Claim: claim(10), Unit: "cards", Qualifier: AtMost, Quantity: new(int64(4100)), ClaimedBy: &acme, AsOf: date(t, "2014-12"), Supersedes: ClaimRef(id(11).String()), Headline: true},
			{Claim: claim(11), Unit: "cards", Qualifier: Between, Low: new(int64(1)), High: new(int64(9000))},
			{Claim: claim(12), Unit: People, Qualifier: NotDisclosed},
			{Claim: claim(13), Unit: "cards", Counted: "those with a PIN", Qualifier: MoreThan, Quantity: new(int64(900)), PartOf: ClaimRef(id(10).String())},
		},
		Losses: []Loss{
			{Claim: claim(20), Kind: "stolen", Scope: ScopeTotal, Qualifier: AtMost, Amount: amount("2000.5"), Currency: "CNY", Converted: &Money{About, *amount("290"), "USD"}, ClaimedBy: &acme},
			{Claim: claim(21), Kind: "fine", Scope: ScopeUnspecified, Qualifier: Between, Low: amount("0.000000000000000001"), High: amount("1"), Currency: "ETH"},
		},
		Attributions: []Attribution{
			{Claim: claim(30), Accused: ring, Claimant: &cert, Basis: "government_attributes", Confidence: "high", Stated: date(t, "2015-01")},
		},
		Responses: []Response{
			{Claim: claim(40), Actor: ring, SpokenBy: "A speaker", Kind: Denial, Status: Stated, Date: date(t, "2015-02"), Answers: ClaimRef(id(30).String()), Summary: "It was not us.", ViaUnnamedSource: true},
			{Claim: claim(41), Actor: acme, Kind: Refund, Status: Promised, Due: date(t, "2015-06-30")},
			{Claim: claim(42), Actor: acme, Kind: Refund, Status: Done, Date: date(t, "2015-05"), Fulfils: ClaimRef(id(41).String())},
		},
		Sources: []Source{
			{ID: id(90), URL: "https://example.com/notice", Title: "Notice", Publisher: "Acme", Author: "A. Author", Published: date(t, "2014-12-01"), Language: "en", HasText: true},
			{Key: "article", Text: "A page.\fAnother page.", Language: "zh-Hant-TW", NoIncidentReason: "Read for the date only."},
		},
		ExternalRefs:     []ExternalRef{{"case", "FR-1182"}, {"cve", "CVE-2014-0160"}},
		RetractionReason: "It was another.", MergedInto: id(2),
		Version: 3, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), UpdatedAt: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
	}
	in.Complete()
	in.Derive()
	return in
}

// id is a fixed UUID.
func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("01890000-0000-7000-8000-%012x", 0xabc000+n))
}

func date(t *testing.T, s string) PartialDate {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func amount(s string) *decimal.Decimal { return new(decimal.RequireFromString(s)) }

func named(name string) ActorRef { return ActorRef{Given: name} }

// show writes figures so that nil is told from zero.
func show[T any](figures ...*T) string {
	out := make([]string, len(figures))
	for i, f := range figures {
		out[i] = "–"
		if f != nil {
			out[i] = fmt.Sprint(*f)
		}
	}
	return strings.Join(out, " ")
}
