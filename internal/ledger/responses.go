package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ResponseReport is how organisations answered.
type ResponseReport struct {
	Incidents  int64                            `json:"incidents" doc:"Incidents that match"`
	Unanswered int64                            `json:"unanswered" doc:"Those with somebody breached, of whom nobody has a recorded response"`
	Undated    int64                            `json:"undated" doc:"Responses without a date, which from and to leave out"`
	ByKind     map[incidents.ResponseKind]int64 `json:"by_kind"`
	Actors     []ActorResponses                 `json:"actors" doc:"Everyone breached, even without a response, and everyone who answered"`
	NextCursor *string                          `json:"next_cursor"`
}

// ActorResponses is how one organisation answered.
type ActorResponses struct {
	Actor         ReportActor                      `json:"actor"`
	Incidents     int64                            `json:"incidents"`
	Unanswered    int64                            `json:"unanswered" doc:"Incidents in which it was breached and to which it has no recorded response"`
	Responses     int64                            `json:"responses"`
	ByKind        map[incidents.ResponseKind]int64 `json:"by_kind"`
	Promised      int64                            `json:"promised" doc:"Promises made, including those of which only the failure is recorded"`
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
		if rolled {
			err = l.rolledResponses(ctx, tx, payment, args, &out)
		} else {
			err = l.responsesOf(ctx, tx, args, &out)
		}
		if err != nil {
			return err
		}
		return out.cut(scope, page.Limit)
	})
	return out, err
}

// responsesOf fills in the totals, and one actor more than fit on the page, of the
// responses themselves.
func (l *Ledger) responsesOf(ctx context.Context, tx pgx.Tx, args dbsqlc.ResponseActorsParams, out *ResponseReport) error {
	rows, err := l.q.ResponseActors(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("report responses: actors: %w", err)
	}
	slugs, at := make([]string, len(rows)), make(map[string]int, len(rows))
	for i, row := range rows {
		slugs[i], at[row.Slug] = row.Slug, i
		out.Actors = append(out.Actors, answersOf(row))
	}
	totals, err := l.q.ResponseTotals(ctx, tx, totalsArgs(args, slugs))
	if err != nil {
		return fmt.Errorf("report responses: totals: %w", err)
	}
	for _, t := range totals {
		out.Incidents, out.Unanswered = t.Incidents, t.Unanswered
		out.Undated += t.Undated
		if t.Kind == nil || t.Responses == 0 {
			continue
		}
		out.ByKind[*t.Kind] += t.Responses
		if i, ok := at[t.Slug]; ok {
			out.Actors[i].ByKind[*t.Kind] = t.Responses
		}
	}
	return nil
}

// totalsArgs ask for the totals of a report, and for the kinds of the actors of its page.
func totalsArgs(args dbsqlc.ResponseActorsParams, page []string) dbsqlc.ResponseTotalsParams {
	return dbsqlc.ResponseTotalsParams{
		Page: page, Filter: args.Filter, From: args.From, To: args.To, ActorIds: args.ActorIds, Kinds: args.Kinds, Sectors: args.Sectors,
	}
}

func (l *Ledger) responseArgs(ctx context.Context, tx dbsqlc.DBTX, s ResponseScope) (dbsqlc.ResponseActorsParams, error) {
	args := dbsqlc.ResponseActorsParams{
		Today: l.now().UTC().Truncate(24 * time.Hour), Kinds: texts(s.Filter.ActorKinds), Sectors: texts(s.Filter.Sectors),
	}
	c, err := l.criteria(ctx, tx, s.Filter)
	if err != nil {
		return args, err
	}
	if args.Filter, err = c.json(); err != nil {
		return args, err
	}
	args.ActorIds = orEmpty(c.actors)
	args.From, args.To = period(s.From, s.To)
	return args, nil
}

// cut leaves out what does not fit on the page, and says where the next one begins.
func (r *ResponseReport) cut(scope any, limit int) error {
	if len(r.Actors) <= limit {
		return nil
	}
	r.Actors = r.Actors[:limit]
	last := r.Actors[limit-1]
	cursor, err := encodeCursor(scope, actorPlace{last.Incidents, last.Responses, last.Actor.Slug})
	r.NextCursor = &cursor
	return err
}

// answersOf are those of an actor, but for their kinds.
func answersOf(row dbsqlc.ResponseActorsRow) ActorResponses {
	a := ActorResponses{
		Actor:     ReportActor{Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector},
		Incidents: row.Incidents, Unanswered: row.Unanswered, Responses: row.Responses, ByKind: map[incidents.ResponseKind]int64{},
		Promised: row.Promised, Kept: row.Kept, Broken: row.Broken, Overdue: row.Overdue,
		FirstResponse: FirstResponse{MeasuredFrom: string(ByDisclosed), Incidents: row.Measured},
	}
	if row.Measured > 0 {
		a.FirstResponse.MedianDays = &row.MedianDays
	}
	return a
}
