package incidents

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	var ps Problems
	if err := ps.OrNil(); err != nil {
		t.Errorf("no problems give the error %v", err)
	}
	ps.Add("/title", "is required")
	ps.Add("/counts/0/unit", "%q is not a known unit", "100%")
	ps[1].Allowed = []string{"people", "cards"}
	want := `/title: is required; /counts/0/unit: "100%" is not a known unit (allowed: people, cards)`
	if got := ps.OrNil().Error(); got != want {
		t.Errorf("Error() = %s\nwant %s", got, want)
	}
	if got, ok := errors.AsType[Problems](fmt.Errorf("record incident: %w", ps.OrNil())); !ok || len(got) != 2 {
		t.Errorf("wrapped, the problems are found: %t, %v", ok, got)
	}
}

// A field of the wrong type is not also reported as missing, nor is what should
// be in it; what another check finds twice at one place stays twice.
func TestProblemsMerge(t *testing.T) {
	t.Parallel()
	ps := Problems{{Pointer: "/title", Detail: "must be a string"}, {Pointer: "/losses/1", Detail: "must be an object"}}
	ps.Merge(Problems{
		{Pointer: "/losses/1/kind", Detail: "is required"},
		{Pointer: "/losses/10/kind", Detail: "is required"},
		{Pointer: "/losses", Detail: "must have at most 500 items, has 501"},
		{Pointer: "/title", Detail: "is required"},
		{Pointer: "/counts/0/low", Detail: "must not be negative"},
		{Pointer: "/counts/0/low", Detail: "must not be above the upper bound"},
	})
	want := Problems{
		{Pointer: "/title", Detail: "must be a string"},
		{Pointer: "/losses/1", Detail: "must be an object"},
		{Pointer: "/losses/10/kind", Detail: "is required"},
		{Pointer: "/losses", Detail: "must have at most 500 items, has 501"},
		{Pointer: "/counts/0/low", Detail: "must not be negative"},
		{Pointer: "/counts/0/low", Detail: "must not be above the upper bound"},
	}
	if diff := cmp.Diff(want, ps); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	if got := at("/counts", 3, "evidence", 0); got != "/counts/3/evidence/0" {
		t.Errorf("at = %s", got)
	}
}
