package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/tables"
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
	Conditional
	Negotiated
	Freshness
}

type responseReportInput struct {
	Filters
	Paging
	Located
	Conditional
	Negotiated
	Freshness
}

// Freshness is asked of the reports that are kept as sums.
type Freshness struct {
	Fresh bool `query:"fresh" doc:"true waits until everything written so far is counted. Without it, reports over everything and over payment=true may lack what was written in the last 5 seconds; filtered ones never do"`
}

// await waits for the reports where that is asked for.
func (f Freshness) await(ctx context.Context, l *ledger.Ledger) error {
	if !f.Fresh {
		return nil
	}
	return l.FreshReports(ctx)
}

// mark forbids to keep an exact answer: another server may write.
func (f Freshness) mark(out *answer, err error) (*answer, error) {
	if f.Fresh && err == nil {
		out.CacheControl = "no-store"
	}
	return out, err
}

type promiseReportInput struct {
	Filters
	Paging
	Located
	Conditional
	Negotiated
	State []ledger.PromiseState `query:"state" enum:"open,kept,broken,overdue" doc:"What became of the promise, as far as it is recorded"`
}

// responseList is a page of responses.
type responseList struct {
	Data       []ledger.ResponseItem  `json:"data"`
	NextCursor *string                `json:"next_cursor" doc:"Null on the last page"`
	Counts     *ledger.ResponseCounts `json:"counts,omitempty" doc:"Present with count=true"`
}

type responseListInput struct {
	Filters
	Paging
	Located
	Conditional
	Negotiated
	Status []incidents.ResponseStatus `query:"status" doc:"Whether it was stated, promised, done or broken"`
	Count  bool                       `query:"count" doc:"Also say how many there are of each kind, of at most 10,000; not part of the CSV"`
}

func (a *API) reportRoutes() {
	register(a, operation{
		id: "report-breaches", method: http.MethodGet, path: "/v1/reports/breaches", tag: "reports",
		summary: "Breaches by victims", details: "The ranking, and totals by year, category, vector and unit. Units are never added together; `low` adds the bounds that are known, `high` is null as soon as one is missing. The year is that of disclosure, or of the date that `date` names, or of another date if that one is not known. CSV has the ranking alone.",
		result: breachReport{}, csv: true, errors: []int{400, 403},
	}, a.reportBreaches)
	register(a, operation{
		id: "report-responses", method: http.MethodGet, path: "/v1/reports/responses", tag: "reports",
		summary: "How companies answered", details: "Every organisation breached is a row, even without a response. Here from and to are about the response's date, and date is ignored; responses without a date are counted in `undated`. actor, actor_kind and sector also select the rows. CSV has the rows alone.",
		result: ledger.ResponseReport{}, csv: true, errors: []int{400, 403},
	}, a.reportResponses)
	register(a, operation{
		id: "report-promises", method: http.MethodGet, path: "/v1/reports/promises", tag: "reports",
		summary: "Promises and what became of them", details: "A promise is kept or broken when a response is recorded that says so, overdue when the last day that its due date can mean has passed (UTC), and otherwise open. Here from and to are about when it was promised (or when it was broken, if only the failure is recorded), and date is ignored. actor, actor_kind and sector also select who promised, response what was promised. At most 10,000 promises are counted by state. CSV has the promises alone.",
		result: ledger.PromiseReport{}, csv: true, errors: []int{400, 403},
	}, a.reportPromises)
	register(a, operation{
		id: "list-responses", method: http.MethodGet, path: "/v1/responses", tag: "reports",
		summary: "List responses", details: "What organisations answered, across incidents: the latest first, those without a date last. Each is as its incident's document has it. actor, actor_kind and sector also select who answered, and response selects the responses themselves; from and to are about their dates, and date is ignored. The other filters are about the incidents. A page ends early past about 4 MiB of evidence.",
		result: responseList{}, csv: true, errors: []int{400, 403},
	}, a.listResponses)
}

func (a *API) reportBreaches(ctx context.Context, in *breachReportInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	if err := in.await(ctx, a.ledger); err != nil {
		return nil, err
	}
	page, err := a.ledger.Incidents(ctx, f, "-victims", in.page())
	if err != nil {
		return nil, err
	}
	if in.wantsCSV() {
		out, err := in.mark(csvAnswer("breaches", tables.Incidents(), page.JSON()))
		return in.complete(out, err, in.nextLink(page.NextCursor))
	}
	totals, err := a.ledger.BreachTotals(ctx, f)
	if err != nil {
		return nil, err
	}
	out, err := in.mark(asJSON(struct {
		Ranking []json.RawMessage `json:"ranking"`
		ledger.BreachTotals
		NextCursor *string `json:"next_cursor"`
	}{page.JSON(), totals, orNull(page.NextCursor)}))
	return in.complete(out, err, in.nextLink(page.NextCursor))
}

func (a *API) reportResponses(ctx context.Context, in *responseReportInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	scope := ledger.ResponseScope{}
	scope.From, scope.To, scope.Filter = answersWithin(f)
	if err := in.await(ctx, a.ledger); err != nil {
		return nil, err
	}
	report, err := a.ledger.Responses(ctx, scope, in.page())
	if err != nil {
		return nil, err
	}
	var out *answer
	if in.wantsCSV() {
		out, err = in.mark(csvAnswer("responses", tables.Responses(), report.Actors))
	} else {
		out, err = in.mark(asJSON(report))
	}
	return in.complete(out, err, in.nextLink(orEmptyText(report.NextCursor)))
}

func (a *API) reportPromises(ctx context.Context, in *promiseReportInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	scope := ledger.PromiseScope{States: in.State}
	scope.From, scope.To, scope.Filter = answersWithin(f)
	report, err := a.ledger.Promises(ctx, scope, in.page())
	if err != nil {
		return nil, err
	}
	var out *answer
	if in.wantsCSV() {
		out, err = csvAnswer("promises", tables.Promises(), report.Promises)
	} else {
		out, err = asJSON(report)
	}
	return in.complete(out, err, in.nextLink(orEmptyText(report.NextCursor)))
}

func (a *API) listResponses(ctx context.Context, in *responseListInput) (*answer, error) {
	f, err := a.filter(ctx, &in.Filters)
	if err != nil {
		return nil, err
	}
	scope := ledger.ResponseListScope{Statuses: in.Status}
	scope.From, scope.To, scope.Filter = answersWithin(f)
	items, next, err := a.ledger.ResponseList(ctx, scope, in.page())
	if err != nil {
		return nil, err
	}
	if in.wantsCSV() {
		out, err := csvAnswer("response-list", tables.ResponseList(), items)
		return in.complete(out, err, in.nextLink(next))
	}
	list := responseList{Data: items, NextCursor: orNull(next)}
	if in.Count {
		counts, err := a.ledger.ResponseCounts(ctx, scope)
		if err != nil {
			return nil, err
		}
		list.Counts = &counts
	}
	out, err := asJSON(list)
	return in.complete(out, err, in.nextLink(next))
}

// answersWithin takes the period out of a filter: in reports of responses it is
// about their dates, and not about those of the incidents.
func answersWithin(f ledger.Filter) (from, to incidents.PartialDate, rest ledger.Filter) {
	from, to = f.From, f.To
	f.From, f.To, f.Date = incidents.PartialDate{}, incidents.PartialDate{}, ""
	return from, to, f
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmptyText(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
