package web

import (
	"errors"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

func (s *Web) logPage(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	f := newForm()
	return s.showForm(v, f, &editPage{})
}

func (s *Web) logIncident(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	sent := v.PostForm
	f, p := formOf(sent), &editPage{Reason: sent.Get("reason")}
	if rows(f, sent, p) {
		return s.showForm(v, f, p)
	}
	var in incidents.Incident
	f.dropBlankRows()
	if err := f.decode(&in); err != nil {
		return answer{}, err
	}
	if sent.Get("anyway") == "" && len(f.problems) == 0 {
		similar, err := s.like(v, in)
		if err != nil {
			return answer{}, err
		}
		p.Similar = similar
		if len(p.Similar) > 0 {
			return s.showForm(v, f, p)
		}
	}
	doc, err := s.ledger.Record(v.ctx(), v.change("record", p.Reason, f.problems), in)
	if err != nil {
		return s.refused(v, f, p, err)
	}
	done := "logged"
	if doc.Publication == incidents.Draft {
		done = "draft"
	}
	return seeOther("/incidents/" + doc.Slug + "?done=" + done), nil
}

// like is what may be the same as what is about to be logged.
func (s *Web) like(v *visit, in incidents.Incident) ([]ledger.Similar, error) {
	ctx, leave, err := enter(v.ctx(), s.gates.Search)
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.ledger.Like(ctx, v.by, in)
}

// refused shows the form again with what is wrong at its fields.
func (s *Web) refused(v *visit, f *form, p *editPage, err error) (answer, error) {
	var exists *ledger.ExistsError
	if problems, ok := asProblems(err); ok {
		f.problems = problems
		return s.showForm(v, f, p)
	}
	if errors.As(err, &exists) {
		p.Exists = exists.Slug
		f.problems = incidents.Problems{{Pointer: "/external_refs", Detail: exists.Error()}}
		return s.showForm(v, f, p)
	}
	return answer{}, err
}
