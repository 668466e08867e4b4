// Package importer brings documents from files into the ledger: it reads them,
// hands them over in transactions, and reports what became of each. What a
// format means is not its business (see packages factfile and exchange).
package importer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// Importer is who an import writes as.
var Importer = access.Identity{Name: "import", Role: access.Admin}

// Report is what became of an import.
type Report struct {
	Articles map[ledger.Outcome]int // sources stored, by outcome
	Results  []ledger.ImportResult  // one for each incident
	Unread   []string               // articles without a fact file
	NoFacts  int                    // articles that hold no incident, and say why
}

// Facts imports a set of articles with their facts, each article in one
// transaction. A set with problems is refused whole: the error is its
// [factfile.Problems].
func Facts(ctx context.Context, l *ledger.Ledger, set factfile.Set) (Report, error) {
	report := Report{Articles: map[ledger.Outcome]int{}}
	if err := set.Problems.OrNil(); err != nil {
		return report, err
	}
	for _, a := range set.Unread {
		source := incidents.Source{Text: a.Text}
		outcome, _, err := l.ImportArticle(ctx, ledger.Change{By: Importer, Action: "import"}, source, nil)
		if err != nil {
			return report, fmt.Errorf("%s: %w", a.Name, err)
		}
		report.Articles[outcome]++
		report.Unread = append(report.Unread, a.Name)
	}
	for _, f := range set.Files {
		items, err := itemsOf(f)
		if err != nil {
			return report, fmt.Errorf("%s: %w", f.Name, err)
		}
		outcome, results, err := l.ImportArticle(ctx, ledger.Change{By: Importer, Action: "import"}, f.Source, items)
		if err != nil {
			return report, fmt.Errorf("%s: %w", f.Name, err)
		}
		report.Articles[outcome]++
		report.Results = append(report.Results, results...)
		if len(items) == 0 {
			report.NoFacts++
		}
	}
	return report, nil
}

func itemsOf(f factfile.File) ([]ledger.ImportItem, error) {
	items := make([]ledger.ImportItem, len(f.Incidents))
	for i := range f.Incidents {
		in := withActors(f.Incidents[i].Clone(), f.Actors)
		digest, err := digestOf(in, f.Article)
		if err != nil {
			return nil, err
		}
		items[i] = ledger.ImportItem{Origin: "facts:" + in.Slug, Digest: digest, Incident: *in}
	}
	return items, nil
}

// withActors puts the actors that a fact file describes in the place of their
// slugs and names, so that the ledger can make those that it does not know.
func withActors(in *incidents.Incident, actors []incidents.Actor) *incidents.Incident {
	described := map[string]incidents.ActorRef{}
	for _, a := range actors {
		r := incidents.ActorRef{Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector, Country: a.Country, Domain: a.Domain, Aliases: a.Aliases}
		for _, name := range a.Names() {
			described[incidents.FoldName(name)] = r
		}
		described[a.Slug] = r
	}
	in.EachActor(func(_ string, r *incidents.ActorRef) {
		for _, key := range []string{r.Given, incidents.FoldName(r.Given), r.Slug} {
			if d, ok := described[key]; ok && key != "" {
				*r = d
				return
			}
		}
	})
	return in
}

// digestOf is a hash of everything that a fact file says of an incident.
func digestOf(in *incidents.Incident, a article.Article) ([]byte, error) {
	document, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write an incident: %w", err)
	}
	sum := sha256.New()
	sum.Write(document)
	sum.Write([]byte(a.Text))
	return sum.Sum(nil), nil
}

// Write says in words what became of the import.
func (r Report) Write(w io.Writer) error {
	var out strings.Builder
	count := map[ledger.Outcome]int{}
	for _, result := range r.Results {
		count[result.Outcome]++
		switch {
		case result.Outcome == ledger.Edited:
			fmt.Fprintf(&out, "left alone: %s: its facts changed, but a person has edited the incident since (now version %d)\n", result.Slug, result.Version)
		case result.Outcome != ledger.Unchanged:
			fmt.Fprintf(&out, "%s: %s (version %d)\n", result.Outcome, result.Slug, result.Version)
		case result.EditedSince:
			fmt.Fprintf(&out, "unchanged: %s: edited by a person since its import (now version %d)\n", result.Slug, result.Version)
		}
	}
	for _, name := range r.Unread {
		fmt.Fprintf(&out, "stored without facts: %s has no fact file\n", name)
	}
	articles := 0
	for _, n := range r.Articles {
		articles += n
	}
	fmt.Fprintf(&out, "%d articles (%d new, %d changed, %d without an incident), %d incidents: %d created, %d changed, %d unchanged, %d left alone\n",
		articles, r.Articles[ledger.Created], r.Articles[ledger.Changed], r.NoFacts, len(r.Results),
		count[ledger.Created], count[ledger.Changed], count[ledger.Unchanged], count[ledger.Edited])
	_, err := io.WriteString(w, out.String())
	return err
}
