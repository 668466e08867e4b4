package api_test

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/breachledger/breachledger/internal/api"
)

// contract is the OpenAPI document as a check of answers: each must have a
// documented status, media type, headers and schema.
type contract struct {
	doc        *huma.OpenAPI
	mu         sync.Mutex
	compiler   *jsonschema.Compiler
	operations []documented
}

// documented is an operation of the document.
type documented struct {
	*huma.Operation
	method, path string
	segments     []string
}

func newContract(tb testing.TB, a *api.API) *contract {
	tb.Helper()
	written, err := json.Marshal(a.OpenAPI())
	if err != nil {
		tb.Fatalf("write the OpenAPI document: %v", err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	if err != nil {
		tb.Fatalf("read the OpenAPI document: %v", err)
	}
	c := &contract{doc: a.OpenAPI(), compiler: jsonschema.NewCompiler()}
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("openapi.json", parsed); err != nil {
		tb.Fatalf("read the OpenAPI document: %v", err)
	}
	for path, item := range c.doc.Paths {
		for method, op := range methods(item) {
			c.operations = append(c.operations, documented{op, method, path, strings.Split(path, "/")})
		}
	}
	slices.SortFunc(c.operations, func(a, b documented) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	return c
}

func methods(item *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}
	for method, op := range all {
		if op == nil {
			delete(all, method)
		}
	}
	return all
}

// find is the operation that a request is for. A path written out goes before
// one with parameters.
func (c *contract) find(method, path string) (documented, bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	segments := strings.Split(path, "/")
	best, parameters := documented{}, -1
	for _, op := range c.operations {
		if op.method != method || len(op.segments) != len(segments) {
			continue
		}
		n, fits := 0, true
		for i, s := range op.segments {
			if strings.HasPrefix(s, "{") && segments[i] != "" {
				n++
			} else if s != segments[i] {
				fits = false
			}
		}
		if fits && (parameters < 0 || n < parameters) {
			best, parameters = op, n
		}
	}
	return best, parameters >= 0
}

// check fails the test when the answer is not as documented.
func (c *contract) check(tb testing.TB, r *http.Request, got reply) {
	tb.Helper()
	what := r.Method + " " + r.URL.EscapedPath() + " → " + strconv.Itoa(got.status)
	if got.status >= http.StatusInternalServerError && got.status != http.StatusServiceUnavailable {
		tb.Fatalf("%s: %s", what, got.body)
	}
	if got.status >= http.StatusBadRequest {
		c.checkProblem(tb, what, got)
	}
	op, ok := c.find(r.Method, r.URL.EscapedPath())
	if !ok {
		return // what lies outside of version 1, and what isn't there
	}
	response, ok := op.Responses[strconv.Itoa(got.status)]
	if !ok {
		tb.Fatalf("%s: the operation %s does not document this status: %s", what, op.OperationID, got.body)
	}
	for name := range got.header {
		if !slices.Contains(everywhere, name) && !documentsHeader(response, name) {
			tb.Errorf("%s: the operation %s does not document the header %s: %s", what, op.OperationID, name, got.header.Get(name))
		}
	}
	media, _, _ := mime.ParseMediaType(got.header.Get("Content-Type"))
	if len(response.Content) == 0 {
		if len(got.body) > 0 {
			tb.Errorf("%s: the operation %s documents no body: %s", what, op.OperationID, got.body)
		}
		return
	}
	if r.Method == http.MethodHead {
		return
	}
	if response.Content[media] == nil {
		tb.Fatalf("%s: the operation %s does not document the media type %q: %s", what, op.OperationID, media, got.body)
	}
	if api.IsJSON(media) {
		c.validate(tb, what, got.body, "paths", op.path, strings.ToLower(op.method), "responses", strconv.Itoa(got.status), "content", media, "schema")
	}
}

func documentsHeader(r *huma.Response, name string) bool {
	for documented := range r.Headers {
		if strings.EqualFold(documented, name) {
			return true
		}
	}
	return false
}

// everywhere are the headers that any answer may have.
var everywhere = []string{
	"Content-Type", "X-Request-Id", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options",
	"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset", "Ratelimit-Policy", "Ratelimit",
	"Content-Security-Policy", "Strict-Transport-Security", "Cross-Origin-Resource-Policy", "Vary", "Cache-Control", "Content-Length",
}

func (c *contract) checkProblem(tb testing.TB, what string, got reply) {
	tb.Helper()
	if media := got.header.Get("Content-Type"); media != "application/problem+json" {
		tb.Fatalf("%s: the error is no problem but %q: %s", what, media, got.body)
	}
	c.validate(tb, what, got.body, "components", "schemas", "Problem")
	p := got.problem(tb)
	if p.Status != got.status || p.RequestID == "" || p.RequestID != got.header.Get("X-Request-Id") || p.Detail == "" || p.Code == "" || p.Title == "" {
		tb.Errorf("%s: the problem is not complete: %s", what, got.body)
	}
}

// validate checks JSON against the schema at that place of the document.
func (c *contract) validate(tb testing.TB, what string, body []byte, place ...string) {
	tb.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		tb.Fatalf("%s: the body is no JSON: %v: %s", what, err, body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	schema, err := c.compiler.Compile("openapi.json#" + pointer(place))
	if err != nil {
		tb.Fatalf("%s: %v", what, err)
	}
	if err := schema.Validate(value); err != nil {
		tb.Fatalf("%s: the body is not as documented: %v\n%s", what, err, body)
	}
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "%2B")

func pointer(segments []string) string {
	var out strings.Builder
	for _, s := range segments {
		out.WriteString("/" + pointerEscaper.Replace(s))
	}
	return out.String()
}
