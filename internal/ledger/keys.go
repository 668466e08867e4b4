package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Key is an API key without its secret.
type Key struct {
	ID       uuid.UUID   `json:"id"`
	Name     string      `json:"name"`
	Role     access.Role `json:"role"`
	Created  time.Time   `json:"created_at"`
	Expires  *time.Time  `json:"expires_at"`
	Revoked  *time.Time  `json:"revoked_at"`
	LastUsed *time.Time  `json:"last_used_at"`
}

// ErrKey says that a key is not known, or no longer good.
var ErrKey = errors.New("not a valid API key")

// unshown reports whether a name cannot have a character, which pages and logs show.
func unshown(r rune) bool { return unicode.IsControl(r) || incidents.Reorders(r) }

// CheckKey says what is wrong with a key to be made.
func CheckKey(name string, role access.Role) incidents.Problems {
	var problems incidents.Problems
	if name = strings.TrimSpace(name); name == "" || !storable(name) || strings.ContainsFunc(name, unshown) || utf8.RuneCountInString(name) > maxKeyName {
		problems.Add("/name", "must be one line of 1 to %d characters", maxKeyName)
	}
	if _, err := access.ParseRole(string(role)); err != nil {
		problems = append(problems, incidents.Problem{Pointer: "/role", Detail: err.Error(), Allowed: access.Roles()})
	}
	return problems
}

// CreateKey makes an API key and returns its secret, which is shown only now.
func (l *Ledger) CreateKey(ctx context.Context, name string, role access.Role, expires *time.Time) (Key, string, error) {
	return l.CreateKeyOnce(ctx, nil, name, role, expires)
}

// CreateKeyOnce is CreateKey for a request that may be sent again. An answer that
// was kept is the key without its secret, of which only the hash is stored.
func (l *Ledger) CreateKeyOnce(ctx context.Context, o *Once, name string, role access.Role, expires *time.Time) (Key, string, error) {
	if err := CheckKey(name, role).OrNil(); err != nil {
		return Key{}, "", fmt.Errorf("create key: %w", err)
	}
	name = strings.TrimSpace(name)
	if expires != nil {
		// PostgreSQL keeps microseconds.
		expires = new(expires.UTC().Truncate(time.Microsecond))
	}
	type newKey struct {
		Key
		secret string // no part of a kept answer, which is JSON
	}
	made, err := writeOnce(ctx, l, o, func(tx pgx.Tx) (newKey, error) {
		k := newKey{Key{ID: incidents.NewID(), Name: name, Role: role, Created: l.clock(), Expires: expires}, access.NewSecret()}
		return k, l.q.APIKeyInsert(ctx, tx, dbsqlc.APIKeyInsertParams{
			ID: k.ID, Name: name, Role: dbsqlc.AccessRole(role), Hash: access.Hash(k.secret), CreatedAt: k.Created, ExpiresAt: expires,
		})
	})
	return made.Key, made.secret, explain("create key", err)
}

// Identify is who holds a secret; [ErrKey] when nobody does, or the key is
// revoked or has expired. That the key was used is noted if that can be.
func (l *Ledger) Identify(ctx context.Context, secret string) (access.Identity, error) {
	row, err := l.q.APIKeyByHash(ctx, l.pool, access.Hash(secret))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return access.Identity{}, fmt.Errorf("%w: it is not known", ErrKey)
	case err != nil:
		return access.Identity{}, fmt.Errorf("look up a key: %w", err)
	}
	id, err := l.holder(heldKey(row))
	if err != nil {
		return access.Identity{}, err
	}
	if err := l.q.APIKeyUsed(ctx, l.pool, row.ID); err != nil && ctx.Err() == nil { // a disk that is full, say: who reads needs no room
		l.log.Warn("the use of a key cannot be noted", "key", id.Name, "error", err)
	}
	return id, nil
}

// heldKey is a key as it is looked up.
type heldKey dbsqlc.APIKeyByHashRow

// holder is who holds a key; [ErrKey] when it is no longer good.
func (l *Ledger) holder(k heldKey) (access.Identity, error) {
	switch {
	case k.RevokedAt != nil:
		return access.Identity{}, fmt.Errorf("%w: it was revoked", ErrKey)
	case k.ExpiresAt != nil && !k.ExpiresAt.After(l.now()):
		return access.Identity{}, fmt.Errorf("%w: it has expired", ErrKey)
	}
	return access.Identity{KeyID: k.ID, Name: k.Name, Role: access.Role(k.Role), Expires: orZero(k.ExpiresAt)}, nil
}

// Keys lists all API keys, the oldest first.
func (l *Ledger) Keys(ctx context.Context) ([]Key, error) {
	rows, err := l.q.APIKeyList(ctx, l.pool)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	keys := make([]Key, len(rows))
	for i, row := range rows {
		keys[i] = Key{
			ID: row.ID, Name: row.Name, Role: access.Role(row.Role), Created: row.CreatedAt.UTC(),
			Expires: inUTC(row.ExpiresAt), Revoked: inUTC(row.RevokedAt), LastUsed: inUTC(row.LastUsedAt),
		}
	}
	return keys, nil
}

// maxKeyName is the longest name of a key, in characters.
const maxKeyName = 200

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// RevokeKey ends a key at once.
func (l *Ledger) RevokeKey(ctx context.Context, id uuid.UUID) error {
	n, err := l.q.APIKeyRevoke(ctx, l.pool, id)
	if err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("%w: no key that is in use has the id %s", ErrNotFound, id)
	}
	return nil
}
