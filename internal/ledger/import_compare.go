package ledger

import (
	"context"
	"fmt"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// LeftBehind are the slugs of the incidents that earlier imports of a format have
// read in these articles, and that none of these origins is: their facts are gone
// or have another slug, and the ledger still has them. Retracted and merged ones
// are not among them.
func (l *Ledger) LeftBehind(ctx context.Context, format string, articles []incidents.Source, origins []string) ([]string, error) {
	p := dbsqlc.ImportsLeftBehindParams{Format: format, Origins: append([]string{}, origins...), Urls: []string{}, Hashes: [][]byte{}}
	for _, s := range articles {
		if s.URL != "" {
			p.Urls = append(p.Urls, s.URL)
		} else {
			p.Hashes = append(p.Hashes, textHash(s.Text))
		}
	}
	slugs, err := l.q.ImportsLeftBehind(ctx, l.pool, p)
	if err != nil {
		return nil, fmt.Errorf("look up incidents that are left behind: %w", err)
	}
	return slugs, nil
}

// ActorDifference is one point in which a file describes an actor otherwise than
// the ledger, which keeps its own description.
type ActorDifference struct {
	Slug  string `json:"slug"`  // of the ledger's actor
	Field string `json:"field"` // name, kind, sector, country or domain
	Given string `json:"given"` // by the file; of name, one that the actor does not have
	Held  string `json:"held"`  // by the ledger; "" = nothing
}

// ActorDifferences are the points in which these descriptions of actors say
// something else or more than the ledger. Actors that it does not have are left out.
func (l *Ledger) ActorDifferences(ctx context.Context, described []incidents.Actor) ([]ActorDifference, error) {
	var keys, slugs []string
	for _, a := range described {
		k, s := refNames(&incidents.ActorRef{Slug: a.Slug, Name: a.Name, Aliases: a.Aliases})
		keys, slugs = append(keys, k...), append(slugs, s...)
	}
	rows, err := l.q.ActorsNamed(ctx, l.pool, dbsqlc.ActorsNamedParams{Keys: unique(keys), Slugs: unique(slugs)})
	if err != nil {
		return nil, fmt.Errorf("look up actors: %w", err)
	}
	a := &actorResolver{bySlug: map[string]incidents.Actor{}, byName: map[string]incidents.Actor{}}
	a.know(rows)
	var out []ActorDifference
	seen := map[ActorDifference]bool{}
	for _, given := range described {
		for _, d := range a.differences(given) {
			if !seen[d] {
				seen[d] = true
				out = append(out, d)
			}
		}
	}
	return out, nil
}

func (a *actorResolver) differences(given incidents.Actor) []ActorDifference {
	known, ok := a.bySlug[given.Slug]
	for _, name := range given.Names() {
		if !ok {
			known, ok = a.byName[incidents.FoldName(name)]
		}
	}
	if !ok {
		return nil
	}
	var out []ActorDifference
	for _, name := range given.Names() {
		if _, taken := a.byName[incidents.FoldName(name)]; !taken && incidents.FoldName(name) != "" {
			out = append(out, ActorDifference{known.Slug, "name", name, known.Name})
		}
	}
	for _, f := range []struct{ name, given, held, open string }{
		{"kind", string(given.Kind), string(known.Kind), string(incidents.ActorOther)},
		{"sector", string(given.Sector), string(known.Sector), string(incidents.SectorUnknown)},
		{"country", given.Country, known.Country, ""},
		{"domain", given.Domain, known.Domain, ""},
	} {
		if f.given != "" && f.given != f.open && f.given != f.held {
			out = append(out, ActorDifference{known.Slug, f.name, f.given, f.held})
		}
	}
	return out
}
