package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// editPage is the form of an incident, new or known.
type editPage struct {
	Frame
	Form     *form
	Action   string
	Slug     string // "" for a new incident
	ETag     string
	Reason   string
	Draft    bool // what is saved is a draft
	Fresh    string
	Similar  []ledger.Similar
	Conflict []difference // what somebody else saved, against what was typed
	Exists   string       // the slug of the incident that has the reference already
	Texts    []sourceText
}

// sourceText is the text of a source, to select quotes in.
type sourceText struct{ Name, Text string }

func (s *Web) logPage(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	f := newForm()
	return s.showForm(v, f, &editPage{})
}

// showForm is the form as it stands.
func (s *Web) showForm(v *visit, f *form, p *editPage) (answer, error) {
	p.Form = f
	p.Nav, p.NoIndex = "log", true
	if p.Slug == "" {
		p.Title, p.Action, p.Draft = "Log an incident", "/log", !v.by.Role.AtLeast(access.Editor)
		f.offer("/participants", "/sources", "/counts")
	} else {
		p.Action = "/incidents/" + p.Slug + "/edit"
		f.offer()
	}
	out := show("edit", p)
	if len(f.problems) > 0 {
		out.status = http.StatusUnprocessableEntity
	}
	return out, nil
}

// rows carries out the buttons that add and remove rows; it reports whether one
// was pressed.
func rows(f *form, sent url.Values, p *editPage) bool {
	if list := sent.Get("add"); list != "" {
		f.addRow(list)
		if all := f.Rows(list); len(all) > 0 {
			p.Fresh = list + "/" + itoa(all[len(all)-1])
		}
		return true
	}
	if row := sent.Get("remove"); row != "" {
		f.removeRow(row)
		return true
	}
	return false
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

func (s *Web) editPage(v *visit) (answer, error) {
	doc, in, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	f, err := formFrom(in)
	if err != nil {
		return answer{}, err
	}
	p := &editPage{Slug: doc.Slug, ETag: doc.ETag}
	if err := s.describe(v, p, &in); err != nil {
		return answer{}, err
	}
	return s.showForm(v, f, p)
}

// editable is the incident of the address, if the visitor may change it.
func (s *Web) editable(v *visit) (ledger.Document, incidents.Incident, error) {
	var in incidents.Incident
	if err := v.need(access.Contributor); err != nil {
		return ledger.Document{}, in, err
	}
	doc, err := s.ledger.Incident(v.ctx(), v.by, v.PathValue("ref"))
	if err != nil {
		return doc, in, err
	}
	if !v.by.Role.CanEdit(doc.Publication) {
		return doc, in, ledger.ErrForbidden
	}
	if err := json.Unmarshal(doc.JSON, &in); err != nil {
		return doc, in, fmt.Errorf("read a stored document: %w", err)
	}
	return doc, in, nil
}

// describe gives an edit form its title, and the texts to select quotes in.
func (s *Web) describe(v *visit, p *editPage, in *incidents.Incident) error {
	p.Title, p.Draft = "Edit: "+in.Title, in.Publication == incidents.Draft
	texts, err := s.texts(v.ctx(), v.by, in.Sources)
	if err != nil {
		return err
	}
	for _, source := range in.Sources {
		if text, ok := texts[source.ID]; ok {
			p.Texts = append(p.Texts, sourceText{sourceName(source.Title, source.Publisher, source.URL), string(text)})
		}
	}
	return nil
}

func (s *Web) editIncident(v *visit) (answer, error) {
	doc, current, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	sent, err := v.form()
	if err != nil {
		return answer{}, err
	}
	f, p := formOf(sent), &editPage{Slug: doc.Slug, ETag: sent.Get("etag"), Reason: sent.Get("reason")}
	if err := s.describe(v, p, &current); err != nil {
		return answer{}, err
	}
	if rows(f, sent, p) {
		return s.showForm(v, f, p)
	}
	if p.ETag == "" {
		return answer{}, &badRequestError{detail: "The form does not say which version it is about. Open it anew."}
	}
	var in incidents.Incident
	f.compact(true)
	if err := f.decode(&in); err != nil {
		return answer{}, err
	}
	stored, err := s.ledger.Edit(v.ctx(), v.change("replace", p.Reason, f.problems), doc.Slug, p.ETag, func(was *incidents.Incident) error {
		was.Replace(in)
		return nil
	})
	var stale *ledger.StaleError
	if errors.As(err, &stale) {
		return s.conflict(v, f, p, stale, in)
	}
	if err != nil {
		return s.refused(v, f, p, err)
	}
	done := "saved"
	if stored.ETag == p.ETag {
		done = "unchanged"
	}
	return seeOther("/incidents/" + stored.Slug + "?done=" + done), nil
}

// conflict shows what somebody else has saved beside what was typed. Saved
// again, the form replaces it knowingly.
func (s *Web) conflict(v *visit, f *form, p *editPage, stale *ledger.StaleError, mine incidents.Incident) (answer, error) {
	_, theirs, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	mine.Complete()
	mine.Publication, mine.Slug = theirs.Publication, theirs.Slug
	for i, source := range mine.Sources {
		for _, known := range theirs.Sources {
			if known.ID == source.ID {
				mine.Sources[i] = known
			}
		}
	}
	mine.EachActor(func(_ string, r *incidents.ActorRef) {
		theirs.EachActor(func(_ string, known *incidents.ActorRef) {
			if known.Name == r.Name {
				*r = *known
			}
		})
	})
	mine.EachClaim(func(_ string, c *incidents.Claim) {
		for i := range c.Evidence {
			for _, source := range mine.Sources {
				if c.Evidence[i].Source.Given == source.ID.String() {
					c.Evidence[i].Source = source.Ref()
				}
			}
		}
	})
	mine.JoinActors()
	mine.Derive()
	p.Conflict, p.ETag = differences(&theirs, &mine), stale.ETag
	if len(p.Conflict) == 0 {
		p.Conflict = []difference{{Label: "Nothing", Before: "Both versions say the same."}}
	}
	out, err := s.showForm(v, f, p)
	out.status = http.StatusConflict
	return out, err
}

// stepReason is the reason that a step was given.
func stepReason(sent url.Values) string { return strings.TrimSpace(sent.Get("reason")) }
