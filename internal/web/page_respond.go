package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// respondPage is the form of one response.
type respondPage struct {
	Frame
	Form     *form
	Slug     string
	Name     string
	ETag     string
	URL      string
	Changed  bool // somebody else saved in the meantime
	Accused  []choice
	Promises []choice
}

func (s *Web) respondPage(v *visit) (answer, error) {
	doc, in, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	f := newForm()
	for _, p := range in.Participants {
		if p.Role.Breached() {
			f.values["/actor/name"] = []string{p.Actor.Name}
			break
		}
	}
	return showResponse(f, doc, &in, &respondPage{ETag: doc.ETag})
}

func showResponse(f *form, doc ledger.Document, in *incidents.Incident, p *respondPage) (answer, error) {
	f.offer("/evidence")
	for _, source := range in.Sources {
		f.sources = append(f.sources, choice{Value: source.ID.String(), Label: sourceName(source.Title, source.Publisher, source.URL)})
	}
	for _, a := range in.Attributions {
		p.Accused = append(p.Accused, choice{Value: a.ID.String(), Label: a.Accused.Name})
	}
	for _, r := range in.Responses {
		if r.Status == incidents.Promised {
			p.Promises = append(p.Promises, choice{Value: r.ID.String(), Label: r.Actor.Name + ": " + lower(label(r.Kind))})
		}
	}
	f.settle()
	p.Form, p.Slug, p.Name = f, doc.Slug, in.Title
	p.Title, p.NoIndex = "Add a response", true
	out := show("respond", p)
	if len(f.problems) > 0 {
		out.status = http.StatusUnprocessableEntity
	}
	return out, nil
}

func (s *Web) respond(v *visit) (answer, error) {
	doc, in, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	sent := v.PostForm
	f, p := formOf(sent), &respondPage{ETag: sent.Get("etag"), URL: strings.TrimSpace(sent.Get("url"))}
	if p.ETag == "" {
		return answer{}, &badRequestError{detail: "The form does not say which version it is about. Open it again."}
	}
	f.dropBlankRows()
	if p.URL != "" {
		f.values["/evidence/0/source/url"] = []string{p.URL}
		delete(f.values, "/evidence/0/source")
	}
	var r incidents.Response
	if err := f.decode(&r); err != nil {
		return answer{}, err
	}
	_, stored, err := s.ledger.AddResponse(v.ctx(), v.change("add response", sent.Get("reason"), f.problems), doc.Slug, p.ETag, r)
	if problems, ok := asProblems(err); ok {
		f.problems = problems
		return showResponse(f, doc, &in, p)
	}
	var stale *ledger.StaleError
	if errors.As(err, &stale) {
		p.Changed, p.ETag = true, stale.ETag
		out, err := showResponse(f, doc, &in, p)
		out.status = http.StatusConflict
		return out, err
	}
	if err != nil {
		return answer{}, err
	}
	return seeOther("/incidents/" + stored.Slug + "?done=response#responses"), nil
}
