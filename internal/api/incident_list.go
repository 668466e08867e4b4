package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/tables"
)

// incidentList is a page of incidents, as the OpenAPI document describes it.
type incidentList struct {
	Data       []incidentItem `json:"data"`
	NextCursor *string        `json:"next_cursor" doc:"Null on the last page"`
	Total      *ledger.Total  `json:"total,omitempty" doc:"How many match, counted up to 1,000; present with count=true"`
	Facets     *ledger.Facets `json:"facets,omitempty" doc:"Present when facets are asked for"`
}

type incidentItem struct {
	incidents.Card
	Highlight []ledger.Highlight `json:"highlight,omitempty" doc:"Where the words of q stand; present in every item of a search, and empty if only exclusions match"`
}

type listInput struct {
	Filters
	Paging
	Located
	Conditional
	Negotiated
	Sort   ledger.Sort    `query:"sort" enum:"-victims,victims,-victims_low,victims_low,-disclosed,disclosed,-occurred,occurred,-updated,updated,relevance" doc:"The order; - is descending. Unknown comes last in both directions. relevance, only with q, puts the best matches first. The default is relevance with q, else -victims"`
	Facets []ledger.Facet `query:"facets" enum:"category,certainty,publication,vector,data_class,payment_method,country,sector,role,unit,support,year,tag" doc:"Fields for whose values all matching incidents are counted, whatever the page"`
	Count  bool           `query:"count" doc:"Also say how many match"`
}

var listOperation = operation{
	id: "list-incidents", method: http.MethodGet, path: incidentsPath, tag: "incidents",
	summary: "List and search incidents",
	details: `A page of incidents, by default the largest first. Never show a number without its qualifier and unit: ` + "`victims.text`" + ` has all three.

With ` + "`q`" + ` the best matches come first, and each item says in ` + "`highlight`" + ` where the words stand, as plain text in parts. ` +
		`At most 1,000 matches are ranked, or 100 if the words stand in more than about 5,000 incidents; of more, those with the most victims. Any other order pages through all matches.

` + "`facets`" + ` are counted over at most the 10,000 matches with the most victims, and say so if there are more; of each field the 100 most frequent values are shown. ` +
		"`count=true` counts to 1,000. Neither is part of the CSV.",
	result: incidentList{}, csv: true, errors: []int{400, 403},
}

// class: a list without a filter is one of the quick reads, and does not wait
// behind searches.
func (in *listInput) class() class {
	f, err := in.filter(access.Identity{})
	if err == nil && (ledger.ListRequest{Filter: f, Sort: in.Sort, Facets: in.Facets, Count: in.Count}).Plain() {
		return classQuick
	}
	return classSearch
}

func (a *API) listIncidents(ctx context.Context, in *listInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	request := ledger.ListRequest{Filter: f, Sort: in.Sort, Page: in.page()}
	asCSV := in.wantsCSV()
	if !asCSV {
		request.Highlight, request.Facets, request.Count = true, in.Facets, in.Count
	}
	list, err := a.ledger.List(reading(ctx), request)
	if err != nil {
		return nil, err
	}
	var out *answer
	if asCSV {
		out, err = csvAnswer("incidents", tables.Incidents(), list.JSON())
	} else {
		out, err = listAnswer(ctx, list)
	}
	return in.complete(out, err, in.nextLink(list.NextCursor))
}

// listAnswer is the body of a list: items that are finished JSON, where the next
// page begins, and what else was asked for.
func listAnswer(ctx context.Context, list ledger.Listing) (*answer, error) {
	size := 64 + len(list.NextCursor)
	for _, item := range list.Items {
		size += item.Size() + 1
	}
	out := visitOf(ctx).buffer(size)
	out = append(out, `{"data":[`...)
	for i, item := range list.Items {
		if i > 0 {
			out = append(out, ',')
		}
		out = item.AppendJSON(out)
	}
	out = append(out, `],"next_cursor":`...)
	if list.NextCursor == "" {
		out = append(out, "null"...)
	} else {
		out = strconv.AppendQuote(out, list.NextCursor)
	}
	for _, more := range []struct {
		name  string
		value any
		there bool
	}{{"total", list.Total, list.Total != nil}, {"facets", list.Facets, list.Facets != nil}} {
		if !more.there {
			continue
		}
		value, err := json.Marshal(more.value)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", more.name, err)
		}
		out = append(append(append(out, `,"`...), more.name...), `":`...)
		out = append(out, value...)
	}
	return &answer{Body: append(out, "}\n"...)}, nil
}
