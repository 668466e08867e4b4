package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// rankedPlace is where a page of a search ends.
type rankedPlace struct {
	Rank    float64   `json:"r"`
	Victims int64     `json:"v"`
	ID      uuid.UUID `json:"i"`
}

// ranked is a page of what matches a search, the best first.
func (l *Ledger) ranked(ctx context.Context, f Filter, page Page) (listed, error) {
	args, err := l.rankingArgs(ctx, f, page)
	if err != nil {
		return listed{}, err
	}
	rows, err := l.q.IncidentRanking(ctx, l.search, args)
	if err != nil {
		return listed{}, fmt.Errorf("search: %w", fromPostgres(err))
	}
	out := listed{Cards: Cards{Items: make([]Card, 0, len(rows))}, filter: args.Filter}
	for i, row := range rows {
		if i == page.Limit {
			last := rows[i-1]
			out.NextCursor, err = encodeCursor(listScope(f, Relevance), rankedPlace{last.Rank, last.VictimsDesc, last.ID})
			return out, err
		}
		out.Items, out.ids = append(out.Items, Card{stored: row.Card, duplicates: row.PossibleDuplicates}), append(out.ids, row.ID)
	}
	return out, nil
}

func (l *Ledger) rankingArgs(ctx context.Context, f Filter, page Page) (dbsqlc.IncidentRankingParams, error) {
	args := dbsqlc.IncidentRankingParams{Q: f.Query, Ranked: RankedMost, Most: int32(page.Limit) + 1}
	if f.Query == "" {
		return args, incidents.Problems{{Pointer: "/sort", Detail: "relevance is the order of a search: it needs q", Allowed: Sorts()}}
	}
	if page.Cursor != "" {
		var after rankedPlace
		if err := decodeCursor(listScope(f, Relevance), page.Cursor, &after); err != nil {
			return args, err
		}
		args.After, args.AfterRank, args.AfterVictims, args.AfterID = true, after.Rank, after.Victims, after.ID
	}
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return args, fromPostgres(err)
	}
	if c.common {
		args.Ranked = RankedCommon
	}
	args.Filter, err = c.json()
	return args, err
}
