package web

import (
	"math"
	"net/http"

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
	p.Conflict, _ = differences(&theirs, &mine, math.MaxInt)
	p.ETag = stale.ETag
	if len(p.Conflict) == 0 {
		p.Conflict = []difference{{Label: "Nothing", Before: "Both versions say the same."}}
	}
	out, err := s.showForm(v, f, p)
	out.status = http.StatusConflict
	return out, err
}
