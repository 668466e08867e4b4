package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// breachReport is the ranking with what the incidents add up to.
type breachReport struct {
	Ranking []incidents.Card `json:"ranking" doc:"The incidents by victims, a page of them"`
	ledger.BreachTotals
	NextCursor *string `json:"next_cursor" doc:"Of the ranking; null on the last page"`
}

type breachReportInput struct {
	Filters
	Paging
	Located
}

type responseReportInput struct {
	Filters
	Paging
	Located
}

func (a *API) reportRoutes() {
	register(a, operation{
		id: "report-breaches", method: http.MethodGet, path: "/v1/reports/breaches", tag: "reports",
		summary: "Breaches by victims", details: "The ranking, and totals by year, category, vector and unit. Units are never added together; `low` adds the bounds that are known, `high` is null as soon as one is missing.",
		result: breachReport{}, errors: []int{400, 403, 503},
	}, a.reportBreaches)
	register(a, operation{
		id: "report-responses", method: http.MethodGet, path: "/v1/reports/responses", tag: "reports",
		summary: "How companies answered", details: "Every organisation breached is a row, also without a response. Here from and to are about the response's date; responses without one are counted in `undated`.",
		result: ledger.ResponseReport{}, errors: []int{400, 403, 503},
	}, a.reportResponses)
}

func (a *API) reportBreaches(ctx context.Context, in *breachReportInput) (*answer, error) {
	f, err := in.filter(identity(ctx))
	if err != nil {
		return nil, err
	}
	totals, err := a.ledger.BreachTotals(ctx, f)
	if err != nil {
		return nil, err
	}
	page, err := a.ledger.Incidents(ctx, f, "-victims", in.page())
	if err != nil {
		return nil, err
	}
	out, err := asJSON(struct {
		Ranking []json.RawMessage `json:"ranking"`
		ledger.BreachTotals
		NextCursor *string `json:"next_cursor"`
	}{page.Items, totals, orNull(page.NextCursor)})
	if err != nil {
		return nil, err
	}
	out.Link = nextLink(in.at, page.NextCursor)
	return out, nil
}

func (a *API) reportResponses(ctx context.Context, in *responseReportInput) (*answer, error) {
	f, err := in.filter(identity(ctx))
	if err != nil {
		return nil, err
	}
	scope := ledger.ResponseScope{Filter: f, From: f.From, To: f.To}
	scope.Filter.From, scope.Filter.To = incidents.PartialDate{}, incidents.PartialDate{}
	report, err := a.ledger.Responses(ctx, scope, in.page())
	if err != nil {
		return nil, err
	}
	out, err := asJSON(report)
	if err != nil {
		return nil, err
	}
	if report.NextCursor != nil {
		out.Link = nextLink(in.at, *report.NextCursor)
	}
	return out, nil
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
