package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// A session is an API key for a browser: a random token there, and its hash
// here. It is good for as long as its key is, however many servers and restarts
// that takes.

// sessionsOfKey is how many sessions one key can have; another ends the oldest.
const sessionsOfKey = 50

// BeginSession makes a session for who holds a key, and returns its token, which
// is kept nowhere.
func (l *Ledger) BeginSession(ctx context.Context, of access.Identity, life time.Duration) (string, error) {
	token := rand.Text() + rand.Text()
	hash := sha256.Sum256([]byte(token))
	now := l.clock()
	err := l.write(ctx, func(tx pgx.Tx) error {
		if err := l.q.SessionInsert(ctx, tx, dbsqlc.SessionInsertParams{
			TokenSha256: hash[:], ApiKeyID: of.KeyID, CreatedAt: now, ExpiresAt: now.Add(life),
		}); err != nil {
			return err
		}
		if err := l.q.SessionsExpiredDelete(ctx, tx, now); err != nil {
			return err
		}
		return l.q.SessionsOldestDelete(ctx, tx, dbsqlc.SessionsOldestDeleteParams{ApiKeyID: of.KeyID, Most: sessionsOfKey})
	})
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	return token, nil
}

// SessionIdentity is whose session it is; [ErrKey] when it has ended, or its key
// is no longer good.
func (l *Ledger) SessionIdentity(ctx context.Context, token string) (access.Identity, error) {
	hash := sha256.Sum256([]byte(token))
	row, err := l.q.SessionKey(ctx, l.pool, dbsqlc.SessionKeyParams{TokenSha256: hash[:], Now: l.clock()})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return access.Identity{}, fmt.Errorf("%w: the session has ended", ErrKey)
	case err != nil:
		return access.Identity{}, fmt.Errorf("look up a session: %w", fromPostgres(err))
	}
	return l.holder(heldKey(row))
}

// EndSession ends a session; one that has ended already is none to end.
func (l *Ledger) EndSession(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	if err := l.q.SessionDelete(ctx, l.pool, hash[:]); err != nil {
		return fmt.Errorf("end a session: %w", fromPostgres(err))
	}
	return nil
}
