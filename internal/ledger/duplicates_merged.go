package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// Incidents that were logged under two names of one organisation shared no actor,
// and may have been missed as likely duplicates for that. A merge of the two makes
// up for it.

// How many incidents of the actor that goes are compared with how many of the one that
// stays, the latest of each. That takes little time beside rendering all of them again.
const (
	movedMost = 100
	keptMost  = 500
)

// brought are the incidents that a merge of two actors brings together: those in
// which one of them was breached without the other.
type brought struct {
	moved []uuid.UUID
	kept  []dbsqlc.BreachedApartRow
}

// bringing looks for them before the two are one.
func (l *Ledger) bringing(ctx context.Context, tx pgx.Tx, from, to uuid.UUID) (b brought, err error) {
	apart := func(actor, other uuid.UUID, most int32) []dbsqlc.BreachedApartRow {
		var rows []dbsqlc.BreachedApartRow
		if err == nil {
			rows, err = l.q.BreachedApart(ctx, tx, dbsqlc.BreachedApartParams{ActorID: actor, OtherID: other, Most: most})
		}
		return rows
	}
	for _, row := range apart(from, to, movedMost) {
		b.moved = append(b.moved, row.ID)
	}
	if len(b.moved) > 0 {
		b.kept = apart(to, from, keptMost)
	}
	if err != nil {
		return b, fmt.Errorf("look up in what two actors were breached: %w", err)
	}
	return b, nil
}

// queueBrought puts the likely duplicates among them in the queue: of each that has
// moved the likeliest, as an edit would.
func (l *Ledger) queueBrought(ctx context.Context, tx pgx.Tx, b brought) error {
	if len(b.kept) == 0 {
		return nil
	}
	moved, err := l.load(ctx, tx, b.moved)
	if err != nil {
		return err
	}
	var pairs []pair
	for _, in := range moved {
		pairs = append(pairs, pairsOf(in.ID, b.likeliestFor(in))...)
	}
	q := &pgbatch.Queue{}
	if err := l.queuePairs(ctx, q, pairs); err != nil {
		return err
	}
	return q.Send(ctx, tx)
}

// likeliestFor are those that stay and may be the same as one that has moved.
func (b brought) likeliestFor(in *incidents.Incident) []Similar {
	compared, sources := likeness.Of(in), sourceIDs(in)
	var out []Similar
	for _, k := range b.kept {
		s := compared.With(likeness.Candidate{
			ID: k.ID, Slug: k.Slug, Title: k.Title, OccurredFrom: k.OccurredFrom, Disclosed: k.Disclosed, Victims: k.Victims, VictimsUnit: k.VictimsUnit,
			SharesBreached: true, SharesSource: slices.ContainsFunc(k.Sources, func(id uuid.UUID) bool { return slices.Contains(sources, id) }),
		})
		if s.Score >= likeness.QueuedFrom {
			out = append(out, s)
		}
	}
	return likeness.Ranked(out)
}
