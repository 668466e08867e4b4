package factfile

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
)

// Write renders a file as YAML that [Parse] reads back as the same file. Fields
// stand in the order of the format; what is empty is left out. It fails when
// the file would not be read back: an incident with two sources, an actor who
// is not listed, a quote that is not in the article.
func Write(f File) ([]byte, error) {
	doc := document{
		Source: source{f.Source.Title, f.Source.Publisher, f.Source.Author, f.Source.Published, f.Source.Language, f.Source.URL},
		Actors: f.Actors, NoIncidentReason: f.Source.NoIncidentReason,
	}
	text := f.Article.Index()
	for _, in := range f.Incidents {
		doc.Incidents = append(doc.Incidents, asWritten(in, text))
	}
	var out strings.Builder
	writeValue(&out, 0, false, reflect.ValueOf(doc))
	if problems := parse(f.Name, []byte(out.String()), f.Article).problems; len(problems) > 0 {
		return nil, fmt.Errorf("write facts: %w", problems)
	}
	return []byte(out.String()), nil
}

// asWritten is a copy of an incident with what a fact file implies left out.
func asWritten(in incidents.Incident, text *article.Index) incidents.Incident {
	in.Sources = nil
	in.Counts, in.Losses = slices.Clone(in.Counts), slices.Clone(in.Losses)
	in.Attributions, in.Responses = slices.Clone(in.Attributions), slices.Clone(in.Responses)
	in.EachClaim(func(_ string, c *incidents.Claim) {
		c.Evidence = slices.Clone(c.Evidence)
		for i, e := range c.Evidence {
			written := incidents.Evidence{Quote: e.Quote, Occurrence: e.Occurrence}
			if e.Start != nil {
				written.Occurrence = text.Occurrence(e.Quote, *e.Start)
			}
			c.Evidence[i] = written
		}
	})
	return in
}

var (
	refType     = reflect.TypeFor[incidents.ActorRef]()
	dateType    = reflect.TypeFor[incidents.PartialDate]()
	decimalType = reflect.TypeFor[decimal.Decimal]()
)

// member is a field to be written.
type member struct {
	name  string
	value reflect.Value
}

// members are the fields of a struct that a fact file gives, evidence last:
// what is claimed is read before where it stands.
func members(v reflect.Value) (out []member) {
	var evidence []member
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for _, m := range members(value) {
				if m.name == "evidence" {
					evidence = append(evidence, m)
				} else {
					out = append(out, m)
				}
			}
		case name == "-" || f.Tag.Get("readOnly") == "true" || value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0:
		default:
			out = append(out, member{name, value})
		}
	}
	return append(out, evidence...)
}

// writeValue writes a value behind its name or dash. inline says that an object
// begins on the line of a dash.
func writeValue(out *strings.Builder, indent int, inline bool, v reflect.Value) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Type() == refType:
		r := v.Interface().(incidents.ActorRef)
		out.WriteString(" " + quoted(cmp.Or(r.Slug, r.Given, r.Name)) + "\n")
	case v.Type() == dateType || v.Type() == decimalType:
		fmt.Fprintf(out, " %s\n", v.Interface())
	case v.Kind() == reflect.Struct:
		for i, m := range members(v) {
			if !inline || i > 0 {
				if out.Len() > 0 && i == 0 {
					out.WriteString("\n")
				}
				out.WriteString(strings.Repeat("  ", indent))
			}
			out.WriteString(m.name + ":")
			writeValue(out, indent+1, false, m.value)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = quoted(v.Index(i).String())
		}
		out.WriteString(" [" + strings.Join(words, ", ") + "]\n")
	case v.Kind() == reflect.Slice:
		out.WriteString("\n")
		for i := range v.Len() {
			out.WriteString(strings.Repeat("  ", indent) + "- ")
			writeValue(out, indent+1, true, v.Index(i))
		}
	case v.Kind() == reflect.String:
		out.WriteString(" " + quoted(v.String()) + "\n")
	default:
		fmt.Fprintf(out, " %v\n", v.Interface())
	}
}
