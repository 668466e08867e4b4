package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ResponseReport is how organisations answered.
type ResponseReport struct {
	Incidents  int64                            `json:"incidents" doc:"Incidents that match"`
	Unanswered int64                            `json:"unanswered" doc:"Those with somebody breached and no recorded response of theirs"`
	Undated    int64                            `json:"undated" doc:"Responses without a date, which from and to leave out"`
	ByKind     map[incidents.ResponseKind]int64 `json:"by_kind"`
	Actors     []ActorResponses                 `json:"actors" doc:"Everyone breached, also without a response, and everyone who answered"`
	NextCursor *string                          `json:"next_cursor"`
}

// ActorResponses is how one organisation answered.
type ActorResponses struct {
	Actor         ReportActor                      `json:"actor"`
	Incidents     int64                            `json:"incidents"`
	Unanswered    int64                            `json:"unanswered" doc:"Incidents that breached it and that it has no recorded response to"`
	Responses     int64                            `json:"responses"`
	ByKind        map[incidents.ResponseKind]int64 `json:"by_kind"`
	Promised      int64                            `json:"promised" doc:"Promises made; one of which only the failure is recorded was made too"`
	Kept          int64                            `json:"kept"`
	Broken        int64                            `json:"broken" doc:"Promises that a response says were broken, or of which only the failure is recorded"`
	Overdue       int64                            `json:"overdue" doc:"Promises past their due date and not kept"`
	FirstResponse FirstResponse                    `json:"first_response"`
}

// ReportActor is an actor as reports show it.
type ReportActor struct {
	Slug   string              `json:"slug"`
	Name   string              `json:"name"`
	Kind   incidents.ActorKind `json:"kind"`
	Sector incidents.Sector    `json:"sector"`
}

// FirstResponse is how long the first response took. Days count only between
// two dates that are known to the day.
type FirstResponse struct {
	MeasuredFrom string   `json:"measured_from" enum:"disclosed"`
	MedianDays   *float64 `json:"median_days"`
	Incidents    int64    `json:"incidents" doc:"Incidents in which the days could be counted"`
}

// ResponseScope says what a report of responses is about: incidents, and within
// them the responses of some period. Kinds, sectors and actors of the filter
// bound the rows too.
type ResponseScope struct {
	Filter   Filter
	From, To incidents.PartialDate // of the response
}

type actorPlace struct {
	Incidents int64  `json:"n"`
	Responses int64  `json:"r"`
	Slug      string `json:"s"`
}

// Responses reports how organisations answered.
func (l *Ledger) Responses(ctx context.Context, s ResponseScope, page Page) (ResponseReport, error) {
	page = page.bounded()
	scope := []any{"responses", s}
	var after actorPlace
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return ResponseReport{}, err
		}
		if !incidents.ValidSlug(after.Slug) {
			return ResponseReport{}, ErrCursor
		}
	}
	out := ResponseReport{ByKind: map[incidents.ResponseKind]int64{}, Actors: []ActorResponses{}}
	payment, rolled := false, false
	if s.From.IsZero() && s.To.IsZero() {
		var err error
		if payment, rolled, err = l.fromSums(ctx, s.Filter); err != nil {
			return out, fmt.Errorf("report responses: %w", fromPostgres(err))
		}
	}
	err := l.snapshot(ctx, func(tx pgx.Tx) error {
		args, err := l.responseArgs(ctx, tx, s)
		if err != nil {
			return err
		}
		args.After = page.Cursor != ""
		args.AfterIncidents, args.AfterResponses, args.AfterSlug = after.Incidents, after.Responses, after.Slug
		args.Most = int32(page.Limit) + 1
		var rows []dbsqlc.ResponseActorsRow
		if rolled {
			rows, err = l.rolledResponses(ctx, tx, payment, args, &out)
		} else {
			rows, err = l.responsesOf(ctx, tx, args, &out)
		}
		if err != nil {
			return err
		}
		return out.fill(rows, scope, page.Limit)
	})
	return out, err
}

// responsesOf fills in the totals, and returns the rows of the page, of the
// responses themselves.
func (l *Ledger) responsesOf(ctx context.Context, tx pgx.Tx, args dbsqlc.ResponseActorsParams, out *ResponseReport) ([]dbsqlc.ResponseActorsRow, error) {
	totals, err := l.q.ResponseTotals(ctx, tx, dbsqlc.ResponseTotalsParams{
		Filter: args.Filter, ActorIds: args.ActorIds, Kinds: args.Kinds, Sectors: args.Sectors,
	})
	if err != nil {
		return nil, fmt.Errorf("report responses: totals: %w", err)
	}
	out.Incidents, out.Unanswered, out.Undated = totals.Incidents, totals.Unanswered, totals.Undated
	kinds, err := l.q.ResponseKinds(ctx, tx, dbsqlc.ResponseKindsParams{
		Filter: args.Filter, From: args.From, To: args.To, ActorIds: args.ActorIds, Kinds: args.Kinds, Sectors: args.Sectors,
	})
	if err != nil {
		return nil, fmt.Errorf("report responses: kinds: %w", err)
	}
	for _, k := range kinds {
		out.ByKind[k.Kind] = k.Responses
	}
	rows, err := l.q.ResponseActors(ctx, tx, args)
	if err != nil {
		return nil, fmt.Errorf("report responses: actors: %w", err)
	}
	return rows, nil
}

func (l *Ledger) responseArgs(ctx context.Context, tx pgx.Tx, s ResponseScope) (dbsqlc.ResponseActorsParams, error) {
	args := dbsqlc.ResponseActorsParams{Today: l.now().UTC().Truncate(24 * time.Hour), ActorIds: []uuid.UUID{}, Kinds: []string{}, Sectors: []string{}}
	c, err := l.criteria(ctx, tx, s.Filter)
	if err != nil {
		return args, err
	}
	if args.Filter, err = c.json(); err != nil {
		return args, err
	}
	args.ActorIds = orEmpty(c.Actor)
	for _, k := range s.Filter.ActorKinds {
		args.Kinds = append(args.Kinds, string(k))
	}
	for _, k := range s.Filter.Sectors {
		args.Sectors = append(args.Sectors, string(k))
	}
	if !s.From.IsZero() {
		args.From = nullable(s.From.First())
	}
	if !s.To.IsZero() {
		args.To = nullable(s.To.Last())
	}
	return args, nil
}

func (r *ResponseReport) fill(rows []dbsqlc.ResponseActorsRow, scope any, limit int) error {
	for i, row := range rows {
		if i == limit {
			last := rows[i-1]
			cursor, err := encodeCursor(scope, actorPlace{last.Incidents, last.Responses, last.Slug})
			r.NextCursor = &cursor
			return err
		}
		a := ActorResponses{
			Actor:     ReportActor{Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector},
			Incidents: row.Incidents, Unanswered: row.Unanswered, Responses: row.Responses, ByKind: map[incidents.ResponseKind]int64{},
			Promised: row.Promised, Kept: row.Kept, Broken: row.Broken, Overdue: row.Overdue,
			FirstResponse: FirstResponse{MeasuredFrom: string(ByDisclosed), Incidents: row.Measured},
		}
		if err := json.Unmarshal(row.ByKind, &a.ByKind); err != nil {
			return fmt.Errorf("read the kinds of %s: %w", row.Slug, err)
		}
		if row.Measured > 0 {
			a.FirstResponse.MedianDays = &row.MedianDays
		}
		r.Actors = append(r.Actors, a)
	}
	return nil
}
