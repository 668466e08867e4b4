package ledger

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/wI2L/jsondiff"

	"github.com/breachledger/breachledger/internal/incidents"
)

// ActorChange is an actor that was changed by itself between two versions of an
// incident: by its own address, whoever wrote the incident next.
type ActorChange struct {
	Slug       string     `json:"slug"`
	MergedInto string     `json:"merged_into,omitempty" doc:"The slug of the actor that it was merged into; after is that one"`
	Before     ActorShown `json:"before"`
	After      ActorShown `json:"after"`
}

// ActorShown is what documents show of an actor besides its slug.
type ActorShown struct {
	Name   string              `json:"name"`
	Kind   incidents.ActorKind `json:"kind"`
	Sector incidents.Sector    `json:"sector"`
}

// step is a version of an incident beside the one before it.
type step struct {
	before  []byte
	was, is any // the documents of the two as trees
	at      time.Time
	now     map[string]map[string]any // the actors of the later, by slug
}

func stepTo(after, before *read) (*step, error) {
	s := &step{before: before.row.Document, at: after.row.At, now: map[string]map[string]any{}}
	var err error
	if s.was, err = before.parse(); err == nil {
		s.is, err = after.parse()
	}
	if err != nil {
		return nil, fmt.Errorf("read a revision: %w", err)
	}
	eachActor(s.is, func(slug string, actor map[string]any) { s.now[slug] = actor })
	return s, nil
}

// changes completes a revision with the difference of the two as a JSON Patch; what
// changes with every write is left out, and told apart is what others may do in
// between: that the same actor is called or classed otherwise, or has become another,
// and that other things are said of the same source.
func (s *step) changes(r *Revision, merged map[string]mergedActor) error {
	var err error
	if r.Actors, err = s.withPresentActors(merged); err != nil {
		return err
	}
	if r.Sources, err = s.withPresentSources(); err != nil {
		return err
	}
	patch, err := jsondiff.CompareWithoutMarshal(s.was, s.is, jsondiff.Ignores("/version", "/updated_at"), jsondiff.LCS())
	if err != nil {
		return fmt.Errorf("compare two revisions: %w", err)
	}
	if patch == nil {
		patch = jsondiff.Patch{}
	}
	if r.Changes, err = json.Marshal(patch); err != nil {
		return fmt.Errorf("write a difference: %w", err)
	}
	return nil
}

// withPresentActors makes the tree of the document before show its actors as the one
// after does, and says what of them was changed.
func (s *step) withPresentActors(merged map[string]mergedActor) ([]ActorChange, error) {
	became := map[string]string{}
	eachActor(s.was, func(slug string, _ map[string]any) {
		if into := s.became(slug, merged); into != "" {
			became[slug] = into
		}
	})
	s.unite(became)
	changed := map[string]ActorChange{}
	eachActor(s.was, func(slug string, actor map[string]any) {
		present, old := s.now[slug], shown(actor)
		if into := became[slug]; into != "" {
			present = s.now[into]
		}
		if present == nil || became[slug] == "" && old == shown(present) {
			return
		}
		changed[slug] = ActorChange{Slug: slug, MergedInto: became[slug], Before: old, After: shown(present)}
		maps.Copy(actor, present)
	})
	if len(changed) == 0 {
		return nil, nil
	}
	if err := s.deriveAnew(); err != nil {
		return nil, err
	}
	var list []ActorChange
	for _, slug := range slices.Sorted(maps.Keys(changed)) {
		list = append(list, changed[slug])
	}
	return list, nil
}

// deriveAnew gives the tree of the document before what follows from its present actors.
func (s *step) deriveAnew() error {
	was, err := parseDocument(s.before)
	if err != nil {
		return err
	}
	out, err := json.Marshal(s.was)
	if err != nil {
		return fmt.Errorf("write a revision: %w", err)
	}
	is, err := parseDocument(out)
	if err != nil {
		return err
	}
	was.Derive()
	is.Derive()
	document, _ := s.was.(map[string]any)
	if was.Payment != is.Payment {
		document["payment"] = is.Payment
	}
	if was.Unanswered != is.Unanswered {
		document["unanswered"] = is.Unanswered
	}
	return nil
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
