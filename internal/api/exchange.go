package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/exchange/atom"
	"github.com/breachledger/breachledger/internal/exchange/stix"
	"github.com/breachledger/breachledger/internal/exchange/veris"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type verisInput struct {
	IncidentInput
	Conditional
	Version string `query:"version" enum:"1.4.1,original" default:"1.4.1" doc:"1.4.1 is written from the incident as it stands; original is the document that it was imported from"`
}

func (a *API) exchangeRoutes() {
	register(a, operation{
		id: "get-veris", method: http.MethodGet, path: incidentPath + "/veris", tag: "exchange",
		summary: "Read an incident as VERIS", details: "A document of VERIS 1.4.1. What VERIS has no place for (qualifiers, responses, attributions, evidence) stands under `plus.breachledger`, so that reading it back loses nothing of the incident.",
		result: map[string]any{}, errors: []int{404, 410},
	}, a.getVERIS)
	register(a, operation{
		id: "get-stix", method: http.MethodGet, path: incidentPath + "/stix", tag: "exchange",
		summary: "Read an incident as STIX", details: "A bundle of STIX 2.1 with deterministic ids: incident, identities, threat actors with attributed-to relationships, opinions of those who deny, notes for counts and responses, and a report with the sources.",
		result: map[string]any{}, media: "application/stix+json", errors: []int{404, 410},
	}, a.getSTIX)
	register(a, operation{
		id: "get-feed", method: http.MethodGet, path: "/feed.atom", tag: "exchange",
		summary: "Follow new and changed incidents", details: "An Atom feed (RFC 4287) of the incidents that match the filters of the list, the latest change first. It answers conditional requests.",
		result: "", media: "application/atom+xml", search: true, errors: []int{400, 403},
	}, a.getFeed)
}

type feedInput struct {
	Filters
	Paging
	Located
	Conditional
}

func (a *API) getSTIX(ctx context.Context, in *readInput) (*answer, error) {
	doc, incident, err := a.document(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	var o stix.Options
	if a.publicURL != "" { // what a request says would make two exports differ
		o.Page = a.publicURL + "/incidents/" + doc.Slug
	}
	if o.Changed, err = a.ledger.Changed(ctx, doc, incident); err != nil {
		return nil, err
	}
	body, err := stix.Encode(incident, o)
	if err != nil {
		return nil, err
	}
	return &answer{Body: body, ContentType: "application/stix+json;version=2.1"}, nil
}

// document is a stored incident, as its JSON and as a value with the ids of its
// actors, which the JSON does not carry.
func (a *API) document(ctx context.Context, ref string) (ledger.Document, incidents.Incident, error) {
	var incident incidents.Incident
	doc, err := a.ledger.Incident(ctx, identity(ctx), ref)
	if err != nil {
		return doc, incident, movedTo(err, incidentsPath)
	}
	incident, err = a.ledger.Resolved(ctx, doc)
	return doc, incident, err
}

// origin is the server's address as others see it.
func (a *API) origin(l Located) string {
	if a.publicURL != "" {
		return a.publicURL
	}
	return l.origin
}

// getFeed is a list as an Atom feed (RFC 4287), what changed last first.
func (a *API) getFeed(ctx context.Context, in *feedInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	page, err := a.ledger.Incidents(ctx, f, "-updated", in.page())
	if err != nil {
		return nil, err
	}
	origin := a.origin(in.Located)
	feed := atom.Feed{
		Title: "Breachledger", Subtitle: "New and changed payments-security incidents",
		Self: origin + in.at.RequestURI(), Alternate: origin + "/incidents",
	}
	filters := maps.Clone(in.query)
	filters.Del("cursor")
	filters.Del("limit")
	if len(filters) > 0 {
		feed.Alternate += "?" + filters.Encode()
	}
	feed.Name = strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://") + "/feed.atom?" + filters.Encode()
	if page.NextCursor != "" {
		feed.Next = origin + in.at.Path + "?" + in.queryWith("cursor", page.NextCursor)
	}
	for _, item := range page.JSON() {
		var card incidents.Card
		if err := json.Unmarshal(item, &card); err != nil {
			return nil, fmt.Errorf("read a list item: %w", err)
		}
		entry := atom.EntryOf(card)
		entry.Page, entry.JSON = origin+"/incidents/"+card.Slug, origin+incidentsPath+"/"+card.Slug
		feed.Entries = append(feed.Entries, entry)
	}
	if len(feed.Entries) == 0 {
		feed.Updated = time.Unix(0, 0).UTC()
	}
	body, err := atom.Encode(feed)
	if err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	return &answer{Body: body, ContentType: atom.MediaType, Link: in.nextLink(page.NextCursor)}, nil
}

func (a *API) getVERIS(ctx context.Context, in *verisInput) (*answer, error) {
	doc, incident, err := a.document(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	original, err := a.ledger.Original(ctx, doc.ID, "veris")
	if err != nil && (in.Version == "original" || !errors.Is(err, ledger.ErrNotFound)) {
		return nil, err
	}
	if in.Version == "original" {
		return &answer{Body: append(bytes.Clone(veris.WithoutTexts(original)), '\n')}, nil
	}
	body, err := veris.Encode(incident, original)
	if err != nil {
		return nil, fmt.Errorf("write VERIS: %w", err)
	}
	return &answer{Body: append(body, '\n')}, nil
}
