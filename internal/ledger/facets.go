package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Facet is a field for whose values the incidents of a list are counted. Each is also a
// filter of that name; the year is that of the date that from and to are about.
type Facet string

// FacetFields lists the facets.
func FacetFields() []string {
	return []string{
		"category", "certainty", "publication", "vector", "data_class", "payment_method", "country", "sector", "role", "unit", "support", "year", "tag",
	}
}

// Facets are counted over at most FacetMost of the matching incidents, those with the
// most victims, and have at most FacetValuesMost values, the most frequent ones.
const (
	FacetMost       = 10_000
	FacetValuesMost = 100
)

// Facets is how incidents are spread over the values of fields. A field that
// was not asked for is absent.
type Facets struct {
	Category      []FacetValue `json:"category,omitzero"`
	Certainty     []FacetValue `json:"certainty,omitzero"`
	Publication   []FacetValue `json:"publication,omitzero"`
	Vector        []FacetValue `json:"vector,omitzero"`
	DataClass     []FacetValue `json:"data_class,omitzero"`
	PaymentMethod []FacetValue `json:"payment_method,omitzero"`
	Country       []FacetValue `json:"country,omitzero"`
	Sector        []FacetValue `json:"sector,omitzero" doc:"The sectors of those breached"`
	Role          []FacetValue `json:"role,omitzero"`
	Unit          []FacetValue `json:"unit,omitzero" doc:"The unit of the headline count"`
	Support       []FacetValue `json:"support,omitzero" doc:"How well the headline count is evidenced"`
	Year          []FacetValue `json:"year,omitzero" doc:"The year of the date that from and to are about (disclosed, unless the parameter date says otherwise), null where it is not known: as the filter finds them. An incident happened in the year in which it began or, if that is not known, ended"`
	Tag           []FacetValue `json:"tag,omitzero"`
	Counted       int64        `json:"counted" doc:"How many incidents were counted"`
	Bounded       bool         `json:"bounded" doc:"More match than were counted: the counts are those of the ones with the most victims"`
}

// FacetValue is how many incidents have a value. An incident with several
// values is counted at each.
type FacetValue struct {
	Value *string `json:"value" doc:"Null for incidents whose value is not known; those with an empty list (vectors, countries, sectors, roles …) are counted at no value"`
	Count int64   `json:"count"`
}

func (f *Facets) field(name string) *[]FacetValue {
	return map[string]*[]FacetValue{
		"category": &f.Category, "certainty": &f.Certainty, "publication": &f.Publication, "vector": &f.Vector, "data_class": &f.DataClass,
		"payment_method": &f.PaymentMethod, "country": &f.Country, "sector": &f.Sector, "role": &f.Role, "unit": &f.Unit,
		"support": &f.Support, "year": &f.Year, "tag": &f.Tag,
	}[name]
}

func facetProblems(wanted []Facet) incidents.Problems {
	for _, f := range wanted {
		if !slices.Contains(FacetFields(), string(f)) {
			return incidents.Problems{{Pointer: "/facets", Detail: "is not a field that is counted by", Allowed: FacetFields()}}
		}
	}
	return nil
}

// facets counts by the values of some fields, and returns how many incidents
// match, up to one more than are counted.
func (l *Ledger) facets(ctx context.Context, filter []byte, date DateField, wanted []Facet) (out Facets, matches int64, err error) {
	rows, err := l.q.IncidentFacets(ctx, l.search, facetArgs(filter, date, wanted))
	if err != nil {
		return out, 0, fmt.Errorf("count by facets: %w", fromPostgres(err))
	}
	for _, name := range wanted {
		*out.field(string(name)) = []FacetValue{}
	}
	for _, row := range rows {
		if row.Field == "" {
			matches = row.Incidents
			continue
		}
		values := out.field(row.Field)
		*values = append(*values, FacetValue{Value: nullable(row.Value), Count: row.Incidents})
	}
	out.Counted, out.Bounded = min(matches, FacetMost), matches > FacetMost
	return out, matches, nil
}

func facetArgs(filter []byte, date DateField, wanted []Facet) dbsqlc.IncidentFacetsParams {
	return dbsqlc.IncidentFacetsParams{
		Filter: filter, Date: string(date), Most: FacetMost + 1, Counted: FacetMost, ValuesMost: FacetValuesMost, Fields: texts(wanted),
	}
}
