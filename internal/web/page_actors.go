package web

import (
	"fmt"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// actorsPage is the list of actors.
type actorsPage struct {
	Frame
	Prefix  string
	Kind    string
	Sector  string
	Kinds   []incidents.Term
	Sectors []incidents.Term
	Items   []ledger.ActorItem
	Next    string
}

func (s *Web) actorsPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther("/actors" + encode(query)), nil
	}
	ps := &params{Values: v.query}
	p := &actorsPage{
		Frame:  Frame{Title: "Actors", Nav: "actors"},
		Prefix: strings.TrimSpace(v.query.Get("q")), Kind: v.query.Get("kind"), Sector: v.query.Get("sector"),
		Kinds: incidents.Company.Vocabulary().Terms, Sectors: incidents.SectorUnknown.Vocabulary().Terms,
	}
	f := ledger.ActorFilter{Prefix: p.Prefix, Kinds: terms[incidents.ActorKind](ps, "kind"), Sectors: terms[incidents.Sector](ps, "sector")}
	var next string
	var err error
	if p.Items, next, err = s.ledger.Actors(v.ctx(), v.by, f, ledger.Page{Limit: 100, Cursor: v.query.Get("cursor")}); err != nil {
		return answer{}, err
	}
	if next != "" {
		query, _ := tidy(v.query)
		query.Set("cursor", next)
		p.Next = "/actors" + encode(query)
	}
	return show("actors", p), nil
}

// actorPage is one company, state, group or person.
type actorPage struct {
	Frame
	Actor    ledger.ActorPage
	Roles    []roleGroup
	Replies  []ledger.ResponseItem // the latest
	More     bool                  // there are more of them
	Promises ledger.PromiseReport
	Cut      bool                  // there are more incidents than are shown
	Similar  []ledger.SimilarActor // for editors
}

// roleGroup is the incidents in which an actor has one role.
type roleGroup struct {
	Role  incidents.Role
	Cards []incidents.Card
}

func (s *Web) actorPage(v *visit) (answer, error) {
	actor, err := s.ledger.Actor(v.ctx(), v.by, v.PathValue("slug"))
	if err != nil {
		return answer{}, err
	}
	p := &actorPage{Actor: actor, Frame: Frame{Title: actor.Name, Nav: "actors"}}
	p.Description = fmt.Sprintf("%s in Breachledger: %s, %s.", actor.Name,
		plural(actor.Involved, "incident", "incidents"), plural(actor.Responses.Responses, "response", "responses"))
	own := ledger.Filter{Actors: []string{actor.Slug}}
	if p.Promises, err = s.ledger.Promises(v.ctx(), ledger.PromiseScope{Filter: own}, ledger.Page{Limit: ledger.MaxLimit}); err != nil {
		return answer{}, err
	}
	replies, more, err := s.ledger.ResponseList(v.ctx(), ledger.ResponseListScope{ResponseScope: ledger.ResponseScope{Filter: own}}, ledger.Page{Limit: listRows})
	if err != nil {
		return answer{}, err
	}
	p.Replies, p.More = replies, more != ""
	shown := map[string]bool{}
	for _, involved := range actor.Incidents {
		card, err := readCard(involved.Incident)
		if err != nil {
			return answer{}, err
		}
		p.group(involved.Role, card)
		shown[card.Slug] = true
	}
	p.Cut = int64(len(shown)) < actor.Involved
	if v.by.Role.AtLeast(access.Editor) {
		if p.Similar, err = s.ledger.SimilarActors(v.ctx(), v.by, actor.Slug); err != nil {
			return answer{}, err
		}
	}
	return show("actor", p), nil
}

func (p *actorPage) group(role incidents.Role, card incidents.Card) {
	for i := range p.Roles {
		if p.Roles[i].Role == role {
			p.Roles[i].Cards = append(p.Roles[i].Cards, card)
			return
		}
	}
	p.Roles = append(p.Roles, roleGroup{role, []incidents.Card{card}})
}
