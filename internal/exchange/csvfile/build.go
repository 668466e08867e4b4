package csvfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// incident reads the whole row. Sources come first: claims cite them.
func (x *reading) incident() *incidents.Incident {
	in := &incidents.Incident{}
	r := x.m.incident
	in.Slug = x.one("/slug", r.slug)
	in.Title = x.line("/title", r.title)
	in.Summary = x.one("/summary", r.summary)
	in.Category = termOf[incidents.Category](x, "/category", r.category)
	in.Certainty = termOf[incidents.Certainty](x, "/certainty", r.certainty)
	in.Occurred.From = x.date("/occurred/from", r.occurredFrom)
	in.Occurred.To = x.date("/occurred/to", r.occurredTo)
	x.from["/occurred"] = r.occurredTo
	in.Discovered = x.date("/discovered", r.discovered)
	in.Disclosed = x.date("/disclosed", r.disclosed)
	in.Contained = x.date("/contained", r.contained)
	in.Countries = x.countries("/countries", r.countries)
	in.Vectors = termsOf[incidents.Vector](x, "/vectors", r.vectors)
	in.DataClasses = termsOf[incidents.DataClass](x, "/data_classes", r.dataClasses)
	in.PaymentMethods = termsOf[incidents.PaymentMethod](x, "/payment_methods", r.paymentMethods)
	in.Tags = x.tags("/tags", r.tags)
	for _, s := range x.m.sources {
		x.sources(in, s)
	}
	for _, s := range in.Sources {
		x.all = append(x.all, incidents.Evidence{Source: incidents.SourceRef{Key: s.Key}})
	}
	for _, p := range x.m.participants {
		x.participants(in, p)
	}
	for _, c := range x.m.counts {
		x.count(in, c)
	}
	lead(in.Counts)
	for _, l := range x.m.losses {
		x.loss(in, l)
	}
	for _, a := range x.m.attributions {
		x.attributions(in, a)
	}
	for _, response := range x.m.responses {
		x.responses(in, response)
	}
	for _, ref := range x.m.refs {
		x.externalRefs(in, ref)
	}
	return in
}

// lead leaves one count marked as the headline: the first that the mapping
// marks, else the first.
func lead(counts []incidents.Count) {
	if len(counts) == 0 {
		return
	}
	first := max(slices.IndexFunc(counts, func(c incidents.Count) bool { return c.Headline }), 0)
	for i := range counts {
		counts[i].Headline = i == first
	}
}

func (x *reading) countries(pointer string, r *rule) []string {
	var out []string
	for _, word := range x.many(pointer, r) {
		code, ok := country(word)
		if !ok {
			x.addOf(word, incidents.Problem{Pointer: pointer, Detail: "is neither the code of a country (ISO 3166-1 alpha-2) nor its name in English"})
			continue
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// tags are free words, brought into the form of a tag.
func (x *reading) tags(pointer string, r *rule) []string {
	var out []string
	for _, word := range x.many(pointer, r) {
		tag := strings.ToLower(word)
		if strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz0123456789-._:") != "" {
			tag = incidents.Slugify(word)
		}
		if tag != "" && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// actors are whom a part of the mapping names, each with the same description.
// "Unknown" and the like are nobody.
func (x *reading) actors(pointer string, a *actorRules) []incidents.ActorRef {
	if a == nil {
		return nil
	}
	return x.described(pointer, a, x.many(pointer, a.name))
}

// actor is the one whom a part of the mapping names.
func (x *reading) actor(pointer string, a *actorRules) *incidents.ActorRef {
	if a == nil {
		return nil
	}
	name := x.line(pointer, a.name)
	for _, r := range x.described(pointer, a, []string{name}) {
		return &r
	}
	return nil
}

func (x *reading) described(pointer string, a *actorRules, names []string) []incidents.ActorRef {
	var out []incidents.ActorRef
	for _, name := range names {
		name = x.oneLine(name)
		if incidents.IsNobody(name) {
			continue
		}
		r := incidents.ActorRef{
			Name: name, Kind: termOf[incidents.ActorKind](x, pointer+"/kind", a.kind),
			Sector: termOf[incidents.Sector](x, pointer+"/sector", a.sector), Domain: strings.ToLower(x.line(pointer+"/domain", a.domain)),
		}
		if codes := x.countries(pointer+"/country", a.country); len(codes) == 1 {
			r.Country = codes[0]
		}
		out = append(out, r)
	}
	return out
}

func (x *reading) participants(in *incidents.Incident, p participantRules) {
	if !x.holds(p.when) {
		return
	}
	pointer := fmt.Sprintf("/participants/%d", len(in.Participants))
	for _, who := range x.actors(pointer+"/actor", p.actor) {
		x.from[fmt.Sprintf("/participants/%d", len(in.Participants))] = p.actor.name
		role := termOf[incidents.Role](x, fmt.Sprintf("/participants/%d/role", len(in.Participants)), p.role)
		if one := (roleOf{who.Key(), role}); !x.roles[one] {
			x.roles[one] = true
			in.Participants = append(in.Participants, incidents.Participant{Actor: who, Role: role})
		}
	}
}

// sources adds the sources that a part of the mapping names: one for each
// address, or one for a title alone. What describes a source describes one.
func (x *reading) sources(in *incidents.Incident, s sourceRules) {
	if !x.holds(s.when) {
		return
	}
	p := fmt.Sprintf("/sources/%d", len(in.Sources))
	x.from[p] = s.url
	if s.url == nil {
		x.from[p] = s.title
	}
	urls := x.addresses(p+"/url", s.url)
	if len(urls) > 1 || x.m.own {
		for _, u := range urls {
			x.source(in, u, s.url)
		}
		return
	}
	one := incidents.Source{
		Title: x.line(p+"/title", s.title), Publisher: x.line(p+"/publisher", s.publisher), Author: x.line(p+"/author", s.author),
		Published: x.date(p+"/published", s.published), Language: x.one(p+"/language", s.language),
	}
	if len(urls) == 1 {
		one.URL = urls[0]
	}
	if one.URL == "" && one.Title == "" {
		return // nothing that it could be known by
	}
	for _, o := range in.Sources {
		if one.URL != "" && o.URL == one.URL || one.URL == "" && o.URL == "" && o.Title == one.Title {
			return
		}
	}
	one.Key = sourceKey(len(in.Sources))
	in.Sources = append(in.Sources, one)
}

func sourceKey(i int) string { return fmt.Sprintf("source-%d", i+1) }

// addresses are web addresses, which spaces and line breaks part as well. In our
// own form an item may also be a title.
func (x *reading) addresses(pointer string, r *rule) []string {
	var out []string
	for _, item := range x.many(pointer, r) {
		if x.m.own {
			out = append(out, item)
			continue
		}
		out = append(out, strings.Fields(item)...)
	}
	return out
}

// source finds or adds a source by its address, or in our own form by its title
// or id, and returns its key.
func (x *reading) source(in *incidents.Incident, name string, r *rule) string {
	s := incidents.Source{URL: name}
	if x.m.own {
		s = ownSource(name)
	}
	for _, o := range in.Sources {
		if o.URL == s.URL && o.ID == s.ID && (s.URL != "" || o.Title == s.Title) {
			return o.Key
		}
	}
	s.Key = sourceKey(len(in.Sources))
	x.from[fmt.Sprintf("/sources/%d", len(in.Sources))] = r
	in.Sources = append(in.Sources, s)
	return s.Key
}

// ownSource is the source that our own form calls by that name; see sourceName.
func ownSource(name string) incidents.Source {
	id, err := uuid.Parse(name)
	switch {
	case strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://"):
		return incidents.Source{URL: name}
	case err == nil:
		return incidents.Source{ID: id}
	default:
		return incidents.Source{Title: name}
	}
}

// evidence is what a claim cites: the sources that its rule names, else all of
// the row.
func (x *reading) evidence(in *incidents.Incident, pointer string, r *rule) []incidents.Evidence {
	if r == nil {
		return slices.Clone(x.all)
	}
	var out []incidents.Evidence
	for _, name := range x.addresses(pointer+"/evidence", r) {
		out = append(out, incidents.Evidence{Source: incidents.SourceRef{Key: x.source(in, name, r)}})
	}
	return out
}

func (x *reading) externalRefs(in *incidents.Incident, r refRules) {
	p := fmt.Sprintf("/external_refs/%d", len(in.ExternalRefs))
	scheme := ""
	if r.scheme != nil {
		scheme = x.one(p+"/scheme", r.scheme)
	}
	for _, id := range x.many(p, r.id) {
		x.from[fmt.Sprintf("/external_refs/%d", len(in.ExternalRefs))] = r.id
		ref := incidents.ExternalRef{Scheme: scheme, ID: id}
		if x.m.own {
			ref.Scheme, ref.ID, _ = strings.Cut(id, ":")
		}
		if !slices.Contains(in.ExternalRefs, ref) {
			in.ExternalRefs = append(in.ExternalRefs, ref)
		}
	}
}

// ownID reads the id that our own form gives.
func (x *reading) ownID(text string, in *incidents.Incident) {
	if text == "" {
		return
	}
	id, err := uuid.Parse(text)
	if err != nil || id == uuid.Nil {
		x.add("/key", x.m.key, "is not the id of an incident (UUID); leave it empty for a new one")
		return
	}
	in.ID = id
}

// wasPublished refuses what is a draft, rejected, retracted or merged elsewhere:
// what is read from a table is a new incident, and would make it public.
func (x *reading) wasPublished() {
	const column = "publication"
	if said := x.cell(column); said != "" && foldWord(said) != string(incidents.Published) {
		x.from["/"+column] = &rule{column: column}
		x.addOf("", incidents.Problem{
			Pointer: "/" + column, Detail: "an incident that is not published is not read from a table, as it would become public; a backup keeps its state",
			Allowed: []string{string(incidents.Published)},
		})
	}
}
