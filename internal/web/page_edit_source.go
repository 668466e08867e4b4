package web

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

func (s *Web) editSourcePage(v *visit) (answer, error) {
	id, err := editedSource(v)
	if err != nil {
		return answer{}, err
	}
	source, err := s.ledger.Source(v.ctx(), v.by, id)
	if err != nil {
		return answer{}, err
	}
	values := map[string]string{
		"/title": source.Title, "/url": source.URL, "/publisher": source.Publisher, "/author": source.Author, "/published": source.Published.String(), "/language": source.Language,
	}
	if !source.HasText && !source.Redacted {
		values["/text"] = ""
	}
	name := sourceName(source.Title, source.Publisher, source.URL)
	return openShared(values).show("source", "Edit: "+name, name, "/sources/"+id.String()), nil
}

// editedSource is the source of the address, for those who may change it.
func editedSource(v *visit) (uuid.UUID, error) {
	if err := v.need(access.Editor); err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.Parse(v.PathValue("id"))
	if err != nil {
		return uuid.Nil, &badRequestError{status: http.StatusNotFound, detail: "This is not the id of a source."}
	}
	return id, nil
}

func (s *Web) editSource(v *visit) (answer, error) {
	id, err := editedSource(v)
	if err != nil {
		return answer{}, err
	}
	p := sentShared(v.PostForm)
	var typed incidents.Source
	one := newForm()
	for _, pointer := range []string{"/title", "/url", "/publisher", "/author", "/published", "/language", "/text"} {
		one.values[pointer] = []string{p.Form.get(pointer)}
	}
	if err := one.decode(&typed); err != nil {
		return answer{}, err
	}
	var name string
	err = s.ledger.EditSource(v.ctx(), v.change("edit source", strings.TrimSpace(p.Form.get("/reason")), one.problems), id, func(source *incidents.Source) error {
		name = sourceName(source.Title, source.Publisher, source.URL)
		for pointer, put := range map[string]func(){
			"/title": func() { source.Title = typed.Title }, "/url": func() { source.URL = typed.URL }, "/publisher": func() { source.Publisher = typed.Publisher },
			"/author": func() { source.Author = typed.Author }, "/published": func() { source.Published = typed.Published },
			"/language": func() { source.Language = typed.Language }, "/text": func() { source.Text = typed.Text },
		} {
			if p.changed(pointer) {
				put()
			}
		}
		return nil
	})
	return p.stored(err, "source", name, "/sources/"+id.String())
}
