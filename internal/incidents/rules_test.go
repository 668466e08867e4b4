package incidents

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rule is one rule of Validate: what breaks it, in a small valid document, and
// all that must be reported then.
type rule struct {
	name   string
	breaks func(*Incident)
	want   []string // each "pointer: detail", without the allowed values
}

// check runs every rule, and reports what else than wanted comes up. Documents
// are made one after the other: rules share what they break them with, and
// Complete writes into it.
func check(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		in := small()
		r.breaks(in)
		in.Complete()
		got := reported(in.Validate())
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("-want +reported:\n%s", diff)
			}
		})
	}
}

func reported(ps Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Pointer+": "+p.Detail)
	}
	return out
}

func TestValidDocuments(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]*Incident{"full": full(t), "small": small()} {
		if problems := in.Validate(); problems != nil {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// Wherever a value of a closed list is wrong or missing, the list is shown.
func TestProblemsListWhatIsAllowed(t *testing.T) {
	t.Parallel()
	const wrong = "no_such_value"
	actor := ActorRef{Name: "Acme", Kind: wrong, Sector: wrong}
	in := &Incident{
		Title: "x", Category: wrong, Certainty: wrong, Publication: wrong,
		Vectors: []Vector{wrong}, DataClasses: []DataClass{wrong}, PaymentMethods: []PaymentMethod{wrong},
		Participants: []Participant{{actor, wrong}},
		Counts:       []Count{{Unit: wrong, Qualifier: wrong}},
		Losses:       []Loss{{Kind: wrong, Scope: wrong, Qualifier: wrong}},
		Attributions: []Attribution{{Accused: named("Bolt"), Basis: wrong, Confidence: wrong}},
		Responses:    []Response{{Actor: named("Acme"), Kind: wrong, Status: wrong}},
	}
	want := map[string]Vocabulary{
		"/category": categories, "/certainty": certainties, "/publication": publications,
		"/vectors/0": vectors, "/data_classes/0": dataClasses, "/payment_methods/0": paymentMethods,
		"/participants/0/role": roles, "/participants/0/actor/kind": actorKinds, "/participants/0/actor/sector": sectors,
		"/counts/0/unit": units, "/counts/0/qualifier": qualifiers,
		"/losses/0/kind": lossKinds, "/losses/0/scope": lossScopes, "/losses/0/qualifier": qualifiers,
		"/attributions/0/basis": bases, "/attributions/0/confidence": confidences,
		"/responses/0/kind": responseKinds, "/responses/0/status": responseStatuses,
	}
	in.Complete()
	for _, p := range in.Validate() {
		voc, ok := want[p.Pointer]
		if !ok || !slices.Equal(p.Allowed, voc.Values()) {
			t.Errorf("not expected: %s", p)
		}
		delete(want, p.Pointer)
	}
	for pointer := range want {
		t.Errorf("%s: nothing is reported", pointer)
	}

	in = &Incident{Title: "x", Participants: []Participant{{Actor: named("Acme")}}, Counts: []Count{{Quantity: new(int64(1))}}}
	in.Complete()
	for _, p := range in.Validate() {
		if p.Detail != "is required" || len(p.Allowed) == 0 {
			t.Errorf("a missing value of a closed list is reported as %s", p)
		}
	}
}
