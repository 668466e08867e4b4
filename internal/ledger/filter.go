package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Filter says which incidents a list or report is about. Several values of one
// field mean any of them; several fields mean all of them. The zero value is
// every published incident that is confirmed or suspected.
type Filter struct {
	Query string // in the syntax of PostgreSQL's websearch_to_tsquery
	// TextsClosed has the words of Query sought in titles, names and summaries
	// only, and shown in what is quoted at most: for those who may not read the
	// texts of sources.
	TextsClosed    bool `json:",omitempty"` // without a query it is left out
	Categories     []incidents.Category
	Certainties    []incidents.Certainty
	Publications   []incidents.Publication
	Vectors        []incidents.Vector
	DataClasses    []incidents.DataClass
	PaymentMethods []incidents.PaymentMethod
	Payment        *bool
	Unanswered     *bool
	Contested      *bool
	Sectors        []incidents.Sector    // of those breached
	ActorKinds     []incidents.ActorKind // of those breached
	Countries      []string
	Actors         []string // slugs or names
	Roles          []incidents.Role
	Units          []incidents.Unit    // of the headline count
	Supports       []incidents.Support // of the headline count
	Responses      []incidents.ResponseKind
	MinVictims     *int64
	MaxVictims     *int64
	Date           DateField
	From, To       incidents.PartialDate
	UpdatedSince   time.Time
	Tags           []string
	// Compilations includes what is no breach of anybody in particular (spam
	// lists, stealer logs); [incidents.Compilation] among Tags does too.
	Compilations bool
}

// none reports whether the filter keeps everything that is listed without one. It does
// not look at Query, nor at Date, which means nothing without From and To.
func (f *Filter) none() bool {
	return f.Date.orNone() == "" && f.Categories == nil && f.Certainties == nil && f.Publications == nil && f.Vectors == nil && f.DataClasses == nil &&
		f.PaymentMethods == nil && f.Payment == nil && f.Unanswered == nil && f.Contested == nil && f.Sectors == nil && f.ActorKinds == nil &&
		f.Countries == nil && f.Actors == nil && f.Roles == nil && f.Units == nil && f.Supports == nil && f.Responses == nil &&
		f.MinVictims == nil && f.MaxVictims == nil && f.From.IsZero() && f.To.IsZero() && f.UpdatedSince.IsZero() && f.Tags == nil && !f.Compilations
}

// DateField is the date that From and To of a filter are about. A partial date
// counts as its first day.
type DateField string

// The dates of an incident that can be filtered by.
const (
	ByDisclosed  DateField = "disclosed" // the default
	ByOccurred   DateField = "occurred"
	ByDiscovered DateField = "discovered"
)

// orNone is "" for a known date, which means nothing without From and To.
func (d DateField) orNone() DateField {
	switch d {
	case ByDisclosed, ByOccurred, ByDiscovered:
		return ""
	}
	return d
}

// CommonFrom is the number of matches, as the planner estimates them, from which the
// index is not used: reading from it that words are in every tenth incident takes longer
// than walking the list of victims for a page of matches.
const CommonFrom = 5_000

// criteria is the filter as the SQL function incidents_matching takes it.
// Absent members do not filter.
type criteria struct {
	IDs           []uuid.UUID               `json:"ids,omitempty"`
	Query         string                    `json:"q,omitempty"`
	QueryShown    string                    `json:"q_shown,omitempty"` // instead of q, where texts are closed
	Category      []incidents.Category      `json:"category,omitempty"`
	Certainty     []incidents.Certainty     `json:"certainty,omitempty"`
	Publication   []incidents.Publication   `json:"publication,omitempty"`
	Vector        []incidents.Vector        `json:"vector,omitempty"`
	DataClass     []incidents.DataClass     `json:"data_class,omitempty"`
	PaymentMethod []incidents.PaymentMethod `json:"payment_method,omitempty"`
	Payment       *bool                     `json:"payment,omitempty"`
	Unanswered    *bool                     `json:"unanswered,omitempty"`
	Contested     *bool                     `json:"contested,omitempty"`
	Sector        []incidents.Sector        `json:"sector,omitempty"`
	ActorKind     []incidents.ActorKind     `json:"actor_kind,omitempty"`
	Country       []string                  `json:"country,omitempty"`
	Actor         []uuid.UUID               `json:"actor,omitempty"`
	Role          []incidents.Role          `json:"role,omitempty"`
	Unit          []incidents.Unit          `json:"unit,omitempty"`
	Support       []incidents.Support       `json:"support,omitempty"`
	Response      []incidents.ResponseKind  `json:"response,omitempty"`
	MinVictims    *int64                    `json:"min_victims,omitempty"`
	MaxVictims    *int64                    `json:"max_victims,omitempty"`
	Date          DateField                 `json:"date,omitempty"`
	From          string                    `json:"from,omitempty"`
	To            string                    `json:"to,omitempty"`
	UpdatedSince  *time.Time                `json:"updated_since,omitempty"`
	Tag           []string                  `json:"tag,omitempty"`
	Compilations  bool                      `json:"compilations,omitempty"`
	Walked        bool                      `json:"walked,omitempty"` // few are wanted, in an order that has an index

	actors []uuid.UUID // as Actor, which is empty where IDs stand for it
	common bool        // the words are in very many incidents
}

// nothing is an id that no incident and no actor has.
var nothing = []uuid.UUID{uuid.Nil}

// criteria resolves the filter's actors, and what few incidents have.
// What is wrong with the filter comes as [incidents.Problems].
func (l *Ledger) criteria(ctx context.Context, db dbsqlc.DBTX, f Filter) (criteria, error) {
	if err := f.problems().OrNil(); err != nil {
		return criteria{}, err
	}
	c := criteria{
		Query: f.words(), Category: f.Categories, Certainty: f.Certainties, Publication: f.Publications, Vector: f.Vectors,
		DataClass: f.DataClasses, PaymentMethod: f.PaymentMethods, Payment: f.Payment, Unanswered: f.Unanswered, Contested: f.Contested,
		Sector: f.Sectors, ActorKind: f.ActorKinds, Country: f.Countries, Role: f.Roles, Unit: f.Units, Support: f.Supports,
		Response: f.Responses, MinVictims: f.MinVictims, MaxVictims: f.MaxVictims, Date: f.Date, UpdatedSince: nullable(f.UpdatedSince), Tag: f.Tags,
		Compilations: f.Compilations || slices.Contains(f.Tags, incidents.Compilation),
	}
	if !f.From.IsZero() {
		c.From = f.From.First().Format(time.DateOnly)
	}
	if !f.To.IsZero() {
		c.To = f.To.Last().Format(time.DateOnly)
	}
	if len(f.Actors) > 0 {
		ids, err := l.actorIDs(ctx, db, f.Actors)
		if err != nil {
			return c, err
		}
		c.Actor, c.actors = ids, ids
	}
	if f.TextsClosed {
		c.Query, c.QueryShown = "", f.words()
	}
	err := l.resolveFew(ctx, db, f, &c)
	return c, err
}

// words are the query as PostgreSQL is to read it: it would take what follows < for a
// tag of HTML.
func (f Filter) words() string { return strings.ReplaceAll(f.Query, "<", " ") }

// actorIDs are the ids of actors by slug or name, and besides one that nobody has, so
// that a filter by unknown actors finds nothing.
func (l *Ledger) actorIDs(ctx context.Context, db dbsqlc.DBTX, names []string) ([]uuid.UUID, error) {
	asked := slices.Clone(names)
	for i := range names {
		for j := i + 2; j <= min(len(names), i+longestRun); j++ {
			asked = append(asked, strings.Join(names[i:j], ", "))
		}
	}
	keys := make([]string, len(asked))
	for i, name := range asked {
		keys[i] = incidents.FoldName(name)
	}
	rows, err := l.q.ActorsNamed(ctx, db, dbsqlc.ActorsNamedParams{Keys: keys, Slugs: names})
	if err != nil {
		return nil, fmt.Errorf("look up actors: %w", err)
	}
	known := actorsAsked{slugs: map[string][]uuid.UUID{}, names: map[string][]uuid.UUID{}}
	for _, row := range rows {
		by := known.names
		if row.AskedBy == "slug" {
			by = known.slugs
		}
		by[row.Asked] = append(by[row.Asked], row.ID)
	}
	ids := slices.Clone(nothing)
	for i := 0; i < len(names); {
		found, n := known.first(names[i:])
		ids, i = append(ids, found...), i+n
	}
	return ids, nil
}

// longestRun is how many parts of a list are tried as one name.
const longestRun = 4

// actorsAsked are actors by what was asked for: their slugs, and their names, folded.
type actorsAsked struct{ slugs, names map[string][]uuid.UUID }

// first are the actors whom the first of the names means, and how many of them it took:
// lists are parted at commas, and "Acme Systems, Inc." is one name. Parts of which each
// means somebody by itself are not one.
func (a actorsAsked) first(names []string) (ids []uuid.UUID, n int) {
	for n := min(len(names), longestRun); n > 1; n-- {
		if !slices.ContainsFunc(names[:n], func(name string) bool { return len(a.called(name)) == 0 }) {
			continue
		}
		if ids := a.names[incidents.FoldName(strings.Join(names[:n], ", "))]; len(ids) > 0 {
			return ids, n
		}
	}
	return a.called(names[0]), 1
}

// called are the actors whom a slug or name means: a slug says exactly who is meant, and
// a name only where no slug is the same.
func (a actorsAsked) called(name string) []uuid.UUID {
	if ids := a.slugs[name]; len(ids) > 0 {
		return ids
	}
	return a.names[incidents.FoldName(name)]
}

// filterJSON is a filter with its criteria resolved, as incidents_matching takes it.
func (l *Ledger) filterJSON(ctx context.Context, f Filter) ([]byte, error) {
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return nil, err
	}
	return c.json()
}

func (c criteria) json() ([]byte, error) {
	out, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write the filter: %w", err)
	}
	return out, nil
}
