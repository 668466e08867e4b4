package ledger

import (
	"context"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// apart are the decisions that actors are not the same as others with lower ids.
func (b *backup) apart(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]ndjson.Apart, error) {
	rows, err := b.l.q.BackupActorsApart(ctx, b.tx, ids)
	out := map[uuid.UUID][]ndjson.Apart{}
	for _, row := range rows {
		out[row.SecondID] = append(out[row.SecondID], ndjson.Apart{ID: row.FirstID, DecidedBy: row.DecidedBy, DecidedAt: row.DecidedAt.UTC(), Reason: orZero(row.Reason)})
	}
	return out, err
}

// changes are those of some actors or sources, each one's in their order.
func changes[T any](ctx context.Context, b *backup, args dbsqlc.BackupChangesParams, of func(dbsqlc.SharedChange) *uuid.UUID) (map[uuid.UUID][]ndjson.Change[T], error) {
	args.ActorIds, args.SourceIds = orEmpty(args.ActorIds), orEmpty(args.SourceIds)
	rows, err := b.l.q.BackupChanges(ctx, b.tx, args)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID][]ndjson.Change[T]{}
	for _, row := range rows {
		c, err := changeOf[T](row)
		if err != nil {
			return nil, err
		}
		out[*of(row)] = append(out[*of(row)], c)
	}
	return out, nil
}

// restoreChanges queues the changes of an actor or a source.
func restoreChanges[T any](ctx context.Context, s *restoring, actor, source *uuid.UUID, all []ndjson.Change[T]) error {
	for _, c := range all {
		row, err := changeRow(actor, source, c)
		if err != nil {
			return err
		}
		s.size += len(row.Before) + len(row.After) + len(row.Merged)
		if err := s.l.q.SharedChangeInsert(ctx, &s.before, row); err != nil {
			return err
		}
	}
	return nil
}
