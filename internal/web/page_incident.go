package web

import (
	"context"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// incidentPage is one incident, present or as an earlier version had it.
type incidentPage struct {
	Frame
	In          incidents.Incident
	ETag        string
	Old         *ledger.Revision // set for an earlier version
	Breached    []incidents.Participant
	Others      []incidents.Participant // but for those who stand among the accused
	Headline    *figure
	Figures     []figure
	Losses      []money
	Accusations []accusation
	Answers     []organisation
	Silent      []incidents.ActorRef // breached, and none recorded
	Timeline    []event
	Similar     []ledger.Similar
	Citation    string
	CanEdit     bool
	Steps       *stepFields
}

func (s *Web) incidentPage(v *visit) (answer, error) {
	doc, err := s.ledger.Incident(v.ctx(), v.by, v.PathValue("ref"))
	if err != nil {
		return answer{}, err
	}
	if v.PathValue("ref") != doc.Slug {
		return seeOther("/incidents/" + doc.Slug), nil
	}
	p, err := s.present(v, doc)
	if err != nil {
		return answer{}, err
	}
	return show("incident", p), nil
}

// present is the page of an incident as it stands.
func (s *Web) present(v *visit, doc ledger.Document) (*incidentPage, error) {
	p, err := s.incidentView(v, doc.JSON)
	if err != nil {
		return nil, err
	}
	p.ETag = doc.ETag
	p.Canonical = "/incidents/" + doc.Slug
	p.CanEdit = v.by.Role.CanEdit(p.In.Publication)
	p.Steps = newStepFields()
	p.Similar, err = aside(s, v, func(ctx context.Context) ([]ledger.Similar, error) { return s.ledger.Similar(ctx, v.by, doc.Slug) })
	return p, err
}

// incidentView makes the page of a document.
func (s *Web) incidentView(v *visit, document []byte) (*incidentPage, error) {
	stored, err := readDocument(document)
	if err != nil {
		return nil, err
	}
	p := &incidentPage{In: stored}
	in := &p.In
	around, err := s.contexts(v.ctx(), v.by, in)
	if err != nil {
		return nil, err
	}
	view := func(c incidents.Claim, words string) claim {
		one := claim{ID: c.ID, Slug: in.Slug, Version: in.Version, Support: c.Support, Passages: around.passages(c.Evidence, in.Sources)}
		one.Citation = citationOf(v, in, one, words)
		return one
	}
	p.Frame = Frame{Title: in.Title, Nav: "incidents", Description: in.Summary, NoIndex: in.Publication != incidents.Published}
	for _, one := range in.Participants {
		switch {
		case one.Role.Breached():
			p.Breached = append(p.Breached, one)
		case one.Role == incidents.RoleAllegedAttacker && accused(in, one.Actor): // the accusation says it with its evidence
		default:
			p.Others = append(p.Others, one)
		}
	}
	p.figures(view)
	for _, l := range in.Losses {
		p.Losses = append(p.Losses, money{view(l.Claim, lossWords(l)), l})
	}
	p.replies(view)
	p.Timeline = timeline(in)
	p.Citation = citation(v, in)
	return p, nil
}

// accused says whether an accusation names this actor.
func accused(in *incidents.Incident, actor incidents.ActorRef) bool {
	return slices.ContainsFunc(in.Attributions, func(a incidents.Attribution) bool { return a.Accused.Slug == actor.Slug })
}
