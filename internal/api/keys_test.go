package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
)

func (s *service) admin(t *testing.T, method, path, body string) reply {
	t.Helper()
	return s.send(t, request{method: method, path: path, role: access.Admin, body: body})
}

// TestKeys: made, used, listed without the secret, revoked.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := start(t)
	expires := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	made := s.admin(t, "POST", "/v1/keys", `{"name":" nightly ","role":"contributor","expires_at":"`+expires+`"}`).must(t, http.StatusCreated)
	key := made.json(t)
	secret := text(t, key, "secret")
	if !access.WellFormed(secret) || key["name"] != "nightly" || key["role"] != "contributor" || key["expires_at"] != expires {
		t.Errorf("the key is %s", made.body)
	}
	if made.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the secret may be cached: %q", made.header.Get("Cache-Control"))
	}
	s.send(t, request{method: "POST", path: "/v1/incidents", key: secret, body: `{"title":"A","category":"other"}`}).must(t, http.StatusCreated)

	listed := s.admin(t, "GET", "/v1/keys", "").must(t, http.StatusOK)
	if strings.Contains(string(listed.body), secret) || strings.Contains(string(listed.body), "hash") {
		t.Errorf("the list shows secrets: %s", listed.body)
	}
	data, _ := listed.json(t)["data"].([]any)
	last, _ := data[len(data)-1].(map[string]any)
	if len(data) != 5 || last["id"] != key["id"] || last["last_used_at"] == nil || last["revoked_at"] != nil {
		t.Errorf("the list is %s", listed.body)
	}

	// Revoked, it ends at once, though it was in use a moment ago.
	path := "/v1/keys/" + text(t, key, "id")
	s.admin(t, "DELETE", path, "").must(t, http.StatusNoContent)
	s.send(t, request{path: "/v1/incidents", key: secret}).must(t, http.StatusUnauthorized)
	s.admin(t, "DELETE", path, "").must(t, http.StatusNotFound)
	s.admin(t, "DELETE", "/v1/keys/018f6b5e-7c1a-7000-8000-0123456789ab", "").must(t, http.StatusNotFound)
}

// TestAKeyIsMadeOnce: sent again, the request makes no second key and shows no
// secret.
func TestAKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	send := func(body string) reply {
		return s.send(t, request{method: http.MethodPost, path: "/v1/keys", role: access.Admin, body: body, header: map[string]string{"Idempotency-Key": "k-1"}})
	}
	first := send(`{"name":"nightly","role":"reader"}`).must(t, http.StatusCreated)
	again := send(`{"name":"nightly","role":"reader"}`).must(t, http.StatusCreated)
	if text(t, first.json(t), "id") != text(t, again.json(t), "id") || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("first %s, then %s", first.body, again.body)
	}
	if _, shown := again.json(t)["secret"]; shown || !access.WellFormed(text(t, first.json(t), "secret")) {
		t.Errorf("the secret: first %s, then %s", first.body, again.body)
	}
	send(`{"name":"another","role":"reader"}`).must(t, http.StatusUnprocessableEntity)
}

// TestKeyExpiry: a key that is in use ends when it says, not when it is next
// looked up.
func TestKeyExpiry(t *testing.T) {
	t.Parallel()
	s := start(t)
	end := time.Now().Add(3 * time.Second)
	_, secret, err := s.ledger.CreateKey(t.Context(), "short", access.Reader, &end)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.send(t, request{path: "/v1/actors", key: secret}); time.Now().Before(end) {
		got.must(t, http.StatusOK)
	}
	time.Sleep(time.Until(end.Add(10 * time.Millisecond)))
	s.send(t, request{path: "/v1/actors", key: secret}).must(t, http.StatusUnauthorized)
}

// TestBadKeys: every bad field is named, in one answer.
func TestBadKeys(t *testing.T) {
	t.Parallel()
	s := start(t)
	for body, pointers := range map[string]string{
		`{}`: "/name /role",
		`{"name":"","role":"root","expires_at":"2001-01-01T00:00:00Z"}`: "/name /role /expires_at",
		`{"name":7,"role":null,"expires_at":"soon","more":1}`:           "/name /expires_at /more /role",
		`{"name":"a","role":"Admin"}`:                                   "/role",
		`{"name":"` + strings.Repeat("x", 201) + `","role":"reader"}`:   "/name",
		`{"name":"a","role":"reader","secret":"blk_x"}`:                 "/secret",
	} {
		got := s.admin(t, "POST", "/v1/keys", body).must(t, http.StatusUnprocessableEntity).problem(t)
		var named []string
		for _, e := range got.Errors {
			named = append(named, e.Pointer)
		}
		if strings.Join(named, " ") != pointers {
			t.Errorf("%s: the bad fields are %v, want %s", body, named, pointers)
		}
	}
	s.admin(t, "POST", "/v1/keys", `{"name":"a","name":"b","role":"reader"}`).must(t, http.StatusBadRequest)
}

// TestKeyedReads: without a key nothing but the open routes answers, also where
// there is nothing.
func TestKeyedReads(t *testing.T) {
	t.Parallel()
	closed := startWith(t, start(t).ledger, api.Config{KeyedReads: true})
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/openapi.json": 200, "/openapi.yaml": 200,
		"/v1/incidents": 401, "/v1/incidents/x": 401, "/v1/actors": 401, "/v1/sources": 401, "/v1/reports/breaches": 401,
		"/v1/nowhere": 401, "/": 401, "/feed.atom": 401, "/metrics": 401, "/v1/keys": 401,
	} {
		if got := raw(closed, path, ""); got.status != want {
			t.Errorf("%s without a key: %d, want %d", path, got.status, want)
		}
	}
	for path, want := range map[string]int{"/v1/incidents": 200, "/v1/actors": 200, "/v1/nowhere": 404, "/metrics": 403, "/v1/keys": 403} {
		if got := raw(closed, path, closed.keys[access.Reader]); got.status != want {
			t.Errorf("%s with a reader's key: %d, want %d", path, got.status, want)
		}
	}
}

// TestKeyedTexts: without a key a source has its quotes and not its text.
func TestKeyedTexts(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	keyed := startWith(t, s.ledger, api.Config{KeyedTexts: true})
	for name, c := range map[string]struct {
		s    *service
		role access.Role
		text bool
	}{
		"open to all": {s, access.Anonymous, true}, "keyed, without a key": {keyed, access.Anonymous, false}, "keyed, with one": {keyed, access.Reader, true},
	} {
		list := c.s.send(t, request{path: "/v1/sources", role: c.role}).must(t, http.StatusOK)
		data, _ := list.json(t)["data"].([]any)
		if len(data) != 5 {
			t.Fatalf("%s: %d sources, want 5", name, len(data))
		}
		quotes := 0
		for _, item := range data {
			source, _ := item.(map[string]any)
			if _, has := source["opening"]; has != c.text || source["has_text"] != true {
				t.Errorf("%s: the list shows %v", name, source)
			}
			one := c.s.send(t, request{path: "/v1/sources/" + text(t, source, "id"), role: c.role}).must(t, http.StatusOK).json(t)
			if whole, has := one["text"]; has != c.text || has && whole == "" || one["has_text"] != true {
				t.Errorf("%s: the source shows %v", name, one)
			}
			found, _ := one["quotes"].([]any)
			quotes += len(found)
		}
		if quotes == 0 {
			t.Errorf("%s: the quotes are gone", name)
		}
	}
}
