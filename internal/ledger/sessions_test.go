package ledger_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ctx := t.Context()
	begin := func(name string, expires *time.Time) (ledger.Key, string) {
		t.Helper()
		key, secret, err := l.CreateKey(ctx, name, access.Editor, expires)
		if err != nil {
			t.Fatal(err)
		}
		id, err := l.Identify(ctx, secret)
		if err != nil {
			t.Fatal(err)
		}
		token, err := l.BeginSession(ctx, id, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return key, token
	}
	ended := func(token, why string) {
		t.Helper()
		if id, err := l.SessionIdentity(ctx, token); !errors.Is(err, ledger.ErrKey) {
			t.Errorf("%s: the session is %v's, error %v", why, id.Name, err)
		}
	}
	key, token := begin("one", nil)
	id, err := l.SessionIdentity(ctx, token)
	if err != nil || id.KeyID != key.ID || id.Role != access.Editor {
		t.Fatalf("the session is %+v's, error %v", id, err)
	}
	if stored := ask[string](t, l, "SELECT string_agg(s::text, '') FROM sessions AS s"); strings.Contains(stored, token) {
		t.Error("the token is stored")
	}
	ended("no such token", "an unknown token")
	if err := l.EndSession(ctx, token); err != nil {
		t.Fatal(err)
	}
	ended(token, "signed out")

	revoked, token := begin("two", nil)
	if err := l.RevokeKey(ctx, revoked.ID); err != nil {
		t.Fatal(err)
	}
	ended(token, "the key is revoked")

	_, short := begin("three", new(time.Now().Add(time.Minute)))
	_, old := begin("four", nil)
	l.SetClock(time.Now().Add(2 * time.Minute))
	ended(short, "the key has expired")
	l.SetClock(time.Now().Add(2 * time.Hour))
	ended(old, "the session has expired")
	if begin("five", nil); ask[int](t, l, "SELECT count(*) FROM sessions") != 1 {
		t.Error("sessions that have expired are kept")
	}
}

func TestAKeyHasSoManySessions(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, secret, err := l.CreateKey(t.Context(), "a key", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	id, err := l.Identify(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	var last string
	for range 55 {
		if last, err = l.BeginSession(t.Context(), id, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if n := ask[int](t, l, "SELECT count(*) FROM sessions"); n != 50 {
		t.Errorf("the key has %d sessions", n)
	}
	if _, err := l.SessionIdentity(t.Context(), last); err != nil {
		t.Errorf("the newest session has ended: %v", err)
	}
}
