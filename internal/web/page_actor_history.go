package web

import (
	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// actorHistoryPage is who changed an actor, and what.
type actorHistoryPage struct {
	Frame
	Name, Slug string
	Changes    []actorChange
	Next       string
}

type actorChange struct {
	ledger.ActorRevision
	Differences []actorDifference
}

// actorDifference is a field of an actor before and after a change, "" for none.
type actorDifference struct{ Label, Was, Is string }

func (s *Web) actorHistoryPage(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	actor, err := s.ledger.Actor(v.ctx(), v.by, v.PathValue("slug"))
	if err != nil {
		return answer{}, err
	}
	changes, next, err := s.ledger.ActorHistory(v.ctx(), v.by, actor.Slug, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	p := &actorHistoryPage{Frame: Frame{Title: "History: " + actor.Name, Nav: "actors", NoIndex: true}, Name: actor.Name, Slug: actor.Slug}
	for _, c := range changes {
		p.Changes = append(p.Changes, actorChange{c, actorDifferences(c.Before, c.After)})
	}
	if next != "" {
		p.Next = "/actors/" + actor.Slug + "/history?cursor=" + next
	}
	return show("actor_history", p), nil
}

// actorDifferences are the fields that differ; before is nil when the actor was made.
func actorDifferences(before *incidents.Actor, after incidents.Actor) []actorDifference {
	var was incidents.Actor
	if before != nil {
		was = *before
	}
	var out []actorDifference
	for _, d := range []actorDifference{
		{"Name", was.Name, after.Name},
		{"Other names", list(was.Aliases), list(after.Aliases)},
		{"Kind", label(was.Kind), label(after.Kind)},
		{"Sector", label(was.Sector), label(after.Sector)},
		{"Country", was.Country, after.Country},
		{"Domain", was.Domain, after.Domain},
	} {
		if d.Was != d.Is {
			out = append(out, d)
		}
	}
	return out
}
