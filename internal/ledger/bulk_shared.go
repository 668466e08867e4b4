package ledger

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// The columns of actors, their names and sources that are copied.
var (
	actorColumns     = []string{"id", "slug", "name", "kind", "sector", "country", "domain"}
	actorNameColumns = []string{"key", "actor_id", "name"}
	sourceColumns    = []string{"id", "url", "title", "publisher", "author", "published", "published_precision", "language", "text", "text_sha256"}
)

// sharedRows are the actors and sources that a batch makes, and what it knows
// more of known sources.
type sharedRows struct {
	actors  []incidents.Actor
	sources [][]any
	more    pgbatch.Queue
	known   []func(context.Context, *Ledger) error // queue what is new of known sources
	changed []uuid.UUID                            // those sources
}

func (r *sharedRows) add(d *draft) {
	r.actors = append(r.actors, d.actors.created...)
	for _, i := range byAddress(d.in.Sources) {
		s, state := d.in.Sources[i], d.sources.state[i]
		if state.known {
			if state.fill || state.addText {
				known, states := &incidents.Incident{Sources: []incidents.Source{s}}, []sourceState{state}
				r.known = append(r.known, func(ctx context.Context, l *Ledger) error { return l.queueSources(ctx, &r.more, known, states) })
			}
			continue
		}
		published, precision := dateRow(s.Published)
		r.sources = append(r.sources, []any{
			s.ID, nullable(s.URL), nullable(s.Title), nullable(s.Publisher), nullable(s.Author), published, precision,
			nullable(s.Language), nullable(state.text), textHash(state.text), nullable(s.NoIncidentReason),
		})
	}
	r.changed = append(r.changed, d.sources.changed(d.in)...)
}

// send writes them, and renders anew the documents that show a source that
// changed. A name or an address that somebody else has taken since breaks a
// constraint, and the batch is begun again.
func (r *sharedRows) send(ctx context.Context, l *Ledger, tx pgx.Tx) error {
	var actors, names [][]any
	slices.SortFunc(r.actors, func(x, y incidents.Actor) int { return strings.Compare(x.Slug, y.Slug) })
	for _, a := range r.actors {
		actors = append(actors, []any{a.ID, a.Slug, a.Name, a.Kind, a.Sector, nullable(a.Country), nullable(a.Domain)})
		for _, n := range keyedNames(a.Names()) {
			names = append(names, []any{n.key, a.ID, n.name})
		}
	}
	if err := pgbatch.CopyTables(ctx, tx,
		pgbatch.Table{Name: "actors", Columns: actorColumns, Rows: actors},
		pgbatch.Table{Name: "actor_names", Columns: actorNameColumns, Rows: names},
		pgbatch.Table{Name: "sources", Columns: append(slices.Clip(sourceColumns), "no_incident_reason"), Rows: r.sources},
	); err != nil {
		return err
	}
	for _, queueMore := range r.known {
		if err := queueMore(ctx, l); err != nil {
			return err
		}
	}
	if err := r.more.Send(ctx, tx); err != nil {
		return err
	}
	return l.renderCiting(ctx, tx, r.changed, uuid.Nil)
}

// unchanged holds the actors and sources that the batch shows, and makes sure
// that they are still what it shows of them.
func (k *batch) unchanged(ctx context.Context, tx pgx.Tx) error {
	actors, sources := map[uuid.UUID]incidents.ActorRef{}, map[uuid.UUID]bool{}
	for _, n := range k.kept {
		in := k.drafts[n].in
		in.EachActor(func(_ string, r *incidents.ActorRef) { actors[r.ID] = *r })
		for _, s := range in.Sources {
			sources[s.ID] = true
		}
	}
	if len(actors) > 0 {
		held, err := k.l.q.ActorsHeld(ctx, tx, slices.Collect(maps.Keys(actors)))
		if err != nil {
			return fmt.Errorf("hold actors: %w", err)
		}
		for _, a := range held {
			shown := actors[a.ID]
			if a.MergedInto != nil || a.Slug != shown.Slug || a.Name != shown.Name || a.Kind != shown.Kind || a.Sector != shown.Sector {
				return errRace
			}
		}
		if len(held) != len(actors) {
			return errRace
		}
	}
	if len(sources) > 0 {
		held, err := k.l.q.SourcesNamed(ctx, tx, dbsqlc.SourcesNamedParams(sourceNames{Ids: slices.Collect(maps.Keys(sources))}.whole()))
		if err != nil {
			return fmt.Errorf("hold sources: %w", err)
		}
		for _, s := range held {
			if !stillSame(s, k.look.byID[s.ID]) {
				return errRace
			}
		}
		if len(held) != len(sources) {
			return errRace
		}
	}
	return nil
}

func stillSame(a, b dbsqlc.SourcesNamedRow) bool {
	return orZero(a.Url) == orZero(b.Url) && orZero(a.Title) == orZero(b.Title) && orZero(a.Publisher) == orZero(b.Publisher) &&
		orZero(a.Author) == orZero(b.Author) && sameDay(a.Published, b.Published) && orZero(a.PublishedPrecision) == orZero(b.PublishedPrecision) &&
		orZero(a.Language) == orZero(b.Language) && bytes.Equal(a.TextSha256, b.TextSha256) && (a.RedactedAt == nil) == (b.RedactedAt == nil)
}

func sameDay(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
