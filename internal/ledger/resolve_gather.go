package ledger

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// gather makes every source that evidence names one of the document's sources,
// and gives each a key under which evidence finds it.
func (r *sourceResolver) gather(in *incidents.Incident) {
	for i := range in.Sources {
		if in.Sources[i].Key == "" {
			in.Sources[i].Key = ownKey(i)
		}
	}
	listed := len(in.Sources) // others are added, which evidence alone names
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		for i := range c.Evidence {
			ref := &c.Evidence[i].Source
			switch {
			case ref.Key != "":
			case !ref.IsZero():
				ref.Key = r.keyOf(in, *ref, func() string { return fmt.Sprintf("%s/evidence/%d/source", pointer, i) })
			case listed == 1: // of several none is meant; that is reported already
				ref.Key = in.Sources[0].Key
			}
		}
	})
}

// ownKey is a key that no client can write.
func ownKey(nth int) string { return fmt.Sprintf("\x00%d", nth) }

// keyOf is the key of the source that evidence names, which is added if the document
// does not list it; "" if it cannot be one. at is where the evidence names it.
func (r *sourceResolver) keyOf(in *incidents.Incident, ref incidents.SourceRef, at func() string) string {
	meant, is := meantBy(ref)
	if i := slices.IndexFunc(in.Sources, is); i >= 0 {
		return in.Sources[i].Key
	}
	if meant.URL != "" && meant.URL == ref.Given && (!strings.HasPrefix(meant.URL, "http") || len(meant.Validate("")) > 0) {
		r.problems.Add(at(), "is neither the id nor the key of one of the document's sources, nor an http address")
		return ""
	}
	place := at()
	if ref.ID != uuid.Nil {
		place += "/id"
	}
	if r.named == nil {
		r.named = map[int]string{}
	}
	r.named[len(in.Sources)] = place
	meant.Key = ownKey(len(in.Sources))
	in.Sources = append(in.Sources, meant)
	return meant.Key
}

// meantBy is the source that evidence names, as far as that tells, and whether another
// one is the same: by the id, the address, or the title and publisher of one without an
// address. What is given as a string can be an id, a key or an address.
func meantBy(ref incidents.SourceRef) (meant incidents.Source, is func(incidents.Source) bool) {
	id := ref.ID
	if id == uuid.Nil {
		id, _ = uuid.Parse(ref.Given)
	}
	switch {
	case id != uuid.Nil:
		return incidents.Source{ID: id}, func(s incidents.Source) bool { return s.ID == id }
	case ref.Given != "":
		return incidents.Source{URL: ref.Given}, func(s incidents.Source) bool { return s.Key == ref.Given || s.URL == ref.Given }
	case ref.URL != "":
		return incidents.Source{URL: ref.URL, Title: ref.Title, Publisher: ref.Publisher}, func(s incidents.Source) bool { return s.URL == ref.URL }
	default:
		return incidents.Source{Title: ref.Title, Publisher: ref.Publisher}, func(s incidents.Source) bool {
			return s.URL == "" && s.Title == ref.Title && s.Publisher == ref.Publisher
		}
	}
}
