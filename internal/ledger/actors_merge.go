package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// MergeActors makes two actors one: the names, roles and claims of the first become
// those of the second, which also takes over its country, domain and sector where it
// has none, and the slug of the first leads to the second. Likely duplicates among the
// incidents of both are put in the queue.
func (l *Ledger) MergeActors(ctx context.Context, c Change, slug, into string) error {
	if err := needs(c.By, access.Editor); err != nil {
		return err
	}
	return explain("merge actors", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error { return l.mergeActors(ctx, tx, c, slug, into) }))
}

func (l *Ledger) mergeActors(ctx context.Context, tx pgx.Tx, c Change, slug, into string) error {
	if err := c.Problems().OrNil(); err != nil {
		return err
	}
	if slug == into {
		return incidents.Problems{{Pointer: "/into", Detail: "is the same actor"}}
	}
	held := map[string]incidents.Actor{}
	for _, s := range slices.Sorted(slices.Values([]string{slug, into})) { // one order for all
		a, err := l.lockActor(ctx, tx, s)
		if s == into && absent(err) {
			return incidents.Problems{{Pointer: "/into", Detail: fmt.Sprintf("names no actor to merge into: %v", err)}}
		}
		if err != nil {
			return err
		}
		held[s] = a
	}
	from, to := held[slug].ID, held[into].ID
	target := held[into]
	filled := fillActor(&target, held[slug])
	// The incidents are held before their rows change: others may be editing them.
	if _, err := l.q.IncidentsNaming(ctx, tx, from); err != nil {
		return fmt.Errorf("look up the incidents that name an actor: %w", err)
	}
	meeting, err := l.bringing(ctx, tx, from, to)
	if err != nil {
		return err
	}
	q := &pgbatch.Queue{}
	if filled {
		if err := l.queueActorUpdate(ctx, q, target); err != nil {
			return err
		}
	}
	// These only queue their statements, which run in this order.
	if err := errors.Join(
		l.q.ActorMovePrepare(ctx, q, dbsqlc.ActorMovePrepareParams{SourceID: from, TargetID: to}),
		l.q.ActorMoveParticipants(ctx, q, dbsqlc.ActorMoveParticipantsParams{TargetID: to, SourceID: from}),
		l.q.ActorMoveCounts(ctx, q, dbsqlc.ActorMoveCountsParams{TargetID: to, SourceID: from}),
		l.q.ActorMoveLosses(ctx, q, dbsqlc.ActorMoveLossesParams{TargetID: to, SourceID: from}),
		l.q.ActorMoveAccused(ctx, q, dbsqlc.ActorMoveAccusedParams{TargetID: to, SourceID: from}),
		l.q.ActorMoveClaimant(ctx, q, dbsqlc.ActorMoveClaimantParams{TargetID: to, SourceID: from}),
		l.q.ActorMoveResponses(ctx, q, dbsqlc.ActorMoveResponsesParams{TargetID: to, SourceID: from}),
		l.q.ActorsApartMove(ctx, q, dbsqlc.ActorsApartMoveParams{TargetID: to, SourceID: from}),
		l.q.ActorsApartDelete(ctx, q, from),
		l.q.ActorMoveNames(ctx, q, dbsqlc.ActorMoveNamesParams{TargetID: to, SourceID: from}),
		l.q.ActorMerged(ctx, q, dbsqlc.ActorMergedParams{TargetID: to, UpdatedAt: l.clock(), SourceID: from}),
	); err != nil {
		return err
	}
	source, before := held[slug], held[into]
	target.Aliases = slices.Concat(before.Aliases, source.Names())
	if err := l.queueActorChange(ctx, q, c, &before, target, &source); err != nil {
		return err
	}
	if err := q.Send(ctx, tx); err != nil {
		return err
	}
	if err := l.renderNaming(ctx, tx, to); err != nil {
		return err
	}
	return l.queueBrought(ctx, tx, meeting)
}

// fillActor adds to an actor what only the other knows.
func fillActor(known *incidents.Actor, other incidents.Actor) (filled bool) {
	if known.Sector == incidents.SectorUnknown && other.Sector != known.Sector {
		known.Sector, filled = other.Sector, true
	}
	if known.Country == "" && other.Country != "" {
		known.Country, filled = other.Country, true
	}
	if known.Domain == "" && other.Domain != "" {
		known.Domain, filled = other.Domain, true
	}
	return filled
}
