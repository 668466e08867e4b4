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

// A document shows of its sources what the ledger knows of them. When a write
// adds to that (a title, the text), the documents that are stored of other
// incidents would be out of date, so they are rendered anew in the same
// transaction. Nobody wrote those incidents: they keep their version, and only
// their ETag changes.

// renderAtOnce is how many documents are held in memory at a time.
const renderAtOnce = 100

// renderCiting renders the incidents that name any of the sources anew, except
// the one that is being written.
func (l *Ledger) renderCiting(ctx context.Context, tx pgx.Tx, sources []uuid.UUID, except uuid.UUID) error {
	if len(sources) == 0 {
		return nil
	}
	ids, err := l.q.IncidentsCiting(ctx, tx, dbsqlc.IncidentsCitingParams{SourceIds: sources, ExceptID: except})
	if err != nil {
		return fmt.Errorf("look up the incidents that name a source: %w", err)
	}
	for some := range slices.Chunk(ids, renderAtOnce) {
		if err := l.renderAnew(ctx, tx, some); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) renderAnew(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) error {
	documents, err := l.load(ctx, tx, ids)
	if err != nil {
		return err
	}
	q := &pgbatch.Queue{}
	for _, in := range documents {
		r, err := render(in)
		if err != nil {
			return err
		}
		if err := l.q.IncidentUpdate(ctx, q, incidentUpdate(incidentRow(in, r))); err != nil {
			return err
		}
	}
	return q.Send(ctx, tx)
}

// changed are the known sources of which the document knows more than the
// ledger did.
func (r *sourceResolver) changed(in *incidents.Incident) []uuid.UUID {
	var ids []uuid.UUID
	for i, state := range r.state {
		if state.known && (state.fill || state.addText) {
			ids = append(ids, in.Sources[i].ID)
		}
	}
	return ids
}
