package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// The ledger keeps the sessions; here is what the browser holds of one.

const (
	cookieName  = "breachledger_session"
	sessionLife = 12 * time.Hour
)

// identity is who makes a request. A session that has ended, or whose key is no
// longer good, is nobody's.
func (s *Web) identity(r *http.Request) (access.Identity, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return access.Identity{}, nil //nolint:nilerr // there is no such cookie: nobody is signed in
	}
	id, err := s.ledger.SessionIdentity(r.Context(), cookie.Value)
	if errors.Is(err, ledger.ErrKey) {
		return access.Identity{}, nil
	}
	return id, err
}

func (s *Web) cookie(r *http.Request, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // Secure wherever the pages are reached by https; plain http is for one's own machine
		Name: cookieName, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.origin(r), "https://"), MaxAge: int(life / time.Second),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}
