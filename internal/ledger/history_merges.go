package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A merge of actors renders the documents anew that name them, and writes no
// version of these: in the next one, whoever wrote it, the one stands where the
// other did.

// mergedActor is what became of an actor.
type mergedActor struct {
	into string    // the slug of the actor that it is today
	at   time.Time // when it was merged
}

// mergedActors are those of the actors of a step that were merged, when one is named
// no more in it.
func (l *Ledger) mergedActors(ctx context.Context, s *step) (map[string]mergedActor, error) {
	var slugs []string
	eachActor(s.was, func(slug string, _ map[string]any) {
		if s.now[slug] == nil {
			slugs = append(slugs, slug)
		}
	})
	if len(slugs) > 0 {
		slugs = slices.AppendSeq(slugs, maps.Keys(s.now))
	}
	merged := map[string]mergedActor{}
	if len(slugs) == 0 {
		return merged, nil
	}
	rows, err := l.q.ActorsMerged(ctx, l.search, unique(slugs))
	if err != nil {
		return nil, fmt.Errorf("look up what actors were merged into: %w", fromPostgres(err))
	}
	for _, row := range rows {
		merged[row.Slug] = mergedActor{into: row.IntoSlug, at: row.MergedAt}
	}
	return merged, nil
}

// became is the actor of the later version that one of the earlier was merged into
// before the later was written; "" for any other. Whoever wrote that may have put one
// in the place of the other by hand, and both were merged afterwards.
func (s *step) became(slug string, merged map[string]mergedActor) string {
	m, ok := merged[slug]
	if !ok || s.now[slug] != nil || m.at.After(s.at) {
		return ""
	}
	found := ""
	for other := range s.now {
		today := other // which may have been merged on since
		if o, ok := merged[other]; ok {
			today = o.into
		}
		switch {
		case today != m.into:
		case found != "":
			return "" // either may be it
		default:
			found = other
		}
	}
	return found
}

// unite lists those participants once in a role who have become one.
func (s *step) unite(became map[string]string) {
	document, ok := s.was.(map[string]any)
	list, _ := document["participants"].([]any)
	if !ok || len(became) == 0 {
		return
	}
	part := func(one any) (slug string, role any) {
		participant, _ := one.(map[string]any)
		actor, _ := participant["actor"].(map[string]any)
		slug, _ = actor["slug"].(string)
		return slug, participant["role"]
	}
	type listed struct {
		slug string
		role any
	}
	seen := map[listed]bool{}
	for _, one := range list {
		if slug, role := part(one); became[slug] == "" {
			seen[listed{slug, role}] = true
		}
	}
	document["participants"] = slices.DeleteFunc(list, func(one any) bool {
		slug, role := part(one)
		if became[slug] == "" {
			return false
		}
		now := listed{became[slug], role}
		again := seen[now]
		seen[now] = true
		return again
	})
}
