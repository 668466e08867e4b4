package ledger

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Plain reports whether the list is one of those that everybody reads: without a
// filter, in an order that has a statement of its own. It is read like an
// incident, on the connections for short reads.
func (r ListRequest) Plain() bool {
	f := r.Filter
	f.Date = f.Date.orNone()
	if _, ok := plainLists[r.order()]; !ok || len(r.Facets) > 0 || r.Count {
		return false
	}
	return reflect.ValueOf(f).IsZero()
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

// plainLists are the orders with statements of their own.
var plainLists = map[Sort]func(context.Context, *dbsqlc.Queries, dbsqlc.DBTX, dbsqlc.IncidentListParams) ([]dbsqlc.IncidentsByVictimsRow, error){
	"-victims": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) ([]dbsqlc.IncidentsByVictimsRow, error) {
		rows, err := q.IncidentsByVictims(ctx, db, dbsqlc.IncidentsByVictimsParams{AfterNumber: a.AfterNumber, AfterID: a.AfterID, Most: a.Most})
		return listRows(rows), err
	},
	"-victims_low": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) ([]dbsqlc.IncidentsByVictimsRow, error) {
		rows, err := q.IncidentsByVictimsLow(ctx, db, dbsqlc.IncidentsByVictimsLowParams{AfterNumber: a.AfterNumber, AfterID: a.AfterID, Most: a.Most})
		return listRows(rows), err
	},
	"-disclosed": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) ([]dbsqlc.IncidentsByVictimsRow, error) {
		rows, err := q.IncidentsByDisclosed(ctx, db, dbsqlc.IncidentsByDisclosedParams{AfterDate: a.AfterDate, AfterID: a.AfterID, Most: a.Most})
		return listRows(rows), err
	},
	"-updated": func(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, a dbsqlc.IncidentListParams) ([]dbsqlc.IncidentsByVictimsRow, error) {
		rows, err := q.IncidentsByUpdated(ctx, db, dbsqlc.IncidentsByUpdatedParams{AfterTime: a.AfterTime, AfterID: a.AfterID, Most: a.Most})
		return listRows(rows), err
	},
}

// listRow is what the statements of all plain lists give.
type listRow interface {
	dbsqlc.IncidentsByVictimsRow | dbsqlc.IncidentsByVictimsLowRow | dbsqlc.IncidentsByDisclosedRow | dbsqlc.IncidentsByUpdatedRow
}

// listRows makes one type of the rows, which are alike.
func listRows[R listRow](rows []R) []dbsqlc.IncidentsByVictimsRow {
	if same, ok := any(rows).([]dbsqlc.IncidentsByVictimsRow); ok {
		return same
	}
	out := make([]dbsqlc.IncidentsByVictimsRow, len(rows))
	for i, row := range rows {
		out[i] = dbsqlc.IncidentsByVictimsRow(row)
	}
	return out
}

// plain is a page of a plain list.
func (l *Ledger) plain(ctx context.Context, r ListRequest) (listed, error) {
	args, err := r.plainArgs()
	if err != nil {
		return listed{}, err
	}
	rows, err := plainLists[r.Sort](ctx, l.q, l.reads, args)
	if err != nil {
		return listed{}, fmt.Errorf("list incidents: %w", fromPostgres(err))
	}
	return pageOf(len(rows), func(i int) (place, Card) {
		row := &rows[i]
		return place{row.SortKey, row.ID}, Card{stored: row.Card, duplicates: row.PossibleDuplicates}
	}, plainListScope(r.Filter, r.Sort), r.Page.Limit)
}

// plainArgs say where a page of a plain list begins.
func (r ListRequest) plainArgs() (dbsqlc.IncidentListParams, error) {
	// Before everything that there can be.
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

// pageOf makes a page of n rows, of which the one too many says that there is
// another.
func pageOf(n int, row func(i int) (place, Card), scope any, limit int) (listed, error) {
	out := listed{Cards: Cards{Items: make([]Card, min(n, limit))}, ids: make([]uuid.UUID, min(n, limit))}
	var at place
	for i := range out.Items {
		at, out.Items[i] = row(i)
		out.ids[i] = at.ID
	}
	var err error
	if n > limit {
		out.NextCursor, err = encodeCursor(scope, at)
	}
	return out, err
}
