package web

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// draftsPage is the queue of what contributors logged.
type draftsPage struct {
	Frame
	Items []incidents.Card
	Next  string
}

func (s *Web) draftsPage(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	f := ledger.Filter{
		Publications: []incidents.Publication{incidents.Draft},
		Certainties:  []incidents.Certainty{incidents.Confirmed, incidents.Suspected, incidents.NearMiss, incidents.FalsePositive},
	}
	cards, next, err := s.cards(v.ctx(), f, "updated", ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	p := &draftsPage{Frame: Frame{Title: "Drafts", Nav: "drafts", NoIndex: true}, Items: cards}
	if next != "" {
		p.Next = "/drafts?cursor=" + next
	}
	return show("drafts", p), nil
}

// duplicatesPage is the queue of pairs that may be the same incident.
type duplicatesPage struct {
	Frame
	Pairs []duplicatePair
	Next  string
}

type duplicatePair struct {
	ledger.DuplicatePair
	One, Other incidents.Card
}

func (s *Web) duplicatesPage(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	pairs, next, err := s.ledger.Duplicates(v.ctx(), v.by, ledger.Page{Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	p := &duplicatesPage{Frame: Frame{Title: "Likely duplicates", Nav: "duplicates", NoIndex: true}}
	for _, pair := range pairs {
		one := duplicatePair{DuplicatePair: pair}
		if err := errors.Join(json.Unmarshal(pair.First, &one.One), json.Unmarshal(pair.Second, &one.Other)); err != nil {
			return answer{}, fmt.Errorf("read a card: %w", err)
		}
		p.Pairs = append(p.Pairs, one)
	}
	if next != "" {
		p.Next = "/duplicates?cursor=" + next
	}
	return show("duplicates", p), nil
}

// decideDuplicate merges a pair, or notes that the two are not the same.
func (s *Web) decideDuplicate(v *visit) (answer, error) {
	if err := v.need(access.Editor); err != nil {
		return answer{}, err
	}
	sent := v.PostForm
	one, other := sent.Get("one"), sent.Get("other")
	switch sent.Get("decision") {
	case "different":
		if err := s.ledger.NotTheSame(v.ctx(), v.change("not the same", "", nil), one, other); err != nil {
			return answer{}, err
		}
		return seeOther("/duplicates?done=different"), nil
	case "keep-one":
		one, other = other, one
		fallthrough
	case "keep-other":
		doc, err := s.ledger.Merge(v.ctx(), v.change("merge", stepReason(sent), nil), one, "", other)
		if err != nil {
			return answer{}, err
		}
		return seeOther("/incidents/" + doc.Slug + "?done=merged"), nil
	default:
		return answer{}, &badRequestError{detail: "The form does not say what to do with the two."}
	}
}
