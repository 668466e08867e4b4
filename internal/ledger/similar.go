package ledger

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/trigram"
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
	queuedMost    = 3 // of one incident; an import queues as many

	closeDays   = 92
	distantDays = 550
)

// likely are the incidents that may be the same as this one, the likeliest
// first. spelt are candidates besides those that it finds quickly, and how much
// the names of their breached organisations are alike.
func (l *Ledger) likely(ctx context.Context, db dbsqlc.DBTX, in *incidents.Incident, spelt map[uuid.UUID]float64) ([]Similar, error) {
	q := similarTo{also: slices.Collect(maps.Keys(spelt))}
	q.add(l, in, sourceIDs(in))
	found, err := q.ask(ctx, l, db)
	if err != nil {
		return nil, err
	}
	return likeliest(in, found[0], spelt), nil
}

// similarTo asks for the candidates of some incidents in one statement.
type similarTo struct {
	args dbsqlc.SimilarCandidatesParams
	also []uuid.UUID // of the first one
}

// add asks for the candidates of one more. sources are those that others may have.
func (q *similarTo) add(l *Ledger, in *incidents.Incident, sources []uuid.UUID) {
	n, args := int32(len(q.args.Ns)+1), &q.args
	args.Ns, args.Ids, args.TitleWords = append(args.Ns, n), append(args.Ids, in.ID), append(args.TitleWords, l.titles.telling(in.Title))
	for _, p := range in.Participants {
		if p.Role.Breached() {
			args.BreachedOf, args.Breached = append(args.BreachedOf, n), append(args.Breached, p.Actor.ID)
		}
	}
	for _, id := range sources {
		args.SourcesOf, args.Sources = append(args.SourcesOf, n), append(args.Sources, id)
	}
}

// ask returns the candidates of each, in the order in which they were added.
func (q *similarTo) ask(ctx context.Context, l *Ledger, db dbsqlc.DBTX) ([][]dbsqlc.SimilarCandidatesRow, error) {
	args := q.args
	args.Breached, args.BreachedOf, args.Also = orEmpty(args.Breached), orEmpty(args.BreachedOf), orEmpty(q.also)
	args.Sources, args.SourcesOf = orEmpty(args.Sources), orEmpty(args.SourcesOf)
	rows, err := l.q.SimilarCandidates(ctx, db, args)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	out := make([][]dbsqlc.SimilarCandidatesRow, len(args.Ns))
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].N == rows[0].N {
			n++
		}
		out[rows[0].N-1], rows = rows[:n], rows[n:]
	}
	return out, nil
}

func sourceIDs(in *incidents.Incident) []uuid.UUID {
	var out []uuid.UUID
	for _, s := range in.Sources {
		out = append(out, s.ID)
	}
	return out
}

// likeliest scores the candidates. names says of some how much the names of their
// breached organisations are like those of the incident.
func likeliest(in *incidents.Incident, rows []dbsqlc.SimilarCandidatesRow, names map[uuid.UUID]float64) []Similar {
	out, title := []Similar{}, titleOf(in)
	for _, row := range rows {
		s := scored(in, &title, row, names[row.ID])
		if s.Score >= similarFrom {
			out = append(out, s)
		}
	}
	return ranked(out)
}

// ranked are the likeliest, in their order.
func ranked(out []Similar) []Similar {
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

func scored(in *incidents.Incident, title *comparedTitle, row dbsqlc.SimilarCandidatesRow, names float64) Similar {
	s := Similar{ID: row.ID, Slug: row.Slug, Title: row.Title, Reasons: []string{}}
	add := func(points float64, reason string) {
		s.Score += points
		s.Reasons = append(s.Reasons, reason)
	}
	switch {
	case row.SharesBreached:
		add(sameBreached, "the same organisation was breached")
	case names > 0:
		add(sameBreached*names, "organisations with similar names were breached")
	}
	if row.SharesSource {
		add(sameSource, "they share a source")
	}
	if alike := title.similarity(row.Title, row.SharesBreached); alike >= similarFrom {
		add(titleMost*alike, "their titles are alike")
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

// comparedTitle is the title of an incident as others are compared with it: whole,
// and without what its breached organisations are called. Of two incidents of one
// organisation both titles name it, which says nothing of whether they are one.
type comparedTitle struct {
	whole, names, beyond trigram.Set
	other                trigram.Set // memory for those of the title that it is compared with
}

func titleOf(in *incidents.Incident) comparedTitle {
	var names strings.Builder
	for _, p := range in.Participants {
		if p.Role.Breached() {
			names.WriteString(p.Actor.Name + " ")
		}
	}
	t := comparedTitle{whole: trigram.Of(in.Title), names: trigram.Of(names.String())}
	t.beyond = slices.Clone(t.whole).Without(t.names)
	return t
}

// similarity is that of another title, 0 to 1. sameBreached is that both incidents
// breached the same organisation.
func (t *comparedTitle) similarity(other string, sameBreached bool) float64 {
	t.other = t.other.Overwritten(other)
	if !sameBreached {
		return t.whole.Similarity(t.other)
	}
	return t.beyond.Similarity(t.other.Without(t.names))
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
	_ = l.titles.refresh(ctx, l.q, l.search, l.now()) // or it goes by what it knew
	spelt, err := l.speltAlike(ctx, documents[0])
	if err != nil {
		return nil, fmt.Errorf("look for what is spelt alike: %w", fromPostgres(err))
	}
	similar, err := l.likely(ctx, l.search, documents[0], spelt)
	if err != nil {
		return nil, fromPostgres(err)
	}
	return l.visibleTo(ctx, by, similar)
}

// speltAlike are the incidents that may be the same by how their titles and
// organisations are spelt, and how much the names of the organisations are alike.
func (l *Ledger) speltAlike(ctx context.Context, in *incidents.Incident) (map[uuid.UUID]float64, error) {
	args := dbsqlc.SimilarBySpellingParams{ID: in.ID, Title: in.Title, Beginnings: l.titles.beginnings(in.Title), Names: []string{}, Actors: []uuid.UUID{}}
	for _, p := range in.Participants {
		if p.Role.Breached() {
			args.Names, args.Actors = append(args.Names, incidents.FoldName(p.Actor.Name)), append(args.Actors, p.Actor.ID)
		}
	}
	rows, err := l.q.SimilarBySpelling(ctx, l.search, args)
	out := make(map[uuid.UUID]float64, len(rows))
	for _, row := range rows {
		out[row.ID] = max(out[row.ID], float64(row.NamesAlike))
	}
	return out, err
}
