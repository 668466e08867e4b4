package importer

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// ownTable says how a table in one of our own forms is told from what is in the
// ledger already. Each form holds a part of an incident.
type ownTable struct {
	// twin is what origins of the other form begin with. An incident that was imported from that is
	// left alone: the two would take each other's parts away.
	twin string
	// bySlug: an incident that the ledger has by its slug, or where neither id nor
	// slug is given by its title and year, is left alone too.
	bySlug bool
}

// longTables is the format of tables with one row per claim.
const longTables = "csv:long"

// ownTables are by the names of their mappings.
var ownTables = map[string]ownTable{
	"wide": {twin: "csv:long:"},
	"long": {twin: "csv:wide:", bySlug: true},
}

// slug is that by which the ledger would have an incident already, "" for none.
func (t ownTable) slug(in incidents.Incident) string {
	switch {
	case !t.bySlug:
		return ""
	case in.Slug == "" && in.ID == uuid.Nil:
		return in.DefaultSlug()
	default:
		return in.Slug
	}
}

// own sees to documents that a ledger of ours has written, which name its own
// ids. One of an incident that is in this ledger is left alone: the format may
// hold only a part of it. What another ledger has written is new here, and so
// are its sources.
func (s *stream) own(ctx context.Context, bulk *ledger.Bulk, known map[string]ledger.ImportRecord, items []ledger.ImportItem, rows []row) ([]ledger.ImportItem, []row, error) {
	present, err := s.present(ctx, bulk, known, items, rows)
	if err != nil {
		return nil, nil, err
	}
	since, err := importedSince(ctx, bulk, items, func(i int) bool { return present(items[i], rows[i]) != "" })
	if err != nil {
		return nil, nil, err
	}
	kept := 0
	for i := range items {
		_, imported := since[items[i].Origin]
		if slug := present(items[i], rows[i]); slug != "" && !imported {
			s.leave(rows[i], slug+" is in the ledger already, and was not imported from this: edit it there")
			continue
		}
		if kept < i {
			items[kept], rows[kept] = items[i], rows[i]
		}
		kept++
	}
	items, rows = items[:kept], rows[:kept]
	return items, rows, s.settleSources(ctx, bulk, items, rows)
}

// importedSince are those of the items that another import of the same documents has
// stored since they were looked up: they come from there, and are not left alone.
func importedSince(ctx context.Context, bulk *ledger.Bulk, items []ledger.ImportItem, present func(i int) bool) (map[string]ledger.ImportRecord, error) {
	var origins []string
	for i, item := range items {
		if present(i) {
			origins = append(origins, item.Origin)
		}
	}
	if len(origins) == 0 {
		return map[string]ledger.ImportRecord{}, nil
	}
	return bulk.Known(ctx, origins)
}

// present finds the slug of the incident that a document is of and that did not
// come from it; "" for none.
func (s *stream) present(ctx context.Context, bulk *ledger.Bulk, known map[string]ledger.ImportRecord, items []ledger.ImportItem, rows []row) (func(ledger.ImportItem, row) string, error) {
	var ids []uuid.UUID
	var wanted, twins []string
	for i, item := range items {
		if _, imported := known[item.Origin]; imported {
			continue
		}
		if item.Incident.ID != uuid.Nil {
			ids = append(ids, item.Incident.ID)
		}
		if slug := s.table.slug(item.Incident); slug != "" {
			wanted = append(wanted, slug)
		}
		if s.table.twin != "" {
			twins = append(twins, s.table.twin+rows[i].id)
		}
	}
	var slugs map[uuid.UUID]string
	var taken map[string]bool
	var elsewhere map[string]ledger.ImportRecord
	var err error
	if len(ids) > 0 {
		slugs, err = bulk.Present(ctx, ids)
	}
	if err == nil && len(wanted) > 0 {
		taken, err = bulk.TakenSlugs(ctx, wanted)
	}
	if err == nil && len(twins) > 0 {
		elsewhere, err = bulk.Known(ctx, twins)
	}
	return func(item ledger.ImportItem, r row) string {
		if _, imported := known[item.Origin]; imported {
			return ""
		}
		slug := cmp.Or(slugs[item.Incident.ID], elsewhere[s.table.twin+r.id].Slug)
		if named := s.table.slug(item.Incident); taken[named] {
			slug = cmp.Or(slug, named)
		}
		return slug
	}, err
}
