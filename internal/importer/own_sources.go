package importer

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// settleSources makes the sources of documents such as this ledger can store:
// those that another ledger names by its ids become new ones.
func (s *stream) settleSources(ctx context.Context, bulk *ledger.Bulk, items []ledger.ImportItem, rows []row) error {
	var ids []uuid.UUID
	var urls []string
	for i := range items {
		in := &items[i].Incident
		quotes := hasQuotes(in)
		for _, source := range in.Sources {
			if source.ID != uuid.Nil {
				ids = append(ids, source.ID)
			}
			if quotes && source.URL != "" && source.Text == "" {
				urls = append(urls, source.URL)
			}
		}
	}
	if len(ids)+len(urls) == 0 && !s.table.bySlug { // where a source that is quoted may have a title alone
		return nil
	}
	held, err := bulk.HeldSources(ctx, ids, urls)
	if err != nil {
		return err
	}
	for i := range items {
		s.note(rows[i], renameSources(&items[i].Incident, held))
	}
	return nil
}

func hasQuotes(in *incidents.Incident) (found bool) {
	in.EachClaim(func(_ string, c *incidents.Claim) {
		for _, e := range c.Evidence {
			found = found || e.Quote != ""
		}
	})
	return found
}

// renameSources gives keys to the sources that this ledger lacks. One that has nothing
// but an id is left out, and where a text is neither given nor held, so are quotes
// from it.
func renameSources(in *incidents.Incident, held ledger.HeldSources) incidents.Problems {
	var notes incidents.Problems
	names := map[string]string{} // an id or a key here, and the id or key that it becomes; "" for a source that is left out
	quotable := map[string]bool{}
	kept := in.Sources[:0:0]
	for i, source := range in.Sources {
		id := source.ID
		hasText, here := held.ByID[id]
		name := cmp.Or(source.Key, id.String())
		switch {
		case here:
		case id != uuid.Nil && source.URL == "" && source.Title == "" && source.Text == "":
			notes.Add(fmt.Sprintf("/sources/%d", i), "is known by its id in another ledger alone, and was left out")
			names[id.String()], names[name] = "", ""
			continue
		case id != uuid.Nil:
			name = cmp.Or(source.Key, "source-"+id.String())
			source.ID, source.Key = uuid.Nil, name
			hasText = held.ByURL[source.URL]
		case source.Key == "":
			kept = append(kept, source) // its evidence names it by its address
			continue
		default:
			hasText = held.ByURL[source.URL]
		}
		names[id.String()], names[name] = name, name
		quotable[name] = hasText || source.Text != ""
		kept = append(kept, source)
	}
	if len(names) == 0 {
		return nil
	}
	delete(names, uuid.Nil.String())
	in.Sources = kept
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		c.Evidence = renameEvidence(pointer, c.Evidence, names, quotable, &notes)
	})
	return notes
}

func renameEvidence(pointer string, all []incidents.Evidence, names map[string]string, quotable map[string]bool, notes *incidents.Problems) []incidents.Evidence {
	out := all[:0:0]
	for i, e := range all {
		given := cmp.Or(e.Source.Given, e.Source.Key)
		if e.Source.ID != uuid.Nil {
			given = e.Source.ID.String()
		}
		name, settled := names[given]
		if settled && name == "" {
			continue
		}
		if settled {
			if uuid.Validate(name) != nil { // a key
				e.Source = incidents.SourceRef{Key: name}
			}
			if e.Quote != "" && !quotable[name] {
				e.Quote, e.Start, e.End = "", nil, nil
				notes.Add(fmt.Sprintf("%s/evidence/%d/quote", pointer, i), "was left out: the text of its source is not held")
			}
		}
		out = append(out, e)
	}
	return out
}
