package stix

import (
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// identityClasses are STIX's words (identity-class-ov) for the kinds of actor.
var identityClasses = map[incidents.ActorKind]string{
	incidents.Company:    "organization",
	incidents.Government: "organization",
	incidents.Agency:     "organization",
	incidents.Person:     "individual",
	incidents.Group:      "group",
	incidents.Media:      "organization",
	incidents.ActorOther: "unknown",
}

// sectors are STIX's words (industry-sector-ov) for the sectors that it has.
var sectors = map[incidents.Sector]string{
	"bank":              "financial-services",
	"payment_processor": "financial-services",
	"card_network":      "financial-services",
	"wallet":            "financial-services",
	"crypto":            "financial-services",
	"fintech":           "financial-services",
	"merchant":          "retail",
	"technology":        "technology",
	"health":            "healthcare",
	"government":        "government",
}

// identityID is an actor's id wherever it stands.
func identityID(r incidents.ActorRef) string { return id("identity", "actor", r.ID.String()) }

func threatActorID(r incidents.ActorRef) string { return id("threat-actor", "actor", r.ID.String()) }

// actors writes an identity for everybody whom the incident names, and for those
// whom somebody accuses also a threat actor. They are the same actor, which a
// relationship says.
func (b *builder) actors() {
	seen := map[uuid.UUID]bool{}
	b.in.EachActor(func(_ string, r *incidents.ActorRef) {
		if seen[r.ID] {
			return
		}
		seen[r.ID] = true
		o := object{Type: "identity", ID: identityID(*r), Name: r.Name, IdentityClass: identityClasses[r.Kind]}
		if o.IdentityClass == "" {
			o.IdentityClass = "unknown"
		}
		if sector, ok := sectors[r.Sector]; ok {
			o.Sectors = []string{sector}
		}
		for _, label := range []struct{ name, value string }{{"kind", string(r.Kind)}, {"sector", string(r.Sector)}} {
			if label.value != "" {
				o.Labels = append(o.Labels, label.name+":"+label.value)
			}
		}
		b.addShared(r.ID, o)
	})
	accused := map[uuid.UUID]bool{}
	for _, a := range b.in.Attributions {
		if accused[a.Accused.ID] {
			continue
		}
		accused[a.Accused.ID] = true
		kind := "unknown"
		if a.Accused.Kind == incidents.Government || a.Accused.Kind == incidents.Agency {
			kind = "nation-state"
		}
		b.addShared(a.Accused.ID, object{
			Type: "threat-actor", ID: threatActorID(a.Accused), Name: a.Accused.Name, ThreatActorTypes: []string{kind},
			Description: "Accused by somebody; whether rightly is not said here.",
		})
		b.addShared(a.Accused.ID, object{
			Type: "relationship", ID: id("relationship", "same actor", a.Accused.ID.String()), RelationshipType: "attributed-to",
			SourceRef: threatActorID(a.Accused), TargetRef: identityID(a.Accused), Description: "The same actor.",
		})
	}
}
