package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Sort is the order of a list of incidents: a key, with "-" before it to go
// down. What is not known comes last in both directions.
type Sort string

// Sorts lists the orders, the default first.
func Sorts() []string {
	return []string{
		"-victims", "victims", "-victims_low", "victims_low", "-disclosed", "disclosed",
		"-occurred", "occurred", "-updated", "updated",
	}
}

// Page says which part of a list is wanted.
type Page struct {
	Cursor string // from the page before; "" is the first page
	Limit  int    // how many at most
}

// Cards is a page of incidents, each as finished JSON.
type Cards struct {
	Items      []json.RawMessage
	NextCursor string // "" on the last page
}

// place is where a page of incidents ends: the sort key of its last item, as
// text, and the item's id.
type place struct {
	Key string    `json:"k"`
	ID  uuid.UUID `json:"i"`
}

// Incidents is a page of the incidents that match, in the order asked for; ties
// are broken by id.
func (l *Ledger) Incidents(ctx context.Context, f Filter, sort Sort, page Page) (Cards, error) {
	scope := []any{"incidents", sort, f}
	args := dbsqlc.IncidentListParams{Sort: string(sort), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		var from place
		if err := decodeCursor(scope, page.Cursor, &from); err != nil {
			return Cards{}, err
		}
		if err := from.follow(&args); err != nil {
			return Cards{}, err
		}
	}
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return Cards{}, fromPostgres(err)
	}
	if args.Filter, err = c.json(); err != nil {
		return Cards{}, err
	}
	rows, err := l.q.IncidentList(ctx, l.search, args)
	if err != nil {
		return Cards{}, fmt.Errorf("list incidents: %w", fromPostgres(err))
	}
	out := Cards{Items: make([]json.RawMessage, 0, len(rows))}
	for i, row := range rows {
		if i == page.Limit {
			last := rows[i-1]
			out.NextCursor, err = encodeCursor(scope, place{Key: last.SortKey, ID: last.ID})
			return out, err
		}
		out.Items = append(out.Items, row.Card)
	}
	return out, nil
}

// follow makes a list begin behind the place.
func (p place) follow(args *dbsqlc.IncidentListParams) error {
	args.After, args.AfterID = true, p.ID
	var err error
	switch key := strings.TrimPrefix(args.Sort, "-"); key {
	case "victims", "victims_low":
		args.AfterNumber, err = strconv.ParseInt(p.Key, 10, 64)
	case "updated":
		var micros int64
		micros, err = strconv.ParseInt(p.Key, 10, 64)
		args.AfterTime = time.UnixMicro(micros).UTC()
	default:
		args.AfterDate = p.Key
	}
	if err != nil {
		return ErrCursor
	}
	return nil
}
