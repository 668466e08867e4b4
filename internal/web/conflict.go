package web

import (
	"cmp"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// conflicting is a difference between what somebody else saved and what the form has, or
// what they changed, where the form has that already.
type conflicting struct {
	difference
	Whose whose
}

// whose tells by whom something was changed since the form was opened.
type whose int

const (
	ofBoth   whose = iota // both changed it, and the form has mine
	united                // both changed it, and the form has what both did
	ofTheirs              // only they changed it, and the form has theirs
	ofMine                // only I changed it
)

// Both, United and Theirs are for the template.
func (c conflicting) Both() bool { return c.Whose == ofBoth }

// United is that the form has what both did.
func (c conflicting) United() bool { return c.Whose == united }

// Theirs is that only they changed it.
func (c conflicting) Theirs() bool { return c.Whose == ofTheirs }

// versions are those of which a conflict is made. opened is nil where it is not known
// what the form was opened with.
type versions struct{ opened, mine, theirs, both *sayings }

// sayings are what a document says, by the key of each fact.
type sayings struct {
	facts []fact
	text  map[string]string
}

func sayingsOf(in *incidents.Incident) *sayings {
	out := &sayings{facts: facts(in), text: map[string]string{}}
	for _, f := range out.facts {
		out.text[f.Key] = f.Text
	}
	return out
}

// conflicts are what the versions say differently: first what is to be decided, last
// what only I changed.
func (v versions) conflicts() []conflicting {
	var out []conflicting
	all := slices.Concat(v.both.facts, v.theirs.facts)
	if v.opened != nil {
		all = append(all, v.opened.facts...)
	}
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.Key] {
			continue
		}
		seen[f.Key] = true
		mine, theirs, both := v.mine.text[f.Key], v.theirs.text[f.Key], v.both.text[f.Key]
		opened, whose := "", ofBoth
		if v.opened != nil {
			opened = v.opened.text[f.Key]
			switch {
			case both == theirs && (opened == theirs || mine == theirs):
				continue
			case both == theirs:
				whose = ofTheirs
			case opened == theirs:
				whose = ofMine
			case mine != both:
				whose = united
			}
		} else if both == theirs {
			continue
		}
		before, after := theirs, both
		if whose == ofTheirs {
			before, after = opened, theirs
		}
		out = append(out, conflicting{newDifference(f, before, after), whose})
	}
	slices.SortStableFunc(out, func(a, b conflicting) int { return cmp.Compare(a.Whose, b.Whose) })
	return out
}
