package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// mergeActorPage asks into which actor another is merged, and then whether to do it,
// as it cannot be undone.
type mergeActorPage struct {
	Frame
	From    ledger.ActorPage
	Target  *ledger.ActorPage // once it is chosen
	Similar []ledger.SimilarActor
	Into    field
	Why     field
}

func (s *Web) mergeActorPage(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	return s.showMergeActor(v, v.query.Get("into"))
}

// mergeActor merges into the actor that the page showed.
func (s *Web) mergeActor(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	into := v.PostForm.Get("into")
	err := s.ledger.MergeActors(v.ctx(), v.change("merge actor", stepReason(v.PostForm), nil), v.PathValue("slug"), into)
	if problems, wrong := asProblems(err); wrong {
		return s.showMergeActor(v, into, problems...)
	}
	if err != nil {
		return answer{}, err
	}
	return seeOther("/actors/" + into + "?done=one"), nil
}

// showMergeActor shows the page with what was typed to choose an actor, "" for nothing,
// and what is wrong with what was sent.
func (s *Web) showMergeActor(v *visit, typed string, problems ...incidents.Problem) (answer, error) {
	from, err := s.ledger.Actor(v.ctx(), v.by, v.PathValue("slug"))
	if err != nil {
		return answer{}, err
	}
	typed = strings.ToValidUTF8(typed, "\uFFFD")
	p := &mergeActorPage{
		Frame: Frame{Title: "Merge: " + from.Name, Nav: "actors", NoIndex: true}, From: from,
		Into: field{Name: "into", ID: "into", Label: "Merge into the actor (its name, address or slug)", Value: typed},
		Why:  field{Name: "reason", ID: "why", Label: "Because", Value: stepReason(v.PostForm)},
	}
	for _, problem := range problems {
		if problem.Pointer == "/reason" {
			p.Why.Errors = append(p.Why.Errors, sentence(problem.Detail))
		}
	}
	if p.Similar, err = s.ledger.SimilarActors(v.ctx(), v.by, from.Slug); err != nil {
		return answer{}, err
	}
	if typed = strings.TrimSpace(typed); typed != "" {
		target, err := s.actorTyped(v, typed)
		switch {
		case errors.Is(err, ledger.ErrNotFound):
			p.Into.Errors = []string{"No actor has this name, address or slug."}
		case err != nil:
			return answer{}, err
		case target.ID == from.ID:
			p.Into.Errors = []string{"This is the same actor."}
		default:
			p.Target = &target
		}
	}
	out := show("merge_actor", p)
	if len(p.Into.Errors)+len(problems) > 0 {
		out.status = http.StatusUnprocessableEntity
	}
	return out, nil
}

// actorTyped is the actor of which somebody typed the slug, the address or a name.
func (s *Web) actorTyped(v *visit, typed string) (ledger.ActorPage, error) {
	if _, path, ok := strings.Cut(typed, "/actors/"); ok {
		typed, _, _ = strings.Cut(path, "?")
	}
	return s.ledger.ActorNamed(v.ctx(), v.by, typed)
}

// actorPairsPage is the queue of actors that may be one.
type actorPairsPage struct {
	Frame
	Pairs []ledger.ActorPair
	Next  string
}

func (s *Web) actorPairsPage(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	pairs, next, err := s.ledger.ActorPairs(v.ctx(), v.by, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	p := &actorPairsPage{Frame: Frame{Title: "Actors that may be one", Nav: "duplicates", NoIndex: true}, Pairs: pairs}
	if next != "" {
		p.Next = "/duplicates/actors?cursor=" + next
	}
	return show("actor_pairs", p), nil
}

// tellActorsApart notes that two actors are not one.
func (s *Web) tellActorsApart(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	one, other := v.PostForm.Get("one"), v.PostForm.Get("other")
	if err := s.ledger.NotTheSameActor(v.ctx(), v.change("not the same actor", "", nil), one, other); err != nil {
		return answer{}, err
	}
	if v.PostForm.Has("back") {
		return seeOther("/actors/" + one + "?done=different"), nil
	}
	return seeOther("/duplicates/actors?done=different"), nil
}
