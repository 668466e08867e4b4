package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type addPartInput struct {
	Target
	MatchingIfGiven
	Idempotent
	JSONBody
}

// ClaimInput names a claim of an incident.
type ClaimInput struct {
	Target
	Matching
	ID uuid.UUID `path:"id" doc:"The claim's id"`
}

type patchClaimInput struct {
	ClaimInput
	JSONBody
}

// claimPart is a kind of claim with routes of its own.
type claimPart[T any] struct {
	name, one, adds string
	example         map[string]any
	list            func(*incidents.Incident) *[]T
	claim           func(*T) *incidents.Claim
	// add and changed do more than append and replace; nil does no more.
	add     func(*incidents.Incident, T)
	changed func(*incidents.Incident, *T)
}

func (a *API) claimRoutes() {
	registerClaims(a, claimPart[incidents.Count]{
		name: "counts", one: "count", adds: "One that is marked `headline`, or that supersedes the headline, takes the headline over.",
		example: map[string]any{"unit": "cards", "qualifier": "at_least", "quantity": 4300, "claimed_by": "acme-pay"},
		list:    func(in *incidents.Incident) *[]incidents.Count { return &in.Counts },
		claim:   func(c *incidents.Count) *incidents.Claim { return &c.Claim },
		add:     func(in *incidents.Incident, c incidents.Count) { in.AddCount(c) },
		changed: func(in *incidents.Incident, c *incidents.Count) {
			if c.Headline {
				in.Lead(c.ID)
			}
		},
	})
	registerClaims(a, claimPart[incidents.Loss]{
		name: "losses", one: "loss", example: map[string]any{"kind": "stolen", "amount": "125000", "currency": "USD"},
		list:  func(in *incidents.Incident) *[]incidents.Loss { return &in.Losses },
		claim: func(l *incidents.Loss) *incidents.Claim { return &l.Claim },
	})
	registerClaims(a, claimPart[incidents.Attribution]{
		name: "attributions", one: "attribution", adds: "The accused becomes a participant as alleged attacker, and the claimant as accuser, unless they have a role already.",
		example: map[string]any{"accused": map[string]any{"name": "Card Thieves", "kind": "group"}, "basis": "victim_attributes", "claimant": "acme-pay"},
		list:    func(in *incidents.Incident) *[]incidents.Attribution { return &in.Attributions },
		claim:   func(x *incidents.Attribution) *incidents.Claim { return &x.Claim },
	})
	registerClaims(a, claimPart[incidents.Response]{
		name: "responses", one: "response", adds: "Whoever answers becomes a participant as responder, unless they have a role already. A refund that was made names the promise that it `fulfils`, a denial the attribution that it `answers`.",
		example: map[string]any{"actor": "acme-pay", "kind": "apology", "spoken_by": "Jo Doe", "date": "2026-03-02"},
		list:    func(in *incidents.Incident) *[]incidents.Response { return &in.Responses },
		claim:   func(r *incidents.Response) *incidents.Claim { return &r.Claim },
	})
	a.participantRoutes()
	a.incidentSourceRoutes()
}

func registerClaims[T any](a *API, part claimPart[T]) {
	var none T
	path := incidentPath + "/" + part.name
	register(a, operation{
		id: "add-" + part.one, method: http.MethodPost, path: path, tag: "claims", role: access.Contributor, status: http.StatusCreated,
		summary: "Add a " + article(part.one), details: "The answer is the incident as it now stands; Location names the new " + part.one + ". " + part.adds,
		request: none, requestExample: part.example, result: incidents.Incident{}, errors: []int{404, 409, 412},
	}, func(ctx context.Context, in *addPartInput) (*answer, error) { return addClaim(ctx, a, part, in) })
	register(a, operation{
		id: "patch-" + part.one, method: http.MethodPatch, path: path + "/{id}", tag: "claims", role: access.Contributor,
		summary: "Change a " + article(part.one), details: "A JSON Merge Patch (RFC 7396) of the claim: null removes a field. An actor is replaced as a whole, even by an object. To correct a count and keep the old one, add a new one that supersedes it.",
		request: none, requestExample: part.example, result: incidents.Incident{}, errors: writeErrors,
	}, func(ctx context.Context, in *patchClaimInput) (*answer, error) { return patchClaim(ctx, a, part, in) })
	register(a, operation{
		id: "delete-" + part.one, method: http.MethodDelete, path: path + "/{id}", tag: "claims", role: access.Contributor,
		summary: "Remove a " + article(part.one), details: "It stays in the history. A claim that another one refers to cannot be removed before that one. Somebody who is a participant only because claims name them leaves with the last claim that does.",
		result: incidents.Incident{}, errors: writeErrors,
	}, func(ctx context.Context, in *ClaimInput) (*answer, error) { return deleteClaim(ctx, a, part, in) })
}

// article is a claim's name as it follows "a": an attribution would need "an".
func article(one string) string {
	if one == "attribution" {
		return "claim of who did it (attribution)"
	}
	return one
}

func addClaim[T any](ctx context.Context, a *API, part claimPart[T], in *addPartInput) (*answer, error) {
	var value T
	problems, err := in.read(&value)
	if err != nil {
		return nil, err
	}
	noID(&problems, part.claim(&value).ID, part.one)
	id := incidents.NewID()
	part.claim(&value).ID = id
	c := ledger.Change{
		By: identity(ctx), Action: "add " + part.one, Reason: in.Reason, Known: problems, ExactActors: true,
		Once: in.once(ctx, in.at, in.RawBody),
	}
	doc, err := a.ledger.EditPart(ctx, c, in.Ref, etag(in.IfMatch), id, func(current *incidents.Incident) (string, error) {
		list := part.list(current)
		if part.add != nil {
			part.add(current, value)
		} else {
			*list = append(*list, value)
		}
		return fmt.Sprintf("/%s/%d", part.name, len(*list)-1), nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	out := documentAnswer(doc, fmt.Sprintf("%s/%s/%s/%s", incidentsPath, doc.Slug, part.name, doc.Part))
	out.Replayed = replayed(c.Once)
	return out, nil
}

// noID refuses the id of something that is added: passed over, it would seem to be kept.
func noID(problems *incidents.Problems, id uuid.UUID, one string) {
	if id != uuid.Nil {
		problems.Add("/id", "is given by the server to a new %s; leave it out", one)
	}
}

// find is the claim's place in the list.
func (part claimPart[T]) find(in *incidents.Incident, id uuid.UUID) (int, error) {
	list := *part.list(in)
	i := slices.IndexFunc(list, func(v T) bool { return part.claim(&v).ID == id })
	if i < 0 {
		return i, fmt.Errorf("%w: the incident has no %s %s", ledger.ErrNotFound, part.one, id)
	}
	return i, nil
}

func patchClaim[T any](ctx context.Context, a *API, part claimPart[T], in *patchClaimInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	apply, problems, err := readPatch[T](&in.JSONBody)
	if err != nil {
		return nil, err
	}
	var sent T
	apply(&sent)
	if id := part.claim(&sent).ID; id != in.ID && id != uuid.Nil {
		problems.Add("/id", "is permanent; it is %s", in.ID)
	}
	c := ledger.Change{By: identity(ctx), Action: "change " + part.one, ExactActors: true, Reason: in.Reason, Known: problems}
	doc, err := a.ledger.EditPart(ctx, c, in.Ref, etag(in.IfMatch), uuid.Nil, func(current *incidents.Incident) (string, error) {
		i, err := part.find(current, in.ID)
		if err != nil {
			return "", err
		}
		value := &(*part.list(current))[i]
		apply(value)
		part.claim(value).ID = in.ID
		if part.changed != nil {
			part.changed(current, value)
		}
		return fmt.Sprintf("/%s/%d", part.name, i), nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}

func deleteClaim[T any](ctx context.Context, a *API, part claimPart[T], in *ClaimInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "remove " + part.one, Reason: in.Reason}
	doc, err := a.ledger.Edit(ctx, c, in.Ref, etag(in.IfMatch), func(current *incidents.Incident) error {
		i, err := part.find(current, in.ID)
		if err != nil {
			return err
		}
		if err := referring(current, part.one, in.ID).OrNil(); err != nil {
			return err
		}
		list := part.list(current)
		*list = slices.Delete(*list, i, i+1)
		return nil
	})
	if err != nil {
		return nil, movedTo(withoutBody(err), incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}

// referring are problems, one for each claim that refers to the one to be removed.
func referring(in *incidents.Incident, one string, id uuid.UUID) (found incidents.Problems) {
	refers := func(pointer string, ref incidents.ClaimRef) {
		if string(ref) == id.String() {
			found.Add(pointer, "refers to the %s: change or remove it first", one)
		}
	}
	for i, c := range in.Counts {
		refers(fmt.Sprintf("/counts/%d/supersedes", i), c.Supersedes)
		refers(fmt.Sprintf("/counts/%d/part_of", i), c.PartOf)
	}
	for i, r := range in.Responses {
		refers(fmt.Sprintf("/responses/%d/answers", i), r.Answers)
		refers(fmt.Sprintf("/responses/%d/fulfils", i), r.Fulfils)
	}
	return found
}

// withoutBody rewords the error of a request that has no body: what is wrong is in the
// incident, which would no longer be valid.
func withoutBody(err error) error {
	var problems incidents.Problems
	if !errors.As(err, &problems) {
		return err
	}
	p := invalid(problems)
	p.Detail = "the rest of the incident does not allow that; nothing was changed"
	return p
}
