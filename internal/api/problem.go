package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/strict"
)

// Problem is an error as clients see it: problem details of RFC 9457.
type Problem struct { //nolint:errname // what RFC 9457 calls it
	Title     string       `json:"title" doc:"The status in words" example:"Unprocessable Entity"`
	Status    int          `json:"status" example:"422"`
	Code      string       `json:"code" doc:"What kind of problem it is, for programs" example:"invalid"`
	Detail    string       `json:"detail" doc:"What is wrong, in a sentence"`
	RequestID string       `json:"request_id,omitempty" doc:"Names this request in the server's log"`
	Errors    []FieldError `json:"errors,omitempty" doc:"Every bad field, all at once"`

	headers http.Header
}

// FieldError is one bad field of a body (pointer) or one bad parameter.
type FieldError struct {
	Pointer   string   `json:"pointer,omitempty" doc:"JSON Pointer (RFC 6901) into the body; absent for the body as a whole. Where a part of an incident is written, what does not lie in it is found in the incident" example:"/counts/0/unit"`
	Parameter string   `json:"parameter,omitempty" doc:"The name of the query, path or header parameter" example:"limit"`
	Detail    string   `json:"detail" example:"\"card\" is not a known unit"`
	Allowed   []string `json:"allowed,omitempty" doc:"The values that are allowed, when it is a closed list"`
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus is the status of the answer.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are further headers of the answer.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// problemMedia is the media type of problems.
const problemMedia = "application/problem+json"

// ContentType is that of RFC 9457.
func (*Problem) ContentType(string) string { return problemMedia }

func (p *Problem) with(name, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(name, value)
	return p
}

func notFoundProblem(detail string) *Problem {
	return &Problem{Status: http.StatusNotFound, Code: "not_found", Detail: detail}
}

// problemOf is the one table from errors to statuses. What is not in it is a
// fault of the server, and nothing of it is shown.
func problemOf(err error) *Problem {
	var (
		problem  *Problem
		problems incidents.Problems
		syntax   *strict.SyntaxError
		stale    *ledger.StaleError
		exists   *ledger.ExistsError
		moved    *ledger.MovedError
		gone     *ledger.GoneError
		state    *ledger.StateError
		source   *ledger.KnownSourceError
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &problems):
		return invalid(problems)
	case errors.As(err, &syntax):
		return &Problem{
			Status: http.StatusBadRequest, Code: "malformed", Detail: fmt.Sprintf("the body is not JSON as it is accepted here: line %d, column %d: %s", syntax.Line, syntax.Column, syntax.Detail),
			Errors: []FieldError{{Pointer: syntax.Pointer, Detail: syntax.Detail}},
		}
	case errors.As(err, &tooLarge):
		return &Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit)}
	case errors.As(err, &stale):
		return (&Problem{
			Status: http.StatusPreconditionFailed, Code: "stale",
			Detail: "the incident was changed since you read it: get it again, and send its new ETag in If-Match",
		}).with("ETag", stale.ETag)
	case errors.As(err, &exists):
		return (&Problem{Status: http.StatusConflict, Code: "exists", Detail: exists.Error()}).with("Location", "/v1/incidents/"+exists.Slug)
	case errors.As(err, &moved):
		return &Problem{Status: http.StatusPermanentRedirect, Code: "moved", Detail: moved.Error()}
	case errors.As(err, &gone):
		return &Problem{Status: http.StatusGone, Code: "retracted", Detail: "the incident " + gone.Error()}
	case errors.As(err, &state):
		return &Problem{Status: http.StatusConflict, Code: "wrong_state", Detail: state.Error()}
	case errors.As(err, &source):
		return (&Problem{Status: http.StatusConflict, Code: "exists", Detail: source.Error()}).with("Location", "/v1/sources/"+source.ID.String())
	case errors.Is(err, ledger.ErrKeyReused):
		return &Problem{
			Status: http.StatusUnprocessableEntity, Code: "idempotency_key_reused", Detail: "the Idempotency-Key was used for another request: send a new key with a new request",
			Errors: []FieldError{{Parameter: "Idempotency-Key", Detail: "was used with another method, path or body"}},
		}
	case errors.Is(err, ledger.ErrKey):
		return unauthorised(err.Error())
	case errors.Is(err, ledger.ErrForbidden):
		return &Problem{Status: http.StatusForbidden, Code: "forbidden", Detail: cause(err, ledger.ErrForbidden)}
	case errors.Is(err, ledger.ErrNotFound):
		return notFoundProblem(cause(err, ledger.ErrNotFound))
	case errors.Is(err, ledger.ErrCursor):
		return &Problem{
			Status: http.StatusBadRequest, Code: "bad_cursor", Detail: "the cursor was not given out by this list with these filters and this order: begin again without it",
			Errors: []FieldError{{Parameter: "cursor", Detail: "is not a cursor of this list"}},
		}
	case errors.Is(err, ledger.ErrTooSlow):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "too_slow", Detail: "the search or report took longer than it may: narrow it, or try again later",
		}).with("Retry-After", "5")
	case errors.Is(err, ledger.ErrBusy):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "busy", Detail: "other requests kept changing the same things: nothing was stored, try again",
		}).with("Retry-After", "1")
	case errors.Is(err, errOverloaded):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "overloaded", Detail: "the server is too busy at the moment: try again later",
		}).with("Retry-After", "1")
	case errors.Is(err, context.DeadlineExceeded):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "too_slow", Detail: "the request took longer than it may: try again later",
		}).with("Retry-After", "5")
	case errors.Is(err, context.Canceled):
		return &Problem{Status: statusClientGone, Code: "client_gone", Detail: "the client went away"}
	case ledger.Unavailable(err):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "unavailable", Detail: "the database cannot be reached: try again later",
		}).with("Retry-After", "5")
	case ledger.Full(err):
		return (&Problem{
			Status: http.StatusServiceUnavailable, Code: "no_room", Detail: "the database has no room left: nothing was stored; the server's log has the details",
		}).with("Retry-After", "60")
	default:
		return internalProblem()
	}
}

// internalProblem is a fault of the server. Nothing of it is shown.
func internalProblem() *Problem {
	return &Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "something went wrong on the server; its log has the details under this request's id"}
}

// cause is the message of an error from the sentinel on: what the caller did is
// left out.
func cause(err, sentinel error) string {
	text := err.Error()
	if i := strings.Index(text, sentinel.Error()); i >= 0 {
		return text[i:]
	}
	return text
}

func invalid(problems incidents.Problems) *Problem {
	p := &Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Errors: make([]FieldError, len(problems))}
	for i, one := range problems {
		p.Errors[i] = FieldError{Pointer: one.Pointer, Detail: one.Detail, Allowed: one.Allowed}
	}
	p.Detail = "the body has a field that cannot be accepted; nothing was stored"
	if n := len(problems); n != 1 {
		p.Detail = fmt.Sprintf("the body has %d fields that cannot be accepted; nothing was stored", n)
	}
	return p
}

func unauthorised(detail string) *Problem {
	return (&Problem{Status: http.StatusUnauthorized, Code: "unauthorised", Detail: detail}).with("WWW-Authenticate", `Bearer realm="breachledger"`)
}

// complete fills in what follows from the status and the request.
func (p *Problem) complete(requestID string) *Problem {
	p.Title, p.RequestID = http.StatusText(p.Status), requestID
	return p
}

// abort answers a request with a problem, outside of huma.
func (a *API) abort(c *gin.Context, p *Problem) {
	p = p.complete(requestID(c.Request.Context()))
	header := c.Writer.Header()
	maps.Copy(header, p.headers)
	header.Set("Content-Type", problemMedia) // Gin would leave that of the answer that was to come
	body, err := json.Marshal(p)
	if err != nil {
		a.log.Error("write a problem", "error", err)
	}
	c.Abort()
	c.Data(p.Status, problemMedia, append(body, '\n'))
}
