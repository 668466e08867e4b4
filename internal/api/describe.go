package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/access"
)

// This file completes the OpenAPI document where it follows from what a route
// is: who may use it, the answers that any such route can give, and their headers.

// statusMeanings says for each status what it means here.
var statusMeanings = map[int]string{
	http.StatusOK:                    "Done",
	http.StatusCreated:               "Stored; Location is its address",
	http.StatusNoContent:             "Done; there is nothing to show",
	http.StatusNotModified:           "It has not changed since the ETag was given out",
	http.StatusPermanentRedirect:     "It was merged into another, which Location names",
	http.StatusBadRequest:            "The body is not JSON, or the cursor does not belong to this list",
	http.StatusUnauthorized:          "A key is needed, or the one that was sent is unknown, has expired or was revoked",
	http.StatusForbidden:             "The key's role may not do this",
	http.StatusNotFound:              "There is nothing at this address that the key may see",
	http.StatusRequestTimeout:        "The body did not arrive in time",
	http.StatusConflict:              "It is known already (Location names it), or its state does not allow this",
	http.StatusGone:                  "It was retracted; the problem says why",
	http.StatusPreconditionFailed:    "It has changed since; ETag is the present one",
	http.StatusRequestEntityTooLarge: "The body is larger than 1 MiB",
	http.StatusUnsupportedMediaType:  "The body is not sent as JSON",
	http.StatusUnprocessableEntity:   "A field or parameter cannot be accepted; all of them are named, and nothing was stored",
	http.StatusPreconditionRequired:  "If-Match is missing; ETag is the present one",
	http.StatusTooManyRequests:       "Too many requests in a short time; Retry-After says when to try again",
	http.StatusInternalServerError:   "A fault of the server; its log has the details under the request's id",
	http.StatusServiceUnavailable:    "Not now: too slow, too busy, or without its database; Retry-After says when to try again",
}

// headerMeanings are the headers that answers have.
var headerMeanings = map[string]string{
	"ETag":                "Names the answer as it stands, for If-None-Match; that of an incident is for If-Match too",
	"Location":            "Where it is",
	"Link":                "The next page, with rel=\"next\" (RFC 8288); absent on the last",
	"Content-Disposition": "The name of the file that the answer would be saved as",
	"Content-Encoding":    "gzip when the request accepts it",
	"Idempotent-Replayed": "true when this is the answer to an earlier request with the same Idempotency-Key",
	"Retry-After":         "In how many seconds to try again",
	"WWW-Authenticate":    "How to authenticate",
}

// finishOperations describes every operation to its end. It is called once,
// when all routes are there and before their schemas are finished.
func (a *API) finishOperations() {
	problem := map[string]*huma.MediaType{problemMedia: {Schema: a.schemaOf(Problem{})}}
	for _, op := range operations(a.huma.OpenAPI()) {
		role, _ := op.Metadata[roleName].(access.Role)
		describeRole(op, role)
		for _, status := range commonStatuses(op, role) {
			if name := strconv.Itoa(status); op.Responses[name] == nil {
				op.Responses[name] = &huma.Response{}
			}
		}
		for name, r := range op.Responses {
			status, err := strconv.Atoi(name)
			if err != nil {
				continue
			}
			switch {
			case status == http.StatusPermanentRedirect, status >= http.StatusBadRequest:
				r.Content = problem
			case status == http.StatusNotModified:
				r.Content = nil
			}
			r.Description = statusMeanings[status]
			r.Headers = headersOf(op, status)
		}
		if op.Method == http.MethodPatch && op.RequestBody != nil {
			op.RequestBody.Content[mergePatch] = new(*op.RequestBody.Content["application/json"])
		}
	}
}

// describeRole says who may use an operation, in words and for programs.
func describeRole(op *huma.Operation, role access.Role) {
	op.Extensions = maps.Clone(op.Extensions)
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Description = strings.TrimSpace(op.Description)
	if role == access.Anonymous {
		op.Extensions["x-role"] = "anybody"
		return
	}
	op.Extensions["x-role"] = string(role)
	op.Description += fmt.Sprintf("\n\nNeeds a key with the role %s or above.", role)
}

// commonStatuses are the statuses that any operation like this one can answer.
func commonStatuses(op *huma.Operation, role access.Role) []int {
	out := []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if role != access.Anonymous {
		out = append(out, http.StatusForbidden)
	}
	if op.RequestBody != nil {
		out = append(out, http.StatusRequestTimeout, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if hasParameter(op, "header", "If-None-Match") {
		out = append(out, http.StatusNotModified)
	}
	if hasParameter(op, "header", "If-Match") {
		out = append(out, http.StatusPreconditionFailed)
	}
	if hasParameter(op, "header", "Idempotency-Key") {
		out = append(out, http.StatusConflict)
	}
	if hasParameter(op, "path", "ref") {
		out = append(out, http.StatusNotFound, http.StatusPermanentRedirect, http.StatusGone)
	}
	if hasParameter(op, "path", "slug") {
		out = append(out, http.StatusNotFound, http.StatusPermanentRedirect)
	}
	return out
}

func hasParameter(op *huma.Operation, in, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == in && p.Name == name })
}

// headersOf are the headers that an answer of that status can have.
func headersOf(op *huma.Operation, status int) map[string]*huma.Header {
	var names []string
	switch status {
	case http.StatusUnauthorized:
		names = []string{"WWW-Authenticate"}
	case http.StatusConflict:
		names = []string{"Location", "Retry-After"}
	case http.StatusPermanentRedirect:
		names = []string{"Location"}
	case http.StatusPreconditionFailed, http.StatusPreconditionRequired, http.StatusNotModified:
		names = []string{"ETag"}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		names = []string{"Retry-After"}
	case op.DefaultStatus:
		names = successHeaders(op)
	}
	if len(names) == 0 {
		return nil
	}
	out := map[string]*huma.Header{}
	for _, name := range names {
		out[name] = &huma.Header{Description: headerMeanings[name], Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return out
}

// tagged are the schemas of what has an ETag.
var tagged = []string{"Incident", "RecordedIncident", "Revision"}

func successHeaders(op *huma.Operation) []string {
	var names []string
	content := op.Responses[strconv.Itoa(op.DefaultStatus)].Content
	m := content["application/json"]
	switch {
	case m != nil && slices.Contains(tagged, strings.TrimPrefix(m.Schema.Ref, componentPrefix)),
		hasParameter(op, "header", "If-None-Match"),
		op.Tags[0] == "exchange" && hasParameter(op, "path", "ref"): // an incident in another form
		names = append(names, "ETag")
	}
	if op.DefaultStatus == http.StatusCreated {
		names = append(names, "Location")
	}
	if hasParameter(op, "query", "cursor") {
		names = append(names, "Link")
	}
	if content["text/csv"] != nil {
		names = append(names, "Content-Disposition")
	}
	if content[ndjsonMedia] != nil {
		names = append(names, "Content-Disposition", "Content-Encoding")
	}
	if hasParameter(op, "header", "Idempotency-Key") {
		names = append(names, "Idempotent-Replayed")
	}
	return names
}
