package web

import (
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

func (s *Web) editActorPage(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	a, err := s.ledger.Actor(v.ctx(), v.by, v.PathValue("slug"))
	if err != nil {
		return answer{}, err
	}
	p := openShared(map[string]string{
		"/name": a.Name, "/kind": string(a.Kind), "/sector": string(a.Sector), "/country": a.Country, "/domain": a.Domain, "/aliases": strings.Join(a.Aliases, "\n"),
	})
	return p.show("actor", "Edit: "+a.Name, a.Name, "/actors/"+a.Slug), nil
}

func (s *Web) editActor(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	slug, p := v.PathValue("slug"), sentShared(v.PostForm)
	var typed incidents.Actor
	one := newForm()
	for _, pointer := range []string{"/name", "/kind", "/sector", "/country", "/domain"} {
		one.values[pointer] = []string{p.Form.get(pointer)}
	}
	one.values["/country"] = []string{strings.ToUpper(p.Form.get("/country"))}
	if err := one.decode(&typed); err != nil {
		return answer{}, err
	}
	for name := range strings.SplitSeq(asTyped(p.Form.get("/aliases")), "\n") {
		if name = strings.TrimSpace(name); name != "" {
			p.Names = append(p.Names, name)
		}
	}
	var name string
	err := s.ledger.EditActor(v.ctx(), v.change("edit actor", strings.TrimSpace(p.Form.get("/reason")), one.problems), slug, func(a *incidents.Actor) error {
		name = a.Name
		for pointer, put := range map[string]func(){
			"/name": func() { a.Name = typed.Name }, "/kind": func() { a.Kind = typed.Kind }, "/sector": func() { a.Sector = typed.Sector },
			"/country": func() { a.Country = typed.Country }, "/domain": func() { a.Domain = typed.Domain }, "/aliases": func() { a.Aliases = p.Names },
		} {
			if p.changed(pointer) {
				put()
			}
		}
		return nil
	})
	return p.stored(err, "actor", name, "/actors/"+slug)
}
