package ledger

import (
	"context"
	"fmt"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// incidents writes the incidents that wait: rows from their documents, which
// are rendered anew.
func (s *restoring) incidents(ctx context.Context) error {
	if len(s.waiting) == 0 {
		return nil
	}
	documents := make([]*incidents.Incident, len(s.waiting))
	var slugs []string
	for i, w := range s.waiting {
		documents[i] = &w.Parsed
		_, named := actorNamesIn(documents[i])
		slugs = append(slugs, named...)
	}
	rows, err := s.l.q.ActorsNamed(ctx, s.tx, dbsqlc.ActorsNamedParams{Keys: []string{}, Slugs: unique(slugs)})
	if err != nil {
		return fmt.Errorf("look up actors: %w", err)
	}
	known := map[string]incidents.ActorRef{}
	for _, row := range rows {
		known[row.Asked] = incidents.Actor{ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector}.Ref()
	}
	staged := make([]newIncident, len(documents))
	for i, in := range documents {
		var missing error
		in.EachActor(func(pointer string, r *incidents.ActorRef) {
			actor, ok := known[r.Slug]
			if !ok {
				missing = fmt.Errorf("incident %s: %s: the backup has no actor %q", in.Slug, pointer, r.Slug)
			}
			*r = actor
		})
		if missing != nil {
			return &ndjson.Error{Line: s.lines[i], Err: missing}
		}
		in.Complete()
		in.Derive()
		r, err := render(in)
		if err != nil {
			return err
		}
		staged[i] = newIncident{incidentRow(in, r), nullable(s.waiting[i].FirstPublishedAt)}
		if err := s.l.queueChildren(ctx, &s.after, in); err != nil {
			return err
		}
		s.after.Mark(s.lines[i])
	}
	if err := s.l.copyIncidents(ctx, s.tx, staged); err != nil {
		return err
	}
	return s.rerendered(ctx)
}

// rerendered notes when documents changed that nobody wrote.
func (s *restoring) rerendered(ctx context.Context) error {
	var p dbsqlc.RestoreRerenderedParams
	for _, w := range s.waiting {
		if !w.RerenderedAt.IsZero() {
			p.Ids, p.Times = append(p.Ids, w.Parsed.ID), append(p.Times, w.RerenderedAt)
		}
	}
	if len(p.Ids) == 0 {
		return nil
	}
	if err := s.l.q.RestoreRerendered(ctx, s.tx, p); err != nil {
		return fmt.Errorf("note when documents changed: %w", err)
	}
	return nil
}
