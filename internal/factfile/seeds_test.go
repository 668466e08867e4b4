package factfile

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
)

// The seeds as a person would read them back, for a reviewer to hold against
// the articles.
func TestSeeds(t *testing.T) {
	t.Parallel()
	set, err := Load(os.DirFS("../../seeds"), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Problems) > 0 || len(set.Unread) > 0 {
		t.Fatalf("problems:\n%s\nunread: %d", set.Problems.Error(), len(set.Unread))
	}
	var out strings.Builder
	for _, f := range set.Files {
		fmt.Fprintf(&out, "== %s\ntitle: %s\npublished: %s\n", f.Article.Name, f.Source.Title, f.Source.Published)
		if f.Source.NoIncidentReason != "" {
			fmt.Fprintf(&out, "no incident: %s\n", f.Source.NoIncidentReason)
		}
		for i := range f.Incidents {
			readBack(&out, &f.Incidents[i])
		}
	}
	golden(t, "testdata/seeds.golden", out.String())
}

// Nobody denies what somebody else is accused of: a denial answers an accusation
// against the one who denies. The README says that a state does.
func TestSeedDenials(t *testing.T) {
	t.Parallel()
	set, err := Load(os.DirFS("../../seeds"), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]bool{} // by the incident that a government denies
	for _, f := range set.Files {
		for _, in := range f.Incidents {
			accused := map[string]incidents.ActorRef{}
			for _, a := range in.Attributions {
				accused[a.Key] = a.Accused
			}
			for _, r := range in.Responses {
				if r.Answers == "" {
					continue
				}
				who := accused[string(r.Answers)]
				if who.Slug != r.Actor.Slug || who.Slug == "" {
					t.Errorf("%s: %s denies what %q is accused of", in.Slug, r.Actor.Slug, who.Slug)
				}
				state[in.Slug] = state[in.Slug] || who.Kind == "government"
			}
		}
	}
	if !state["opm-breach"] {
		t.Error("no state is accused of opm-breach and denies it; the README says so")
	}
}

func readBack(out *strings.Builder, in *incidents.Incident) {
	in.JoinActors()
	in.Link(nil)
	in.Derive()
	fmt.Fprintf(out, "\n-- %s: %s\n%s %s %v %v %v %v\n", in.Slug, in.Title, in.Category, in.Certainty, in.Countries, in.Vectors, in.DataClasses, in.PaymentMethods)
	fmt.Fprintf(out, "payment %v, unanswered %v, contested %v\n", in.Payment, in.Unanswered, in.Contested)
	for _, p := range in.Participants {
		fmt.Fprintf(out, "%s: %s (%s, %s)\n", p.Role, p.Actor.Name, p.Actor.Kind, p.Actor.Sector)
	}
	by := func(r *incidents.ActorRef) string {
		if r == nil {
			return "the article"
		}
		return r.Name
	}
	quotes := func(c incidents.Claim) {
		for _, e := range c.Evidence {
			fmt.Fprintf(out, "    %d-%d %q\n", *e.Start, *e.End, e.Quote)
		}
	}
	for _, c := range in.Counts {
		headline := ""
		if c.Headline {
			headline = ", the headline"
		}
		fmt.Fprintf(out, "count: %s, by %s%s\n", c.Text, by(c.ClaimedBy), headline)
		quotes(c.Claim)
	}
	for _, l := range in.Losses {
		fmt.Fprintf(out, "loss: %s, by %s\n", l.Text, by(l.ClaimedBy))
		quotes(l.Claim)
	}
	for _, a := range in.Attributions {
		fmt.Fprintf(out, "attribution: %s accused by %s, %s, confidence %s, contested %v\n", a.Accused.Name, by(a.Claimant), a.Basis, a.Confidence, a.Contested)
		quotes(a.Claim)
	}
	for _, r := range in.Responses {
		fmt.Fprintf(out, "response: %s, %s, %s", r.Actor.Name, r.Kind, r.Status)
		if r.SpokenBy != "" {
			fmt.Fprintf(out, ", spoken by %s", r.SpokenBy)
		}
		if r.ViaUnnamedSource {
			fmt.Fprint(out, ", via an unnamed source")
		}
		if r.Answers != "" {
			fmt.Fprint(out, ", answers an attribution")
		}
		fmt.Fprintf(out, ": %s\n", r.Summary)
		quotes(r.Claim)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; go test -update rewrites it\n%s", file, diff)
	}
}
