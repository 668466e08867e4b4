package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Actors and sources are shared by incidents, and have forms of their own. They have
// no version to compare with, so that only what was changed in the form is stored: what
// somebody else has changed meanwhile stays.

// sharedPage is the form of an actor or a source.
type sharedPage struct {
	Frame
	Form *form
	Name string
	Back string      // the page of what is edited
	Was  []sentField // what the fields held when the form was opened
	// Names are the lines of the field with the other names of an actor.
	Names []string
}

// wasName is the name of the hidden field with what another one held.
func wasName(pointer string) string { return "was" + pointer }

// openShared is a form with what is stored, and nothing changed.
func openShared(values map[string]string) *sharedPage {
	p := &sharedPage{Form: newForm()}
	for pointer, value := range values {
		p.Form.values[pointer] = []string{value}
		p.Was = append(p.Was, sentField{wasName(pointer), value})
	}
	slices.SortFunc(p.Was, func(a, b sentField) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// sentShared is the form as it was sent.
func sentShared(sent url.Values) *sharedPage {
	p := &sharedPage{Form: formOf(sent)}
	for name := range sent {
		if strings.HasPrefix(name, "was/") {
			p.Was = append(p.Was, sentField{name, sent.Get(name)})
		}
	}
	slices.SortFunc(p.Was, func(a, b sentField) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// changed reports whether another value was typed into a field than it held.
func (p *sharedPage) changed(pointer string) bool {
	if !p.Form.Asks(pointer) {
		return false
	}
	i := slices.IndexFunc(p.Was, func(f sentField) bool { return f.Name == wasName(pointer) })
	return i < 0 || asTyped(p.Was[i].Value) != asTyped(p.Form.get(pointer))
}

// asTyped is a text with the line ends that it is stored with.
func asTyped(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// show is the form, with its problems if there are any.
func (p *sharedPage) show(template, title, name, back string) answer {
	p.Frame = Frame{Title: title, Nav: template + "s", NoIndex: true}
	p.Name, p.Back = name, back
	p.Form.settle()
	out := show("edit_"+template, p)
	if len(p.Form.problems) > 0 {
		out.status = http.StatusUnprocessableEntity
	}
	return out
}

// stored leads back to the page of what was edited, or shows the form with what is
// wrong with it.
func (p *sharedPage) stored(err error, template, name, back string) (answer, error) {
	problems, wrong := asProblems(err)
	switch {
	case wrong:
		for _, one := range problems {
			if line, ok := strings.CutPrefix(one.Pointer, "/aliases/"); ok {
				one.Pointer = "/aliases"
				if n, ok := index(line); ok && n < len(p.Names) {
					one.Detail = "“" + p.Names[n] + "”: " + one.Detail
				}
			}
			p.Form.problems = append(p.Form.problems, one)
		}
		return p.show(template, "Edit: "+name, name, back), nil
	case err != nil:
		return answer{}, err
	}
	return seeOther(back + "?done=" + template), nil
}
