package importer

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// own sees to documents that a ledger of ours has written, which name its own
// ids. One of an incident that is in this ledger is left alone: the format may
// hold only a part of it. What another ledger has written is new here, and so
// are its sources.
func (s *stream) own(ctx context.Context, bulk *ledger.Bulk, known map[string]ledger.ImportRecord, items []ledger.ImportItem, rows []row) ([]ledger.ImportItem, []row, error) {
	var ids, sources []uuid.UUID
	for i := range items {
		in := &items[i].Incident
		if _, imported := known[items[i].Origin]; !imported && in.ID != uuid.Nil {
			ids = append(ids, in.ID)
		}
		for _, source := range in.Sources {
			if source.ID != uuid.Nil {
				sources = append(sources, source.ID)
			}
		}
	}
	if len(ids) > 0 {
		slugs, err := bulk.Present(ctx, ids)
		if err != nil {
			return nil, nil, err
		}
		items, rows = s.leaveOwn(slugs, known, items, rows)
	}
	if len(sources) > 0 {
		present, err := bulk.PresentSources(ctx, sources)
		if err != nil {
			return nil, nil, err
		}
		for i := range items {
			s.note(rows[i], renameSources(&items[i].Incident, present))
		}
	}
	return items, rows, nil
}

func (s *stream) leaveOwn(slugs map[uuid.UUID]string, known map[string]ledger.ImportRecord, items []ledger.ImportItem, rows []row) ([]ledger.ImportItem, []row) {
	var keptItems []ledger.ImportItem
	var keptRows []row
	for i, item := range items {
		slug, present := slugs[item.Incident.ID]
		if _, imported := known[item.Origin]; present && !imported {
			s.leave(rows[i], slug+" is in the ledger already, and was not imported from this: edit it there")
			continue
		}
		keptItems, keptRows = append(keptItems, item), append(keptRows, rows[i])
	}
	return keptItems, keptRows
}

// renameSources gives keys to the sources that this ledger lacks. Of one that is
// known by its id alone nothing can be made, and where a text is not given there
// is nothing to quote from.
func renameSources(in *incidents.Incident, present map[uuid.UUID]bool) incidents.Problems {
	var notes incidents.Problems
	names := map[string]string{} // an id or a key here, and the key that it becomes; "" for a source that is left out
	quotable := map[string]bool{}
	kept := in.Sources[:0:0]
	for i, source := range in.Sources {
		id := source.ID
		if id == uuid.Nil || present[id] {
			kept = append(kept, source)
			continue
		}
		key := cmp.Or(source.Key, "source-"+id.String())
		if source.URL == "" && source.Title == "" && source.Text == "" {
			notes.Add(fmt.Sprintf("/sources/%d", i), "is known by its id in another ledger alone, and was left out")
			names[id.String()], names[key] = "", ""
			continue
		}
		names[id.String()], names[key] = key, key
		quotable[key] = source.Text != ""
		source.ID, source.Key = uuid.Nil, key
		kept = append(kept, source)
	}
	if len(names) == 0 {
		return nil
	}
	in.Sources = kept
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		evidence := c.Evidence[:0:0]
		for i, e := range c.Evidence {
			name := cmp.Or(e.Source.Given, e.Source.Key)
			if e.Source.ID != uuid.Nil {
				name = e.Source.ID.String()
			}
			key, foreign := names[name]
			if foreign && key == "" {
				continue
			}
			if foreign {
				e.Source = incidents.SourceRef{Key: key}
				if e.Quote != "" && !quotable[key] {
					e.Quote, e.Start, e.End = "", nil, nil
					notes.Add(fmt.Sprintf("%s/evidence/%d/quote", pointer, i), "was left out: the text of its source is not held")
				}
			}
			evidence = append(evidence, e)
		}
		c.Evidence = evidence
	})
	return notes
}
