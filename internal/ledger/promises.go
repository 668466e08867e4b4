package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// PromiseState is what became of a promise, as far as it is recorded.
type PromiseState string

// The states. A promise is overdue when the last day that its due date can mean
// has passed (UTC) and nothing is recorded that keeps or breaks it.
const (
	PromiseOpen    PromiseState = "open"
	PromiseKept    PromiseState = "kept"
	PromiseBroken  PromiseState = "broken"
	PromiseOverdue PromiseState = "overdue"
)

// PromiseStates lists the states.
func PromiseStates() []string {
	return []string{string(PromiseOpen), string(PromiseKept), string(PromiseBroken), string(PromiseOverdue)}
}

// PromiseReport is a page of promises.
type PromiseReport struct {
	Counts     PromiseCounts `json:"counts" doc:"Of all that match, whatever the state asked for"`
	Promises   []Promise     `json:"promises" doc:"The ones due first come first, those without a due date last"`
	NextCursor *string       `json:"next_cursor"`
}

// PromiseCounts is how many promises are in which state.
type PromiseCounts struct {
	Open    int64 `json:"open"`
	Kept    int64 `json:"kept"`
	Broken  int64 `json:"broken"`
	Overdue int64 `json:"overdue"`
	Counted int64 `json:"counted" doc:"How many promises were counted"`
	Bounded bool  `json:"bounded" doc:"No more than counted were counted, and more may match: the counts are those of the ones due first"`
}

// promisesCounted is how many promises are counted by state.
const promisesCounted = 10_000

// Promise is a response that promises something, or one that is recorded as a
// broken promise.
type Promise struct {
	ID               uuid.UUID              `json:"id" doc:"The response's id within its incident"`
	Incident         PromiseIncident        `json:"incident"`
	Actor            ReportActor            `json:"actor"`
	SpokenBy         string                 `json:"spoken_by,omitempty" doc:"The person who spoke for it"`
	Kind             incidents.ResponseKind `json:"kind"`
	State            PromiseState           `json:"state" enum:"open,kept,broken,overdue"`
	MadeOn           incidents.PartialDate  `json:"made_on" doc:"When it was promised; null when not known, or when only the failure is recorded"`
	Due              incidents.PartialDate  `json:"due" doc:"Until when it is to be kept"`
	KeptOn           incidents.PartialDate  `json:"kept_on" doc:"The date of the response that keeps it"`
	BrokenOn         incidents.PartialDate  `json:"broken_on" doc:"The date of the response that breaks it"`
	SettledBy        *uuid.UUID             `json:"settled_by" doc:"The id of the response that keeps or breaks it"`
	Summary          string                 `json:"summary,omitempty"`
	ViaUnnamedSource bool                   `json:"via_unnamed_source" doc:"Known only from somebody whom the source does not name"`
	Support          incidents.Support      `json:"support"`
	Evidence         []incidents.Evidence   `json:"evidence"`
}

// PromiseIncident is the incident that a promise is about.
type PromiseIncident struct {
	ID    uuid.UUID `json:"id"`
	Slug  string    `json:"slug"`
	Title string    `json:"title"`
}

// PromiseScope says which promises a report is about: those in the incidents
// that match, made in some period, in some states. Kinds, sectors and actors of
// the filter bound who promised, its kinds of response what was promised.
type PromiseScope struct {
	Filter   Filter
	From, To incidents.PartialDate // when it was promised; broken, where only that is recorded
	States   []PromiseState        // none: all
}

// promisePlace is where a page of promises ends.
type promisePlace struct {
	Due      string    `json:"d"`
	Incident uuid.UUID `json:"n"`
	ID       uuid.UUID `json:"i"`
}

const neverDue = "infinity"

// Promises reports what was promised and what became of it.
func (l *Ledger) Promises(ctx context.Context, s PromiseScope, page Page) (PromiseReport, error) {
	page = page.bounded()
	out := PromiseReport{Promises: []Promise{}}
	err := l.snapshot(ctx, func(tx pgx.Tx) error {
		args, err := l.promiseArgs(ctx, tx, s, page)
		if err != nil {
			return err
		}
		if out.Counts, err = l.promiseCounts(ctx, tx, args); err != nil {
			return err
		}
		rows, err := l.q.PromiseList(ctx, tx, args)
		if err != nil {
			return fmt.Errorf("report promises: %w", err)
		}
		key := func(i int) claimKey { return claimKey{rows[i].IncidentID, rows[i].ID} }
		shown, proof, err := l.responseEvidence(ctx, tx, min(len(rows), page.Limit), key)
		if err != nil {
			return err
		}
		if len(rows) > shown {
			rows = rows[:shown]
			last := rows[shown-1]
			after := promisePlace{Due: neverDue, Incident: last.IncidentID, ID: last.ID}
			if last.Due != nil {
				after.Due = last.Due.Format(time.DateOnly)
			}
			cursor, err := encodeCursor(promiseCursorScope(s), after)
			if err != nil {
				return err
			}
			out.NextCursor = &cursor
		}
		for i, row := range rows {
			out.Promises = append(out.Promises, promiseOf(row, proof[key(i)]))
		}
		return nil
	})
	return out, err
}

func promiseCursorScope(s PromiseScope) any { return []any{"promises", s} }

func (l *Ledger) promiseArgs(ctx context.Context, tx dbsqlc.DBTX, s PromiseScope, page Page) (dbsqlc.PromiseListParams, error) {
	args := dbsqlc.PromiseListParams{
		Today: l.now().UTC().Truncate(24 * time.Hour), ActorIds: []uuid.UUID{}, Most: int32(page.Limit) + 1,
		Kinds: texts(s.Filter.ActorKinds), Sectors: texts(s.Filter.Sectors), Responses: texts(s.Filter.Responses), States: texts(s.States),
		AfterDue: neverDue,
	}
	for _, state := range s.States {
		if !slices.Contains(PromiseStates(), string(state)) {
			return args, incidents.Problems{{Pointer: "/state", Detail: "is not a state of a promise", Allowed: PromiseStates()}}
		}
	}
	if page.Cursor != "" {
		var after promisePlace
		if err := decodeCursor(promiseCursorScope(s), page.Cursor, &after); err != nil {
			return args, err
		}
		if !isDay(after.Due) && after.Due != neverDue {
			return args, ErrCursor
		}
		args.After, args.AfterDue, args.AfterIncident, args.AfterID = true, after.Due, after.Incident, after.ID
	}
	c, err := l.criteria(ctx, tx, s.Filter)
	if err != nil {
		return args, err
	}
	args.ActorIds = orEmpty(c.actors)
	args.From, args.To = period(s.From, s.To)
	args.Filter, err = c.json()
	return args, err
}

func (l *Ledger) promiseCounts(ctx context.Context, db dbsqlc.DBTX, a dbsqlc.PromiseListParams) (out PromiseCounts, err error) {
	rows, err := l.q.PromiseCounts(ctx, db, promiseCountArgs(a))
	if err != nil {
		return out, fmt.Errorf("count promises: %w", err)
	}
	for _, row := range rows {
		switch PromiseState(row.State) {
		case PromiseOpen:
			out.Open = row.Promises
		case PromiseKept:
			out.Kept = row.Promises
		case PromiseBroken:
			out.Broken = row.Promises
		case PromiseOverdue:
			out.Overdue = row.Promises
		}
	}
	out.Counted = out.Open + out.Kept + out.Broken + out.Overdue
	out.Bounded = out.Counted == promisesCounted
	return out, nil
}

func promiseCountArgs(a dbsqlc.PromiseListParams) dbsqlc.PromiseCountsParams {
	return dbsqlc.PromiseCountsParams{
		Today: a.Today, Filter: a.Filter, From: a.From, To: a.To, ActorIds: a.ActorIds, Kinds: a.Kinds, Sectors: a.Sectors,
		Responses: a.Responses, Most: promisesCounted,
	}
}

func promiseOf(row dbsqlc.PromiseListRow, evidence []incidents.Evidence) Promise {
	p := Promise{
		ID: row.ID, Incident: PromiseIncident{ID: row.IncidentID, Slug: row.IncidentSlug, Title: row.IncidentTitle},
		Actor:    ReportActor{Slug: row.ActorSlug, Name: row.ActorName, Kind: row.ActorKind, Sector: row.ActorSector},
		SpokenBy: row.SpokenBy, Kind: row.Kind, State: PromiseState(row.State), MadeOn: dateOf(row.Date, row.DatePrecision),
		Due: dateOf(row.Due, row.DuePrecision), SettledBy: nullable(row.SettledBy), Summary: row.Summary,
		ViaUnnamedSource: row.ViaUnnamedSource, Evidence: orEmpty(evidence),
	}
	settled := dateOf(row.Settled, row.SettledPrecision)
	if row.Status == incidents.Broken { // the failure itself, without its promise
		p.MadeOn, settled = incidents.PartialDate{}, p.MadeOn
	}
	switch p.State {
	case PromiseKept:
		p.KeptOn = settled
	case PromiseBroken:
		p.BrokenOn = settled
	case PromiseOpen, PromiseOverdue:
	}
	p.Support = derived(incidents.Response{Claim: incidents.Claim{Evidence: p.Evidence}}).Support
	return p
}
