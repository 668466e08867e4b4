package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// Once keeps a request from being carried out twice: the first answer is kept
// in the transaction of the write, and given again to the same request.
type Once struct {
	APIKey uuid.UUID
	Key    string // the Idempotency-Key header
	Hash   []byte // of the method, the path and the body
	// Replayed is set when the answer is one that was kept.
	Replayed bool
}

// ErrKeyReused says that the Idempotency-Key was used for another request.
var ErrKeyReused = errors.New("the Idempotency-Key was used for another request")

// keptFor is how long answers are kept.
const keptFor = 24 * time.Hour

// once runs f in the transaction, or gives the result that an earlier run with
// the same key has kept. While another transaction runs with the key, it waits
// for its end.
func once[T any](ctx context.Context, l *Ledger, tx pgx.Tx, o *Once, f func() (T, error)) (T, error) {
	if o == nil || o.Key == "" {
		return f()
	}
	var out T
	now := l.clock()
	expired := now.Add(-keptFor)
	claimed, err := l.q.IdempotencyKeyClaim(ctx, tx, dbsqlc.IdempotencyKeyClaimParams{
		ApiKeyID: o.APIKey, Key: o.Key, RequestHash: o.Hash, CreatedAt: now, ExpiredBefore: expired,
	})
	if err != nil {
		return out, fmt.Errorf("claim an idempotency key: %w", err)
	}
	if claimed == 0 {
		kept, err := l.q.IdempotencyKeyResult(ctx, tx, dbsqlc.IdempotencyKeyResultParams{ApiKeyID: o.APIKey, Key: o.Key})
		if errors.Is(err, pgx.ErrNoRows) {
			return out, errRace // it expired just now
		}
		if err != nil {
			return out, fmt.Errorf("look up an idempotency key: %w", err)
		}
		if !bytes.Equal(kept.RequestHash, o.Hash) {
			return out, ErrKeyReused
		}
		o.Replayed = true
		if err := json.Unmarshal(kept.Result, &out); err != nil {
			return out, fmt.Errorf("read a kept answer: %w", err)
		}
		return out, nil
	}
	if out, err = f(); err != nil {
		return out, err
	}
	q := &pgbatch.Queue{}
	if err := l.keep(ctx, q, o, out); err != nil {
		return out, err
	}
	if err := l.q.IdempotencyKeysExpire(ctx, q, expired); err != nil {
		return out, err
	}
	return out, q.Send(ctx, tx)
}

// writeOnce runs f in a transaction as [Ledger.write] does, and no second time for
// the same request.
func writeOnce[T any](ctx context.Context, l *Ledger, o *Once, f func(tx pgx.Tx) (T, error)) (out T, err error) {
	err = l.write(ctx, func(tx pgx.Tx) error {
		out, err = once(ctx, l, tx, o, func() (T, error) { return f(tx) })
		return err
	})
	return out, err
}

// changeOnce is writeOnce for a write that answers nothing.
func (l *Ledger) changeOnce(ctx context.Context, o *Once, f func(tx pgx.Tx) error) error {
	_, err := writeOnce(ctx, l, o, func(tx pgx.Tx) (struct{}, error) { return struct{}{}, f(tx) })
	return err
}

// keep queues that an answer is kept for whoever sends its request again.
func (l *Ledger) keep(ctx context.Context, q *pgbatch.Queue, o *Once, answer any) error {
	if o == nil || o.Key == "" {
		return nil
	}
	result, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return l.q.IdempotencyKeyKeep(ctx, q, dbsqlc.IdempotencyKeyKeepParams{ApiKeyID: o.APIKey, Key: o.Key, Result: result})
}
