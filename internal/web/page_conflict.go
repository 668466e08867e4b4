package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// conflict shows a form with what was typed and what somebody else has saved meanwhile
// put together, and says what of it is whose. Saved again, it is stored knowingly.
func (s *Web) conflict(v *visit, f *form, p *editPage, stale *ledger.StaleError, mine incidents.Incident) (answer, error) {
	_, theirs, err := s.editable(v)
	if err != nil {
		return answer{}, err
	}
	opened, found, err := s.opened(v, p)
	if err != nil {
		return answer{}, err
	}
	both := mine
	if found {
		if f, both, err = mergeWith(&opened, f, &theirs); err != nil {
			return answer{}, err
		}
	}
	four := versions{theirs: sayingsOf(&theirs), mine: sayingsOf(asStored(mine, &theirs)), both: sayingsOf(asStored(both, &theirs))}
	if found {
		four.opened = sayingsOf(&opened)
	}
	p.Conflict = four.conflicts()
	p.ETag, p.Stale = stale.ETag, true
	out, err := s.showForm(v, f, p)
	out.status = http.StatusConflict
	return out, err
}

// opened is the document that the form was opened with, if there is one of the version
// that it names.
func (s *Web) opened(v *visit, p *editPage) (in incidents.Incident, found bool, err error) {
	number, _, _ := strings.Cut(strings.Trim(p.ETag, `"`), "-")
	version, _ := strconv.Atoi(number) // there is no version 0: no form of ours has another tag
	revision, err := s.ledger.Revision(v.ctx(), v.by, p.Slug, version)
	if isNotFound(err) {
		return in, false, nil
	}
	if err != nil {
		return in, false, err
	}
	in, err = readDocument(revision.Document)
	return in, true, err
}

// mergeWith is the form that puts mine and theirs together, and its document.
func mergeWith(opened *incidents.Incident, mine *form, theirs *incidents.Incident) (*form, incidents.Incident, error) {
	var both incidents.Incident
	was, err := formFrom(opened)
	if err != nil {
		return nil, both, err
	}
	is, err := formFrom(theirs)
	if err != nil {
		return nil, both, err
	}
	out := mergeForms(was, mine, is)
	err = out.decode(&both)
	return out, both, err
}

// asStored is what was typed as it would be stored, to compare it with what is.
func asStored(typed incidents.Incident, stored *incidents.Incident) *incidents.Incident {
	in := typed.Clone()
	in.Complete()
	in.Publication, in.Slug = stored.Publication, cmp.Or(in.Slug, stored.Slug)
	for i, source := range in.Sources {
		for _, known := range stored.Sources {
			if known.ID == source.ID {
				in.Sources[i] = known
			}
		}
	}
	in.EachActor(func(_ string, r *incidents.ActorRef) {
		stored.EachActor(func(_ string, known *incidents.ActorRef) {
			if known.Name == r.Name {
				*r = *known
			}
		})
	})
	in.EachClaim(func(_ string, c *incidents.Claim) {
		for i := range c.Evidence {
			for _, source := range in.Sources {
				if c.Evidence[i].Source.Given == source.ID.String() {
					c.Evidence[i].Source = source.Ref()
				}
			}
		}
	})
	in.Link(func(uuid.UUID) bool { return true })
	in.JoinActors()
	in.Derive()
	return in
}
