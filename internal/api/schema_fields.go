package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// filled are the fields that a request may leave out and an answer always has,
// beside those that Go always writes.
var filled = map[reflect.Type][]string{
	reflect.TypeFor[incidents.Incident]():    {"id", "slug", "certainty", "publication", "version", "created_at", "updated_at"},
	reflect.TypeFor[incidents.Claim]():       {"id", "support"},
	reflect.TypeFor[incidents.Count]():       {"qualifier", "text"},
	reflect.TypeFor[incidents.Loss]():        {"scope", "qualifier", "text"},
	reflect.TypeFor[incidents.Attribution](): {"confidence"},
	reflect.TypeFor[incidents.Response]():    {"status"},
	reflect.TypeFor[incidents.Source]():      {"id"},
	reflect.TypeFor[incidents.Evidence]():    {"source"},
	reflect.TypeFor[incidents.Actor]():       {"id", "slug", "kind", "sector"},
	reflect.TypeFor[actorRef]():              {"slug", "name", "kind", "sector"},
	reflect.TypeFor[sourceRef]():             {"id"},
}

// field is a field of a body as Go writes and reads it.
type field struct {
	name    string
	owner   reflect.Type // the struct that declares it
	kind    reflect.Type
	omitted bool // Go leaves it out when it is empty
	tag     reflect.StructTag
}

// fieldsOf are the fields of a struct, those of embedded ones included.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			out = append(out, fieldsOf(f.Type)...)
		case f.IsExported() && name != "-" && name != "":
			out = append(out, field{name, t, f.Type, strings.Contains(options, "omit"), f.Tag})
		}
	}
	return out
}

// local is a component in a shape, without regard to what it refers to.
func (f *finisher) local(name string, as shape) *huma.Schema {
	s := *f.original[name]
	t := f.registry.TypeFromRef(componentPrefix + name)
	if t == nil || t.Kind() != reflect.Struct || s.Properties == nil {
		return &s
	}
	properties := map[string]*huma.Schema{}
	s.Properties, s.Required = properties, nil
	for _, d := range fieldsOf(t) {
		p := f.original[name].Properties[d.name]
		if p == nil || as == answerShape && p.WriteOnly {
			continue
		}
		switch {
		case as == answerShape && d.inAnswers(), as == requestShape && d.inRequests():
			s.Required = append(s.Required, d.name)
		case as == patchShape && (p.ReadOnly || t == reflect.TypeFor[incidents.Incident]() && slices.Contains(partNames, d.name)):
			continue
		}
		switch {
		case as == answerShape:
			p = answered(p, d)
		case d.inRequests():
			p = notNone(p)
		case as == patchShape:
			p = orNone(p)
		}
		properties[d.name] = p
	}
	slices.Sort(s.Required)
	s.Required = slices.Compact(s.Required)
	return &s
}

func (d field) inAnswers() bool { return !d.omitted || slices.Contains(filled[d.owner], d.name) }

// inRequests: what Go always writes and has no empty value that means something.
func (d field) inRequests() bool {
	if d.omitted || d.tag.Get("readOnly") == "true" || d.tag.Get("required") == "true" {
		return d.tag.Get("required") == "true"
	}
	switch d.kind.Kind() {
	case reflect.String, reflect.Struct:
		return d.kind != reflect.TypeFor[incidents.PartialDate]()
	case reflect.Array:
		return d.kind == reflect.TypeFor[uuid.UUID]()
	default:
		return false
	}
}

// notNone is a schema that takes no null: of what must be there.
func notNone(s *huma.Schema) *huma.Schema {
	out := *s
	out.Nullable = false
	out.OneOf = slices.DeleteFunc(slices.Clone(s.OneOf), func(one *huma.Schema) bool { return one.Type == "null" })
	return &out
}

// orNone is a schema that also takes null.
func orNone(s *huma.Schema) *huma.Schema {
	out := *s
	switch {
	case s.Nullable || slices.ContainsFunc(s.OneOf, func(one *huma.Schema) bool { return one.Type == "null" }):
	case s.Type != "" && s.Enum == nil:
		out.Nullable = true
	default:
		out.Description = ""
		return &huma.Schema{AnyOf: []*huma.Schema{&out, {Type: "null"}}, Description: s.Description}
	}
	return &out
}

// answered is a field's schema in an answer: of several ways to write a value
// only the one that the server uses, and null only where it is written.
func answered(s *huma.Schema, d field) *huma.Schema {
	out := *s
	out.ReadOnly = false
	null := !d.omitted && (d.kind.Kind() == reflect.Pointer || d.kind == reflect.TypeFor[incidents.PartialDate]())
	kind := d.kind
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case kind == reflect.TypeFor[incidents.ActorRef]() || kind == reflect.TypeFor[incidents.SourceRef]():
		out = huma.Schema{Ref: s.OneOf[1].Ref, Description: d.tag.Get("doc")}
	case kind == reflect.TypeFor[decimal.Decimal]():
		out = *s.OneOf[0]
		out.Description, out.Examples = s.Description, nil
		for _, e := range s.Examples {
			out.Examples = append(out.Examples, fmt.Sprint(e))
		}
	case s.Type != "":
		out.Nullable = null
		return &out
	}
	switch {
	case !null:
	case out.Ref != "":
		return &huma.Schema{AnyOf: []*huma.Schema{{Ref: out.Ref}, {Type: "null"}}, Description: out.Description}
	default:
		out.Nullable = true
	}
	return &out
}
