package ledger

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/wI2L/jsondiff"

	"github.com/breachledger/breachledger/internal/incidents"
)

// ActorChange is an actor that was changed by itself between two versions of an
// incident: by its own address, whoever wrote the incident next.
type ActorChange struct {
	Slug   string     `json:"slug"`
	Before ActorShown `json:"before"`
	After  ActorShown `json:"after"`
}

// ActorShown is what documents show of an actor besides its slug.
type ActorShown struct {
	Name   string              `json:"name"`
	Kind   incidents.ActorKind `json:"kind"`
	Sector incidents.Sector    `json:"sector"`
}

// changes is the difference of two documents as a JSON Patch; what changes with
// every write is left out, and told apart is what no write of an incident can do:
// that the same actor is called or classed otherwise.
func changes(before, after []byte) (json.RawMessage, []ActorChange, error) {
	before, actors, err := withActorsOf(before, after)
	if err != nil {
		return nil, nil, err
	}
	patch, err := jsondiff.CompareJSON(before, after, jsondiff.Ignores("/version", "/updated_at"), jsondiff.LCS(), jsondiff.UnmarshalFunc(exactly))
	if err != nil {
		return nil, nil, fmt.Errorf("compare two revisions: %w", err)
	}
	if patch == nil {
		patch = jsondiff.Patch{}
	}
	out, err := json.Marshal(patch)
	if err != nil {
		return nil, nil, fmt.Errorf("write a difference: %w", err)
	}
	return out, actors, nil
}

// withActorsOf is the document before with its actors as the one after shows them,
// and what of them was changed.
func withActorsOf(before, after []byte) ([]byte, []ActorChange, error) {
	var was, is any
	if err := exactly(before, &was); err != nil {
		return nil, nil, fmt.Errorf("read a revision: %w", err)
	}
	if err := exactly(after, &is); err != nil {
		return nil, nil, fmt.Errorf("read a revision: %w", err)
	}
	now := map[string]map[string]any{}
	eachActor(is, func(slug string, actor map[string]any) { now[slug] = actor })
	changed := map[string]ActorChange{}
	eachActor(was, func(slug string, actor map[string]any) {
		if old, present := shown(actor), now[slug]; present != nil && old != shown(present) {
			changed[slug] = ActorChange{Slug: slug, Before: old, After: shown(present)}
			maps.Copy(actor, present)
		}
	})
	if len(changed) == 0 {
		return before, nil, nil
	}
	out, err := json.Marshal(was)
	if err != nil {
		return nil, nil, fmt.Errorf("write a revision: %w", err)
	}
	var list []ActorChange
	for _, slug := range slices.Sorted(maps.Keys(changed)) {
		list = append(list, changed[slug])
	}
	return out, list, nil
}

// eachActor calls f for every actor that a part of a document names.
func eachActor(part any, f func(slug string, actor map[string]any)) {
	switch part := part.(type) {
	case []any:
		for _, one := range part {
			eachActor(one, f)
		}
	case map[string]any:
		slug, ok := part["slug"].(string)
		if _, named := part["sector"]; ok && named {
			f(slug, part)
			return
		}
		for _, one := range part {
			eachActor(one, f)
		}
	}
}

func shown(actor map[string]any) ActorShown {
	word := func(name string) string { s, _ := actor[name].(string); return s }
	return ActorShown{Name: word("name"), Kind: incidents.ActorKind(word("kind")), Sector: incidents.Sector(word("sector"))}
}
