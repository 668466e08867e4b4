package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// keyedName is a name of an actor, and the key by which the ledger finds it however it
// is spelt.
type keyedName struct{ key, name string }

// keyedNames are an actor's names with the primary one first, each key once: of two
// spellings of one name the first counts.
func keyedNames(names []string) []keyedName {
	out := make([]keyedName, 0, len(names))
	for _, name := range names {
		key := incidents.FoldName(name)
		if !slices.ContainsFunc(out, func(n keyedName) bool { return n.key == key }) {
			out = append(out, keyedName{key, name})
		}
	}
	return out
}

// allNames are the names of actors, the primary ones too.
func (l *Ledger) allNames(ctx context.Context, db dbsqlc.DBTX, ids []uuid.UUID) (map[uuid.UUID][]string, error) {
	rows, err := l.q.ActorNames(ctx, db, ids)
	if err != nil {
		return nil, fmt.Errorf("read actors' names: %w", fromPostgres(err))
	}
	out := map[uuid.UUID][]string{}
	for _, row := range rows {
		out[row.ActorID] = append(out[row.ActorID], row.Name)
	}
	return out, nil
}

// without are the names except the primary one.
func without(names []string, primary string) []string {
	return slices.DeleteFunc(orEmpty(names), func(n string) bool { return n == primary })
}
