package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/breachledger/breachledger/internal/ledger"
)

type historyInput struct {
	IncidentInput
	Paging
}

type revisionInput struct {
	IncidentInput
	Version int `path:"version" minimum:"1" doc:"The version, as the history numbers it"`
}

type historyList struct {
	Data       []ledger.Revision `json:"data"`
	NextCursor *string           `json:"next_cursor" doc:"Null on the last page"`
}

func (a *API) historyRoutes() {
	register(a, operation{
		id: "list-history", method: http.MethodGet, path: incidentPath + "/history", tag: "incidents",
		summary: "Read an incident's history", details: "Every version, the newest first: when, what was done and why, and what it changed. Who wrote it is shown to contributors and above, and so are the versions that were not public: drafts, and what it said while it was retracted.",
		result: historyList{}, errors: []int{400, 404, 410},
	}, a.listHistory)
	register(a, operation{
		id: "get-revision", method: http.MethodGet, path: incidentPath + "/history/{version}", tag: "incidents", search: true,
		summary: "Read one version", details: "The whole document as it stood.", result: ledger.Revision{}, errors: []int{404, 410},
	}, a.getRevision)
}

func (a *API) listHistory(ctx context.Context, in *historyInput) (*answer, error) {
	revisions, next, err := a.ledger.History(ctx, identity(ctx), in.Ref, in.page())
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return in.pageOf(historyList{Data: revisions, NextCursor: orNull(next)}, next)
}

func (a *API) getRevision(ctx context.Context, in *revisionInput) (*answer, error) {
	revision, err := a.ledger.Revision(ctx, identity(ctx), in.Ref, in.Version)
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	out, err := asJSON(revision)
	if err != nil {
		return nil, err
	}
	out.ETag = fmt.Sprintf(`"%d"`, revision.Version)
	return out, nil
}
