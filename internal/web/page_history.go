package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// historyPage is who wrote what, when and why.
type historyPage struct {
	Frame
	Slug, Name string
	Versions   []version
	Next       string
	ETag       string
	Public     bool   // the API shows it to everybody
	MergedInto string // the slug of the incident that this one went into

	earlier *incidents.Incident // what the version that was added last follows
}

// version is a revision with what it changed.
type version struct {
	ledger.Revision
	Differences []difference
	More        int  // differences that are not shown
	Hidden      bool // what it changed is not public
	Present     bool
	Merged      bool   // another incident was merged into this one
	Other       string // the slug of the other incident of a merge or its undoing
}

const historyRows = 10

// mostDifferences bounds what is shown of one version: hundreds of claims may have been
// written anew.
const mostDifferences = 50

func (s *Web) historyPage(v *visit) (answer, error) {
	ref := v.PathValue("ref")
	p := &historyPage{Slug: ref, Frame: Frame{Title: "History", Nav: "incidents", NoIndex: true}}
	next, err := s.ledger.EachRevision(v.ctx(), v.by, ref, ledger.Page{Limit: historyRows, Cursor: v.query.Get("cursor")}, p.add)
	if err != nil {
		return answer{}, err
	}
	if v.query.Get("cursor") == "" && len(p.Versions) > 0 {
		p.Versions[0].Present = true
	}
	p.Title = "History of " + p.Name
	if next != "" {
		p.Next = "/incidents/" + p.Slug + "/history?cursor=" + next
	}
	// A merged or retracted incident keeps its history, and has no present document.
	doc, err := s.ledger.Incident(v.ctx(), v.by, ref)
	var moved *ledger.MovedError
	switch {
	case err == nil:
		p.ETag, p.Public = doc.ETag, doc.Publication == incidents.Published
	case errors.As(err, &moved):
		p.ETag, p.Public, p.MergedInto = moved.ETag, true, moved.Slug
	case !isGone(err):
		return answer{}, err
	}
	return show("history", p), nil
}

// deed is an action in the words of the pages: "replace" reads as if another incident
// had taken this one's place.
func deed(action string) string {
	switch action {
	case "record":
		return "Logged"
	case "replace", "patch":
		return "Edited"
	default:
		return sentence(action)
	}
}

// ofMerge reads from an action which other incident it was about, "" when that is not
// public, and whether that one was merged into this.
func ofMerge(action string) (other string, merged bool) {
	for _, verb := range []string{"merge from ", "merge into ", "give back "} {
		if other, ok := strings.CutPrefix(action, verb); ok && incidents.ValidSlug(other) {
			return other, verb == "merge from "
		}
	}
	return "", false
}

// add adds a version, with what it changed of the one before, which comes next.
func (p *historyPage) add(r ledger.Revision, before json.RawMessage) error {
	after := p.earlier
	p.earlier = nil
	if after == nil {
		in, err := readDocument(r.Document)
		if err != nil {
			return err
		}
		after = &in
	}
	r.Document = nil
	one := version{Revision: r}
	one.Other, one.Merged = ofMerge(r.Action)
	if before != nil {
		was, err := readDocument(before)
		if err != nil {
			return err
		}
		one.Differences, one.More = differences(asLater(&was, r), after, mostDifferences)
		p.earlier = &was
	}
	one.Hidden = before == nil && r.Version > 1
	if p.Name == "" {
		p.Name, p.Slug = after.Title, after.Slug
	}
	p.Versions = append(p.Versions, one)
	return nil
}

// asLater is a document with the actors and sources that others have changed as they
// were in the next version: what is left is what that one changed.
func asLater(before *incidents.Incident, next ledger.Revision) *incidents.Incident {
	if len(next.Actors)+len(next.Sources) == 0 {
		return before
	}
	out := before.Clone()
	out.EachActor(func(_ string, r *incidents.ActorRef) {
		for _, c := range next.Actors {
			if r.Slug == c.Slug {
				r.Slug, r.Name, r.Kind, r.Sector = cmp.Or(c.MergedInto, c.Slug), c.After.Name, c.After.Kind, c.After.Sector
				return
			}
		}
	})
	for _, c := range next.Sources {
		for i, s := range out.Sources {
			if s.ID == c.After.ID {
				out.Sources[i] = c.After
			}
		}
		out.EachClaim(func(_ string, claim *incidents.Claim) {
			for i, e := range claim.Evidence {
				if e.Source.ID == c.After.ID {
					claim.Evidence[i].Source = c.After.Ref()
				}
			}
		})
	}
	return out
}

// versionPage is an incident as it once stood. Claims keep this address for ever.
func (s *Web) versionPage(v *visit) (answer, error) {
	number, err := strconv.Atoi(v.PathValue("version"))
	if err != nil || number < 1 {
		return answer{}, &badRequestError{status: http.StatusNotFound, detail: "This is not the number of a version."}
	}
	revision, err := s.ledger.Revision(v.ctx(), v.by, v.PathValue("ref"), number)
	if err != nil {
		return answer{}, err
	}
	p, err := s.incidentView(v, revision.Document)
	if err != nil {
		return answer{}, err
	}
	p.Old = &revision
	p.NoIndex = true
	p.Title = fmt.Sprintf("%s (version %d)", p.In.Title, number)
	return show("incident", p), nil
}
