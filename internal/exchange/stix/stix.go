// Package stix writes an incident as a bundle of STIX 2.1 objects, the language
// in which threat intelligence is shared (https://docs.oasis-open.org/cti/stix/v2.1).
//
// [Encode] is pure and deterministic: ids are made from the ledger's ids and
// times are the document's, so that two exports of the same document are equal,
// byte for byte, and a reader who has an object already knows it again.
// docs/exchange.md tells the mapping field by field, and what it loses.
package stix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Options say who exports.
type Options struct {
	// Name is the name of the ledger, which creates all objects; "Breachledger"
	// when empty. Another name is another creator, and so makes other objects.
	Name string
	// Page is the web address of the incident; "" leaves it out.
	Page string
	// Changed is when the document last changed, where that is later than its last
	// version: an actor that it names was renamed.
	Changed time.Time
}

// Encode writes the bundle of an incident as the ledger keeps it: complete,
// linked, derived, with its actors resolved. Where ids are missing it fails, as
// the next export would make other ones.
func Encode(in incidents.Incident, o Options) ([]byte, error) {
	if o.Name == "" {
		o.Name = "Breachledger"
	}
	if err := check(&in); err != nil {
		return nil, fmt.Errorf("write STIX: %w", err)
	}
	b := &builder{in: &in, options: o, changed: latest(in.UpdatedAt, o.Changed)}
	b.creator()
	b.incident()
	b.actors()
	b.participants()
	b.attributions()
	b.notes()
	b.report()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(bundle{Type: "bundle", ID: id("bundle", o.Name, in.ID.String(), stamp(b.changed)), Objects: b.objects}); err != nil {
		return nil, fmt.Errorf("write STIX: %w", err)
	}
	return out.Bytes(), nil
}

// check refuses what cannot be named the same way twice.
func check(in *incidents.Incident) error {
	if in.ID == uuid.Nil || in.CreatedAt.IsZero() || in.UpdatedAt.IsZero() {
		return errors.New("the incident has no id, or no times of its creation and last change")
	}
	var problems incidents.Problems
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		if c.ID == uuid.Nil {
			problems.Add(pointer+"/id", "is missing: the document is not linked")
		}
		for i, e := range c.Evidence {
			if e.Source.ID == uuid.Nil {
				problems.Add(fmt.Sprintf("%s/evidence/%d/source", pointer, i), "is not resolved")
			}
		}
	})
	in.EachActor(func(pointer string, r *incidents.ActorRef) {
		if r.ID == uuid.Nil || r.Name == "" {
			problems.Add(pointer, "is not resolved")
		}
	})
	for i, s := range in.Sources {
		if s.ID == uuid.Nil {
			problems.Add(fmt.Sprintf("/sources/%d", i), "is not resolved")
		}
	}
	return problems.OrNil()
}

// builder collects the objects of a bundle.
type builder struct {
	in        *incidents.Incident
	options   Options
	changed   time.Time
	creatorID string
	objects   []object
}

// add completes an object of the incident and appends it.
func (b *builder) add(o object) {
	o.Created, o.Modified = stamp(b.in.CreatedAt), stamp(b.changed)
	o.Revoked = b.in.Publication == incidents.Retracted || b.in.Publication == incidents.Merged
	b.append(o)
}

// addShared completes an object that other incidents may have as well. Nothing
// of this incident may show in it but the time of its last change: of two
// objects with one id and one time a reader keeps either.
func (b *builder) addShared(actor uuid.UUID, o object) {
	created := creatorSince
	if sec, nsec := actor.Time().UnixTime(); actor.Version() == 7 {
		created = time.Unix(sec, nsec)
	}
	o.Created, o.Modified = stamp(created), stamp(latest(created, b.changed))
	b.append(o)
}

func (b *builder) append(o object) {
	o.SpecVersion, o.CreatedByRef = "2.1", b.creatorID
	b.objects = append(b.objects, o)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// creatorSince is the fixed date of the ledger's own identity.
var creatorSince = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func (b *builder) creator() {
	b.creatorID = id("identity", "ledger", b.options.Name)
	o := object{
		Type: "identity", ID: b.creatorID, Name: b.options.Name, IdentityClass: "system",
		Description: "A ledger of payments-security incidents. It records claims with their sources; that a claim is recorded does not say that it is true.",
	}
	o.Created, o.Modified = stamp(creatorSince), stamp(creatorSince)
	b.append(o)
}

func (b *builder) incidentID() string { return id("incident", b.in.ID.String()) }

// own makes the id of an object that belongs to this incident alone.
func (b *builder) own(kind string, parts ...string) string {
	return id(kind, append([]string{b.in.ID.String()}, parts...)...)
}

func (b *builder) incident() {
	in := b.in
	o := object{Type: "incident", ID: b.incidentID(), Name: in.Title, Description: in.Summary}
	o.Labels = append(o.Labels, "category:"+string(in.Category), "certainty:"+string(in.Certainty))
	for _, v := range in.Vectors {
		o.Labels = append(o.Labels, "vector:"+string(v))
	}
	for _, c := range in.DataClasses {
		o.Labels = append(o.Labels, "data_class:"+string(c))
	}
	for _, m := range in.PaymentMethods {
		o.Labels = append(o.Labels, "payment_method:"+string(m))
	}
	for _, c := range in.Countries {
		o.Labels = append(o.Labels, "country:"+c)
	}
	for _, tag := range in.Tags {
		o.Labels = append(o.Labels, "tag:"+tag)
	}
	o.ExternalReferences = append(o.ExternalReferences, reference{SourceName: b.options.Name, URL: ascii(b.options.Page), ExternalID: in.ID.String()})
	for _, r := range in.ExternalRefs {
		o.ExternalReferences = append(o.ExternalReferences, registered(r))
	}
	b.add(o)
}

// report ties everything together and names the sources.
func (b *builder) report() {
	o := object{
		Type: "report", ID: b.own("report"), Name: b.in.Title, Description: b.in.Summary,
		ReportTypes: []string{"threat-report"}, Published: stamp(b.in.CreatedAt),
	}
	for _, s := range b.in.Sources {
		o.ExternalReferences = append(o.ExternalReferences, published(s))
	}
	for _, other := range b.objects {
		o.ObjectRefs = append(o.ObjectRefs, other.ID)
	}
	b.add(o)
}

// participants tie the incident to those who take part in it. Whom somebody
// accuses has a relationship of the accusation.
func (b *builder) participants() {
	for _, p := range b.in.Participants {
		if p.Role == incidents.RoleAllegedAttacker && slices.ContainsFunc(b.in.Attributions, func(a incidents.Attribution) bool { return a.Accused.ID == p.Actor.ID }) {
			continue
		}
		kind := "related-to"
		if p.Role.Breached() {
			kind = "targets"
		}
		b.add(object{
			Type: "relationship", ID: b.own("relationship", "participant", p.Actor.ID.String(), string(p.Role)), RelationshipType: kind,
			SourceRef: b.incidentID(), TargetRef: identityID(p.Actor), Description: incidents.Label(p.Role), Labels: []string{"role:" + string(p.Role)},
		})
	}
}
