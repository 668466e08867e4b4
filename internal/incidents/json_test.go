package incidents

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]*Incident{"full": full(t), "small": small(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			got := &Incident{}
			dec := json.NewDecoder(strings.NewReader(string(out)))
			dec.DisallowUnknownFields()
			if err := dec.Decode(got); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			if diff := cmp.Diff(in, got, cmp.AllowUnexported(PartialDate{})); diff != "" {
				t.Errorf("-written +read:\n%s", diff)
			}
		})
	}
}

// The document as it goes over the wire: names of fields, nulls, what is left out.
func TestJSONOfTheDocument(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, in := range []*Incident{full(t), small()} {
		text, err := json.MarshalIndent(in, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(text, '\n'))
	}
	golden(t, "documents.golden", out.String())
}

// A field added to the document must get a value in full, or the round trip
// and the rule for a valid maximal document would not see it.
func TestFullDocumentIsFull(t *testing.T) {
	t.Parallel()
	// Not written, only for the way in, or at odds with another field.
	exempt := map[string]bool{"ActorRef.ID": true, "ActorRef.Given": true, "SourceRef.Given": true, "SourceRef.Key": true, "Claim.Key": true, "Incident.Unanswered": true, "Victims.Low": true}
	set := map[string]bool{}
	fields := map[string]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			if v.Type().PkgPath() != reflect.TypeFor[Incident]().PkgPath() || v.Type() == reflect.TypeFor[PartialDate]() {
				return
			}
			for i := range v.NumField() {
				name := v.Type().Name() + "." + v.Type().Field(i).Name
				fields[name] = true
				set[name] = set[name] || !v.Field(i).IsZero()
				walk(v.Field(i))
			}
		}
	}
	walk(reflect.ValueOf(full(t)))
	for name := range fields {
		if !set[name] && !exempt[name] {
			t.Errorf("%s has no value anywhere in the full document", name)
		}
	}
}

func TestActorRefJSON(t *testing.T) {
	t.Parallel()
	acme := ActorRef{Slug: "acme", Name: "Acme", Kind: Company, Sector: "bank", Country: "US", Domain: "acme.example", Aliases: []string{"A"}}
	tests := []struct {
		text string
		want ActorRef
		err  string
	}{
		{text: `"Acme"`, want: named("Acme")},
		{text: `"Acm\u00e9"`, want: named("Acmé")},
		{text: `{"slug":"acme","name":"Acme","kind":"company","sector":"bank","country":"US","domain":"acme.example","aliases":["A"]}`, want: acme},
		{text: `{}`},
		{text: `""`},
		{text: `{"name":"Acme","sectr":"bank"}`, err: `actor: json: unknown field "sectr"`},
		{text: `{"name":5}`, err: "actor: json: cannot unmarshal number into Go struct field object.name of type string"},
		{text: `5`, err: "an actor must be a slug or name, or an object that describes one"},
		{text: `["Acme"]`, err: "an actor must be a slug or name, or an object that describes one"},
		{text: `true`, err: "an actor must be a slug or name, or an object that describes one"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			// A value read earlier leaves no trace.
			got := ActorRef{Given: "before", Name: "before", Country: "CN"}
			err := json.Unmarshal([]byte(tt.text), &got)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Errorf("error %v, want %s", err, tt.err)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("error %v, -want +got:\n%s", err, diff)
			}
		})
	}
}

func TestSourceRefJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want SourceRef
		err  string
	}{
		{text: `"a"`, want: SourceRef{Given: "a"}},
		{text: `{"id":"01890000-0000-7000-8000-000000abc001"}`, want: SourceRef{ID: id(1)}},
		{text: `{"key":"a"}`, want: SourceRef{Key: "a"}},
		{text: `{"url":"https://example.com","title":"T","publisher":"P"}`, want: SourceRef{URL: "https://example.com", Title: "T", Publisher: "P"}},
		{text: `{"link":"https://example.com"}`, err: `source: json: unknown field "link"`},
		{text: `7`, err: "a source must be an id, key or address, or an object that describes one"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got := SourceRef{Given: "before", Title: "before"}
			err := json.Unmarshal([]byte(tt.text), &got)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Errorf("error %v, want %s", err, tt.err)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("error %v, -want +got:\n%s", err, diff)
			}
		})
	}
}

func TestReferencesFromText(t *testing.T) {
	t.Parallel()
	actor, source := ActorRef{Name: "before"}, SourceRef{Title: "before"}
	if err := actor.UnmarshalText([]byte("Acme")); err != nil || !reflect.DeepEqual(actor, named("Acme")) {
		t.Errorf("actor %+v, %v", actor, err)
	}
	if err := source.UnmarshalText([]byte("a")); err != nil || source != (SourceRef{Given: "a"}) {
		t.Errorf("source %+v, %v", source, err)
	}
}
