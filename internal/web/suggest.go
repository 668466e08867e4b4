package web

import (
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// suggestions are names for the type-ahead of the forms, as options.
type suggestions struct {
	Frame
	Items []ledger.ActorItem
}

func (s *Web) suggestActors(v *visit) (answer, error) {
	if err := v.need(access.Contributor); err != nil {
		return answer{}, err
	}
	prefix := strings.TrimSpace(v.query.Get("prefix"))
	limit := 12
	if n, err := strconv.Atoi(v.query.Get("limit")); err == nil && n > 0 && n < limit {
		limit = n
	}
	items, _, err := s.ledger.Actors(v.ctx(), v.by, ledger.ActorFilter{Prefix: prefix}, ledger.Page{Limit: limit})
	if err != nil {
		return answer{}, err
	}
	return show("suggest_actors", &suggestions{Items: items}), nil
}
