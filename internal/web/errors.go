package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// errSignIn says that the page is for those who are signed in.
var errSignIn = errors.New("sign in first")

// badRequestError is a request that makes no sense, in words for its sender.
type badRequestError struct {
	status int
	detail string
}

func (e *badRequestError) Error() string { return e.detail }

// errorPage is what is shown instead of a page.
type errorPage struct {
	Frame
	Status   int
	Detail   string
	Problems []shownProblem
}

// errorAnswer is the one place that says which status an error becomes.
func (s *Web) errorAnswer(v *visit, err error) answer {
	var (
		moved    *ledger.MovedError
		gone     *ledger.GoneError
		state    *ledger.StateError
		bad      *badRequestError
		problems incidents.Problems
	)
	switch {
	case errors.Is(err, errSignIn) && v.Method == http.MethodPost:
		return signedOut(v)
	case errors.Is(err, errSignIn):
		return seeOther(signInPath + "?to=" + url.QueryEscape(v.returnTo()))
	case errors.As(err, &moved):
		return answer{status: http.StatusPermanentRedirect, location: movedTo(v.URL.Path, moved.Slug)}
	case errors.As(err, &gone):
		return failure(http.StatusGone, "Retracted", "This incident was retracted: "+gone.Reason, nil)
	case errors.As(err, &bad):
		return failure(cmp.Or(bad.status, http.StatusBadRequest), "", bad.detail, nil)
	case errors.As(err, &state):
		return failure(http.StatusConflict, "Not possible now", state.Error()+".", nil)
	case errors.As(err, &problems):
		return failure(http.StatusBadRequest, "That is not right", "", problems)
	case errors.Is(err, ledger.ErrNotFound):
		return failure(http.StatusNotFound, "", "There is nothing at this address, or it is not public.", nil)
	case errors.Is(err, ledger.ErrForbidden):
		return failure(http.StatusForbidden, "Not allowed", "Your key does not allow this.", nil)
	case errors.Is(err, ledger.ErrCursor):
		return failure(http.StatusBadRequest, "", "This page of the list does not exist. Begin at its first page.", nil)
	case errors.Is(err, errFull):
		v.w.Header().Set("Retry-After", "1")
		return failure(http.StatusServiceUnavailable, "Busy", "The server is busy, and nothing was done. Try again in a few seconds.", nil)
	case errors.Is(err, ledger.ErrTooSlow), errors.Is(err, context.DeadlineExceeded), errors.Is(err, ledger.ErrBusy), ledger.Unavailable(err):
		v.w.Header().Set("Retry-After", "5")
		return failure(http.StatusServiceUnavailable, "Busy", "This took too long. Try again in a moment, or ask for less.", nil)
	case errors.Is(err, context.Canceled):
		return failure(http.StatusServiceUnavailable, "", "The request was cancelled.", nil)
	case ledger.Full(err):
		s.log.Error("page failed", "method", v.Method, "path", v.URL.Path, "error", err)
		v.w.Header().Set("Retry-After", "60")
		return failure(http.StatusServiceUnavailable, "No room", "The database has no room left, and nothing was stored. It has been noted.", nil)
	default:
		s.log.Error("page failed", "method", v.Method, "path", v.URL.Path, "error", err)
		return failure(http.StatusInternalServerError, "", "Something went wrong here. It has been noted.", nil)
	}
}

func failure(status int, title, detail string, problems incidents.Problems) answer {
	if title == "" {
		title = http.StatusText(status)
	}
	out := show("error", &errorPage{Frame: Frame{Title: title, NoIndex: true}, Status: status, Detail: detail, Problems: filterProblems(problems, nil)})
	out.status = status
	return out
}

// returnTo is the page that the visitor is led to after signing in.
func (v *visit) returnTo() string {
	if v.Method != http.MethodGet {
		return "/"
	}
	return v.URL.RequestURI()
}

// movedTo is the address of what was merged: the last slug of the path changes.
func movedTo(path, slug string) string {
	parts := strings.Split(path, "/")
	if len(parts) > 2 {
		parts[2] = slug
	}
	return strings.Join(parts, "/")
}

// asProblems takes the problems out of an error.
func asProblems(err error) (incidents.Problems, bool) {
	var problems incidents.Problems
	ok := errors.As(err, &problems)
	return problems, ok
}

func isNotFound(err error) bool { return errors.Is(err, ledger.ErrNotFound) }

// isGone reports whether an incident cannot be shown any more: what a list has named a
// moment ago may have been merged, retracted or withdrawn since.
func isGone(err error) bool {
	var moved *ledger.MovedError
	var gone *ledger.GoneError
	return isNotFound(err) || errors.As(err, &moved) || errors.As(err, &gone)
}
