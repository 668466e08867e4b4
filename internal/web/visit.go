package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// visit is a request with who makes it.
type visit struct {
	*http.Request
	by     access.Identity
	w      http.ResponseWriter
	query  url.Values
	origin string // scheme and host by which the visitor reaches the pages
}

func (v *visit) ctx() context.Context { return v.Context() }

// change is what a write of the visitor is recorded as.
func (v *visit) change(action, reason string, known incidents.Problems) ledger.Change {
	return ledger.Change{By: v.by, Action: action, Reason: reason, Known: known}
}

// need refuses those who have less than the role.
func (v *visit) need(role access.Role) error {
	if v.by.Role == access.Anonymous {
		return errSignIn
	}
	if !v.by.Role.AtLeast(role) {
		return ledger.ErrForbidden
	}
	return nil
}

// maxForm is the largest form: three times the largest body of the API, since what
// is not ASCII takes three bytes for each of its own in a form.
const maxForm = 3 << 20

// readForm reads the fields of a form that was sent.
func (v *visit) readForm() error {
	v.Body = http.MaxBytesReader(v.w, v.Body, maxForm)
	if err := v.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return &badRequestError{status: http.StatusRequestEntityTooLarge, detail: "The form is larger than 3 MiB, and nothing was stored. " +
				"Go back: your browser may still have what you typed. Shorten the texts of the sources to what is quoted."}
		}
		return &badRequestError{detail: "The form could not be read: " + err.Error()}
	}
	// The deadline was for reading the form; left in place, it would end the request.
	_ = http.NewResponseController(v.w).SetReadDeadline(time.Time{})
	return bounded(v.PostForm)
}

// handler makes the answer to a request.
type handler func(*visit) (answer, error)

// answer is what becomes of a request: a page, a redirect, or a file.
type answer struct {
	status   int
	template string
	page     framed
	location string
	file     *file
}

// file is a body that is no page, written as it is made.
type file struct {
	contentType, name string
	write             func(io.Writer) error
}

func show(template string, page framed) answer { return answer{template: template, page: page} }

// seeOther leads on to another page after a form was sent.
func seeOther(location string) answer { return answer{status: http.StatusSeeOther, location: location} }

// noPage is the answer to what no page answers: there is none, or not for this method.
func (s *Web) noPage(v *visit) (answer, error) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		same := v.WithContext(v.Context()) // a copy
		same.Method = method
		if _, pattern := s.mux.Handler(same); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 || v.Method == http.MethodGet || v.Method == http.MethodHead {
		return notFoundPage(v)
	}
	v.w.Header().Set("Allow", strings.Join(allowed, ", "))
	return answer{}, &badRequestError{status: http.StatusMethodNotAllowed, detail: v.Method + " is not possible at " + v.URL.Path + "."}
}

func notFoundPage(v *visit) (answer, error) {
	return answer{}, &badRequestError{status: http.StatusNotFound, detail: "There is nothing at " + v.URL.Path + "."}
}
