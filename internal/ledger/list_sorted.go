package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// sorted is a page of a list in the order of a sort key.
func (l *Ledger) sorted(ctx context.Context, f Filter, sort Sort, page Page) (listed, error) {
	args, err := l.listArgs(ctx, f, sort, page)
	if err != nil {
		return listed{}, err
	}
	rows, err := l.q.IncidentList(ctx, l.search, args)
	if rest := args.Most - int32(len(rows)); err == nil && rest > 0 && goesUp(args.Sort) && !args.Unknown {
		args.Most = rest
		up(&args, true)
		var unknown []dbsqlc.IncidentListRow
		unknown, err = l.q.IncidentList(ctx, l.search, args)
		rows = append(rows, unknown...)
	}
	if err != nil {
		return listed{}, fmt.Errorf("list incidents: %w", fromPostgres(err))
	}
	out, err := pageOf(len(rows), func(i int) (place, Card) {
		row := &rows[i]
		return place{row.SortKey, row.ID}, Card{stored: row.Card, duplicates: row.PossibleDuplicates}
	}, listScope(f, sort), page.Limit)
	out.filter = args.Filter
	return out, err
}

// The sort keys of what is not known: below all that is.
const (
	unknownNumber = -1
	unknownDate   = "-infinity"
)

// goesUp reports whether a list begins with the smallest of what is known, and ends
// with what is not.
func goesUp(sort string) bool {
	return sort == "victims" || sort == "victims_low" || sort == "disclosed" || sort == "occurred"
}

// up makes a list that goes up begin with what is known, or be of the rest alone.
func up(args *dbsqlc.IncidentListParams, unknown bool) {
	args.After, args.AfterNumber, args.AfterDate = true, unknownNumber, unknownDate
	if args.Unknown, args.AfterID = unknown, uuid.Max; unknown {
		args.AfterID = uuid.Nil
	}
}

func (l *Ledger) listArgs(ctx context.Context, f Filter, sort Sort, page Page) (dbsqlc.IncidentListParams, error) {
	args := dbsqlc.IncidentListParams{Sort: string(sort), Most: int32(page.Limit) + 1}
	if goesUp(args.Sort) {
		up(&args, false)
	}
	if !slices.Contains(Sorts(), string(sort)) {
		return args, incidents.Problems{{Pointer: "/sort", Detail: "is not an order of this list", Allowed: append(Sorts(), string(Relevance))}}
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
	c.Walked = true
	args.Filter, err = c.json()
	return args, err
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
		if p.Key != "infinity" && p.Key != "-infinity" && !isDay(p.Key) {
			return ErrCursor
		}
	}
	if err != nil {
		return ErrCursor
	}
	args.Unknown = goesUp(args.Sort) && (p.Key == strconv.Itoa(unknownNumber) || p.Key == unknownDate)
	return nil
}
