package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestNamesWithoutTheirLegalForm: what is left of a folded name.
func TestNamesWithoutTheirLegalForm(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for name, want := range map[string]string{
		"Target Corporation": "target", "The Home Depot, Inc.": "home depot", "Quixote Pay Group Inc": "quixote pay", "Acme Co., Ltd.": "acme",
		"Volkswagen AG": "volkswagen", "Telefónica S.A.": "telefonica", "The Boeing Company": "boeing", "Barclays": "barclays",
		// Words that only begin or end like a form, and names that would be nothing without theirs.
		"Cisco": "cisco", "Visa": "visa", "Theranos": "theranos", "The Co": "co", "AG": "ag", "The": "the", "Inc Magazine": "inc magazine",
	} {
		if got := ask[string](t, l, "SELECT actor_name_stem($1)", incidents.FoldName(name)); got != want {
			t.Errorf("of %q is left %q, want %q", name, got, want)
		}
	}
}

// pairNames are the pairs of actors that may be one, as somebody sees them.
func pairNames(t *testing.T, l *ledger.Ledger, by access.Identity, limit int) []string {
	t.Helper()
	var out []string
	for cursor := ""; ; {
		pairs, next, err := l.ActorPairs(t.Context(), by, ledger.Page{Limit: limit, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			names := []string{fmt.Sprintf("%s (%d)", p.First.Name, p.First.Incidents), fmt.Sprintf("%s (%d)", p.Second.Name, p.Second.Incidents)}
			slices.Sort(names)
			out = append(out, strings.Join(names, " ~ "))
		}
		if next == "" {
			return out
		}
		cursor = next
	}
}

// TestActorsThatMayBeOne: in the order of their incidents, a page at a time, until
// somebody decides; who may not see an actor sees no pair with it.
func TestActorsThatMayBeOne(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, name := range []string{"Globex", "Globex Corporation", "Globex", "The Initech Group", "Initech", "Initech Ltd", "Hooli"} {
		breach(t, l, fmt.Sprintf("Case %c", 'A'+i), name, int64(i+1), fmt.Sprintf("https://example.com/%d", i))
	}
	if _, err := l.CreateActor(t.Context(), ledger.Change{By: editor, Action: "create actor"}, incidents.Actor{Name: "Hooli Inc", Aliases: []string{"Hooli Co"}}); err != nil {
		t.Fatal(err)
	}
	const globex, hooli = "Globex (2) ~ Globex Corporation (1)", "Hooli (1) ~ Hooli Inc (0)"
	initech := []string{"Initech (1) ~ Initech Ltd (1)", "Initech (1) ~ The Initech Group (1)", "Initech Ltd (1) ~ The Initech Group (1)"}
	check := func(what string, by access.Identity, want ...string) {
		t.Helper()
		for _, limit := range []int{1, 2, 200} {
			got := pairNames(t, l, by, limit)
			if len(got) > 2 {
				slices.Sort(got[1:min(len(got), 4)]) // of as many incidents, ordered by their ids
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %d at a time: the pairs are %q, want %q", what, limit, got, want)
			}
		}
	}
	check("for an editor", editor, slices.Concat([]string{globex}, initech, []string{hooli})...)
	published := pairNames(t, l, access.Identity{}, 200)
	if slices.Contains(published, hooli) || len(published) != 4 {
		t.Errorf("the public sees %q", published)
	}

	// Said to be others, for good, whichever is named first.
	change := ledger.Change{By: editor, Action: "not the same actor"}
	for range 2 {
		if err := l.NotTheSameActor(t.Context(), change, "hooli-inc", "hooli"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.NotTheSameActor(t.Context(), change, "initech", "initech-ltd"); err != nil {
		t.Fatal(err)
	}
	check("after two decisions", editor, globex, initech[1], initech[2])

	// What was said of one that is merged holds for the other, but not between the two.
	mergeActors(t, l, "the-initech-group", "initech")
	check("after a merge", editor, globex)
	mergeActors(t, l, "initech-ltd", "initech")
	mergeActors(t, l, "globex-corporation", "globex")
	check("after all merges", editor)

	if got := pairNames(t, readBack(t, l), editor, 200); len(got) > 0 {
		t.Errorf("a copy of the ledger asks again of %q", got)
	}
}

// TestDecisionsAreAnEditors, with a reason that can be kept.
func TestDecisionsAreAnEditors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach(t, l, "First", "Globex", 1, "https://example.com/1")
	breach(t, l, "Second", "Globex Inc", 2, "https://example.com/2")
	for name, decide := range map[string]func(c ledger.Change) error{
		"incidents": func(c ledger.Change) error { return l.NotTheSame(t.Context(), c, "first", "second") },
		"actors":    func(c ledger.Change) error { return l.NotTheSameActor(t.Context(), c, "globex", "globex-inc") },
	} {
		if err := decide(ledger.Change{By: contributor, Action: "decide"}); !errors.Is(err, ledger.ErrForbidden) {
			t.Errorf("%s, decided on by a contributor: %v", name, err)
		}
		var problems incidents.Problems
		if err := decide(ledger.Change{By: editor, Action: "decide", Reason: strings.Repeat("x", 2001)}); !errors.As(err, &problems) || problems[0].Pointer != "/reason" {
			t.Errorf("%s, for a reason that is too long: %v", name, err)
		}
	}
}

// TestManyActorsOfOneName: their pairs grow with their number, not with its square.
func TestManyActorsOfOneName(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const n = 60
	exec(t, l, `WITH a AS (
			INSERT INTO actors (id, slug, name, kind, sector)
			SELECT gen_random_uuid(), 'acme-' || i, 'Acme' || repeat(' Inc', i), 'company', 'bank' FROM generate_series(1, $1::integer) AS i RETURNING id, name)
		INSERT INTO actor_names (key, actor_id, name) SELECT lower(name), id, name FROM a`, n)
	if got := len(pairNames(t, l, editor, 200)); got < n-1 || got > 5*n {
		t.Errorf("%d actors of one name make %d pairs", n, got)
	}
}

func TestSimilarActors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, name := range []string{"Heartland Payment Systems", "Hartland Payment System", "Heartland Payment Systems, Inc.", "Globex"} {
		breach(t, l, fmt.Sprintf("Case %c", 'A'+i), name, int64(i+1), fmt.Sprintf("https://example.com/%d", i))
	}
	similar := func(slug string) (names []string) {
		t.Helper()
		found, err := l.SimilarActors(t.Context(), access.Identity{}, slug)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			if s.Score < 0.5 || s.Score > 1 || s.Reason == "" || s.Incidents != 1 {
				t.Errorf("like %s is %+v", slug, s)
			}
			names = append(names, s.Slug)
		}
		return names
	}
	if got, want := similar("heartland-payment-systems"), []string{"heartland-payment-systems-inc", "hartland-payment-system"}; !slices.Equal(got, want) {
		t.Errorf("like Heartland are %q, want %q", got, want)
	}
	if got := similar("globex"); len(got) > 0 {
		t.Errorf("like Globex are %q", got)
	}
	if err := l.NotTheSameActor(t.Context(), ledger.Change{By: editor, Action: "not the same actor"}, "heartland-payment-systems", "hartland-payment-system"); err != nil {
		t.Fatal(err)
	}
	if got, want := similar("heartland-payment-systems"), []string{"heartland-payment-systems-inc"}; !slices.Equal(got, want) {
		t.Errorf("like Heartland are %q, want %q", got, want)
	}
	mergeActors(t, l, "heartland-payment-systems-inc", "heartland-payment-systems")
	var moved *ledger.MovedError
	if _, err := l.SimilarActors(t.Context(), editor, "heartland-payment-systems-inc"); !errors.As(err, &moved) {
		t.Errorf("what is like a merged actor gives %v", err)
	}
	if _, err := l.SimilarActors(t.Context(), editor, "nobody"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("what is like nobody gives %v", err)
	}
}

func TestWhoIsNotTheSameIsChecked(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach(t, l, "Case", "Globex", 1, "https://example.com/1")
	for name, c := range map[string]struct{ one, other, want string }{
		"nobody":   {"globex", "nobody", "/other: names no actor"},
		"no slugs": {"Globex!", "", "/one: names no actor"},
		"itself":   {"globex", "globex", "/other: is the same actor"},
	} {
		err := l.NotTheSameActor(t.Context(), ledger.Change{By: editor, Action: "not the same actor"}, c.one, c.other)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
