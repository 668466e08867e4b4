package api

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/incidents"
)

// What a client sends and what it gets are the same Go types and yet two
// shapes: a request may leave out what the server fills in, and may name an
// actor by a string; in an answer the one is always there and the other always
// an object. huma makes one schema of each type; finishSchemas makes two of
// those that differ, X for answers and XInput for requests.

const componentPrefix = "#/components/schemas/"

// finishSchemas gives requests and answers the schemas that are true of each.
// It is called once, when all routes are there.
func (a *API) finishSchemas() {
	doc := a.huma.OpenAPI()
	registry := doc.Components.Schemas
	f := &finisher{
		registry: registry, original: map[string]*huma.Schema{}, finished: map[string]*huma.Schema{},
		answered: map[string]bool{}, split: map[string]bool{},
	}
	maps.Copy(f.original, registry.Map())
	bodies := map[shape][]*huma.MediaType{}
	for _, op := range operations(doc) {
		for _, p := range op.Parameters {
			p.Schema = notNone(p.Schema) // an address has no way to write null
		}
		if op.RequestBody != nil {
			as := requestShape
			if op.Method == http.MethodPatch {
				as = patchShape
			}
			for _, m := range op.RequestBody.Content {
				bodies[as] = append(bodies[as], m)
			}
		}
		for _, r := range op.Responses {
			for _, m := range r.Content {
				bodies[answerShape] = append(bodies[answerShape], m)
			}
		}
	}
	for _, as := range []shape{answerShape, requestShape, patchShape} {
		for _, m := range bodies[as] {
			m.Schema = f.shape(m.Schema, as)
		}
	}
	clear(registry.Map())
	maps.Copy(registry.Map(), f.finished)
}

// operations are all operations of the document.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var out []*huma.Operation
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				out = append(out, op)
			}
		}
	}
	return out
}

type shape int

const (
	answerShape shape = iota
	requestShape
	patchShape // of a JSON Merge Patch: every field may be left out, and null removes
)

type finisher struct {
	registry huma.Registry
	original map[string]*huma.Schema
	finished map[string]*huma.Schema
	answered map[string]bool // components that answers use
	split    map[string]bool // whether a component differs between the shapes, once known
}

// shape is a copy of the schema with everything in it in that shape.
func (f *finisher) shape(s *huma.Schema, as shape) *huma.Schema {
	if s == nil {
		return nil
	}
	out := *s
	if s.Ref != "" {
		out.Ref = componentPrefix + f.component(strings.TrimPrefix(s.Ref, componentPrefix), as)
		return &out
	}
	if name := f.vocabulary(s); name != "" {
		return &huma.Schema{Ref: componentPrefix + name, Description: s.Description, Default: s.Default, ReadOnly: s.ReadOnly}
	}
	out.Items = f.shape(s.Items, as)
	for _, list := range []*[]*huma.Schema{&out.OneOf, &out.AnyOf, &out.AllOf} {
		*list = slices.Clone(*list)
		for i, one := range *list {
			(*list)[i] = f.shape(one, as)
		}
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		out.AdditionalProperties = f.shape(more, as)
	}
	if s.Properties != nil {
		out.Properties = map[string]*huma.Schema{}
		for name, p := range s.Properties {
			out.Properties[name] = f.shape(p, shapeOf(p, as))
		}
	}
	return &out
}

// shapeOf is the shape of a property: what is only for the server to say looks
// in a request as it does in the answer that it came from.
func shapeOf(property *huma.Schema, as shape) shape {
	if property.ReadOnly {
		return answerShape
	}
	return as
}

// component finishes a named schema and returns its name in that shape.
func (f *finisher) component(name string, as shape) string {
	finished := name
	switch {
	case as == answerShape:
		f.answered[name] = true
	case as == patchShape:
		finished += "Patch"
	case f.answered[name] && f.differs(name):
		finished += "Input"
	}
	if _, done := f.finished[finished]; !done {
		f.finished[finished] = &huma.Schema{} // types may contain themselves
		local := f.local(name, as)
		if as == patchShape {
			as = requestShape // what a patch holds is whole
		}
		*f.finished[finished] = *f.shape(local, as)
	}
	return finished
}

// differs reports whether a component, or one that it uses, has two shapes.
func (f *finisher) differs(name string) bool {
	if known, ok := f.split[name]; ok {
		return known
	}
	f.split[name] = false // types may contain themselves
	differs := !reflect.DeepEqual(f.local(name, answerShape), f.local(name, requestShape))
	for used := range references(f.original[name]) {
		differs = f.differs(used) || differs
	}
	f.split[name] = differs
	return differs
}

// references are the components that a request of a schema uses.
func references(s *huma.Schema) map[string]bool {
	out := map[string]bool{}
	var walk func(*huma.Schema)
	walk = func(s *huma.Schema) {
		if s == nil {
			return
		}
		if s.Ref != "" {
			out[strings.TrimPrefix(s.Ref, componentPrefix)] = true
		}
		walk(s.Items)
		for _, list := range [][]*huma.Schema{s.OneOf, s.AnyOf, s.AllOf} {
			for _, one := range list {
				walk(one)
			}
		}
		for _, p := range s.Properties {
			if !p.ReadOnly {
				walk(p)
			}
		}
		if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
			walk(more)
		}
	}
	walk(s)
	return out
}

// vocabulary gives a closed list its own component, named and explained.
func (f *finisher) vocabulary(s *huma.Schema) string {
	if s.Type != huma.TypeString || len(s.Enum) == 0 {
		return ""
	}
	for _, v := range incidents.Vocabularies() {
		if !slices.EqualFunc(v.Terms, s.Enum, func(t incidents.Term, e any) bool { return t.Value == e }) {
			continue
		}
		name := ""
		for word := range strings.SplitSeq(v.Name, "_") {
			name += strings.ToUpper(word[:1]) + word[1:]
		}
		var meanings strings.Builder
		for _, t := range v.Terms {
			meanings.WriteString("- `" + t.Value + "`: " + t.Meaning + "\n")
		}
		f.finished[name] = &huma.Schema{Type: huma.TypeString, Enum: s.Enum, Description: strings.TrimSpace(meanings.String())}
		return name
	}
	return ""
}
