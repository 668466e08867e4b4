package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// conflict shows what somebody else has saved beside what was typed. Saved
// again, the form replaces it knowingly.
func (s *Web) conflict(v *visit, f *form, p *editPage, stale *ledger.StaleError, mine incidents.Incident) (answer, error) {
	_, theirs, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	mine.Complete()
	mine.Publication, mine.Slug = theirs.Publication, theirs.Slug
	for i, source := range mine.Sources {
		for _, known := range theirs.Sources {
			if known.ID == source.ID {
				mine.Sources[i] = known
			}
		}
	}
	mine.EachActor(func(_ string, r *incidents.ActorRef) {
		theirs.EachActor(func(_ string, known *incidents.ActorRef) {
			if known.Name == r.Name {
				*r = *known
			}
		})
	})
	mine.EachClaim(func(_ string, c *incidents.Claim) {
		for i := range c.Evidence {
			for _, source := range mine.Sources {
				if c.Evidence[i].Source.Given == source.ID.String() {
					c.Evidence[i].Source = source.Ref()
				}
			}
		}
	})
	mine.JoinActors()
	mine.Derive()
	apart, _ := differences(&theirs, &mine, math.MaxInt)
	if p.Conflict, err = s.conflicting(v, p, apart); err != nil {
		return answer{}, err
	}
	p.ETag = stale.ETag
	if len(p.Conflict) == 0 {
		p.Conflict = []conflicting{{difference: difference{Label: "Nothing", Before: "Both versions say the same."}}}
	}
	out, err := s.showForm(v, f, p)
	out.status = http.StatusConflict
	return out, err
}

// conflicting is a difference between what somebody else saved and what was typed.
type conflicting struct {
	difference
	// Theirs is set where only they changed something: what the form has is what stood
	// there when it was opened, and saving it undoes their change.
	Theirs bool
}

// conflicting tells what was typed from what was merely in the form when it was opened.
func (s *Web) conflicting(v *visit, p *editPage, apart []difference) ([]conflicting, error) {
	out := make([]conflicting, len(apart))
	for i, d := range apart {
		out[i].difference = d
	}
	number, _, _ := strings.Cut(strings.Trim(p.ETag, `"`), "-")
	version, _ := strconv.Atoi(number) // there is no version 0: no form of ours has another tag
	opened, err := s.ledger.Revision(v.ctx(), v.by, p.Slug, version)
	if isNotFound(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	in, err := readDocument(opened.Document)
	if err != nil {
		return nil, err
	}
	was := map[string]string{}
	for _, f := range facts(&in) {
		was[f.Key] = f.Text
	}
	for i, d := range apart {
		out[i].Theirs = was[d.key] == d.After
	}
	return out, nil
}
