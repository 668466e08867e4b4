package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ResponseItem is a response as the list of them shows it: as its incident's document
// has it, with what the reader would have to look up there.
type ResponseItem struct {
	Incident            ResponseIncident `json:"incident"`
	Roles               []incidents.Role `json:"roles" doc:"The roles that whoever answers has in the incident"`
	DaysAfterDisclosure *int64           `json:"days_after_disclosure" doc:"From the day the incident became public to that of the response, below 0 when it came before; null unless both are known to the day"`
	Promise             PromiseState     `json:"promise,omitempty" enum:"open,kept,broken,overdue" doc:"What became of a promise; absent when nothing was promised"`
	Denies              *Accusation      `json:"denies,omitempty" doc:"The accusation that a denial answers, whose id is in answers; absent when it answers none in particular"`
	incidents.Response
}

// Accusation is an attribution in short: who is said to have done it, and by whom.
type Accusation struct {
	Accused  incidents.ActorRef  `json:"accused"`
	Claimant *incidents.ActorRef `json:"claimant,omitempty" doc:"Who says so; absent = the source itself"`
}

// ResponseIncident is the incident that a response is about.
type ResponseIncident struct {
	ID        uuid.UUID             `json:"id"`
	Slug      string                `json:"slug"`
	Title     string                `json:"title"`
	Disclosed incidents.PartialDate `json:"disclosed" doc:"When it became public"`
}

// ResponseListScope says which responses a list is about: those in the incidents that
// match, given in some period. Kinds, sectors and actors of the filter bound who
// answered, its kinds of response the responses themselves.
type ResponseListScope struct {
	ResponseScope
	Statuses []incidents.ResponseStatus
}

// ResponseCounts is how many responses there are of each kind.
type ResponseCounts struct {
	ByKind  map[incidents.ResponseKind]int64 `json:"by_kind" doc:"Of all that match, whatever kinds are asked for"`
	Counted int64                            `json:"counted" doc:"How many responses were counted"`
	Bounded bool                             `json:"bounded" doc:"No more than counted were counted, and more may match: the counts are those of the latest"`
}

// responsesCounted is how many responses are counted by kind.
const responsesCounted = 10_000

// responsePlace is where a page of responses ends.
type responsePlace struct {
	Date     string    `json:"d"`
	Incident uuid.UUID `json:"n"`
	ID       uuid.UUID `json:"i"`
}

func responseCursorScope(s ResponseListScope) any { return []any{"response list", s} }

// ResponseList is a page of responses, the latest first, those without a date last, and
// where the next page begins ("" on the last).
func (l *Ledger) ResponseList(ctx context.Context, s ResponseListScope, page Page) (items []ResponseItem, next string, err error) {
	page = page.bounded()
	items = []ResponseItem{}
	err = l.snapshot(ctx, func(tx pgx.Tx) error {
		args, err := l.responseListArgs(ctx, tx, s, page)
		if err != nil {
			return err
		}
		rows, err := l.q.ResponseList(ctx, tx, args)
		if err != nil {
			return fmt.Errorf("list responses: %w", fromPostgres(err))
		}
		key := func(i int) claimKey { return claimKey{rows[i].IncidentID, rows[i].ID} }
		shown, proof, err := l.responseEvidence(ctx, tx, min(len(rows), page.Limit), key)
		if err != nil {
			return err
		}
		if len(rows) > shown {
			rows = rows[:shown]
			last := rows[shown-1]
			after := responsePlace{Date: unknownDate, Incident: last.IncidentID, ID: last.ID}
			if last.Date != nil {
				after.Date = last.Date.Format(time.DateOnly)
			}
			if next, err = encodeCursor(responseCursorScope(s), after); err != nil {
				return err
			}
		}
		for i, row := range rows {
			items = append(items, responseItem(row, proof[key(i)]))
		}
		return nil
	})
	return items, next, err
}

// ResponseCounts counts the responses of a list by kind.
func (l *Ledger) ResponseCounts(ctx context.Context, s ResponseListScope) (ResponseCounts, error) {
	out := ResponseCounts{ByKind: map[incidents.ResponseKind]int64{}}
	s.Filter.Responses = nil
	err := l.snapshot(ctx, func(tx pgx.Tx) error {
		a, err := l.responseListArgs(ctx, tx, s, Page{})
		if err != nil {
			return err
		}
		rows, err := l.q.ResponseCounts(ctx, tx, dbsqlc.ResponseCountsParams{
			Filter: a.Filter, From: a.From, To: a.To, ActorIds: a.ActorIds, ActorKinds: a.ActorKinds, Sectors: a.Sectors, Statuses: a.Statuses,
			Most: responsesCounted,
		})
		if err != nil {
			return fmt.Errorf("count responses: %w", fromPostgres(err))
		}
		for _, row := range rows {
			out.ByKind[row.Kind] = row.Responses
			out.Counted += row.Responses
		}
		return nil
	})
	out.Bounded = out.Counted == responsesCounted
	return out, err
}

func (l *Ledger) responseListArgs(ctx context.Context, tx dbsqlc.DBTX, s ResponseListScope, page Page) (dbsqlc.ResponseListParams, error) {
	of, err := l.responseArgs(ctx, tx, s.ResponseScope)
	if err != nil {
		return dbsqlc.ResponseListParams{}, err
	}
	args := dbsqlc.ResponseListParams{
		Today: of.Today, Filter: of.Filter, From: of.From, To: of.To, ActorIds: of.ActorIds, ActorKinds: of.Kinds, Sectors: of.Sectors,
		Kinds: texts(s.Filter.Responses), Statuses: texts(s.Statuses), AfterDate: unknownDate, Most: int32(page.Limit) + 1,
	}
	var problems incidents.Problems
	filterTerms(&problems, "/status", s.Statuses)
	if err := problems.OrNil(); err != nil || page.Cursor == "" {
		return args, err
	}
	var after responsePlace
	if err := decodeCursor(responseCursorScope(s), page.Cursor, &after); err != nil {
		return args, err
	}
	if !isDay(after.Date) && after.Date != unknownDate {
		return args, ErrCursor
	}
	args.After, args.AfterDate, args.AfterIncident, args.AfterID = true, after.Date, after.Incident, after.ID
	return args, nil
}

func responseItem(row dbsqlc.ResponseListRow, evidence []incidents.Evidence) ResponseItem {
	item := ResponseItem{
		Incident: ResponseIncident{
			ID: row.IncidentID, Slug: row.IncidentSlug, Title: row.IncidentTitle, Disclosed: dateOf(row.Disclosed, row.DisclosedPrecision),
		},
		Roles: row.Roles, Promise: PromiseState(row.Promise),
		Response: derived(incidents.Response{
			Claim:    incidents.Claim{ID: row.ID, Evidence: orEmpty(evidence)},
			Actor:    incidents.Actor{ID: row.ActorID, Slug: row.ActorSlug, Name: row.ActorName, Kind: row.ActorKind, Sector: row.ActorSector}.Ref(),
			SpokenBy: row.SpokenBy, Kind: row.Kind, Status: row.Status, Date: dateOf(row.Date, row.DatePrecision), Due: dateOf(row.Due, row.DuePrecision),
			Fulfils: claimRef(row.Fulfils), Answers: claimRef(row.Answers), Summary: row.Summary, ViaUnnamedSource: row.ViaUnnamedSource,
		}),
	}
	if row.AccusedID != nil {
		item.Denies = &Accusation{Accused: incidents.Actor{
			ID: *row.AccusedID, Slug: row.AccusedSlug, Name: row.AccusedName, Kind: row.AccusedKind, Sector: row.AccusedSector,
		}.Ref()}
	}
	if row.ClaimantID != nil {
		item.Denies.Claimant = new(incidents.Actor{
			ID: *row.ClaimantID, Slug: row.ClaimantSlug, Name: row.ClaimantName, Kind: row.ClaimantKind, Sector: row.ClaimantSector,
		}.Ref())
	}
	if said, public := item.Date, item.Incident.Disclosed; said.Precision() == incidents.ToDay && public.Precision() == incidents.ToDay {
		item.DaysAfterDisclosure = new(int64(said.First().Sub(public.First()) / (24 * time.Hour)))
	}
	return item
}

// derived is a response with what follows from its evidence, as in the document.
func derived(r incidents.Response) incidents.Response {
	in := incidents.Incident{Responses: []incidents.Response{r}}
	in.Derive()
	return in.Responses[0]
}

// claimKey names a claim: its id is its own only within its incident.
type claimKey struct{ incident, claim uuid.UUID }

// mostEvidence is how many bytes of evidence the responses of one page have: what goes
// beyond it is on the next page. One response alone may have more.
const mostEvidence = 4 << 20

// responseEvidence says how many of the first most responses fit on a page, and reads
// their evidence. of names each of them.
func (l *Ledger) responseEvidence(ctx context.Context, db dbsqlc.DBTX, most int, of func(i int) claimKey) (shown int, proof map[claimKey][]incidents.Evidence, err error) {
	args := dbsqlc.ResponseEvidenceParams{IncidentIds: make([]uuid.UUID, most), ResponseIds: make([]uuid.UUID, most)}
	for i := range most {
		args.IncidentIds[i], args.ResponseIds[i] = of(i).incident, of(i).claim
	}
	sizes, err := l.q.ResponseSizes(ctx, db, dbsqlc.ResponseSizesParams(args))
	if err != nil {
		return 0, nil, fmt.Errorf("measure the evidence of responses: %w", fromPostgres(err))
	}
	sizeOf := make(map[claimKey]int64, len(sizes))
	for _, row := range sizes {
		sizeOf[claimKey{row.IncidentID, orZero(row.ResponseID)}] = row.Size
	}
	for size := int64(0); shown < most; shown++ {
		if size += sizeOf[of(shown)]; size > mostEvidence && shown > 0 {
			break
		}
	}
	args.IncidentIds, args.ResponseIds = args.IncidentIds[:shown], args.ResponseIds[:shown]
	rows, err := l.q.ResponseEvidence(ctx, db, args)
	if err != nil {
		return 0, nil, fmt.Errorf("read the evidence of responses: %w", fromPostgres(err))
	}
	proof = map[claimKey][]incidents.Evidence{}
	for _, row := range rows {
		s := incidents.Source{ID: row.SourceID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher)}
		e := incidents.Evidence{Source: s.Ref(), Quote: orZero(row.Quote)}
		if row.QuoteStart != nil && row.QuoteEnd != nil {
			e.Start, e.End = new(int(*row.QuoteStart)), new(int(*row.QuoteEnd))
		}
		key := claimKey{row.IncidentID, orZero(row.ResponseID)}
		proof[key] = append(proof[key], e)
	}
	return shown, proof, nil
}
