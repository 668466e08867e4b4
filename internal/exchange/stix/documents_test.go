package stix_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

// seeds are the incidents of the seed articles, as the ledger would keep them.
func seeds(t *testing.T) []incidents.Incident {
	t.Helper()
	set, err := factfile.Load(os.DirFS("../../../seeds"), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Problems) > 0 {
		t.Fatal(set.Problems)
	}
	var out []incidents.Incident
	for _, f := range set.Files {
		for _, in := range f.Incidents {
			out = append(out, kept(in))
		}
	}
	if len(out) < 3 {
		t.Fatalf("only %d incidents in the seeds", len(out))
	}
	return out
}

// full is the maximal document of the domain's own tests.
func full(t *testing.T) incidents.Incident {
	t.Helper()
	text, err := os.ReadFile("../../incidents/testdata/documents.golden")
	if err != nil {
		t.Fatal(err)
	}
	var in incidents.Incident
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&in); err != nil {
		t.Fatal(err)
	}
	return kept(in)
}

// fake is a UUIDv7 that depends on the name alone.
func fake(name string) uuid.UUID {
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))
	copy(id[:], []byte{0x01, 0x89, 0, 0, 0, 0}) // a time of 2023
	id[6] = 0x70 | id[6]&0x0f
	return id
}

// kept is the incident with the ids and times that the ledger would give it.
func kept(given incidents.Incident) incidents.Incident {
	in := *given.Clone()
	in.Complete()
	in.EachActor(func(_ string, r *incidents.ActorRef) {
		if r.Name == "" {
			r.Name = r.Slug + r.Given
		}
		r.ID = fake("actor " + r.Name)
	})
	in.JoinActors()
	for i := range in.Sources {
		in.Sources[i].ID = fake("source " + in.Sources[i].Key + in.Sources[i].URL + in.Sources[i].Title)
	}
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		if c.ID == uuid.Nil {
			c.ID = fake(in.Slug + pointer)
		}
		for i := range c.Evidence {
			if len(in.Sources) > 0 {
				c.Evidence[i].Source = in.Sources[0].Ref()
			}
		}
	})
	in.Link(func(uuid.UUID) bool { return true })
	in.Derive()
	if in.ID == uuid.Nil {
		in.ID = fake("incident " + in.Slug)
	}
	if in.CreatedAt.IsZero() {
		in.CreatedAt, in.UpdatedAt = time.Date(2026, 1, 2, 3, 4, 5, 678_901_000, time.UTC), time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	}
	return in
}

// pick gives values of a vocabulary; together the documents have them all.
func pick[T incidents.Worded](r *rand.Rand) T {
	var zero T
	values := zero.Vocabulary().Values()
	return T(values[r.IntN(len(values))])
}

func several[T incidents.Worded](r *rand.Rand) []T {
	var zero T
	var out []T
	for _, v := range zero.Vocabulary().Values() {
		if r.IntN(3) == 0 {
			out = append(out, T(v))
		}
	}
	return out
}

var texts = []string{"Acme", "a\n\nb\tc", `"quotes" <b>&amp;</b> \`, "夜环 – “naïve”", "\u2028 and \u202e", "CVE-2014-0160", "=1+1"}

// generated is a document in which everything that may have a value has one,
// another one for each number.
func generated(t *testing.T, n uint64) incidents.Incident {
	t.Helper()
	r := rand.New(rand.NewPCG(n, 1))
	text := func() string { return texts[r.IntN(len(texts))] }
	date := func() incidents.PartialDate {
		d, err := incidents.ParseDate([]string{"2014", "2014-10", "2014-10-28", ""}[r.IntN(4)])
		if err != nil {
			return incidents.PartialDate{}
		}
		return d
	}
	actor := func() incidents.ActorRef {
		name := fmt.Sprintf("%s %d", text(), r.IntN(6))
		return incidents.ActorRef{Slug: incidents.Slugify(name), Name: name, Kind: pick[incidents.ActorKind](r), Sector: pick[incidents.Sector](r)}
	}
	actorOrNobody := func() *incidents.ActorRef {
		if a := actor(); r.IntN(2) == 0 {
			return &a
		}
		return nil
	}
	in := incidents.Incident{
		Slug: fmt.Sprintf("incident-%d", n), Title: text(), Summary: text(), Category: pick[incidents.Category](r), Certainty: pick[incidents.Certainty](r), Publication: pick[incidents.Publication](r),
		Occurred: incidents.Period{From: date(), To: date()}, Discovered: date(), Disclosed: date(), Contained: date(),
		Countries: []string{"US", "CN"}, Vectors: several[incidents.Vector](r), DataClasses: several[incidents.DataClass](r), PaymentMethods: several[incidents.PaymentMethod](r), Tags: []string{"pos", "year:2014"},
		Sources: []incidents.Source{
			{Key: "a", URL: "https://exämple.org/a b?q=ü|{x}#“f”", Title: text(), Publisher: "Pub", Author: text(), Published: date(), Language: "en"},
			{Key: "b", Title: text()}, {Key: "c", Text: "only a text"}, {Key: "d", URL: "http://192.0.2.1:8080/"},
		},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "cve", ID: "cve-2014-0160"}, {Scheme: "cve", ID: "CAPEC-1"}, {Scheme: "capec", ID: "CAPEC-66"}, {Scheme: "case", ID: "CVE-2014-0160"}, {Scheme: "vcdb", ID: "0001AA7F"}},
	}
	evidence := func() []incidents.Evidence {
		return []incidents.Evidence{{Source: in.Sources[r.IntN(4)].Ref(), Quote: text()}, {Source: in.Sources[0].Ref()}}
	}
	for range 4 {
		in.Participants = append(in.Participants, incidents.Participant{Actor: actor(), Role: pick[incidents.Role](r)})
		low, high := r.Int64N(1000), 1000+r.Int64()
		money, more := decimal.New(r.Int64N(1e9), -2), decimal.New(1e9, 3)
		q := pick[incidents.Qualifier](r)
		count := incidents.Count{Unit: pick[incidents.Unit](r), Qualifier: q, ClaimedBy: actorOrNobody(), AsOf: date()}
		loss := incidents.Loss{Kind: pick[incidents.LossKind](r), Scope: pick[incidents.LossScope](r), Qualifier: q, Currency: "BTC", ClaimedBy: actorOrNobody()}
		switch q.Takes() {
		case incidents.OneFigure:
			count.Quantity, loss.Amount = &low, &money
		case incidents.TwoFigures:
			count.Low, count.High, loss.Low, loss.High = &low, &high, &money, &more
		case incidents.NoFigure:
		}
		count.Evidence, loss.Evidence = evidence(), evidence()
		in.Counts, in.Losses = append(in.Counts, count), append(in.Losses, loss)
		a := incidents.Attribution{Accused: actor(), Claimant: actorOrNobody(), Basis: pick[incidents.Basis](r), Confidence: pick[incidents.Confidence](r), Stated: date()}
		a.Key, a.Evidence = fmt.Sprintf("a%d", len(in.Attributions)), evidence()
		in.Attributions = append(in.Attributions, a)
		for _, answers := range []incidents.ClaimRef{"", incidents.ClaimRef(a.Key)} {
			response := incidents.Response{Actor: actor(), SpokenBy: text(), Kind: pick[incidents.ResponseKind](r), Status: pick[incidents.ResponseStatus](r), Date: date(), Due: date(), Summary: text(), ViaUnnamedSource: r.IntN(2) == 0}
			if answers != "" {
				response.Kind, response.Answers = incidents.Denial, answers
			}
			response.Evidence = evidence()
			in.Responses = append(in.Responses, response)
		}
	}
	in.Counts[0].Headline = true
	in.Counts[0].Key, in.Counts[1].Supersedes = "first", "first"
	in.Responses[0].Key, in.Responses[2].Fulfils = "promise", "promise"
	return kept(in)
}
