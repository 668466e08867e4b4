package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// ParticipantInput names an actor in a role.
type ParticipantInput struct {
	Target
	Matching
	ID string `path:"id" maxLength:"130" doc:"The actor's slug and the role: acme-pay:victim"`
}

type patchParticipantInput struct {
	ParticipantInput
	JSONBody
}

func (a *API) participantRoutes() {
	path := incidentPath + "/participants"
	example := map[string]any{"actor": map[string]any{"name": "Payments Authority", "kind": "agency", "sector": "government"}, "role": "regulator"}
	register(a, operation{
		id: "add-participant", method: http.MethodPost, path: path, tag: "incidents", role: access.Contributor, status: http.StatusCreated,
		summary: "Add an actor in a role", details: "The answer is the incident as it now stands.",
		request: incidents.Participant{}, requestExample: example, result: incidents.Incident{}, errors: []int{404, 409, 412},
	}, a.addParticipant)
	register(a, operation{
		id: "patch-participant", method: http.MethodPatch, path: path + "/{id}", tag: "incidents", role: access.Contributor,
		summary: "Change an actor's role", details: "A JSON Merge Patch (RFC 7396); an actor is replaced as a whole, even by an object.",
		request: incidents.Participant{}, requestExample: map[string]any{"role": "affected_platform"}, result: incidents.Incident{}, errors: writeErrors,
	}, a.patchParticipant)
	register(a, operation{
		id: "delete-participant", method: http.MethodDelete, path: path + "/{id}", tag: "incidents", role: access.Contributor,
		summary: "Remove an actor from a role", details: "An actor whom a response or an attribution names becomes a participant again by itself.",
		result: incidents.Incident{}, errors: writeErrors,
	}, a.deleteParticipant)
}

func (a *API) addParticipant(ctx context.Context, in *addPartInput) (*answer, error) {
	var p incidents.Participant
	problems, err := in.read(&p)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{
		By: identity(ctx), Action: "add participant", Reason: in.Reason, Known: problems, ExactActors: true,
		Once: in.once(ctx, in.at, in.RawBody),
	}
	doc, err := a.ledger.EditPart(ctx, c, in.Ref, etag(in.IfMatch), uuid.Nil, func(current *incidents.Incident) (string, error) {
		current.Participants = append(current.Participants, p)
		return fmt.Sprintf("/participants/%d", len(current.Participants)-1), nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	out := documentAnswer(doc, incidentsPath+"/"+doc.Slug)
	out.Replayed = replayed(c.Once)
	return out, nil
}

func findParticipant(in *incidents.Incident, id string) (int, error) {
	slug, role, _ := strings.Cut(id, ":")
	i := slices.IndexFunc(in.Participants, func(p incidents.Participant) bool {
		return p.Actor.Slug == slug && string(p.Role) == role
	})
	if i < 0 {
		return i, fmt.Errorf("%w: the incident has no participant %s; write the actor's slug and the role, such as acme-pay:victim", ledger.ErrNotFound, id)
	}
	return i, nil
}

func (a *API) patchParticipant(ctx context.Context, in *patchParticipantInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	apply, problems, err := readPatch[incidents.Participant](&in.JSONBody)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "change participant", ExactActors: true, Reason: in.Reason, Known: problems}
	doc, err := a.ledger.EditPart(ctx, c, in.Ref, etag(in.IfMatch), uuid.Nil, func(current *incidents.Incident) (string, error) {
		i, err := findParticipant(current, in.ID)
		if err != nil {
			return "", err
		}
		apply(&current.Participants[i])
		return fmt.Sprintf("/participants/%d", i), nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}

func (a *API) deleteParticipant(ctx context.Context, in *ParticipantInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "remove participant", Reason: in.Reason}
	doc, err := a.ledger.Edit(ctx, c, in.Ref, etag(in.IfMatch), func(current *incidents.Incident) error {
		i, err := findParticipant(current, in.ID)
		if err == nil {
			current.Participants = slices.Delete(current.Participants, i, i+1)
		}
		return err
	})
	if err != nil {
		return nil, movedTo(withoutBody(err), incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}
