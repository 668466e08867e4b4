package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
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
	Limit  int    // how many at most; 0 is DefaultLimit
}

// Pages are of DefaultLimit items when no limit is given, and at most of MaxLimit.
const (
	DefaultLimit = 20
	MaxLimit     = 1000
)

// bounded is the page with a limit that can be served.
func (p Page) bounded() Page {
	if p.Limit <= 0 {
		p.Limit = DefaultLimit
	}
	p.Limit = min(p.Limit, MaxLimit)
	return p
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
// are broken by id. No sort is the first of [Sorts].
func (l *Ledger) Incidents(ctx context.Context, f Filter, sort Sort, page Page) (Cards, error) {
	page = page.bounded()
	if sort == "" {
		sort = Sort(Sorts()[0])
	}
	args, err := l.listArgs(ctx, f, sort, page)
	if err != nil {
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
			out.NextCursor, err = encodeCursor(listScope(f, sort), place{Key: last.SortKey, ID: last.ID})
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
		if year := args.AfterTime.Year(); year < 1 || year > 9999 {
			return ErrCursor
		}
	default:
		args.AfterDate = p.Key
		if p.Key != "infinity" && p.Key != "-infinity" {
			_, err = time.Parse(time.DateOnly, p.Key)
		}
	}
	if err != nil {
		return ErrCursor
	}
	return nil
}

// listScope is what a cursor of a list belongs to.
func listScope(f Filter, sort Sort) any { return []any{"incidents", sort, f} }

func (l *Ledger) listArgs(ctx context.Context, f Filter, sort Sort, page Page) (dbsqlc.IncidentListParams, error) {
	args := dbsqlc.IncidentListParams{Sort: string(sort), Most: int32(page.Limit) + 1}
	if !slices.Contains(Sorts(), string(sort)) {
		return args, incidents.Problems{{Pointer: "/sort", Detail: "is not an order of this list", Allowed: Sorts()}}
	}
	if page.Cursor != "" {
		var from place
		if err := decodeCursor(listScope(f, sort), page.Cursor, &from); err != nil {
			return args, err
		}
		if err := from.follow(&args); err != nil {
			return args, err
		}
	}
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return args, fromPostgres(err)
	}
	args.Filter, err = c.json()
	return args, err
}
