package ledger_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func TestTheLifeOfAKey(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	expires := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	key, secret, err := l.CreateKey(t.Context(), "A script", access.Contributor, &expires)
	if err != nil {
		t.Fatal(err)
	}
	who, err := l.Identify(t.Context(), secret)
	if err != nil || who.KeyID != key.ID || who.Name != "A script" || who.Role != access.Contributor {
		t.Errorf("identified as %+v, %v", who, err)
	}
	keys, err := l.Keys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("listed are %+v, %v", keys, err)
	}
	if k := keys[0]; !k.Created.Equal(key.Created) || k.Expires == nil || !k.Expires.Equal(expires) || k.Expires.Location() != time.UTC || k.LastUsed == nil || k.Revoked != nil {
		t.Errorf("listed as %+v, created as %+v", k, key)
	}
	if stored := ask[string](t, l, "SELECT string_agg(k::text, '') FROM api_keys AS k"); strings.Contains(stored, secret) || strings.Contains(stored, strings.TrimPrefix(secret, "blk_")) {
		t.Error("the secret is stored")
	}
	for _, wrong := range []string{"", "blk_", secret[:len(secret)-1], secret + "x", strings.ToUpper(secret), " " + secret, "\x00", key.ID.String()} {
		if _, err := l.Identify(t.Context(), wrong); !errors.Is(err, ledger.ErrKey) {
			t.Errorf("%q is identified: %v", wrong, err)
		}
	}
	l.SetClock(expires.Add(time.Second))
	if _, err := l.Identify(t.Context(), secret); !errors.Is(err, ledger.ErrKey) || !strings.Contains(err.Error(), "expired") {
		t.Errorf("expired: %v", err)
	}
	l.SetClock(time.Now())
	if err := l.RevokeKey(t.Context(), key.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Identify(t.Context(), secret); !errors.Is(err, ledger.ErrKey) || !strings.Contains(err.Error(), "revoked") {
		t.Errorf("revoked: %v", err)
	}
	if err := l.RevokeKey(t.Context(), key.ID); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("revoked again: %v", err)
	}
	if err := l.RevokeKey(t.Context(), incidents.NewID()); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("revoked though it never was: %v", err)
	}
}

// A last use is noted at most once a minute, and by readers at the same time.
func TestTheUseOfAKey(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, secret, err := l.CreateKey(t.Context(), "Busy", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range atOnce(20, func(int) error {
		_, err := l.Identify(t.Context(), secret)
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	exec(t, l, "UPDATE api_keys SET last_used_at = now() - interval '30 seconds'")
	before := ask[time.Time](t, l, "SELECT last_used_at FROM api_keys")
	if _, err := l.Identify(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if after := ask[time.Time](t, l, "SELECT last_used_at FROM api_keys"); !after.Equal(before) {
		t.Error("noted again within a minute")
	}
}

// TestAKeyIsGoodWhereItsUseCannotBeNoted, such as on a disk that is full: reading
// needs no room.
func TestAKeyIsGoodWhereItsUseCannotBeNoted(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, secret, err := l.CreateKey(t.Context(), "A script", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, l, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$`)
	exec(t, l, "CREATE TRIGGER fail BEFORE UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION fail()")
	if who, err := l.Identify(t.Context(), secret); err != nil || who.Name != "A script" {
		t.Errorf("identified as %+v, %v", who, err)
	}
}

func TestKeysThatCannotBe(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, test := range []struct {
		name, problem string
		role          access.Role
	}{
		{"", "/name: ", access.Reader}, {" \t", "/name: ", access.Reader}, {"a\x00b", "/name: ", access.Reader}, {"\xff", "/name: ", access.Reader}, {"a\u2066b", "/name: ", access.Reader},
		{strings.Repeat("x", 1000), "/name: ", access.Reader}, {"ok", "/role: ", access.Anonymous}, {"ok", "/role: ", "root"},
	} {
		_, _, err := l.CreateKey(t.Context(), test.name, test.role, nil)
		wantProblem(t, err, test.problem)
	}
	if keys, err := l.Keys(t.Context()); err != nil || keys == nil || len(keys) != 0 {
		t.Errorf("there are %v, %v", keys, err)
	}
}
