package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

const (
	incidentsPath = "/v1/incidents"
	incidentPath  = "/v1/incidents/{ref}"

	recordOperation = "record-incident"
)

// IncidentInput names an incident.
type IncidentInput struct {
	Located
	Ref string `path:"ref" maxLength:"100" doc:"The incident's slug or id"`
}

// readInput asks for an incident that the client may have already.
type readInput struct {
	IncidentInput
	Conditional
}

type recordInput struct {
	Located
	JSONBody
	Idempotent
}

var exampleIncident = map[string]any{
	"title": "Acme Pay card skimming", "category": "data_breach",
	"participants": []any{map[string]any{
		"actor": map[string]any{"name": "Acme Pay", "kind": "company", "sector": "payment_processor"}, "role": "victim",
	}},
	"counts": []any{map[string]any{
		"unit": "cards", "qualifier": "about", "quantity": 4100,
		"evidence": []any{map[string]any{"source": map[string]any{"url": "https://example.com/notice"}}},
	}},
	"external_refs": []any{map[string]any{"scheme": "case", "id": "FR-1182"}},
}

func (a *API) incidentRoutes() {
	register(a, listOperation, a.listIncidents)
	register(a, operation{
		id: recordOperation, method: http.MethodPost, path: incidentsPath, tag: "incidents", role: access.Contributor, status: http.StatusCreated,
		summary: "Log an incident", details: "Only title and category are required. What a contributor logs is a draft; what an editor logs is published at once, unless publication is draft.",
		request: recordedIncident{}, requestExample: exampleIncident, result: recordedIncident{}, errors: []int{409},
	}, a.recordIncident)
	register(a, operation{
		id: "get-incident", method: http.MethodGet, path: incidentPath, tag: "incidents", quick: true,
		summary: "Read an incident", details: "The whole document, every claim with its evidence.",
		result: incidents.Incident{}, errors: []int{404},
	}, a.getIncident)
}

func (a *API) recordIncident(ctx context.Context, in *recordInput) (*answer, error) {
	var doc recordedIncident
	problems, err := in.read(&doc)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "record", ExactActors: true, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	doc.Incident.Publication = doc.Publication
	stored, err := a.ledger.Record(ctx, c, doc.Incident)
	if err != nil {
		return nil, err
	}
	out := documentAnswer(stored, incidentsPath+"/"+stored.Slug)
	out.Replayed = replayed(c.Once)
	if len(stored.Similar) > 0 {
		out.Body, err = withDuplicates(stored)
	}
	return out, err
}

// recordedIncident is a new incident with a warning. It is what POST answers, and
// so what may be sent: the warning is ignored.
type recordedIncident struct {
	incidents.Incident
	Publication        incidents.Publication `json:"publication,omitempty" doc:"To log: draft, or left out; an editor's incident is published otherwise"`
	PossibleDuplicates []ledger.Similar      `json:"possible_duplicates,omitempty" readOnly:"true" doc:"Incidents that may be the same one; absent when there are none"`
}

// withDuplicates is the document with the incidents that may be the same.
func withDuplicates(doc ledger.Document) ([]byte, error) {
	similar, err := json.Marshal(doc.Similar)
	if err != nil {
		return nil, fmt.Errorf("write the likely duplicates: %w", err)
	}
	return slices.Concat(bytes.TrimSuffix(doc.JSON, []byte("}")), []byte(`,"possible_duplicates":`), similar, []byte("}\n")), nil
}

func (a *API) getIncident(ctx context.Context, in *readInput) (*answer, error) {
	doc, err := a.ledger.Incident(reading(ctx), identity(ctx), in.Ref)
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}

func documentAnswer(doc ledger.Document, location string) *answer {
	return &answer{Body: append(doc.JSON, '\n'), ETag: doc.ETag, Location: location}
}

// movedTo gives the redirect of something merged its new address.
func movedTo(err error, under string) error {
	var moved *ledger.MovedError
	if !errors.As(err, &moved) {
		return err
	}
	return problemOf(err).with("Location", under+"/"+moved.Slug)
}

// matches compares an If-None-Match header with an ETag; weak comparison, as
// RFC 9110, section 13.1.2 has it.
func matches(header, etag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for candidate := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == etag {
			return true
		}
	}
	return false
}
