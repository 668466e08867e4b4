package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger"
)

type sourceList struct {
	Data       []ledger.SourceItem `json:"data"`
	NextCursor *string             `json:"next_cursor" doc:"Null on the last page"`
}

type sourceListInput struct {
	Paging
	Located
	URL string `query:"url" maxLength:"2000" doc:"Is the article at this address in the ledger already?"`
}

// SourceInput names a source.
type SourceInput struct {
	Located
	ID uuid.UUID `path:"id" doc:"The source's id"`
}

type getSourceInput struct {
	SourceInput
	Paging
}

func (a *API) sourceRoutes() {
	register(a, operation{
		id: "list-sources", method: http.MethodGet, path: "/v1/sources", tag: "sources",
		summary: "List sources", details: "The newest first. With `url`, the source of that address, if there is one.",
		result: sourceList{}, errors: []int{400},
	}, a.listSources)
	register(a, operation{
		id: "get-source", method: http.MethodGet, path: "/v1/sources/{id}", tag: "sources",
		summary: "Read a source", details: "With its text, a page of the incidents that name it (the newest first), and the passages that their claims quote from it. A page ends early where they quote more than a million characters.",
		result: ledger.SourcePage{}, errors: []int{400, 404},
	}, a.getSource)
}

func (a *API) listSources(ctx context.Context, in *sourceListInput) (*answer, error) {
	items, next, err := a.ledger.Sources(ctx, identity(ctx), in.URL, in.page())
	if err != nil {
		return nil, err
	}
	if !a.showsText(identity(ctx)) {
		for i := range items {
			items[i].Opening = ""
		}
	}
	return in.pageOf(sourceList{Data: items, NextCursor: orNull(next)}, next)
}

func (a *API) getSource(ctx context.Context, in *getSourceInput) (*answer, error) {
	source, err := a.ledger.SourcePage(ctx, identity(ctx), in.ID, in.page())
	if err != nil {
		return nil, err
	}
	if !a.showsText(identity(ctx)) {
		source.Text = ""
	}
	return in.pageOf(source, orEmptyText(source.NextCursor))
}
