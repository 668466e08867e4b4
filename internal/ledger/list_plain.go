package ledger

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Plain reports whether the list is one of those that everybody reads: without a
// filter, in an order that has a statement of its own. It is read like an
// incident, on the connections for short reads.
func (r ListRequest) Plain() bool {
	if _, ok := plainLists[r.order()]; !ok || len(r.Facets) > 0 || r.Count {
		return false
	}
	return r.Filter.Query == "" && r.Filter.none()
}

// order is the sort with its default.
func (r ListRequest) order() Sort {
	switch {
	case r.Sort != "":
		return r.Sort
	case r.Filter.Query != "":
		return Relevance
	}
	return Sort(Sorts()[0])
}

// plainLists are the orders with statements of their own. Their rows are alike.
var plainLists = map[Sort]func(context.Context, *dbsqlc.Queries, dbsqlc.DBTX, dbsqlc.IncidentListParams) error{
	"-victims": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) error {
		_, err := q.IncidentsByVictims(ctx, db, dbsqlc.IncidentsByVictimsParams{AfterNumber: a.AfterNumber, AfterID: a.AfterID, Most: a.Most})
		return err
	},
	"-victims_low": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) error {
		_, err := q.IncidentsByVictimsLow(ctx, db, dbsqlc.IncidentsByVictimsLowParams{AfterNumber: a.AfterNumber, AfterID: a.AfterID, Most: a.Most})
		return err
	},
	"-disclosed": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) error {
		_, err := q.IncidentsByDisclosed(ctx, db, dbsqlc.IncidentsByDisclosedParams{AfterDate: a.AfterDate, AfterID: a.AfterID, Most: a.Most})
		return err
	},
	"-updated": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) error {
		_, err := q.IncidentsByUpdated(ctx, db, dbsqlc.IncidentsByUpdatedParams{AfterTime: a.AfterTime, AfterID: a.AfterID, Most: a.Most})
		return err
	},
}

// plain is a page of a plain list.
func (l *Ledger) plain(ctx context.Context, r ListRequest) (listed, error) {
	args, err := r.plainArgs()
	if err != nil {
		return listed{}, err
	}
	asked := asker{DBTX: l.reads}
	if err := plainLists[r.Sort](ctx, l.q, &asked, args); err != nil {
		return listed{}, fmt.Errorf("list incidents: %w", fromPostgres(err))
	}
	out, err := plainPage(asked.rows, plainListScope(r.Filter, r.Sort), r.Page.Limit)
	if err != nil {
		return listed{}, fmt.Errorf("list incidents: %w", err)
	}
	return out, nil
}

// plainPage reads a page. The row beyond the limit is not scanned: that it is there
// says that there is another page.
func plainPage(rows pgx.Rows, scope any, limit int) (out listed, err error) {
	defer rows.Close()
	out.Items = make([]Card, 0, limit)
	var row dbsqlc.IncidentsByVictimsRow
	// Only the last row's id and key are needed, for the cursor.
	into, last := []any{nil, nil, &row.Card, &row.PossibleDuplicates}, []any{&row.ID, &row.SortKey, &row.Card, &row.PossibleDuplicates}
	for rows.Next() {
		switch len(out.Items) {
		case limit:
			out.NextCursor, err = encodeCursor(scope, place{row.SortKey, row.ID})
			return out, err
		case limit - 1:
			into = last
		}
		if err := rows.Scan(into...); err != nil {
			return listed{}, err
		}
		out.Items = append(out.Items, Card{stored: row.Card, duplicates: row.PossibleDuplicates})
	}
	return out, rows.Err()
}

// asker lets sqlc's code send a query and keeps the rows for a reader that needs only
// a part of each: sqlc's slice of whole rows would be a third of a page's garbage.
type asker struct {
	dbsqlc.DBTX
	rows pgx.Rows
}

// Query is part of [dbsqlc.DBTX].
func (a *asker) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	rows, err := a.DBTX.Query(ctx, sql, args...) //nolint:rowserrcheck // who reads them does
	a.rows = rows
	return noRows{}, err
}

// noRows is what sqlc's code reads instead.
type noRows struct{ pgx.Rows }

func (noRows) Next() bool { return false }
func (noRows) Err() error { return nil }
func (noRows) Close()     {}

// plainArgs say where a page of a plain list begins.
func (r ListRequest) plainArgs() (dbsqlc.IncidentListParams, error) {
	// Before every possible row.
	args := dbsqlc.IncidentListParams{
		Most: int32(r.Page.Limit) + 1, AfterID: uuid.Max, AfterNumber: math.MaxInt64, AfterDate: "infinity",
		AfterTime: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), Sort: string(r.Sort),
	}
	if r.Page.Cursor != "" {
		var from place
		if err := decodeCursor(plainListScope(r.Filter, r.Sort), r.Page.Cursor, &from); err != nil {
			return args, err
		}
		if err := from.follow(&args); err != nil {
			return args, err
		}
	}
	return args, nil
}
