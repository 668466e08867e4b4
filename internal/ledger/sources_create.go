package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// KnownSourceError says that the ledger has a source already.
type KnownSourceError struct{ ID uuid.UUID }

func (e *KnownSourceError) Error() string {
	return "the ledger has the source already: " + e.ID.String()
}

// CreateSource adds a source without an incident, and returns its id. An editor's
// is public; anyone else's becomes so with the first public incident that names it.
// One whose address or text the ledger has already is a [KnownSourceError].
func (l *Ledger) CreateSource(ctx context.Context, c Change, s incidents.Source) (uuid.UUID, error) {
	s.ID, s.URL = uuid.Nil, incidents.NormalAddress(s.URL)
	id, err := writeOnce(ctx, l, c.Once, func(tx pgx.Tx) (uuid.UUID, error) { return l.createSource(ctx, tx, c, s) })
	return id, explain("create source", err)
}

func (l *Ledger) createSource(ctx context.Context, tx pgx.Tx, c Change, s incidents.Source) (uuid.UUID, error) {
	problems := c.Problems()
	problems.Merge(s.Validate(""))
	if err := problems.OrNil(); err != nil {
		return uuid.Nil, err
	}
	in := &incidents.Incident{Sources: []incidents.Source{s}}
	r, err := l.resolveSources(ctx, tx, directLookups{l, tx}, in, c.By.Role)
	if err != nil {
		return uuid.Nil, err
	}
	if r.state[0].known {
		return uuid.Nil, &KnownSourceError{ID: in.Sources[0].ID}
	}
	if err := r.problems.Within("/sources/0").OrNil(); err != nil {
		return uuid.Nil, err
	}
	q := &pgbatch.Queue{}
	if err := l.queueSources(ctx, q, in, r.state); err != nil {
		return uuid.Nil, err
	}
	if c.By.Role.AtLeast(access.Editor) {
		if err := l.q.SourcesStandAlone(ctx, q, sourceIDs(in)); err != nil {
			return uuid.Nil, err
		}
	}
	if err := l.queueSourceChange(ctx, q, c, in.Sources[0].ID, nil, saidOf(s)); err != nil {
		return uuid.Nil, err
	}
	return in.Sources[0].ID, q.Send(ctx, tx)
}
