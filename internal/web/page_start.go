package web

import (
	"encoding/json"
	"fmt"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// startPage is what is in the ledger at a glance.
type startPage struct {
	Frame
	Payments bool // only payments incidents
	Extra    string
	Totals   ledger.BreachTotals
	Ranking  barChart
	Years    yearChart
	Answers  heatMap
	Report   ledger.ResponseReport
	Newest   []incidents.Card
	Silent   []incidents.Card // somebody was breached, and no response of theirs is recorded
}

const (
	rankingRows = 12
	heatRows    = 12
	newestRows  = 6
	silentRows  = 8
)

func (s *Web) startPage(v *visit) (answer, error) {
	p := &startPage{Frame: Frame{Title: "Breachledger", Nav: "start", Canonical: "/"}, Payments: v.query.Get("payment") == "true"}
	var f ledger.Filter
	if p.Payments {
		f.Payment, p.Extra = new(true), "&payment=true"
		p.Canonical = "/?payment=true"
	}
	ctx := v.ctx()
	var err error
	if p.Totals, err = s.ledger.BreachTotals(ctx, f); err != nil {
		return answer{}, err
	}
	ranked, _, err := s.cards(v, f, "-victims", ledger.Page{Limit: rankingRows})
	if err != nil {
		return answer{}, err
	}
	p.Ranking = newBarChart(ranked)
	years, err := s.ledger.YearsByCategory(ctx, f)
	if err != nil {
		return answer{}, err
	}
	p.Years = newYearChart(years, p.Extra)
	if p.Report, err = s.ledger.Responses(ctx, ledger.ResponseScope{Filter: f}, ledger.Page{Limit: heatRows}); err != nil {
		return answer{}, err
	}
	p.Answers = newHeatMap(p.Report, p.Extra)
	if p.Newest, _, err = s.cards(v, f, "-updated", ledger.Page{Limit: newestRows}); err != nil {
		return answer{}, err
	}
	f.Unanswered = new(true)
	if p.Silent, _, err = s.cards(v, f, "-victims", ledger.Page{Limit: silentRows}); err != nil {
		return answer{}, err
	}
	return show("start", p), nil
}

// cards is a page of a list, read.
func (s *Web) cards(v *visit, f ledger.Filter, sort ledger.Sort, page ledger.Page) ([]incidents.Card, string, error) {
	list, err := s.ledger.Incidents(v.ctx(), f, sort, page)
	if err != nil {
		return nil, "", err
	}
	out := make([]incidents.Card, len(list.Items))
	for i, item := range list.Items {
		if err := json.Unmarshal(item, &out[i]); err != nil {
			return nil, "", fmt.Errorf("read a card: %w", err)
		}
	}
	return out, list.NextCursor, nil
}
