package ledger

import (
	"context"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/reportsums"
)

// RollUp brings the sums of the reports up to date.
func (l *Ledger) RollUp(ctx context.Context) error { return l.rollUp(ctx, true) }

// ExplainRolled is how PostgreSQL would read the ranking of responses out of the
// sums, over all incidents or payments, from its beginning or behind some place.
func (l *Ledger) ExplainRolled(ctx context.Context, payment, after bool) (string, error) {
	x := &explainer{pool: l.search}
	_, err := l.q.RolledResponseActors(ctx, x, dbsqlc.RolledResponseActorsParams{
		Payment: payment, Today: int32(reportsums.Day(l.clock())), Most: 21, After: after, AfterIncidents: 3, AfterResponses: 2, AfterSlug: "m",
	})
	return x.result(err)
}
