// Package importer brings documents from files into the ledger: it reads them,
// hands them over in transactions, and reports what became of each. What a
// format means is not its business (see packages factfile and exchange).
package importer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// importedBy is who an import writes as.
var importedBy = access.Identity{Name: "import", Role: access.Admin}

// Facts imports a set of articles with their facts, each article in one
// transaction. A set with problems is refused whole: the error is its
// [factfile.Problems]. An incident that does not go with what is in the ledger is
// refused by itself, and reported.
func Facts(ctx context.Context, l *ledger.Ledger, set factfile.Set) (Report, error) {
	report := Report{Articles: map[ledger.Outcome]int{}}
	if err := set.Problems.OrNil(); err != nil {
		return report, err
	}
	for _, a := range set.Unread {
		source := incidents.Source{Text: a.Text}
		outcome, _, err := importArticle(ctx, l, source, nil)
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
		outcome, results, err := importArticle(ctx, l, f.Source, items)
		if err != nil {
			return report, fmt.Errorf("%s: %w", f.Name, err)
		}
		report.Articles[outcome]++
		report.Results = append(report.Results, results...)
		if len(items) == 0 {
			report.NoFacts++
		}
	}
	err := report.compare(ctx, l, set)
	return report, err
}

// compare finds what the ledger keeps although the facts say otherwise: incidents
// that no fact file has any more, and descriptions of actors.
func (r *Report) compare(ctx context.Context, l *ledger.Ledger, set factfile.Set) (err error) {
	var articles []incidents.Source
	var origins []string
	var actors []incidents.Actor
	for _, a := range set.Unread {
		articles = append(articles, incidents.Source{Text: a.Text})
	}
	for _, f := range set.Files {
		articles = append(articles, f.Source)
		actors = append(actors, f.Actors...)
		for _, in := range f.Incidents {
			origins = append(origins, originOf(in.Slug))
		}
	}
	if r.LeftBehind, err = l.LeftBehind(ctx, origin, articles, origins); err != nil {
		return err
	}
	r.Actors, err = l.ActorDifferences(ctx, actors)
	return err
}

// origin begins the origin of every incident that was read in a fact file.
const origin = "facts:"

func originOf(slug string) string { return origin + slug }

// importArticle stores an article and its incidents together or, when one of them
// cannot be stored, each by itself.
func importArticle(ctx context.Context, l *ledger.Ledger, source incidents.Source, items []ledger.ImportItem) (ledger.Outcome, []ledger.ImportResult, error) {
	change := ledger.Change{By: importedBy, Action: "import"}
	outcome, results, err := l.ImportArticle(ctx, change, source, items)
	if refusal(err) == nil || len(items) == 0 {
		return outcome, results, err
	}
	if outcome, _, err = l.ImportArticle(ctx, change, source, nil); err != nil {
		return outcome, nil, err
	}
	results = nil
	for i := range items {
		_, stored, err := l.ImportArticle(ctx, change, source, items[i:i+1])
		problems := refusal(err)
		switch {
		case problems != nil:
			results = append(results, ledger.ImportResult{Origin: items[i].Origin, Slug: items[i].Incident.Slug, Outcome: ledger.Refused, Problems: problems})
		case err != nil:
			return outcome, results, err
		default:
			results = append(results, stored...)
		}
	}
	return outcome, results, nil
}

// refusal is what is wrong with an incident that was not stored; nil when the error is
// not about the incident.
func refusal(err error) incidents.Problems {
	var problems incidents.Problems
	var exists *ledger.ExistsError
	switch {
	case errors.As(err, &problems):
		return problems
	case errors.As(err, &exists):
		return exists.Problems()
	default:
		return nil
	}
}

func itemsOf(f factfile.File) ([]ledger.ImportItem, error) {
	items := make([]ledger.ImportItem, len(f.Incidents))
	for i := range f.Incidents {
		in := withActors(f.Incidents[i].Clone(), f.Actors)
		digest, err := digestOf(in, f.Article)
		if err != nil {
			return nil, err
		}
		items[i] = ledger.ImportItem{Origin: originOf(in.Slug), Digest: digest, Incident: *in}
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

// digestOf is a hash of everything that a fact file and its article say of an incident.
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
