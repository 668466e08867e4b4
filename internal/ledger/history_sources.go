package ledger

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Sources are shared. The description of one, and the position of a quote in its text,
// may be changed at its own address or through another incident that names it; that
// renders documents again, and writes no version of them.

// SourceChange is what was changed between two versions of an incident of a source
// that both name.
type SourceChange struct {
	Before incidents.Source `json:"before"`
	After  incidents.Source `json:"after"`
	// MovedQuotes are the quotes from it that stand elsewhere in its text.
	MovedQuotes int `json:"moved_quotes,omitempty" doc:"How many quotes from it stand elsewhere in its text, which was replaced"`
}

// withPresentSources makes the tree of the document before show the sources as the
// one after does, and says what of them was changed.
func (s *step) withPresentSources() ([]SourceChange, error) {
	now, claims := map[string]map[string]any{}, map[string]map[string]any{}
	for _, source := range objects(s.is, "sources") {
		now[text(source, "id")] = source
	}
	for claim := range claimsOf(s.is) {
		claims[text(claim, "id")] = claim
	}
	changed := map[string]*SourceChange{}
	change := func(id string) *SourceChange {
		if changed[id] == nil {
			changed[id] = &SourceChange{}
		}
		return changed[id]
	}
	for claim := range claimsOf(s.was) {
		for id := range moveQuotes(claim, claims[text(claim, "id")]) {
			change(id).MovedQuotes++
		}
	}
	var out []SourceChange
	for _, source := range objects(s.was, "sources") {
		id := text(source, "id")
		present := now[id]
		if present == nil || changed[id] == nil && reflect.DeepEqual(source, present) {
			continue
		}
		one := change(id)
		if err := asSource(source, &one.Before); err != nil {
			return nil, err
		}
		if err := asSource(present, &one.After); err != nil {
			return nil, err
		}
		clear(source)
		maps.Copy(source, present)
		out = append(out, *one)
	}
	if len(out) > 0 {
		for claim := range claimsOf(s.was) {
			for _, e := range objects(claim, "evidence") {
				if source, _ := e["source"].(map[string]any); changed[text(source, "id")] != nil {
					e["source"] = reference(now[text(source, "id")])
				}
			}
		}
	}
	return out, nil
}

// moveQuotes gives the quotes of a claim the positions that they have in its later
// version, and names the source of each that had another.
func moveQuotes(before, after map[string]any) func(yield func(source string) bool) {
	type quote struct{ source, quote string }
	of := func(claim map[string]any) map[quote][]map[string]any {
		out := map[quote][]map[string]any{}
		for _, e := range objects(claim, "evidence") {
			source, _ := e["source"].(map[string]any)
			if q := (quote{text(source, "id"), text(e, "quote")}); q.quote != "" {
				out[q] = append(out[q], e)
			}
		}
		return out
	}
	return func(yield func(string) bool) {
		now := of(after)
		for q, was := range of(before) {
			is := now[q]
			if len(was) != 1 || len(is) != 1 || was[0]["start"] == is[0]["start"] {
				continue
			}
			was[0]["start"], was[0]["end"] = is[0]["start"], is[0]["end"]
			if !yield(q.source) {
				return
			}
		}
	}
}

// claimsOf are the claims of a document.
func claimsOf(document any) func(yield func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		for _, list := range []string{"counts", "losses", "attributions", "responses"} {
			for _, claim := range objects(document, list) {
				if !yield(claim) {
					return
				}
			}
		}
	}
}

// objects are those of a list that an object has.
func objects(in any, list string) []map[string]any {
	object, _ := in.(map[string]any)
	all, _ := object[list].([]any)
	out := make([]map[string]any, 0, len(all))
	for _, one := range all {
		if o, ok := one.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

func text(object map[string]any, name string) string {
	s, _ := object[name].(string)
	return s
}

// reference is what a piece of evidence shows of a source.
func reference(source map[string]any) map[string]any {
	out := maps.Clone(source)
	maps.DeleteFunc(out, func(name string, _ any) bool {
		return !slices.Contains([]string{"id", "url", "title", "publisher"}, name)
	})
	return out
}

func asSource(object map[string]any, into *incidents.Source) error {
	data, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("write a source of a revision: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read a source of a revision: %w", err)
	}
	return nil
}
