package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// The queue of likely duplicates, and the decisions on it.

// queueDuplicates puts the likely duplicates of an incident that was stored in the queue.
func (d *draft) queueDuplicates(ctx context.Context) ([]Similar, error) {
	var unknown otherForms
	unknown.add(0, d)
	named, err := unknown.ask(ctx, d.l, d.tx)
	if err != nil {
		return nil, err
	}
	similar, err := d.l.likely(ctx, d.tx, d.in, named[0], true)
	if err != nil {
		return nil, err
	}
	q := &pgbatch.Queue{}
	if err := d.l.queuePairs(ctx, q, pairsOf(d.in.ID, similar)); err != nil {
		return nil, err
	}
	return similar, q.Send(ctx, d.tx)
}

// pair is two incidents that may be the same.
type pair struct {
	one, other uuid.UUID
	similar    Similar
}

// pairsOf are those that are likely enough to be looked at.
func pairsOf(id uuid.UUID, similar []Similar) []pair {
	var out []pair
	for _, s := range likeness.Queued(similar) {
		out = append(out, pair{id, s.ID, s})
	}
	return out
}

// queuePairs queues pairs to be put in the queue of duplicates, in one order for
// all writers.
func (l *Ledger) queuePairs(ctx context.Context, q *pgbatch.Queue, pairs []pair) error {
	if len(pairs) == 0 {
		return nil
	}
	for i, p := range pairs {
		if bytes.Compare(p.one[:], p.other[:]) > 0 {
			pairs[i].one, pairs[i].other = p.other, p.one
		}
	}
	compare := func(a, b pair) int {
		return cmp.Or(bytes.Compare(a.one[:], b.one[:]), bytes.Compare(a.other[:], b.other[:]))
	}
	slices.SortStableFunc(pairs, compare)
	pairs = slices.CompactFunc(pairs, func(a, b pair) bool { return compare(a, b) == 0 })
	args := dbsqlc.DuplicatesPutParams{FoundAt: l.clock()}
	for _, p := range pairs {
		args.Firsts, args.Seconds = append(args.Firsts, p.one), append(args.Seconds, p.other)
		args.Scores, args.Reasons = append(args.Scores, float32(p.similar.Score)), append(args.Reasons, strings.Join(p.similar.Reasons, "\n"))
	}
	return l.q.DuplicatesPut(ctx, q, args)
}

// DuplicatePair is two incidents that may be the same.
type DuplicatePair struct {
	Score   float64         `json:"score"`
	Reasons []string        `json:"reasons"`
	FoundAt time.Time       `json:"found_at"`
	First   json.RawMessage `json:"first"`
	Second  json.RawMessage `json:"second"`
}

type duplicatePlace struct {
	Score  float32   `json:"s"`
	First  uuid.UUID `json:"a"`
	Second uuid.UUID `json:"b"`
}

// Duplicates is a page of the queue of likely duplicates that nobody has
// decided on, the likeliest first, and the cursor of the next page.
func (l *Ledger) Duplicates(ctx context.Context, by access.Identity, page Page) ([]DuplicatePair, string, error) {
	page = page.bounded()
	scope := []any{"duplicates"}
	args := dbsqlc.DuplicateListParams{AnyPublication: by.Role.SeesUnpublished(), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		var after duplicatePlace
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return nil, "", err
		}
		args.After, args.AfterScore, args.AfterFirst, args.AfterSecond = true, after.Score, after.First, after.Second
	}
	rows, err := l.q.DuplicateList(ctx, l.search, args)
	if err != nil {
		return nil, "", fmt.Errorf("list duplicates: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := rows[page.Limit-1]
		if next, err = encodeCursor(scope, duplicatePlace{last.Score, last.FirstID, last.SecondID}); err != nil {
			return nil, "", err
		}
	}
	out := make([]DuplicatePair, len(rows))
	for i, row := range rows {
		out[i] = DuplicatePair{
			Score: hundredths(row.Score), Reasons: row.Reasons, FoundAt: row.FoundAt.UTC(),
			First: row.FirstCard, Second: row.SecondCard,
		}
	}
	return out, next, nil
}

// hundredths are what of a score is shown.
func hundredths(score float32) float64 { return math.Round(float64(score)*100) / 100 }

// NotTheSame takes a pair out of the queue for good.
func (l *Ledger) NotTheSame(ctx context.Context, c Change, one, other string) error {
	if err := needs(c.By, access.Editor); err != nil {
		return err
	}
	return explain("decide on a pair", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error {
		if err := c.Problems().OrNil(); err != nil {
			return err
		}
		first, err := l.resolveRef(ctx, tx, c.By, one)
		if err != nil {
			return err
		}
		second, err := l.resolveRef(ctx, tx, c.By, other)
		if err != nil {
			return err
		}
		if first == second {
			return incidents.Problems{{Pointer: "/other", Detail: "is the same incident"}}
		}
		return l.q.DuplicateDifferent(ctx, tx, dbsqlc.DuplicateDifferentParams{One: first, Other: second, DecidedBy: c.By.Name, DecidedAt: l.clock(), Reason: nullable(c.Reason)})
	}))
}
