package web

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// sharedHistoryPage is who changed an actor or a source, what, when and why.
type sharedHistoryPage struct {
	Frame
	What, Name, Back string // "an actor", its name, and its page
	Changes          []sharedChange
	Next             string
}

// sharedChange is one change. Note says of an actor that it was another one then.
type sharedChange struct {
	ledger.SharedRevision
	Deed, Note  string
	Differences []sharedDifference
}

// sharedDifference is a field before and after a change, "" for none.
type sharedDifference struct{ Label, Was, Is string }

func newSharedHistory(what, name, back, next string) *sharedHistoryPage {
	p := &sharedHistoryPage{Frame: Frame{Title: "History: " + name, Nav: "actors", NoIndex: true}, What: what, Name: name, Back: back}
	if next != "" {
		p.Next = back + "/history?cursor=" + next
	}
	return p
}

func (p *sharedHistoryPage) add(r ledger.SharedRevision, deed, note string, fields []sharedDifference) {
	c := sharedChange{SharedRevision: r, Deed: deed, Note: note}
	for _, d := range fields {
		if d.Was != d.Is {
			c.Differences = append(c.Differences, d)
		}
	}
	p.Changes = append(p.Changes, c)
}

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
	p := newSharedHistory("an actor", actor.Name, "/actors/"+actor.Slug, next)
	for _, c := range changes {
		was, deed, note := incidents.Actor{}, "Made", ""
		if c.Before != nil {
			was, deed = *c.Before, "Changed"
		}
		if c.Merged != nil {
			deed = "Merged “" + c.Merged.Name + "” into it"
		}
		if c.Slug != actor.Slug {
			note = "while it was " + c.Slug
		}
		p.add(c.SharedRevision, deed, note, []sharedDifference{
			{"Name", was.Name, c.After.Name},
			{"Other names", list(was.Aliases), list(c.After.Aliases)},
			{"Kind", label(was.Kind), label(c.After.Kind)},
			{"Sector", label(was.Sector), label(c.After.Sector)},
			{"Country", was.Country, c.After.Country},
			{"Domain", was.Domain, c.After.Domain},
		})
	}
	return show("shared_history", p), nil
}

func (s *Web) sourceHistoryPage(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	id, err := uuid.Parse(v.PathValue("id"))
	if err != nil {
		return answer{}, &badRequestError{status: http.StatusNotFound, detail: "This is not the id of a source."}
	}
	source, err := s.ledger.Source(v.ctx(), v.by, id)
	if err != nil {
		return answer{}, err
	}
	changes, next, err := s.ledger.SourceHistory(v.ctx(), v.by, id, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	p := newSharedHistory("a source", sourceName(source.Title, source.Publisher, source.URL), "/sources/"+id.String(), next)
	p.Nav = "sources"
	for _, c := range changes {
		was, deed := incidents.SourceSaid{}, "Added"
		if c.Before != nil {
			was, deed = *c.Before, "Changed"
		}
		if was.TextSHA256 != "" && c.After.TextSHA256 == "" {
			deed = "Text taken away"
		}
		p.add(c.SharedRevision, deed, "", []sharedDifference{
			{"Headline", was.Title, c.After.Title},
			{"Address", was.URL, c.After.URL},
			{"Publisher", was.Publisher, c.After.Publisher},
			{"Author", was.Author, c.After.Author},
			{"Published", was.Published.String(), c.After.Published.String()},
			{"Language", was.Language, c.After.Language},
			{"Why it gave no incident", was.NoIncidentReason, c.After.NoIncidentReason},
			{"Text, by its SHA-256", was.TextSHA256, c.After.TextSHA256},
		})
	}
	return show("shared_history", p), nil
}
