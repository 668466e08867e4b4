package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// A session is an API key for a browser: a random token in a cookie, and on this
// side the key's hash under the token's. Neither the secret nor the token is
// kept, so that who reads this program's memory or the cookie has no key. A
// restart ends all sessions; revoking the key ends its own within seconds.

const (
	cookieName  = "breachledger_session"
	sessionLife = 12 * time.Hour
	maxSessions = 10_000
	// recheck is how long an identity is believed before the ledger is asked again.
	recheck = 5 * time.Second
)

type session struct {
	keyHash  []byte
	identity access.Identity
	checked  time.Time
	ends     time.Time
}

type sessions struct {
	now func() time.Time
	mu  sync.Mutex
	all map[[32]byte]session
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[[32]byte]session{}}
}

// begin makes a session and returns its token; "" when there are too many.
func (s *sessions) begin(keyHash []byte, id access.Identity) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if len(s.all) >= maxSessions {
		maps.DeleteFunc(s.all, func(_ [32]byte, one session) bool { return !one.ends.After(now) })
		if len(s.all) >= maxSessions {
			return ""
		}
	}
	token := rand.Text() + rand.Text()
	s.all[sha256.Sum256([]byte(token))] = session{keyHash: keyHash, identity: id, checked: now, ends: now.Add(sessionLife)}
	return token
}

func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, sha256.Sum256([]byte(token)))
}

func (s *sessions) find(token string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.all[sha256.Sum256([]byte(token))]
	return one, ok && one.ends.After(s.now())
}

func (s *sessions) confirm(token string, id access.Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(token))
	if one, ok := s.all[key]; ok {
		one.identity, one.checked = id, s.now()
		s.all[key] = one
	}
}

// identity is who makes a request. A session whose key is no longer good is
// nobody's.
func (s *Web) identity(r *http.Request) (access.Identity, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return access.Identity{}, nil //nolint:nilerr // there is no such cookie: nobody is signed in
	}
	one, ok := s.sessions.find(cookie.Value)
	if !ok {
		return access.Identity{}, nil
	}
	if s.sessions.now().Sub(one.checked) < recheck {
		return one.identity, nil
	}
	id, err := s.recheck(r.Context(), one)
	switch {
	case errors.Is(err, ledger.ErrKey):
		s.sessions.end(cookie.Value)
		return access.Identity{}, nil
	case err != nil:
		return access.Identity{}, err
	}
	s.sessions.confirm(cookie.Value, id)
	return id, nil
}

func (s *Web) recheck(ctx context.Context, one session) (access.Identity, error) {
	return s.ledger.IdentifyHash(ctx, one.keyHash)
}

func (s *Web) cookie(r *http.Request, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // Secure wherever the pages are reached by https; plain http is for one's own machine
		Name: cookieName, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: s.scheme(r) == "https", MaxAge: int(life / time.Second),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}
