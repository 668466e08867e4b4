package csvfile

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// mappingParser turns a mapping as written into one to work by.
type mappingParser struct {
	own      bool // it is one of our own forms
	problems incidents.Problems
	columns  []string // that rules name
}

// add adds a problem where none is yet.
func (p *mappingParser) add(pointer, format string, args ...any) {
	var one incidents.Problems
	one.Add(pointer, format, args...)
	p.problems.Merge(one)
}

// defaultEmpty are the cells that say nothing where a mapping names no others.
var defaultEmpty = []string{"-", "–", "n/a", "null"}

func (p *mappingParser) mapping(f mappingFile) *Mapping {
	m := &Mapping{skip: f.SkipRows, dates: isoFormats, numbers: plainNumbers, separator: ";", empty: map[string]bool{"": true}}
	switch {
	case f.Delimiter == "":
	case utf8.RuneCountInString(f.Delimiter) == 1 && f.Delimiter != `"` && f.Delimiter != "\n" && f.Delimiter != "\r":
		m.delimiter, _ = utf8.DecodeRuneInString(f.Delimiter)
	default:
		p.add("/delimiter", "must be one character")
	}
	if f.SkipRows < 0 {
		p.add("/skip_rows", "must not be negative")
	}
	if f.Dates != nil {
		m.dates = p.dates("/dates", f.Dates)
	}
	if f.Numbers != nil {
		m.numbers = p.numbers("/numbers", *f.Numbers)
	}
	if f.Separator != "" {
		m.separator = f.Separator
	}
	if f.Empty == nil {
		f.Empty = defaultEmpty
	}
	for _, word := range f.Empty {
		m.empty[foldWord(word)] = true
	}
	m.key = p.rule("/key", f.Key)
	p.incident(m, f.Incident)
	p.claims(m, f)
	m.columns = p.columns
	return m
}

// nameOf is the name that the mapping gives itself, else that of its file.
func (p *mappingParser) nameOf(given, file string) string {
	if given != "" && incidents.Slugify(given) != given {
		p.add("/name", "must be lower-case letters and digits, joined by hyphens, such as our-incidents")
	}
	base := filepath.Base(file)
	name := cmp.Or(given, incidents.Slugify(strings.TrimSuffix(base, filepath.Ext(base))), "mapping")
	if !p.own && slices.Contains(ownNames, name) {
		p.add("/name", "must not be %q, by which a form of Breachledger's own is known: give the mapping another name, such as our-incidents", name)
	}
	return name
}

func (p *mappingParser) incident(m *Mapping, f *incidentFile) {
	if f == nil {
		p.add("/incident", "is required")
		return
	}
	if f.Title == nil {
		p.add("/incident/title", "is required")
	}
	if f.Category == nil {
		p.add("/incident/category", "is required")
	}
	at := func(name string, n *strict.Node) *rule { return p.rule("/incident/"+name, n) }
	m.incident = incidentRules{
		slug: at("slug", f.Slug), title: at("title", f.Title), summary: at("summary", f.Summary),
		category: at("category", f.Category), certainty: at("certainty", f.Certainty),
		occurredFrom: at("occurred_from", f.OccurredFrom), occurredTo: at("occurred_to", f.OccurredTo),
		discovered: at("discovered", f.Discovered), disclosed: at("disclosed", f.Disclosed), contained: at("contained", f.Contained),
		countries: at("countries", f.Countries), vectors: at("vectors", f.Vectors), dataClasses: at("data_classes", f.DataClasses),
		paymentMethods: at("payment_methods", f.PaymentMethods), tags: at("tags", f.Tags),
	}
}

// part reads the rules of one part of a mapping.
type part struct {
	p       *mappingParser
	pointer string
}

func (p *mappingParser) part(list string, i int) part {
	return part{p, fmt.Sprintf("/%s/%d", list, i)}
}

func (t part) rule(name string, n *strict.Node) *rule { return t.p.rule(t.pointer+"/"+name, n) }

func (t part) required(name string, n *strict.Node) *rule {
	if n == nil {
		t.p.add(t.pointer+"/"+name, "is required")
	}
	return t.rule(name, n)
}

func (t part) actor(name string, n *strict.Node) *actorRules {
	return t.p.actor(t.pointer+"/"+name, n)
}

func (t part) someone(name string, n *strict.Node) *actorRules {
	if n == nil {
		t.p.add(t.pointer+"/"+name, "is required")
	}
	return t.actor(name, n)
}

func (t part) when(n *strict.Node) *condition { return t.p.condition(t.pointer+"/when", n) }

func (p *mappingParser) claims(m *Mapping, f mappingFile) {
	for i, w := range f.Who {
		t := p.part("participants", i)
		m.participants = append(m.participants, participantRules{t.when(w.When), t.required("role", w.Role), t.someone("actor", w.Actor)})
	}
	for i, c := range f.Counts {
		t := p.part("counts", i)
		m.counts = append(m.counts, countRules{
			when: t.when(c.When), unit: t.required("unit", c.Unit), qualifier: t.rule("qualifier", c.Qualifier), quantity: t.rule("quantity", c.Quantity),
			low: t.rule("low", c.Low), high: t.rule("high", c.High), asOf: t.rule("as_of", c.AsOf), claimedBy: t.actor("claimed_by", c.ClaimedBy),
			cited: t.rule("sources", c.Sources), headline: c.Headline,
		})
	}
	for i, l := range f.Losses {
		t := p.part("losses", i)
		m.losses = append(m.losses, lossRules{
			when: t.when(l.When), kind: t.required("kind", l.Kind), scope: t.rule("scope", l.Scope), qualifier: t.rule("qualifier", l.Qualifier),
			amount: t.rule("amount", l.Amount), low: t.rule("low", l.Low), high: t.rule("high", l.High), currency: t.required("currency", l.Currency),
			claimedBy: t.actor("claimed_by", l.ClaimedBy), cited: t.rule("sources", l.Sources),
		})
	}
	for i, a := range f.Attributions {
		t := p.part("attributions", i)
		m.attributions = append(m.attributions, attributionRules{
			when: t.when(a.When), accused: t.someone("accused", a.Accused), claimant: t.actor("claimant", a.Claimant), basis: t.required("basis", a.Basis),
			confidence: t.rule("confidence", a.Confidence), stated: t.rule("stated", a.Stated), cited: t.rule("sources", a.Sources),
		})
	}
	for i, r := range f.Responses {
		t := p.part("responses", i)
		m.responses = append(m.responses, responseRules{
			when: t.when(r.When), actor: t.someone("actor", r.Actor), kind: t.required("kind", r.Kind), status: t.rule("status", r.Status),
			date: t.rule("date", r.Date), due: t.rule("due", r.Due), spokenBy: t.rule("spoken_by", r.SpokenBy), summary: t.rule("summary", r.Summary),
			cited: t.rule("sources", r.Sources),
		})
	}
	for i, s := range f.Sources {
		t := p.part("sources", i)
		if s.URL == nil && s.Title == nil {
			p.add(t.pointer, "must have a url or a title")
		}
		m.sources = append(m.sources, sourceRules{
			when: t.when(s.When), url: t.rule("url", s.URL), title: t.rule("title", s.Title), publisher: t.rule("publisher", s.Publisher),
			author: t.rule("author", s.Author), published: t.rule("published", s.Published), language: t.rule("language", s.Language),
		})
	}
	for i, r := range f.Refs {
		t := p.part("external_refs", i)
		m.refs = append(m.refs, refRules{t.required("scheme", r.Scheme), t.required("id", r.ID)})
	}
}

func (p *mappingParser) dates(pointer string, names []string) []dateFormat {
	var out []dateFormat
	for i, name := range names {
		f, err := parseDateFormat(name)
		if err != nil {
			p.add(fmt.Sprintf("%s/%d", pointer, i), "%s", err)
		}
		out = append(out, f)
	}
	return out
}

func (p *mappingParser) numbers(pointer string, f numbersFile) numberFormat {
	out := numberFormat{point: f.Decimal, groups: f.Thousands, ignored: f.Ignore}
	if out.point == "" {
		out.point = plainNumbers.point
	}
	if f.Thousands == "" && out.point != plainNumbers.groups {
		out.groups = plainNumbers.groups
	}
	switch {
	case out.point != "." && out.point != ",":
		p.add(pointer+"/decimal", "must be a point or a comma")
	case out.groups == out.point:
		p.add(pointer+"/thousands", "must not be the same as decimal")
	}
	return out
}
