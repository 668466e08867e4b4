package ledger

import (
	"slices"
	"testing"
)

func TestFormsOf(t *testing.T) {
	t.Parallel()
	for one, other := range map[string]string{
		"target": "target corporation", "target corporation": "target", "the home depot inc": "home depot", "quixote pay group inc": "quixote pay",
		"volkswagen ag": "volkswagen group", "acme co ltd": "acme", "acme": "the acme",
	} {
		if forms := formsOf(one); !slices.Contains(forms, other) {
			t.Errorf("%s has not the form %s: %q", one, other, forms)
		}
	}
	for _, short := range []string{"ag", "the co", "inc"} { // which would be nothing without its form
		if forms := formsOf(short); slices.Contains(forms, "") || slices.Contains(forms, "the ") {
			t.Errorf("%s has the form of nothing: %q", short, forms)
		}
	}
}
