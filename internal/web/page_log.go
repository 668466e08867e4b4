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
	sent, err := v.form()
	if err != nil {
		return answer{}, err
	}
	f, p := formOf(sent), &editPage{Reason: sent.Get("reason")}
	if rows(f, sent, p) {
		return s.showForm(v, f, p)
	}
	var in incidents.Incident
	f.compact(true)
	if err := f.decode(&in); err != nil {
		return answer{}, err
	}
	if sent.Get("anyway") == "" && len(f.problems) == 0 {
		if p.Similar, err = s.ledger.Like(v.ctx(), v.by, in); err != nil {
			return answer{}, err
		}
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
