package stix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
	"github.com/breachledger/breachledger/internal/exchange/stix"
	"github.com/breachledger/breachledger/internal/incidents"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

var options = stix.Options{Page: "https://example.org/incidents/ä"}

// encode writes a bundle and checks what no schema says: that it is the same
// again, that ids are there once, and that every reference leads somewhere.
func encode(t *testing.T, in incidents.Incident, o stix.Options) []map[string]any {
	t.Helper()
	text, err := stix.Encode(in, o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := stix.Encode(*in.Clone(), o); err != nil || !bytes.Equal(text, again) {
		t.Fatalf("a second export differs: %v", err)
	}
	var bundle struct {
		Type, ID string
		Objects  []map[string]any
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, o := range bundle.Objects {
		id := o["id"].(string)
		if ids[id] {
			t.Errorf("the id %s is there twice", id)
		}
		ids[id] = true
	}
	for _, o := range bundle.Objects {
		for _, field := range []string{"created_by_ref", "source_ref", "target_ref"} {
			if ref, ok := o[field].(string); ok && !ids[ref] {
				t.Errorf("%s of %s leads nowhere: %s", field, o["id"], ref)
			}
		}
		refs, _ := o["object_refs"].([]any)
		for _, ref := range refs {
			if !ids[ref.(string)] {
				t.Errorf("object_refs of %s lead nowhere: %s", o["id"], ref)
			}
		}
		if created, modified := o["created"].(string), o["modified"].(string); modified < created {
			t.Errorf("%s was modified at %s, before it was created at %s", o["id"], modified, created)
		}
	}
	return bundle.Objects
}

func TestGolden(t *testing.T) {
	t.Parallel()
	text, err := stix.Encode(full(t), options)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "full.golden.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

// schemas loads OASIS's own schemas, whose addresses are on the web, from disk.
type schemas struct{ dir string }

const schemaBase = "http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/"

func (s schemas) Load(url string) (any, error) {
	name, ok := strings.CutPrefix(url, schemaBase)
	if !ok {
		return nil, fmt.Errorf("no schema of STIX: %s", url)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if name == "common/bundle.json" {
		repaired := bytes.Replace(text, []byte(core), bytes.Replace([]byte(core), []byte("oneOf"), []byte("anyOf"), 1), 1)
		if bytes.Equal(text, repaired) {
			return nil, errors.New("bundle.json is no longer as it was: look whether it needs repair")
		}
		text = repaired
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// core is where OASIS's schema of a bundle refuses every incident, note, opinion
// and location: they are not in its list of kinds, and any of them is both a
// "core" and a "cyber-observable-core", of which it allows only one.
const core = `"oneOf": [
                  {
                    "$ref": "../common/core.json"`

func TestValidAgainstSchemas(t *testing.T) {
	t.Parallel()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(schemas{sharedtest.Path(t, "data/stix2.1/schemas")})
	compiled := map[string]*jsonschema.Schema{}
	for kind, path := range map[string]string{
		"bundle": "common/bundle.json", "relationship": "sros/relationship.json", "identity": "sdos/identity.json", "incident": "sdos/incident.json",
		"threat-actor": "sdos/threat-actor.json", "opinion": "sdos/opinion.json", "note": "sdos/note.json", "report": "sdos/report.json",
	} {
		schema, err := compiler.Compile(schemaBase + path)
		if err != nil {
			t.Fatal(err)
		}
		compiled[kind] = schema
	}
	all := append(seeds(t), full(t))
	for n := range uint64(60) {
		all = append(all, generated(t, n))
	}
	kinds := map[string]int{}
	const few = 7
	for i, in := range all {
		text, err := stix.Encode(in, options)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if i < few { // it is slow: it tries every kind on every object
			if err := compiled["bundle"].Validate(value); err != nil {
				t.Errorf("%s: %v", in.Slug, err)
			}
		}
		for _, object := range value.(map[string]any)["objects"].([]any) {
			kind := object.(map[string]any)["type"].(string)
			kinds[kind]++
			if compiled[kind] == nil {
				t.Fatalf("no schema for %s", kind)
			}
			if err := compiled[kind].Validate(object); err != nil {
				t.Errorf("%s: %v\n%v", in.Slug, err, object)
			}
		}
	}
	if len(kinds) != len(compiled)-1 {
		t.Errorf("the bundles have %v", kinds)
	}
	// The schemas are no empty ones.
	broken, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"type":"note","spec_version":"2.1"}`))
	if err != nil {
		t.Fatal(err)
	}
	if compiled["note"].Validate(broken) == nil {
		t.Error("a note without anything is valid")
	}
}

func TestReferencesLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, in := range append(seeds(t), full(t), generated(t, 1), generated(t, 2)) {
		encode(t, in, options)
	}
}

func ofType(objects []map[string]any, kind string) []map[string]any {
	return slices.DeleteFunc(slices.Clone(objects), func(o map[string]any) bool { return o["type"] != kind })
}

// Every claim of the document is there.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	for _, in := range append(seeds(t), full(t), generated(t, 3)) {
		objects := encode(t, in, options)
		claims := map[string]int{}
		for _, note := range ofType(objects, "note") {
			claims[note["labels"].([]any)[0].(string)]++
		}
		for label, want := range map[string]int{"claim:count": len(in.Counts), "claim:loss": len(in.Losses), "claim:response": len(in.Responses)} {
			if claims[label] != want {
				t.Errorf("%s: %d of %s, want %d", in.Slug, claims[label], label, want)
			}
		}
		denials, accusations := 0, 0
		for _, r := range in.Responses {
			if r.Kind.Denies() && r.Answers != "" {
				denials++
			}
		}
		if got := len(ofType(objects, "opinion")); got != denials {
			t.Errorf("%s: %d opinions, want %d", in.Slug, got, denials)
		}
		for _, r := range ofType(objects, "relationship") {
			if r["relationship_type"] == "attributed-to" && strings.HasPrefix(r["source_ref"].(string), "incident--") {
				accusations++
			}
		}
		if accusations != len(in.Attributions) {
			t.Errorf("%s: %d accusations, want %d", in.Slug, accusations, len(in.Attributions))
		}
		text := fmt.Sprint(objects)
		in.EachClaim(func(pointer string, c *incidents.Claim) {
			for _, e := range c.Evidence {
				if !strings.Contains(text, e.Quote) {
					t.Errorf("%s: %s: the quote %q is missing", in.Slug, pointer, e.Quote)
				}
			}
		})
	}
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	for confidence, want := range map[incidents.Confidence]any{"high": 85.0, "medium": 50.0, "low": 15.0, "none": nil} {
		in := full(t)
		in.Attributions[0].Confidence = confidence
		for _, r := range ofType(encode(t, in, options), "relationship") {
			if r["source_ref"] == ofType(encode(t, in, options), "incident")[0]["id"] && r["relationship_type"] == "attributed-to" && r["confidence"] != want {
				t.Errorf("%s: confidence %v, want %v", confidence, r["confidence"], want)
			}
		}
	}
}

func TestRevoked(t *testing.T) {
	t.Parallel()
	for publication, want := range map[incidents.Publication]any{incidents.Published: nil, incidents.Draft: nil, incidents.Retracted: true, incidents.Merged: true} {
		in := full(t)
		in.Publication = publication
		for _, o := range encode(t, in, options) {
			shared := o["type"] == "identity" || o["type"] == "threat-actor" || o["description"] == "The same actor."
			if !shared && o["revoked"] != want || shared && o["revoked"] != nil {
				t.Errorf("%s: %s has revoked %v", publication, o["type"], o["revoked"])
			}
		}
	}
}

// An actor is the same object in the bundles of all its incidents.
func TestActorsAreShared(t *testing.T) {
	t.Parallel()
	known := map[any]map[string]any{}
	met := 0
	for _, in := range seeds(t) {
		for _, o := range encode(t, in, stix.Options{}) {
			if o["type"] != "identity" && o["type"] != "threat-actor" {
				continue
			}
			if before, ok := known[o["id"]]; ok {
				met++
				if diff := cmp.Diff(before, o); diff != "" {
					t.Errorf("(-one +other):\n%s", diff)
				}
			}
			known[o["id"]] = o
		}
	}
	if met < 3 {
		t.Errorf("only %d actors of several incidents", met)
	}
}

func TestVocabulariesAreMapped(t *testing.T) {
	t.Parallel()
	unmapped := []string{"other", "unknown"}
	for _, sector := range incidents.SectorUnknown.Vocabulary().Values() {
		in := full(t)
		in.Participants[0].Actor = incidents.ActorRef{ID: fake(sector), Name: sector, Sector: incidents.Sector(sector), Kind: incidents.Company}
		for _, o := range ofType(encode(t, in, options), "identity") {
			if o["name"] == sector && (o["sectors"] == nil) != slices.Contains(unmapped, sector) {
				t.Errorf("%s: sectors %v", sector, o["sectors"])
			}
		}
	}
	for _, kind := range incidents.Company.Vocabulary().Values() {
		in := full(t)
		in.Participants[0].Actor = incidents.ActorRef{ID: fake(kind), Name: kind, Kind: incidents.ActorKind(kind)}
		for _, o := range ofType(encode(t, in, options), "identity") {
			if o["name"] == kind && (o["identity_class"] == "unknown") != (kind == "other") {
				t.Errorf("%s: identity_class %v", kind, o["identity_class"])
			}
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*incidents.Incident){
		"the incident has no id, or no times of its creation and last change": func(in *incidents.Incident) { in.ID = uuid.Nil },
		"/counts/0/id: is missing: the document is not linked":                func(in *incidents.Incident) { in.Counts[0].ID = uuid.Nil },
		"/responses/1/actor: is not resolved":                                 func(in *incidents.Incident) { in.Responses[1].Actor.ID = uuid.Nil },
		"/sources/0: is not resolved":                                         func(in *incidents.Incident) { in.Sources[0].ID = uuid.Nil },
		"/losses/0/evidence/0/source: is not resolved; /sources/1: is not resol": func(in *incidents.Incident) {
			in.Losses[0].Evidence[0].Source, in.Sources[1].ID = incidents.SourceRef{}, uuid.Nil
		},
	} {
		in := full(t)
		change(&in)
		if _, err := stix.Encode(in, options); err == nil || !strings.HasPrefix(err.Error(), "write STIX: "+want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
