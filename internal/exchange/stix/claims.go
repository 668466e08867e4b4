package stix

import (
	"fmt"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// confidences are the ledger's words on STIX's scale from 0 to 100 (appendix A
// of the specification, "None / Low / Med / High"). Where the claimant does not
// say how sure it is, the object has no confidence: 0 would say that it has none.
var confidences = map[incidents.Confidence]int{"high": 85, "medium": 50, "low": 15}

// attributions writes each accusation as a relationship from the incident to
// the threat actor, and each denial that answers one as an opinion on it.
func (b *builder) attributions() {
	for _, a := range b.in.Attributions {
		o := object{
			Type: "relationship", ID: b.attributionID(a), RelationshipType: "attributed-to",
			SourceRef: b.incidentID(), TargetRef: threatActorID(a.Accused),
			Description: lines(
				fmt.Sprintf("%s accuses %s.", whose(a.Claimant, a.Claim), a.Accused.Name),
				said("Basis", incidents.Label(a.Basis)), said("Confidence", incidents.Label(a.Confidence)),
				said("Stated", a.Stated.String()), quotes(a.Claim),
			),
			Labels: []string{"basis:" + string(a.Basis), "confidence:" + string(a.Confidence), "support:" + string(a.Support)}, ExternalReferences: evidence(a.Claim),
		}
		if a.Contested {
			o.Labels = append(o.Labels, "contested")
		}
		if c, ok := confidences[a.Confidence]; ok {
			o.Confidence = &c
		}
		b.add(o)
	}
	for _, r := range b.in.Responses {
		for _, a := range b.in.Attributions {
			if r.Kind.Denies() && string(r.Answers) == a.ID.String() {
				b.opinion(r, a)
			}
		}
	}
}

func (b *builder) attributionID(a incidents.Attribution) string {
	return b.own("relationship", "attribution", a.ID.String())
}

// opinion is a denial. Its author is who denies; its creator, as of all objects,
// the ledger that writes it down.
func (b *builder) opinion(r incidents.Response, a incidents.Attribution) {
	b.add(object{
		Type: "opinion", ID: b.own("opinion", r.ID.String()), Opinion: "disagree", Authors: []string{speaker(r)},
		Explanation: lines(responseWords(r)+".", r.Summary, said("Date", r.Date.String()), quotes(r.Claim)),
		ObjectRefs:  []string{b.attributionID(a)}, ExternalReferences: evidence(r.Claim),
	})
}

// notes writes what STIX has no object for: dates, figures, and how those
// concerned answered.
func (b *builder) notes() {
	in := b.in
	if when := lines(said("Occurred from", in.Occurred.From.String()), said("Occurred to", in.Occurred.To.String()), said("Discovered", in.Discovered.String()), said("Disclosed", in.Disclosed.String()), said("Contained", in.Contained.String())); when != "" {
		b.add(object{Type: "note", ID: b.own("note", "timeline"), Abstract: "Timeline", Content: when, Labels: []string{"timeline"}, ObjectRefs: []string{b.incidentID()}})
	}
	for _, c := range in.Counts {
		labels, headline := []string{"qualifier:" + string(c.Qualifier), "unit:" + string(c.Unit)}, ""
		if c.Headline {
			labels, headline = append(labels, "headline"), "The headline of the incident."
		}
		b.note(c.Claim, "count", c.Text, c.ClaimedBy, labels,
			headline, said("Stated by", whose(c.ClaimedBy, c.Claim)), said("As of", c.AsOf.String()), said("Supersedes", b.count(c.Supersedes)), said("Part of", b.count(c.PartOf)))
	}
	for _, l := range in.Losses {
		b.note(l.Claim, "loss", l.Words(), l.ClaimedBy,
			[]string{"qualifier:" + string(l.Qualifier), "kind:" + string(l.Kind), "scope:" + string(l.Scope)},
			said("Stated by", whose(l.ClaimedBy, l.Claim)))
	}
	for _, r := range in.Responses {
		unnamed := ""
		if r.ViaUnnamedSource {
			unnamed = "Known only from somebody whom the source does not name."
		}
		b.note(r.Claim, "response", responseWords(r), &r.Actor,
			[]string{"kind:" + string(r.Kind), "status:" + string(r.Status)},
			r.Summary, said("Spoken by", r.SpokenBy), said("Date", r.Date.String()), said("Due", r.Due.String()), said("Fulfils", b.response(r.Fulfils)), unnamed)
	}
}

// note writes a claim in words, with whose it is, its sources and its quotes.
func (b *builder) note(c incidents.Claim, kind, words string, by *incidents.ActorRef, labels []string, more ...string) {
	o := object{
		Type: "note", ID: b.own("note", kind, c.ID.String()), Abstract: words,
		Content: lines(append(append([]string{words + "."}, more...), said("Support", incidents.Label(c.Support)), quotes(c))...),
		Labels:  append(append([]string{"claim:" + kind}, labels...), "support:"+string(c.Support)), ExternalReferences: evidence(c), ObjectRefs: []string{b.incidentID()},
	}
	if by != nil {
		o.ObjectRefs = append(o.ObjectRefs, identityID(*by))
	}
	b.add(o)
}

// count is the count of that id in words.
func (b *builder) count(r incidents.ClaimRef) string {
	for _, c := range b.in.Counts {
		if c.ID.String() == string(r) {
			return c.Words()
		}
	}
	return ""
}

// response is the response of that id in words.
func (b *builder) response(ref incidents.ClaimRef) string {
	for _, r := range b.in.Responses {
		if r.ID.String() == string(ref) {
			return responseWords(r)
		}
	}
	return ""
}

func responseWords(r incidents.Response) string {
	return fmt.Sprintf("%s: %s (%s)", r.Actor.Name, incidents.Label(r.Kind), strings.ToLower(incidents.Label(r.Status)))
}

func speaker(r incidents.Response) string {
	if r.SpokenBy != "" {
		return r.SpokenBy + " for " + r.Actor.Name
	}
	return r.Actor.Name
}

// whose is who makes a claim.
func whose(r *incidents.ActorRef, c incidents.Claim) string {
	switch {
	case r != nil:
		return r.Name
	case c.Support == incidents.Unsourced:
		return "Somebody who is not named"
	default:
		return "The source itself"
	}
}

func quotes(c incidents.Claim) string {
	var out []string
	for _, e := range c.Evidence {
		if e.Quote != "" {
			out = append(out, "“"+e.Quote+"” ("+sourceName(e.Source)+")")
		}
	}
	return lines(out...)
}

func said(what, value string) string {
	if value == "" {
		return ""
	}
	return what + ": " + value
}

// lines joins what there is.
func lines(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}
