package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ExplainRanking is how PostgreSQL has made a page of a search.
func (l *Ledger) ExplainRanking(ctx context.Context, f Filter, page Page) (string, error) {
	args, _, err := l.rankingArgs(ctx, ListRequest{Filter: f, Sort: Relevance, Page: page, Highlight: true})
	if err != nil {
		return "", err
	}
	x := &planOnceExplainer{explainer{pool: l.pool}}
	_, err = l.q.IncidentSearch(ctx, x, args)
	return x.result(err)
}

// planOnceExplainer carries out a statement by the plan that serves whatever is
// asked for, and explains what became of it. (EXPLAIN of the statement itself
// would plan it anew.)
type planOnceExplainer struct{ explainer }

func (x *planOnceExplainer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	literals := make([]string, len(args))
	for i, arg := range args {
		text := fmt.Sprint(arg)
		if ids, ok := arg.([]uuid.UUID); ok {
			text = "{" + strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ","), "[]") + "}"
		}
		literals[i] = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	tx, err := x.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := dbsqlc.New().PlanOnce(ctx, tx); err != nil {
		return nil, err
	}
	if _, err := tx.Prepare(ctx, "explained", sql); err != nil {
		return nil, err
	}
	defer func() { _ = tx.Conn().Deallocate(ctx, "explained") }()
	rows, err := tx.Query(ctx, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE explained("+strings.Join(literals, ",")+")", pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	x.plan.WriteString(strings.Join(lines, "\n"))
	return nil, errExplained
}

// ExplainIncident is how PostgreSQL would find an incident by its slug or id.
func (l *Ledger) ExplainIncident(ctx context.Context, ref string) (string, error) {
	x := &explainer{pool: l.pool}
	if id, err := uuid.Parse(ref); err == nil {
		_, err = l.q.IncidentDocumentByID(ctx, rowExplainer{x}, id)
		return x.result(err)
	}
	_, err := l.q.IncidentDocumentBySlug(ctx, rowExplainer{x}, ref)
	return x.result(err)
}

// ExplainFacets is how PostgreSQL would count the first most matches by all facets.
func (l *Ledger) ExplainFacets(ctx context.Context, f Filter, most int) (string, error) {
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return "", err
	}
	filter, err := c.json()
	if err != nil {
		return "", err
	}
	var all []Facet
	for _, name := range FacetFields() {
		all = append(all, Facet(name))
	}
	x := &explainer{pool: l.search}
	args := facetArgs(filter, f.Date, all)
	args.Most, args.Counted = int32(most), int32(most)
	_, err = l.q.IncidentFacets(ctx, x, args)
	return x.result(err)
}

// ExplainFew is how PostgreSQL would look up the incidents of a country, and those of a
// kind of organisation.
func (l *Ledger) ExplainFew(ctx context.Context, country string, kind incidents.ActorKind) (in, of string, err error) {
	x := &explainer{pool: l.search}
	_, err = l.q.IncidentsIn(ctx, x, dbsqlc.IncidentsInParams{Countries: []string{country}, Most: fewMost + 1})
	if in, err = x.result(err); err != nil {
		return in, of, err
	}
	x = &explainer{pool: l.search}
	_, err = l.q.IncidentsOfKind(ctx, x, dbsqlc.IncidentsOfKindParams{Sectors: []string{}, Kinds: []string{string(kind)}, Most: fewMost + 1})
	of, err = x.result(err)
	return in, of, err
}

// ExplainCount is how PostgreSQL would count the matches of a list.
func (l *Ledger) ExplainCount(ctx context.Context, f Filter) (string, error) {
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return "", err
	}
	filter, err := c.json()
	if err != nil {
		return "", err
	}
	x := &explainer{pool: l.search}
	_, err = l.q.IncidentCount(ctx, rowExplainer{x}, dbsqlc.IncidentCountParams{Filter: filter, Most: CountMost + 1})
	return x.result(err)
}

// rowExplainer explains the queries for one row too.
type rowExplainer struct{ *explainer }

func (x rowExplainer) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	_, err := x.Query(ctx, sql, args...) //nolint:rowserrcheck,sqlclosecheck,gocritic // it explains, and gives back no rows
	return explainedRow{err}
}

type explainedRow struct{ err error }

func (r explainedRow) Scan(...any) error { return r.err }

// ExplainPromises is how PostgreSQL would make a page of promises, and count
// the first most of them by state.
func (l *Ledger) ExplainPromises(ctx context.Context, s PromiseScope, page Page, most int) (list, counts string, err error) {
	args, err := l.promiseArgs(ctx, l.search, s, page)
	if err != nil {
		return "", "", err
	}
	x := &explainer{pool: l.search}
	_, err = l.q.PromiseList(ctx, x, args)
	if list, err = x.result(err); err != nil {
		return "", "", err
	}
	x = &explainer{pool: l.search}
	countArgs := promiseCountArgs(args)
	countArgs.Most = int32(most)
	_, err = l.q.PromiseCounts(ctx, x, countArgs)
	counts, err = x.result(err)
	return list, counts, err
}

// ExplainResponseList is how PostgreSQL would make a page of the list of responses.
func (l *Ledger) ExplainResponseList(ctx context.Context, s ResponseListScope, page Page) (string, error) {
	args, err := l.responseListArgs(ctx, l.search, s, page)
	if err != nil {
		return "", err
	}
	x := &explainer{pool: l.search}
	_, err = l.q.ResponseList(ctx, x, args)
	return x.result(err)
}

// HighlightParts takes a marked passage apart.
func HighlightParts(marked string) []HighlightPart { return highlightPartsOf(marked) }
