package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

const signInPath = "/sign-in"

type signInPage struct {
	Frame
	To    string // where to go afterwards
	Error string
}

func (s *Web) signInPage(v *visit) (answer, error) {
	return show("sign_in", &signInPage{Frame: Frame{Title: "Sign in", NoIndex: true}, To: localPath(v.query.Get("to"))}), nil
}

func (s *Web) signIn(v *visit) (answer, error) {
	to := localPath(v.PostForm.Get("to"))
	secret := strings.TrimSpace(v.PostForm.Get("key"))
	id, err := access.Identity{}, ledger.ErrKey
	if access.WellFormed(secret) {
		id, err = s.ledger.Identify(v.ctx(), secret)
	}
	if errors.Is(err, ledger.ErrKey) {
		out := show("sign_in", &signInPage{
			Frame: Frame{Title: "Sign in", NoIndex: true}, To: to,
			Error: "This is not an API key that is in use. A key begins with blk_ and has 36 characters.",
		})
		out.status = http.StatusUnprocessableEntity
		return out, nil
	}
	if err != nil {
		return answer{}, err
	}
	token, err := s.ledger.BeginSession(v.ctx(), id, sessionLife)
	if err != nil {
		return answer{}, err
	}
	http.SetCookie(v.w, s.cookie(v.Request, token, sessionLife))
	return seeOther(to), nil
}

func (s *Web) signOut(v *visit) (answer, error) {
	if cookie, err := v.Cookie(cookieName); err == nil {
		if err := s.ledger.EndSession(v.ctx(), cookie.Value); err != nil {
			return answer{}, err
		}
	}
	http.SetCookie(v.w, s.cookie(v.Request, "", 0))
	return seeOther("/?done=out"), nil
}

// localPath is a path of these pages; anything else leads to the start.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}
