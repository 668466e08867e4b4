package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ActorPage is one actor with what it takes part in.
type ActorPage struct {
	incidents.Actor
	Version   int            `json:"version"`
	UpdatedAt time.Time      `json:"updated_at"`
	Incidents []Involvement  `json:"incidents" doc:"At most 200, the largest first; GET /v1/incidents?actor= pages through all"`
	Responses ActorResponses `json:"responses"`
	// Involved is in how many incidents it takes part, in whatever roles.
	Involved int64 `json:"-"`
	// Public is set when an incident that everybody may read names it.
	Public bool `json:"-"`
}

// Involvement is a role in an incident.
type Involvement struct {
	Role     incidents.Role  `json:"role"`
	Incident json.RawMessage `json:"incident"`
}

// ActorItem is an actor as lists show it.
type ActorItem struct {
	Slug      string              `json:"slug"`
	Name      string              `json:"name"`
	Kind      incidents.ActorKind `json:"kind"`
	Sector    incidents.Sector    `json:"sector"`
	Country   *string             `json:"country"`
	Domain    *string             `json:"domain"`
	Aliases   []string            `json:"aliases"`
	Incidents int64               `json:"incidents"`
	Responses int64               `json:"responses"`
}

// ActorFilter says which actors a list is about.
type ActorFilter struct {
	Prefix  string // with which one of the names begins
	Kinds   []incidents.ActorKind
	Sectors []incidents.Sector
}

// Actors is a page of actors by slug, and the cursor of the next one.
func (l *Ledger) Actors(ctx context.Context, by access.Identity, f ActorFilter, page Page) ([]ActorItem, string, error) {
	page = page.bounded()
	scope := []any{"actors", f}
	var after string
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return nil, "", err
		}
		if !incidents.ValidSlug(after) {
			return nil, "", ErrCursor
		}
	}
	if err := f.problems().OrNil(); err != nil {
		return nil, "", err
	}
	rows, err := l.q.ActorList(ctx, l.search, actorListArgs(by, f, after, page))
	if err != nil {
		return nil, "", fmt.Errorf("list actors: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		if next, err = encodeCursor(scope, rows[page.Limit-1].Slug); err != nil {
			return nil, "", err
		}
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	names, err := l.allNames(ctx, l.search, ids)
	if err != nil {
		return nil, "", err
	}
	items := make([]ActorItem, len(rows))
	for i, row := range rows {
		items[i] = ActorItem{
			Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector, Country: row.Country, Domain: row.Domain,
			Aliases: without(names[row.ID], row.Name), Incidents: row.Incidents, Responses: row.Responses,
		}
	}
	return items, next, nil
}

// problems is everything that is wrong with a filter.
func (f ActorFilter) problems() incidents.Problems {
	var p incidents.Problems
	filterTexts(&p, "/name", []string{f.Prefix})
	filterTerms(&p, "/kind", f.Kinds)
	filterTerms(&p, "/sector", f.Sectors)
	return p
}

func actorListArgs(by access.Identity, f ActorFilter, after string, page Page) dbsqlc.ActorListParams {
	return dbsqlc.ActorListParams{
		AnyPublication: by.Role.SeesUnpublished(), AfterSlug: after, NamePrefix: incidents.FoldName(f.Prefix),
		Kinds: texts(f.Kinds), Sectors: texts(f.Sectors), Most: int32(page.Limit) + 1,
	}
}

// readableActor is the row of an actor that somebody may read, and whether everybody may.
// The slug of a merged actor is a [MovedError].
func (l *Ledger) readableActor(ctx context.Context, by access.Identity, slug string) (row dbsqlc.ActorBySlugRow, public bool, err error) {
	if !incidents.ValidSlug(slug) {
		return row, false, fmt.Errorf("read actor: %w: %q is not the slug of an actor", ErrNotFound, slug)
	}
	if row, err = l.q.ActorBySlug(ctx, l.search, slug); err != nil {
		return row, false, fmt.Errorf("read actor: %w", notFound(fromPostgres(err), "actor "+slug))
	}
	to := row
	if row.MergedIntoSlug != nil { // which is never a merged one itself
		if to, err = l.q.ActorBySlug(ctx, l.search, *row.MergedIntoSlug); err != nil {
			return row, false, fmt.Errorf("read actor: %w", fromPostgres(err))
		}
	}
	if public, err = l.q.ActorIsPublic(ctx, l.search, to.ID); err != nil {
		return row, false, fmt.Errorf("read actor: %w", fromPostgres(err))
	}
	if !public && !by.Role.SeesUnpublished() {
		return row, false, fmt.Errorf("read actor: %w: actor %s", ErrNotFound, slug)
	}
	if row.MergedIntoSlug != nil {
		return row, false, &MovedError{Slug: *row.MergedIntoSlug}
	}
	return row, public, nil
}

// ActorNamed is the actor that a slug, also that of a merged one, or a name means: a
// slug says exactly who is meant.
func (l *Ledger) ActorNamed(ctx context.Context, by access.Identity, name string) (ActorPage, error) {
	if !storable(name) {
		return ActorPage{}, fmt.Errorf("look up actor: %w: %q is nobody's name", ErrNotFound, name)
	}
	rows, err := l.q.ActorsNamed(ctx, l.search, dbsqlc.ActorsNamedParams{Keys: []string{incidents.FoldName(name)}, Slugs: []string{name}})
	if err != nil {
		return ActorPage{}, fmt.Errorf("look up actor: %w", fromPostgres(err))
	}
	if len(rows) == 0 {
		return ActorPage{}, fmt.Errorf("look up actor: %w: %q is nobody's name", ErrNotFound, name)
	}
	meant := rows[0]
	for _, row := range rows {
		if row.AskedBy == "slug" {
			meant = row
		}
	}
	return l.Actor(ctx, by, meant.Slug)
}

// Actor is one actor by slug; the slug of a merged actor is a [MovedError].
func (l *Ledger) Actor(ctx context.Context, by access.Identity, slug string) (ActorPage, error) {
	row, public, err := l.readableActor(ctx, by, slug)
	if err != nil {
		return ActorPage{}, err
	}
	roles, err := l.q.ActorRoles(ctx, l.search, dbsqlc.ActorRolesParams{ActorID: row.ID, Most: 200})
	if err != nil {
		return ActorPage{}, fmt.Errorf("read an actor's incidents: %w", fromPostgres(err))
	}
	involved, err := l.q.ActorIncidentCount(ctx, l.search, row.ID)
	if err != nil {
		return ActorPage{}, fmt.Errorf("count an actor's incidents: %w", fromPostgres(err))
	}
	names, err := l.allNames(ctx, l.search, []uuid.UUID{row.ID})
	if err != nil {
		return ActorPage{}, err
	}
	report, err := l.Responses(ctx, ResponseScope{Filter: Filter{Actors: []string{slug}}}, Page{Limit: 1})
	if err != nil {
		return ActorPage{}, err
	}
	out := ActorPage{
		Actor: incidents.Actor{
			ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector,
			Country: orZero(row.Country), Domain: orZero(row.Domain), Aliases: without(names[row.ID], row.Name),
		},
		Version: int(row.Version), UpdatedAt: row.UpdatedAt.UTC(), Incidents: make([]Involvement, len(roles)), Involved: involved, Public: public,
		Responses: ActorResponses{
			Actor:         ReportActor{Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector},
			ByKind:        map[incidents.ResponseKind]int64{},
			FirstResponse: FirstResponse{MeasuredFrom: string(ByDisclosed)},
		},
	}
	for i, r := range roles {
		out.Incidents[i] = Involvement{Role: r.Role, Incident: r.Card}
	}
	if len(report.Actors) == 1 {
		out.Responses = report.Actors[0]
	}
	return out, nil
}
