package ledger_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// everyPage pages through a list and returns its ids in order.
func everyPage(t *testing.T, l *ledger.Ledger, f ledger.Filter, sort ledger.Sort, limit int, between func()) []uuid.UUID {
	t.Helper()
	var out []uuid.UUID
	page := ledger.Page{Limit: limit}
	for {
		got, err := l.Incidents(t.Context(), f, sort, page)
		if err != nil {
			t.Fatalf("list by %s: %v", sort, err)
		}
		if len(got.Items) > limit || len(got.Items) < limit && got.NextCursor != "" {
			t.Fatalf("by %s: a page of %d items where %d were asked for, and the cursor %q", sort, len(got.Items), limit, got.NextCursor)
		}
		for _, item := range got.JSON() {
			var card incidents.Card
			if err := json.Unmarshal(item, &card); err != nil {
				t.Fatal(err)
			}
			out = append(out, card.ID)
		}
		if got.NextCursor == "" {
			return out
		}
		page.Cursor = got.NextCursor
		if between != nil {
			between()
		}
	}
}

// listed reports whether lists show the incident when nothing is said of its state.
func listed(in incidents.Incident) bool {
	return in.Publication == incidents.Published && (in.Certainty == incidents.Confirmed || in.Certainty == incidents.Suspected)
}

// sortKey is what an incident sorts by, and whether that is known.
func sortKey(in incidents.Incident, key string) (value int64, known bool) {
	number := func(n *int64) (int64, bool) {
		if n == nil {
			return 0, false
		}
		return *n, true
	}
	date := func(ds ...incidents.PartialDate) (int64, bool) {
		for _, d := range ds {
			if !d.IsZero() {
				return d.First().Unix(), true
			}
		}
		return 0, false
	}
	switch key {
	case "victims":
		if in.Victims != nil {
			return number(in.Victims.Quantity)
		}
	case "victims_low":
		if in.Victims != nil {
			return number(in.Victims.Low)
		}
	case "disclosed":
		return date(in.Disclosed)
	case "occurred":
		return date(in.Occurred.From, in.Occurred.To)
	case "updated":
		return in.UpdatedAt.UnixMicro(), true
	}
	return 0, false
}

// inOrder is the order that a list should have: unknown last both ways, ties by id.
func inOrder(all []incidents.Incident, sort ledger.Sort) []uuid.UUID {
	key, down := strings.CutPrefix(string(sort), "-")
	of := func(in incidents.Incident) int64 {
		value, known := sortKey(in, key)
		switch {
		case known:
			return value
		case down:
			return math.MinInt64
		default:
			return math.MaxInt64
		}
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b incidents.Incident) int {
		order := cmp.Or(cmp.Compare(of(a), of(b)), bytes.Compare(a.ID[:], b.ID[:]))
		if down {
			return -order
		}
		return order
	})
	ids := make([]uuid.UUID, len(sorted))
	for i, in := range sorted {
		ids[i] = in.ID
	}
	return ids
}

func TestListsPageThroughEverythingOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := slices.DeleteFunc(library(t, l, 11, 70), func(in incidents.Incident) bool { return !listed(in) })
	ties, unknown := 0, 0
	seen := map[int64]bool{}
	for _, in := range all {
		value, known := sortKey(in, "victims")
		if !known {
			unknown++
		} else if seen[value] {
			ties++
		}
		seen[value] = known || seen[value]
	}
	if len(all) < 30 || ties < 3 || unknown < 3 {
		t.Fatalf("the library is too plain: %d listed, %d ties, %d unknown", len(all), ties, unknown)
	}
	for _, sort := range ledger.Sorts() {
		want := inOrder(all, ledger.Sort(sort))
		for limit := 1; limit <= 7; limit += 2 {
			if got := everyPage(t, l, ledger.Filter{}, ledger.Sort(sort), limit, nil); !slices.Equal(got, want) {
				t.Errorf("by %s, %d a page: %d incidents in another order than wanted (%d)\n%v\n%v", sort, limit, len(got), len(want), got, want)
			}
		}
		if got := everyPage(t, l, ledger.Filter{}, ledger.Sort(sort), len(want), nil); !slices.Equal(got, want) {
			t.Errorf("by %s on one page: another order", sort)
		}
	}
	if got := everyPage(t, l, ledger.Filter{}, "", 9, nil); !slices.Equal(got, inOrder(all, "-victims")) {
		t.Error("without a sort it is not by -victims")
	}
}

// Whatever is recorded between two pages, what was there is listed once.
func TestListsAreStableUnderInserts(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	b := ledgertest.NewBuilder(12)
	for range 15 {
		in := b.Incident()
		in.Certainty = incidents.Confirmed
		record(t, l, in)
	}
	for _, sort := range []ledger.Sort{"-victims", "victims_low", "-disclosed", "occurred", "-updated", "updated"} {
		before := everyPage(t, l, ledger.Filter{}, sort, 200, nil)
		inserts := 0
		after := everyPage(t, l, ledger.Filter{}, sort, 4, func() {
			if inserts++; inserts <= 6 {
				record(t, l, b.Incident())
			}
		})
		seen := map[uuid.UUID]int{}
		for _, id := range after {
			if seen[id]++; seen[id] > 1 {
				t.Errorf("by %s, %s is listed twice", sort, id)
			}
		}
		kept := slices.DeleteFunc(slices.Clone(after), func(id uuid.UUID) bool { return !slices.Contains(before, id) })
		if !slices.Equal(kept, before) {
			t.Errorf("by %s, with inserts between the pages:\n%v\nwithout:\n%v", sort, kept, before)
		}
	}
}

func TestCursorsBelongToTheirList(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 13, 8)
	all := ledger.Filter{Certainties: []incidents.Certainty{"confirmed", "suspected", "near_miss", "false_positive"}}
	first, err := l.Incidents(t.Context(), all, "-victims", ledger.Page{Limit: 2})
	if err != nil || first.NextCursor == "" {
		t.Fatalf("%q, %v", first.NextCursor, err)
	}
	good := first.NextCursor
	try := func(f ledger.Filter, sort ledger.Sort, cursor string) error {
		_, err := l.Incidents(t.Context(), f, sort, ledger.Page{Limit: 2, Cursor: cursor})
		return err
	}
	if err := try(all, "-victims", good); err != nil {
		t.Fatal(err)
	}
	other := all
	other.Tags = []string{"pos"}
	for name, err := range map[string]error{
		"another sort":   try(all, "victims", good),
		"another filter": try(other, "-victims", good),
		"cut":            try(all, "-victims", good[:len(good)-1]),
		"longer":         try(all, "-victims", good+"A"),
		"padded":         try(all, "-victims", good+"="),
		"another case":   try(all, "-victims", strings.ToUpper(good)),
		"garbage":        try(all, "-victims", "garbage"),
		"NUL":            try(all, "-victims", "\x00"),
	} {
		if !errors.Is(err, ledger.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		tampered := []byte(good)
		tampered[rnd.IntN(len(tampered))] = "ABCxyz019-_"[rnd.IntN(11)]
		if string(tampered) != good && !errors.Is(try(all, "-victims", string(tampered)), ledger.ErrCursor) {
			// The last character may hold bits that are not used.
			if tampered[len(tampered)-1] == good[len(good)-1] {
				t.Errorf("the tampered cursor %s is taken", tampered)
			}
		}
	}
	_, err = l.Responses(t.Context(), ledger.ResponseScope{}, ledger.Page{Cursor: good})
	if !errors.Is(err, ledger.ErrCursor) {
		t.Errorf("in another list: %v", err)
	}
	for _, list := range []func() error{
		func() error {
			_, _, err := l.Actors(t.Context(), editor, ledger.ActorFilter{}, ledger.Page{Cursor: good})
			return err
		},
		func() error {
			_, _, err := l.Sources(t.Context(), editor, "", ledger.Page{Cursor: good})
			return err
		},
	} {
		if err := list(); !errors.Is(err, ledger.ErrCursor) {
			t.Errorf("in another list: %v", err)
		}
	}
}

// The check sum of a cursor is no secret, so one that is made by hand must do no
// harm either.
func TestCursorsMadeByHand(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 14, 3)
	for _, sort := range ledger.Sorts() {
		for _, key := range []any{"", "x", "1e3", "9223372036854775808", "-9223372036854775808", "9223372036854775807", "infinity", "-infinity", "2015-02-30", "0000-05-05", "-0001-01-01", "\x00", "2015-01-01'; --", 7, nil, []string{"a"}} {
			for _, place := range []any{map[string]any{"k": key, "i": uuid.New()}, map[string]any{"k": key}, map[string]any{"k": key, "i": "x"}, key} {
				cursor, err := ledger.EncodeCursor([]any{"incidents", sort, ledger.Filter{}}, place)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := l.Incidents(t.Context(), ledger.Filter{}, ledger.Sort(sort), ledger.Page{Cursor: cursor}); err != nil && !errors.Is(err, ledger.ErrCursor) {
					t.Errorf("by %s behind %v: %v", sort, place, err)
				}
			}
		}
	}
}

func TestPagesThatCannotBe(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 15, 25)
	for _, limit := range []int{0, -1, math.MinInt, math.MaxInt} {
		page, err := l.Incidents(t.Context(), ledger.Filter{}, "", ledger.Page{Limit: limit})
		if err != nil || len(page.Items) == 0 {
			t.Errorf("%d a page: %d items, %v", limit, len(page.Items), err)
		}
	}
	_, err := l.Incidents(t.Context(), ledger.Filter{}, "-cost", ledger.Page{})
	wantProblem(t, err, "/sort: ")
	empty, err := l.Incidents(t.Context(), ledger.Filter{Tags: []string{"none-such"}}, "", ledger.Page{})
	if err != nil || fmt.Sprint(empty.JSON()) != "[]" || empty.Items == nil {
		t.Errorf("an empty list is %v, %v", empty.Items, err)
	}
}
