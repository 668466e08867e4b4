package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// takeStep is a step in the life of an incident: publish, reject, retract, merge
// or restore.
func (s *Web) takeStep(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	sent := v.PostForm
	ref, etag, step := v.PathValue("ref"), sent.Get("etag"), v.PathValue("step")
	c := v.change(step, stepReason(sent), nil)
	var doc ledger.Document
	var done string
	var err error
	switch step {
	case "publish":
		done = "published"
		doc, err = s.ledger.Publish(v.ctx(), c, ref, etag)
	case "reject":
		done = "rejected"
		doc, err = s.ledger.Reject(v.ctx(), c, ref, etag)
	case "retract":
		done = "retracted"
		doc, err = s.ledger.Retract(v.ctx(), c, ref, etag)
	case "merge":
		done = "merged"
		doc, err = s.ledger.Merge(v.ctx(), c, ref, etag, slugIn(sent.Get("into")))
	case "restore":
		done = "restored"
		number, convErr := strconv.Atoi(sent.Get("version"))
		if convErr != nil {
			return answer{}, &badRequestError{detail: "This is not the number of a version."}
		}
		c.Action = "restore version " + strconv.Itoa(number)
		doc, err = s.ledger.Restore(v.ctx(), c, ref, etag, number)
	default:
		return notFoundPage(v)
	}
	var stale *ledger.StaleError
	if errors.As(err, &stale) {
		return answer{}, &badRequestError{status: http.StatusConflict, detail: "Somebody else changed this incident in the meantime. Look at it again before you decide."}
	}
	if problems, ok := asProblems(err); ok && (step == "retract" || step == "merge") {
		return s.stepRefused(v, step, problems)
	}
	if err != nil {
		return answer{}, err
	}
	if step == "reject" {
		return seeOther("/drafts?done=" + done), nil
	}
	return seeOther("/incidents/" + doc.Slug + "?done=" + done), nil
}

// stepReason is the reason that a step was given.
func stepReason(sent url.Values) string { return strings.TrimSpace(sent.Get("reason")) }

// slugIn is the slug of an incident whose slug or address was typed.
func slugIn(typed string) string {
	typed = strings.TrimSpace(typed)
	if _, path, ok := strings.Cut(typed, "/incidents/"); ok {
		typed = path
		if end := strings.IndexAny(typed, "/?#"); end >= 0 {
			typed = typed[:end]
		}
	}
	return typed
}

// stepFields are the fields with which an incident is retracted or merged.
type stepFields struct {
	Why, Into, MergeWhy field
	Problems            []shownProblem // of a step that was refused
}

func newStepFields() *stepFields {
	return &stepFields{
		Why:      field{Name: "reason", ID: "why", Label: "Retract, because"},
		Into:     field{Name: "into", ID: "into", Label: "Merge this into the incident (its address or slug)"},
		MergeWhy: field{Name: "reason", ID: "merge-why", Label: "Because"},
	}
}

// stepRefused shows the incident with what was typed for a step, and what is wrong
// with it.
func (s *Web) stepRefused(v *visit, step string, problems incidents.Problems) (answer, error) {
	doc, err := s.ledger.Incident(v.ctx(), v.by, v.PathValue("ref"))
	if err != nil {
		return answer{}, err
	}
	p, err := s.present(v, doc)
	if err != nil {
		return answer{}, err
	}
	of := map[string]*field{"/reason": &p.Steps.Why}
	if step == "merge" {
		of = map[string]*field{"/reason": &p.Steps.MergeWhy, "/into": &p.Steps.Into}
	}
	for pointer, f := range of {
		f.Value = v.PostForm.Get(f.Name)
		for _, problem := range problems {
			if problem.Pointer == pointer {
				f.Errors = append(f.Errors, sentence(problem.Detail))
				p.Steps.Problems = append(p.Steps.Problems, shownProblem{Where: f.Label, Href: "#" + f.ID, Detail: problem.Detail})
			}
		}
	}
	if len(p.Steps.Problems) == 0 { // of no field here
		return answer{}, problems
	}
	out := show("incident", p)
	out.status = http.StatusUnprocessableEntity
	return out, nil
}
