package veris

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// What VERIS has no place for stands under /plus/breachledger:
//
//	incident  the incident document, without what VERIS says as exactly
//	digest    of everything else, to tell whether it was changed since
//	upgraded  what an older document had that 1.4.1 has no place for
const (
	plusName = "breachledger"
	plusPath = "/plus/" + plusName
)

// derived are the fields that follow from others.
var derived = []string{"victims", "payment", "unanswered", "contested"}

// ownNode is the incident document as it stands under plus.
func ownNode(in *incidents.Incident) (*strict.Node, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write the incident: %w", err)
	}
	n, err := strict.ParseJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("write the incident: %w", err)
	}
	in.EachActor(func(pointer string, r *incidents.ActorRef) { shorten(n, pointer, r.Given) })
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		claim := n.Find(pointer)
		for _, name := range []string{"support", "text", "contested"} {
			remove(claim, name)
		}
		for i, e := range c.Evidence {
			shorten(n, at(pointer+"/evidence", i)+"/source", e.Source.Given)
		}
	})
	for _, s := range items("", n.Member("sources")) {
		remove(s.node, "has_text")
	}
	for _, name := range derived {
		remove(n, name)
	}
	if readsBack(in.Summary) {
		remove(n, "summary")
	}
	remove(n, "certainty")
	prune(n)
	return n, nil
}

// shorten puts a slug, name or key that was given instead of an object into its
// place: encoding/json doesn't write it.
func shorten(n *strict.Node, pointer, given string) {
	if given == "" {
		return
	}
	cut := strings.LastIndexByte(pointer, '/')
	parent, name := n.Find(pointer[:cut]), pointer[cut+1:]
	if parent.Kind == strict.Object { // a list has no place for a lone reference
		set(parent, name, text(given))
	}
}

// readsBack reports whether the summary comes back as it is.
func readsBack(s string) bool {
	d := &decoder{doc: set(object(), "summary", text(s))}
	d.summary()
	return d.in.Summary == s
}

// prune drops what says nothing: null, false and empty lists.
func prune(n *strict.Node) {
	n.Members = slices.DeleteFunc(n.Members, func(m strict.Member) bool {
		prune(m.Value)
		return m.Value.Kind == strict.Null || m.Value.Kind == strict.Bool && m.Value.Text == "false" ||
			m.Value.Kind == strict.List && len(m.Value.Items) == 0
	})
	for _, item := range n.Items {
		prune(item)
	}
}

// digestOf is a hash of the document without what stands under plus.breachledger.
func digestOf(doc *strict.Node) string {
	rest := *doc
	if plus := doc.Member("plus"); plus != nil && plus.Kind == strict.Object {
		rest.Members = append([]strict.Member{}, doc.Members...)
		others := *plus
		others.Members = append([]strict.Member{}, plus.Members...)
		remove(&others, plusName)
		set(&rest, "plus", &others)
		if len(others.Members) == 0 {
			remove(&rest, "plus")
		}
	}
	sum := sha256.Sum256(appendJSON(nil, &rest))
	return hex.EncodeToString(sum[:])
}

// ownDocument is the incident of a document that Breachledger wrote, nil when it
// didn't.
func (d *decoder) ownDocument() (*incidents.Incident, incidents.Problems) {
	own := find(d.doc, "plus", plusName)
	n := own.Member("incident")
	if n == nil {
		return nil, nil
	}
	const pointer = plusPath + "/incident"
	in := &incidents.Incident{}
	if problems := strict.Decode(n, in, strict.Options{ReadOnly: true}); len(problems) > 0 {
		return nil, problems.Under(pointer)
	}
	d.certainty()
	in.Certainty = d.in.Certainty
	if n.Member("summary") == nil {
		d.summary()
		in.Summary = d.in.Summary
	}
	in.Complete()
	if problems := in.Validate(); len(problems) > 0 {
		return nil, problems.Under(pointer)
	}
	if digest := own.Member("digest"); digest != nil && digest.Text == digestOf(d.doc) {
		d.notes = nil // a summary that was cut, for example, was so before
	} else {
		d.note(plusPath, "was read; the rest of the document was changed after Breachledger wrote it, and of that only /summary and /security_incident")
	}
	return in, nil
}

// WithoutTexts is a document without the texts of sources that Breachledger has
// written into it for another ledger. What is kept beside an incident has none: a
// text that is taken away is gone, and one that is not for everybody stands nowhere
// else.
func WithoutTexts(document json.RawMessage) json.RawMessage {
	if !bytes.Contains(document, []byte(`"`+plusName+`"`)) {
		return document
	}
	n, _ := parse(document)
	held := false
	for _, s := range items("", find(n, "plus", plusName, "incident", "sources")) {
		held = held || s.node.Member("text") != nil
		remove(s.node, "text")
	}
	if !held {
		return document
	}
	return appendJSON(nil, n)
}
