package veris

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Encode writes an incident as a document of VERIS 1.4.1. What VERIS has no
// place for goes under /plus/breachledger, from where [Decode] reads it back.
//
// With the document that the incident was imported from, everything that this
// one has and the ledger doesn't hold stays (assets, employee counts, notes …):
// the document is upgraded, and only the parts are written anew of which the
// incident has changed since the import. An original that can't be upgraded is
// left aside.
func Encode(in incidents.Incident, original json.RawMessage) ([]byte, error) {
	in = *in.Clone()
	in.Complete()
	doc := written(&in)
	if base, before := upgraded(original); base != nil {
		doc = merged(base, written(before), doc)
	}
	plus := within(doc, "plus")
	own := within(plus, plusName)
	remove(own, "digest")
	incident, err := ownNode(&in)
	if err != nil {
		return nil, err
	}
	set(own, "incident", incident)
	set(own, "digest", text(digestOf(doc)))
	return appendJSON(nil, doc), nil
}

// upgraded is the document in VERIS 1.4.1, ready to be changed, and the incident
// as it was read; nil when there is none or it can't be had.
func upgraded(original json.RawMessage) (*strict.Node, *incidents.Incident) {
	n, _ := parse(original)
	if n == nil {
		return nil, nil
	}
	before, problems := decode(n, Options{})
	if len(problems) > 0 {
		return nil, nil
	}
	if _, problems := upgrade(n); len(problems) > 0 {
		return nil, nil
	}
	return n, &before.Incident
}

// merged is the base with the parts of which the incident says something else now
// than before.
func merged(base, before, now *strict.Node) *strict.Node {
	for _, m := range now.Members {
		if kept(m.Name) || sameJSON(before.Member(m.Name), m.Value) {
			continue
		}
		set(base, m.Name, m.Value)
	}
	for _, m := range before.Members {
		if !kept(m.Name) && now.Member(m.Name) == nil {
			remove(base, m.Name)
		}
	}
	return base
}

// kept are parts that stay those of the original.
func kept(name string) bool {
	return name == "incident_id" || name == "source_id" || name == "schema_version"
}

// written is the incident in the fields of VERIS.
func written(in *incidents.Incident) *strict.Node {
	doc := object()
	set(doc, "schema_version", text(Version))
	source, id := identity(in)
	set(doc, "source_id", text(source))
	set(doc, "incident_id", text(id))
	set(doc, "security_incident", text(securityIncident(in.Certainty)))
	set(doc, "summary", text(in.Summary))
	set(doc, "timeline", set(object(), "incident", when(in)))
	if v := victimNode(in); v != nil {
		set(doc, "victim", v)
	}
	set(doc, "actor", actorNode(in))
	set(doc, "action", actionNode(in))
	set(doc, "asset", assetNode(in))
	if a := attributeNode(in); a != nil {
		set(doc, "attribute", a)
	}
	set(doc, "discovery_method", set(object(), "unknown", truth()))
	if i := impactNode(in); i != nil {
		set(doc, "impact", i)
	}
	var urls []string
	for _, s := range in.Sources {
		if s.URL != "" {
			urls = append(urls, s.URL)
		}
	}
	if urls != nil {
		set(doc, "reference", text(strings.Join(urls, "; ")))
	}
	return doc
}

// identity is the number that the incident has in VERIS, and who gave it.
func identity(in *incidents.Incident) (source, id string) {
	for _, r := range in.ExternalRefs {
		switch r.Scheme {
		case "vcdb":
			return "vcdb", r.ID
		case "veris":
			if source, id, ok := strings.Cut(r.ID, ":"); ok {
				return source, id
			}
			return "", r.ID
		}
	}
	switch {
	case in.Slug != "":
		return plusName, in.Slug
	default:
		return plusName, in.DefaultSlug()
	}
}

func securityIncident(c incidents.Certainty) string {
	for said, certainty := range certainties {
		if certainty == c {
			return said
		}
	}
	return "Confirmed"
}

const earliestYear, latestYear = 1950, 2050

// when is the date of the incident. VERIS requires a year, so one that isn't
// known is that of the next best date; plus.breachledger has the dates as they are.
func when(in *incidents.Incident) *strict.Node {
	n := object()
	date := in.Occurred.From
	if y := date.Year(); y >= earliestYear && y <= latestYear {
		set(n, "year", number(strconv.Itoa(y)))
		if date.Precision() != incidents.ToYear {
			set(n, "month", number(strconv.Itoa(int(date.First().Month()))))
		}
		if date.Precision() == incidents.ToDay {
			set(n, "day", number(strconv.Itoa(date.First().Day())))
		}
		return n
	}
	year := in.CreatedAt.Year()
	for _, d := range []incidents.PartialDate{in.Contained, in.Disclosed, in.Discovered, in.Occurred.To, in.Occurred.From} {
		if !d.IsZero() {
			year = d.Year()
		}
	}
	return set(n, "year", number(strconv.Itoa(min(max(year, earliestYear), latestYear))))
}
