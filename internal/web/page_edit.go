package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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
	Stale    bool          // somebody else saved the incident while it was edited
	Conflict []conflicting // what they changed, and what of the form differs from it
	Exists   string        // the slug of the incident that has the reference already
	Texts    []sourceText
}

// Overwrites reports whether saving the form undoes what somebody else saved.
func (p *editPage) Overwrites() bool { return slices.ContainsFunc(p.Conflict, conflicting.Both) }

// sourceText is the text of a source, to select quotes in.
type sourceText struct{ ID, Name, Text string }

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
	f.settle()
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
			p.Fresh = list + "/" + strconv.Itoa(all[len(all)-1])
		}
		return true
	}
	if row := sent.Get("remove"); row != "" {
		f.removeRow(row)
		return true
	}
	return false
}

func (s *Web) editPage(v *visit) (answer, error) {
	doc, in, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	f, err := formFrom(in)
	if err == nil {
		err = bounded(f.values)
	}
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
	if err := v.need(access.Contributor); err != nil {
		return ledger.Document{}, incidents.Incident{}, err
	}
	doc, err := s.ledger.Incident(v.ctx(), v.by, v.PathValue("ref"))
	if err != nil {
		return doc, incidents.Incident{}, err
	}
	if !v.by.Role.CanEdit(doc.Publication) {
		return doc, incidents.Incident{}, ledger.ErrForbidden
	}
	in, err := readDocument(doc.JSON)
	return doc, in, err
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
			p.Texts = append(p.Texts, sourceText{source.ID.String(), sourceName(source.Title, source.Publisher, source.URL), text})
		}
	}
	return nil
}

func (s *Web) editIncident(v *visit) (answer, error) {
	doc, current, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	sent := v.PostForm
	f, p := formOf(sent), &editPage{Slug: doc.Slug, ETag: sent.Get("etag"), Reason: sent.Get("reason")}
	if err := s.describe(v, p, &current); err != nil {
		return answer{}, err
	}
	if rows(f, sent, p) {
		return s.showForm(v, f, p)
	}
	if p.ETag == "" {
		return answer{}, &badRequestError{detail: "The form does not say which version it is about. Open it again."}
	}
	var in incidents.Incident
	f.dropBlankRows()
	if err := f.decode(&in); err != nil {
		return answer{}, err
	}
	keepOrder(&in, &current)
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

// keepOrder gives what is ticked in boxes, which stand in the order of the
// vocabulary, the order that it has been stored in; what is new comes behind.
func keepOrder(in, stored *incidents.Incident) {
	in.Vectors = inOrderOf(stored.Vectors, in.Vectors)
	in.DataClasses = inOrderOf(stored.DataClasses, in.DataClasses)
	in.PaymentMethods = inOrderOf(stored.PaymentMethods, in.PaymentMethods)
}

func inOrderOf[T comparable](stored, ticked []T) []T {
	var out []T
	for _, value := range stored {
		if slices.Contains(ticked, value) {
			out = append(out, value)
		}
	}
	for _, value := range ticked {
		if !slices.Contains(stored, value) {
			out = append(out, value)
		}
	}
	return out
}
