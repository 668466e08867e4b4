package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// rankedPlace is where a page of a search ends.
type rankedPlace struct {
	Rank    float64   `json:"r"`
	Victims int64     `json:"v"`
	ID      uuid.UUID `json:"i"`
}

// ranked is a page of what matches a search, the best first.
func (l *Ledger) ranked(ctx context.Context, r ListRequest) (listed, error) {
	args, filter, err := l.rankingArgs(ctx, r)
	if err != nil {
		return listed{}, err
	}
	rows, err := l.searched(ctx, args)
	if err != nil {
		return listed{}, err
	}
	out := listed{Cards: Cards{Items: make([]Card, 0, len(rows))}, ids: make([]uuid.UUID, 0, len(rows)), filter: filter}
	for i, row := range rows {
		if i == r.Page.Limit {
			last := rows[i-1]
			out.NextCursor, err = encodeCursor(listScope(r.Filter, Relevance), rankedPlace{last.Rank, last.VictimsDesc, last.ID})
			return out, err
		}
		item := Card{stored: row.Card, duplicates: row.PossibleDuplicates}
		if r.Highlight {
			if item.highlight, err = passagesOf(row); err != nil {
				return out, err
			}
		}
		out.Items, out.ids = append(out.Items, item), append(out.ids, row.ID)
	}
	return out, nil
}

// searched carries out the one statement of all searches, which is planned once
// a connection.
func (l *Ledger) searched(ctx context.Context, args dbsqlc.IncidentSearchParams) (rows []dbsqlc.IncidentSearchRow, err error) {
	err = pgbatch.Pipeline(ctx, l.search, 2, func(i int, db dbsqlc.DBTX) (err error) {
		if i == 0 {
			return l.q.PlanOnce(ctx, db)
		}
		rows, err = l.q.IncidentSearch(ctx, db, args)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", fromPostgres(err))
	}
	return rows, nil
}

// searchArgs are what every search asks for.
func (r ListRequest) searchArgs() dbsqlc.IncidentSearchParams {
	return dbsqlc.IncidentSearchParams{
		Q: r.Filter.words(), Common: CommonFrom, Ranked: RankedMost, RankedCommon: RankedCommon, Most: int32(r.Page.Limit) + 1,
		Passages: r.Highlight, Texts: !r.Filter.TextsClosed, Characters: PassageCharacters, IncidentCharacters: PassageIncidentCharacters,
	}
}

// rankingArgs also give the filter, unless it is the words alone.
func (l *Ledger) rankingArgs(ctx context.Context, r ListRequest) (args dbsqlc.IncidentSearchParams, filter []byte, err error) {
	args = r.searchArgs()
	if r.Filter.Query == "" {
		return args, nil, incidents.Problems{{Pointer: "/sort", Detail: "relevance is the order of a search: it needs q", Allowed: Sorts()}}
	}
	if r.Page.Cursor != "" {
		var after rankedPlace
		if err := decodeCursor(listScope(r.Filter, Relevance), r.Page.Cursor, &after); err != nil {
			return args, nil, err
		}
		args.After, args.AfterRank, args.AfterVictims, args.AfterID = true, after.Rank, after.Victims, after.ID
	}
	if r.wordsAlone() {
		return args, nil, r.Filter.problems().OrNil()
	}
	c, err := l.criteria(ctx, l.search, r.Filter)
	if err != nil {
		return args, nil, fromPostgres(err)
	}
	if filter, err = c.json(); err != nil {
		return args, nil, err
	}
	most := int32(RankedMost)
	if c.common {
		most = RankedCommon
	}
	args.Given = true
	args.Ids, err = l.q.IncidentCandidates(ctx, l.search, dbsqlc.IncidentCandidatesParams{Filter: filter, Ranked: most})
	return args, filter, fromPostgres(err)
}

// wordsAlone reports whether nothing but words is asked for: the search that
// most people make, and the one that is planned beforehand.
func (r ListRequest) wordsAlone() bool {
	return r.Filter.none() && len(r.Facets) == 0 && !r.Count
}
