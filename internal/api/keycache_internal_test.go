package api

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

func TestKeyCache(t *testing.T) {
	t.Parallel()
	var k keyCache
	id := access.Identity{KeyID: uuid.New(), Name: "x", Role: access.Editor}
	hash := [32]byte{1}
	var early time.Time // at which whatever is kept is believed
	asked := 0
	ask := func(context.Context) (access.Identity, error) { asked++; return id, nil }
	if _, ok := k.find(hash, early); ok {
		t.Error("an empty cache knows a key")
	}
	if got, err := k.lookUp(t.Context(), hash, ask); err != nil || got != id {
		t.Fatalf("look up: %v, %v", got, err)
	}
	if got, ok := k.find(hash, early); !ok || got != id {
		t.Errorf("find: %v, %v", got, ok)
	}
	if _, ok := k.find(hash, time.Now().Add(keyLife)); ok {
		t.Error("a key is believed for too long")
	}
	k.forget(id.KeyID)
	if _, ok := k.find(hash, early); ok {
		t.Error("a revoked key is still known")
	}

	// Revoked while it was looked up.
	_, err := k.lookUp(t.Context(), hash, func(context.Context) (access.Identity, error) {
		k.forget(id.KeyID)
		return id, nil
	})
	if _, ok := k.find(hash, early); ok || err != nil {
		t.Errorf("a key that was revoked meanwhile is kept (%v)", err)
	}

	// One that expires soon is not believed for longer.
	id.Expires = time.Now().Add(time.Second)
	if _, err := k.lookUp(t.Context(), hash, ask); err != nil {
		t.Fatal(err)
	}
	if _, ok := k.find(hash, id.Expires); ok {
		t.Error("a key is believed after it has expired")
	}

	if _, err := k.lookUp(t.Context(), [32]byte{9}, func(context.Context) (access.Identity, error) { return access.Identity{}, ledger.ErrKey }); err == nil {
		t.Error("a bad key is good")
	}
	if _, ok := k.find([32]byte{9}, early); ok {
		t.Error("a bad key is kept")
	}
	for i := range 3 * maxCached {
		var h [32]byte
		binary.BigEndian.PutUint64(h[8:], uint64(i))
		if _, err := k.lookUp(t.Context(), h, ask); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.known) > maxCached {
		t.Errorf("%d keys are kept", len(k.known))
	}
}
