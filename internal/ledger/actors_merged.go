package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// keepMerged sees to the names of actors that were merged into this one, given the
// new names by their keys. A name that is left out is a problem: a merge cannot be
// undone, and the old name still leads here. One that is spelt differently is changed
// in the merged actor too.
func (l *Ledger) keepMerged(
	ctx context.Context, tx pgx.Tx, q *pgbatch.Queue, into uuid.UUID, had []string, keys map[string]string, problems *incidents.Problems,
) error {
	if !slices.ContainsFunc(had, func(name string) bool { return keys[incidents.FoldName(name)] != name }) {
		return nil // no name goes or changes, as in most edits
	}
	names, err := l.q.ActorsMergedInto(ctx, tx, into)
	if err != nil {
		return fmt.Errorf("look up the actors that were merged into it: %w", err)
	}
	for _, was := range names {
		name, kept := keys[incidents.FoldName(was)]
		switch {
		case !kept:
			problems.Add("/aliases", "must keep %q, the name of an actor that was merged into this one", was)
		case name != was:
			if err := l.q.ActorMergedRespell(ctx, q, dbsqlc.ActorMergedRespellParams{Name: name, TargetID: into, Was: was}); err != nil {
				return err
			}
		}
	}
	return nil
}
