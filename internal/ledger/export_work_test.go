package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// worker carries out a statement, and notes how many rows the part of its plan that
// looks at most of them has looked at.
type worker struct {
	dbsqlc.DBTX
	pool *pgxpool.Pool
	rows float64
}

type planPart struct {
	Rows    float64    `json:"Actual Rows"` // of each loop, as the next two
	Removed float64    `json:"Rows Removed by Filter"`
	Joined  float64    `json:"Rows Removed by Join Filter"`
	Loops   float64    `json:"Actual Loops"`
	Parts   []planPart `json:"Plans"`
}

func (p planPart) most() float64 {
	most := (p.Rows + p.Removed + p.Joined) * p.Loops
	for _, part := range p.Parts {
		most = max(most, part.most())
	}
	return most
}

func (w *worker) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	var text []byte
	if err := w.pool.QueryRow(ctx, "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+sql, args...).Scan(&text); err != nil {
		return nil, err
	}
	var plans []struct{ Plan planPart }
	if err := json.Unmarshal(text, &plans); err != nil || len(plans) != 1 {
		return nil, fmt.Errorf("read a plan: %w", err)
	}
	w.rows = max(w.rows, plans[0].Plan.most())
	return nil, errExplained
}

// WorkOfResponses is how many rows a part of the report on responses looks at, at most,
// when it is made of the responses themselves.
func (l *Ledger) WorkOfResponses(ctx context.Context, s ResponseScope, page Page) (rows float64, err error) {
	w := &worker{pool: l.search}
	err = l.snapshot(ctx, func(tx pgx.Tx) error {
		args, err := l.responseArgs(ctx, tx, s)
		if err != nil {
			return err
		}
		args.Most = int32(page.bounded().Limit) + 1
		_, actors := l.q.ResponseActors(ctx, w, args)
		_, totals := l.q.ResponseTotals(ctx, w, totalsArgs(args, []string{}))
		for _, err := range []error{actors, totals} {
			if !errors.Is(err, errExplained) {
				return err
			}
		}
		return nil
	})
	return w.rows, err
}
