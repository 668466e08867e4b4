package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Sort is the order of a list of incidents: a key, with "-" before it to go
// down. What is not known comes last in both directions.
type Sort string

// Relevance is the order of a search: what matches best first. At most
// [RankedMost] incidents are ranked ([RankedCommon] of very common words), of more
// matches those with the most victims.
const Relevance Sort = "relevance"

// RankedMost is how many matches of a search are ranked, and RankedCommon how many if
// the words stand in more than about 5,000 incidents: ranking one takes 0.1 ms.
const (
	RankedMost   = 1000
	RankedCommon = 100
)

// Sorts lists the orders that every list has, the default first. A search has
// [Relevance] besides, which is its default.
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

// Cards is a page of incidents.
type Cards struct {
	Items      []Card
	NextCursor string // "" on the last page
}

// place is where a page of incidents ends: the sort key of its last item, as
// text, and the item's id.
type place struct {
	Key string    `json:"k"`
	ID  uuid.UUID `json:"i"`
}

// ListRequest asks for a page of incidents, and for what is to come with it.
type ListRequest struct {
	Filter Filter
	Sort   Sort // [Relevance] when it is not given and there is a search, else the first of [Sorts]
	Page   Page
	// Highlight adds to each item where the words of the search stand; where texts
	// are closed they are looked for in what is quoted from sources only.
	Highlight bool
	Facets    []Facet
	Count     bool
}

// Listing is a page of incidents with what was asked for besides.
type Listing struct {
	Cards
	Facets *Facets
	Total  *Total
}

// Total is how many incidents match, counted to [CountMost] only.
type Total struct {
	Value int64  `json:"value"`
	More  bool   `json:"more" doc:"There are more than value; how many is not counted"`
	Text  string `json:"text" example:"more than 1,000"`
}

// CountMost is how far the matches of a list are counted.
const CountMost = 1000

func totalOf(matches int64) *Total {
	t := &Total{Value: min(matches, CountMost), More: matches > CountMost}
	t.Text = incidents.Number(t.Value)
	if t.More {
		t.Text = "more than " + t.Text
	}
	return t
}

// Incidents is a page of the incidents that match, in the order asked for; ties
// are broken by id.
func (l *Ledger) Incidents(ctx context.Context, f Filter, sort Sort, page Page) (Cards, error) {
	out, err := l.List(ctx, ListRequest{Filter: f, Sort: sort, Page: page})
	return out.Cards, err
}

// List is a page of incidents with what else is asked for.
func (l *Ledger) List(ctx context.Context, r ListRequest) (Listing, error) {
	r.Sort = r.order()
	r.Page = r.Page.bounded()
	if err := facetProblems(r.Facets).OrNil(); err != nil {
		return Listing{}, err
	}
	var out Listing
	var shown listed
	var err error
	switch {
	case r.Plain():
		shown, err = l.plain(ctx, r)
	case r.Sort == Relevance:
		shown, err = l.ranked(ctx, r)
	default:
		shown, err = l.sorted(ctx, r.Filter, r.Sort, r.Page)
		if err == nil && r.Highlight && r.Filter.Query != "" {
			err = l.highlight(ctx, r, shown)
		}
	}
	if err != nil {
		return Listing{}, err
	}
	out.Cards = shown.Cards
	if len(r.Facets) > 0 {
		facets, matches, err := l.facets(ctx, shown.filter, r.Filter.Date, r.Facets)
		if err != nil {
			return Listing{}, err
		}
		out.Facets = &facets
		if r.Count {
			out.Total = totalOf(matches)
		}
	} else if r.Count {
		matches, err := l.q.IncidentCount(ctx, l.search, dbsqlc.IncidentCountParams{Filter: shown.filter, Most: CountMost + 1})
		if err != nil {
			return Listing{}, fmt.Errorf("count incidents: %w", fromPostgres(err))
		}
		out.Total = totalOf(matches)
	}
	return out, nil
}

// listed is a page with what the questions about it need.
type listed struct {
	Cards
	ids    []uuid.UUID // of the items
	filter []byte      // as incidents_matching takes it
}

// pageOf makes a page of n rows, of which the one too many says that there is
// another.
func pageOf(n int, row func(i int) (place, Card), scope any, limit int) (listed, error) {
	out := listed{Cards: Cards{Items: make([]Card, min(n, limit))}, ids: make([]uuid.UUID, min(n, limit))}
	var at place
	for i := range out.Items {
		at, out.Items[i] = row(i)
		out.ids[i] = at.ID
	}
	var err error
	if n > limit {
		out.NextCursor, err = encodeCursor(scope, at)
	}
	return out, err
}

// listScope is what a cursor of a list belongs to.
func listScope(f Filter, sort Sort) any { return []any{"incidents", sort, f} }

// plainScopes are the scopes of the plain lists as JSON: writing one takes longer than
// the rest of the cursor.
var plainScopes sync.Map // of a plainScope

type plainScope struct {
	date DateField
	sort Sort
}

// plainListScope is the same of a plain list, whose filter is empty but for the
// date that it would be about.
func plainListScope(f Filter, sort Sort) any {
	key := plainScope{f.Date, sort}
	if known, ok := plainScopes.Load(key); ok {
		return known
	}
	text, err := json.Marshal(listScope(f, sort))
	if err != nil {
		return listScope(f, sort)
	}
	plainScopes.Store(key, json.RawMessage(text))
	return json.RawMessage(text)
}
