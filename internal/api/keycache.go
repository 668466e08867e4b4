package api

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
)

const (
	// keyLife is how long a key that was looked up is believed: the time after
	// which a revocation through another server, or the command, is noticed.
	keyLife   = 5 * time.Second
	maxCached = 1024
)

// keyCache keeps who holds which key for a short time, so that a busy client
// does not cost a query per request.
//
// Keys are found by their SHA-256, here as in the database, and never compared
// byte by byte. How long a search takes may tell something about the hash of
// what was sent, which its sender knows anyway; nothing about the hashes stored,
// since nobody can choose a secret by the first bytes of its hash and learn from
// it another secret of 192 random bits. That is why no comparison here needs to
// take constant time.
type keyCache struct {
	mu     sync.Mutex
	known  map[[32]byte]cachedKey
	change int // counts revocations
}

type cachedKey struct {
	identity access.Identity
	until    time.Time
}

// find is who holds the key of that hash, when it was looked up lately.
func (k *keyCache) find(hash [32]byte, now time.Time) (access.Identity, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	cached, ok := k.known[hash]
	if !ok || !now.Before(cached.until) {
		return access.Identity{}, false
	}
	return cached.identity, true
}

// lookUp finds out who holds a secret, and keeps it.
func (k *keyCache) lookUp(ctx context.Context, hash [32]byte, ask func(context.Context) (access.Identity, error)) (access.Identity, error) {
	k.mu.Lock()
	change := k.change
	k.mu.Unlock()
	id, err := ask(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	until := time.Now().Add(keyLife)
	if !id.Expires.IsZero() && id.Expires.Before(until) {
		until = id.Expires
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.change != change {
		return id, nil // the key may be the one that was revoked while it was looked up
	}
	if len(k.known) >= maxCached || k.known == nil {
		k.known = map[[32]byte]cachedKey{}
	}
	k.known[hash] = cachedKey{identity: id, until: until}
	return id, nil
}

// forget drops a key that was revoked.
func (k *keyCache) forget(id uuid.UUID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.change++
	for hash, cached := range k.known {
		if cached.identity.KeyID == id {
			delete(k.known, hash)
		}
	}
}
