package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Similar is an incident that may be the same as another.
type Similar struct {
	ID      uuid.UUID `json:"id"`
	Slug    string    `json:"slug"`
	Title   string    `json:"title"`
	Score   float64   `json:"score" doc:"0 to 1; from 0.5 on a pair is put in the queue of likely duplicates"`
	Reasons []string  `json:"reasons"`
}

// What each sign of a duplicate adds to the score of a pair, and what one takes
// away. A shared victim by itself is no duplicate: companies are breached again.
const (
	sameBreached  = 0.4
	sameSource    = 0.25
	closeDates    = 0.25
	distantDates  = -0.4
	sameCount     = 0.35
	closeCount    = 0.2
	titleMost     = 0.4
	similarFrom   = 0.3 // shown
	duplicateFrom = 0.5 // queued
	similarMost   = 10

	closeDays   = 92
	distantDays = 550
)

// likely are the incidents that may be the same as this one, the likeliest
// first. also are candidates besides those that it finds quickly.
func (l *Ledger) likely(ctx context.Context, db dbsqlc.DBTX, in *incidents.Incident, also []uuid.UUID) ([]Similar, error) {
	rows, err := l.q.SimilarCandidates(ctx, db, l.similarTo(in, also))
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	return likeliest(in, rows), nil
}

// similarTo asks for the candidates of an incident.
func (l *Ledger) similarTo(in *incidents.Incident, also []uuid.UUID) dbsqlc.SimilarCandidatesParams {
	args := dbsqlc.SimilarCandidatesParams{
		ID: in.ID, Title: in.Title, TitleWords: l.titles.telling(in.Title), Breached: []uuid.UUID{}, SourceIds: []uuid.UUID{}, Also: orEmpty(also),
	}
	for _, p := range in.Participants {
		if p.Role.Breached() {
			args.Breached = append(args.Breached, p.Actor.ID)
		}
	}
	for _, s := range in.Sources {
		args.SourceIds = append(args.SourceIds, s.ID)
	}
	return args
}

// likeliest scores the candidates.
func likeliest(in *incidents.Incident, rows []dbsqlc.SimilarCandidatesRow) []Similar {
	out := []Similar{}
	for _, row := range rows {
		s := scored(in, row)
		if s.Score >= similarFrom {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Similar) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		default:
			return compareStrings(a.Slug, b.Slug)
		}
	})
	return out[:min(len(out), similarMost)]
}

func scored(in *incidents.Incident, row dbsqlc.SimilarCandidatesRow) Similar {
	s := Similar{ID: row.ID, Slug: row.Slug, Title: row.Title, Reasons: []string{}}
	add := func(points float64, reason string) {
		s.Score += points
		s.Reasons = append(s.Reasons, reason)
	}
	if row.SharesBreached {
		add(sameBreached, "the same organisation was breached")
	}
	if row.SharesSource {
		add(sameSource, "they share a source")
	}
	if row.TitleSimilarity >= similarFrom {
		add(titleMost*float64(row.TitleSimilarity), "their titles are alike")
	}
	if days, ok := daysApart(in, row); ok {
		switch {
		case days <= closeDays:
			add(closeDates, "their dates are "+apart(days))
		case days > distantDays:
			add(distantDates, fmt.Sprintf("but their dates are %d days apart", days))
		}
	}
	if v := in.Victims; v != nil && v.Quantity != nil && row.Victims != nil && row.VictimsUnit != nil && *v.Quantity > 0 && *row.Victims > 0 {
		larger, smaller := max(*v.Quantity, *row.Victims), min(*v.Quantity, *row.Victims)
		switch {
		case larger == smaller && v.Unit == *row.VictimsUnit:
			add(sameCount, "they state the same number of "+incidents.Label(v.Unit))
		case float64(larger) <= 1.1*float64(smaller):
			add(closeCount, "they state nearly the same number")
		}
	}
	s.Score = math.Round(min(max(s.Score, 0), 1)*100) / 100
	return s
}

// apart says how far dates are from each other.
func apart(days int) string {
	switch days {
	case 0:
		return "the same"
	case 1:
		return "a day apart"
	}
	return fmt.Sprint(days, " days apart")
}

// daysApart compares the first dates that both incidents have of one kind.
func daysApart(in *incidents.Incident, row dbsqlc.SimilarCandidatesRow) (int, bool) {
	for _, pair := range []struct {
		one   incidents.PartialDate
		other *time.Time
	}{{in.Occurred.From, row.OccurredFrom}, {in.Disclosed, row.Disclosed}} {
		if pair.one.IsZero() || pair.other == nil {
			continue
		}
		days := int(pair.one.First().Sub(*pair.other).Hours() / 24)
		return max(days, -days), true
	}
	return 0, false
}

// queueDuplicates puts the likely duplicates of an incident in the queue.
func (l *Ledger) queueDuplicates(ctx context.Context, tx pgx.Tx, in *incidents.Incident) ([]Similar, error) {
	similar, err := l.likely(ctx, tx, in, nil)
	if err != nil {
		return nil, err
	}
	q := &queue{}
	if err := l.queuePairs(ctx, q, pairsOf(in, similar)); err != nil {
		return nil, err
	}
	return similar, q.send(ctx, tx)
}

// pair is two incidents that may be the same.
type pair struct {
	one, other uuid.UUID
	similar    Similar
}

// pairsOf are those that are likely enough to be looked at.
func pairsOf(in *incidents.Incident, similar []Similar) []pair {
	var out []pair
	for _, s := range similar {
		if s.Score >= duplicateFrom {
			out = append(out, pair{in.ID, s.ID, s})
		}
	}
	return out
}

// queuePairs queues pairs to be put in the queue of duplicates, in one order for
// all writers.
func (l *Ledger) queuePairs(ctx context.Context, q *queue, pairs []pair) error {
	if len(pairs) == 0 {
		return nil
	}
	for i, p := range pairs {
		if bytes.Compare(p.one[:], p.other[:]) > 0 {
			pairs[i].one, pairs[i].other = p.other, p.one
		}
	}
	compare := func(a, b pair) int {
		return cmp.Or(bytes.Compare(a.one[:], b.one[:]), bytes.Compare(a.other[:], b.other[:]))
	}
	slices.SortStableFunc(pairs, compare)
	pairs = slices.CompactFunc(pairs, func(a, b pair) bool { return compare(a, b) == 0 })
	args := dbsqlc.DuplicatesPutParams{FoundAt: l.clock()}
	for _, p := range pairs {
		args.Firsts, args.Seconds = append(args.Firsts, p.one), append(args.Seconds, p.other)
		args.Scores, args.Reasons = append(args.Scores, float32(p.similar.Score)), append(args.Reasons, strings.Join(p.similar.Reasons, "\n"))
	}
	return l.q.DuplicatesPut(ctx, q, args)
}

// visibleTo leaves out what who asks may not see.
func (l *Ledger) visibleTo(ctx context.Context, by access.Identity, similar []Similar) ([]Similar, error) {
	if by.Role.SeesUnpublished() {
		return similar, nil
	}
	out := []Similar{}
	for _, s := range similar {
		row, err := l.q.IncidentDocumentByID(ctx, l.search, s.ID)
		if err != nil {
			return nil, fmt.Errorf("read a similar incident: %w", err)
		}
		if row.Publication == incidents.Published {
			out = append(out, s)
		}
	}
	return out, nil
}

// Similar lists the incidents that may be the same as this one, each with its
// score and reasons.
func (l *Ledger) Similar(ctx context.Context, by access.Identity, ref string) ([]Similar, error) {
	id, err := l.resolveRef(ctx, l.search, by, ref)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	documents, err := l.load(ctx, l.search, []uuid.UUID{id})
	if err != nil {
		return nil, fromPostgres(err)
	}
	titles, err := l.q.SimilarTitles(ctx, l.search, dbsqlc.SimilarTitlesParams{Title: documents[0].Title, ID: id})
	if err != nil {
		return nil, fmt.Errorf("look for similar titles: %w", fromPostgres(err))
	}
	similar, err := l.likely(ctx, l.search, documents[0], titles)
	if err != nil {
		return nil, fromPostgres(err)
	}
	return l.visibleTo(ctx, by, similar)
}

// DuplicatePair is two incidents that may be the same.
type DuplicatePair struct {
	Score   float64         `json:"score"`
	Reasons []string        `json:"reasons"`
	FoundAt time.Time       `json:"found_at"`
	First   json.RawMessage `json:"first"`
	Second  json.RawMessage `json:"second"`
}

// withDuplicates adds to a list item how many others may be the same. It depends
// on other incidents and on decisions, so it is no part of what is rendered at
// write. Of drafts, which not everybody sees, none are counted.
func withDuplicates(card json.RawMessage, others int32) json.RawMessage {
	return withMember(card, "possible_duplicates", strconv.AppendInt(nil, int64(others), 10))
}

type duplicatePlace struct {
	Score  float32   `json:"s"`
	First  uuid.UUID `json:"a"`
	Second uuid.UUID `json:"b"`
}

// Duplicates is a page of the queue of likely duplicates that nobody has
// decided on, the likeliest first, and the cursor of the next page.
func (l *Ledger) Duplicates(ctx context.Context, by access.Identity, page Page) ([]DuplicatePair, string, error) {
	page = page.bounded()
	scope := []any{"duplicates"}
	args := dbsqlc.DuplicateListParams{AnyPublication: by.Role.SeesUnpublished(), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		var after duplicatePlace
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return nil, "", err
		}
		args.After, args.AfterScore, args.AfterFirst, args.AfterSecond = true, after.Score, after.First, after.Second
	}
	rows, err := l.q.DuplicateList(ctx, l.search, args)
	if err != nil {
		return nil, "", fmt.Errorf("list duplicates: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := rows[page.Limit-1]
		if next, err = encodeCursor(scope, duplicatePlace{last.Score, last.FirstID, last.SecondID}); err != nil {
			return nil, "", err
		}
	}
	out := make([]DuplicatePair, len(rows))
	for i, row := range rows {
		out[i] = DuplicatePair{
			Score: math.Round(float64(row.Score)*100) / 100, Reasons: row.Reasons, FoundAt: row.FoundAt.UTC(),
			First: row.FirstCard, Second: row.SecondCard,
		}
	}
	return out, next, nil
}

// NotTheSame takes a pair out of the queue for good.
func (l *Ledger) NotTheSame(ctx context.Context, c Change, one, other string) error {
	return explain("decide on a pair", l.write(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, l, tx, c.Once, func() (struct{}, error) {
			first, err := l.resolveRef(ctx, tx, c.By, one)
			if err != nil {
				return struct{}{}, err
			}
			second, err := l.resolveRef(ctx, tx, c.By, other)
			if err != nil {
				return struct{}{}, err
			}
			if first == second {
				return struct{}{}, incidents.Problems{{Pointer: "/other", Detail: "is the same incident"}}
			}
			q := &queue{}
			if err := l.queuePairs(ctx, q, []pair{{one: first, other: second}}); err != nil {
				return struct{}{}, err
			}
			if err := q.send(ctx, tx); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, l.decide(ctx, tx, c, first, second, dbsqlc.DuplicateStateDifferent)
		})
		return err
	}))
}

func (l *Ledger) decide(ctx context.Context, tx pgx.Tx, c Change, one, other uuid.UUID, state dbsqlc.DuplicateState) error {
	if _, err := l.q.DuplicateDecide(ctx, tx, dbsqlc.DuplicateDecideParams{
		One: one, Other: other, State: state, DecidedBy: c.By.Name, DecidedAt: l.clock(),
	}); err != nil {
		return fmt.Errorf("decide on a pair: %w", err)
	}
	return nil
}
