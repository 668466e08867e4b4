package web

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// startPage is what is in the ledger at a glance.
type startPage struct {
	Frame
	Payments bool // only payments incidents
	Extra    string
	Totals   *ledger.BreachTotals // nil, as the two below, when it took too long
	Ranking  barChart
	Largest  *claim // the evidence of the first of the ranking
	Years    *yearChart
	Answers  *heatMap
	Newest   []incidents.Card
	Silent   []incidents.Card // somebody was breached, and no response of theirs is recorded
}

const (
	rankingRows = 10
	heatRows    = 12  // of …
	heatLook    = 100 // organisations with the most incidents
	newestRows  = 6
	silentRows  = 6
)

// overview is what the start page draws of all incidents together. A part that
// takes too long is nil: the page stands without it.
type overview struct {
	totals *ledger.BreachTotals
	years  *[]ledger.YearCategory
	report *ledger.ResponseReport
}

func (s *Web) startPage(v *visit) (answer, error) {
	p := &startPage{
		Frame:    Frame{Title: "Breachledger", Nav: "start", Canonical: "/", Feed: "/feed.atom"},
		Payments: v.query.Get("payment") == "true",
	}
	var f ledger.Filter
	if p.Payments {
		f.Payment, p.Extra = new(true), "&payment=true"
		p.Canonical, p.Feed = "/?payment=true", "/feed.atom?payment=true"
	}
	silent := f
	silent.Unanswered = new(true)
	var all overview
	var ranked []incidents.Card
	err := together(
		v.ctx(),
		func(ctx context.Context) (err error) {
			all, err = keep(ctx, s, v, &s.overviews, p.Extra, func() (overview, error) { return s.overview(ctx, f) })
			return err
		},
		func(ctx context.Context) (err error) {
			if ranked, _, err = s.cards(ctx, f, "-victims", ledger.Page{Limit: rankingRows}); err != nil || len(ranked) == 0 {
				return err
			}
			p.Largest, err = s.headlineOf(ctx, v, ranked[0].Slug)
			return err
		},
		func(ctx context.Context) (err error) {
			p.Newest, _, err = s.cards(ctx, f, "-updated", ledger.Page{Limit: newestRows})
			return err
		},
		func(ctx context.Context) (err error) {
			p.Silent, _, err = s.cards(ctx, silent, "-victims", ledger.Page{Limit: silentRows})
			return err
		},
	)
	if err != nil {
		return answer{}, err
	}
	p.Totals, p.Ranking = all.totals, newBarChart(ranked)
	if all.years != nil {
		p.Years = new(newYearChart(*all.years, p.Extra))
	}
	if all.report != nil {
		p.Answers = new(newHeatMap(*all.report, filterQuery(f)))
	}
	return show("start", p), nil
}

func (s *Web) overview(ctx context.Context, f ledger.Filter) (out overview, err error) {
	err = together(
		ctx,
		func(ctx context.Context) (err error) {
			out.totals, err = inTime(s.ledger.BreachTotals(ctx, f))
			return err
		},
		func(ctx context.Context) (err error) {
			out.years, err = inTime(s.ledger.YearsByCategory(ctx, f))
			return err
		},
		func(ctx context.Context) (err error) {
			out.report, err = inTime(s.ledger.Responses(ctx, ledger.ResponseScope{Filter: f}, ledger.Page{Limit: heatLook}))
			if out.report != nil {
				out.report.Actors = tellingFirst(out.report.Actors, heatRows)
			}
			return err
		},
	)
	return out, err
}

// inTime is an answer, or nil when it took too long.
//
//nolint:nilnil // that is what it is for
func inTime[T any](value T, err error) (*T, error) {
	switch {
	case errors.Is(err, ledger.ErrTooSlow), errors.Is(err, ledger.ErrBusy):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &value, nil
}

// tellingFirst are the first organisations, those with a response before those
// without.
func tellingFirst(rows []ledger.ActorResponses, most int) []ledger.ActorResponses {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b ledger.ActorResponses) int { return cmp.Compare(min(b.Responses, 1), min(a.Responses, 1)) })
	return rows[:min(len(rows), most)]
}

// headlineOf is the evidence of an incident's headline count; nil where there is
// none.
//
//nolint:nilnil // most incidents of a large ledger quote nothing
func (s *Web) headlineOf(ctx context.Context, v *visit, slug string) (*claim, error) {
	doc, err := s.ledger.Incident(ctx, v.by, slug)
	if isGone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	in, err := readDocument(doc.JSON)
	if err != nil {
		return nil, err
	}
	for _, c := range in.Counts {
		if c.Headline && c.Support == incidents.Quoted {
			return &claim{ID: c.ID, Slug: in.Slug, Support: c.Support, Passages: contexts{}.passages(c.Evidence, in.Sources)}, nil
		}
	}
	return nil, nil
}

// cards is a page of a list, read.
func (s *Web) cards(ctx context.Context, f ledger.Filter, sort ledger.Sort, page ledger.Page) ([]incidents.Card, string, error) {
	list, err := s.ledger.Incidents(ctx, f, sort, page)
	if err != nil {
		return nil, "", err
	}
	out := make([]incidents.Card, len(list.Items))
	for i, item := range list.JSON() {
		if out[i], err = readCard(item); err != nil {
			return nil, "", err
		}
	}
	return out, list.NextCursor, nil
}
