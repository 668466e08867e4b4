package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// operation describes a route.
type operation struct {
	id, method, path string
	tag              string
	summary, details string
	role             access.Role
	status           int // of success; 200 when not given
	// request and result are values of the types of the bodies, nil for none.
	request, result any
	media           string // of the result; application/json when not given
	requestExample  any
	optionalBody    bool  // the request may come without a body
	csv             bool  // the result can be had as CSV too
	quick           bool  // shares connections with other short reads
	search          bool  // uses the pool for searches; lists and reports always do
	transfer        bool  // takes or gives a whole ledger, as long as it takes
	errors          []int // that it can answer besides those that follow from what it is
}

// answer is what a handler gives back: a finished body and its headers.
type answer struct {
	Status       int
	ContentType  string   `header:"Content-Type"`
	ETag         string   `header:"ETag"`
	Location     string   `header:"Location"`
	Link         string   `header:"Link"`
	Vary         []string `header:"Vary"`
	CacheControl string   `header:"Cache-Control"`
	Disposition  string   `header:"Content-Disposition"`
	Replayed     string   `header:"Idempotent-Replayed"`
	Body         []byte
}

// JSONBody is the raw body of a request: it is read by package strict.
type JSONBody struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/json"`
}

// register adds a route. It keeps the OpenAPI document true: bodies, errors and
// security come from the operation's description.
func register[I any](a *API, o operation, handler func(context.Context, *I) (*answer, error)) {
	if f, ok := reflect.TypeFor[I]().FieldByName("Located"); !ok || !f.Anonymous {
		panic("the input of " + o.id + " must embed Located, which checks its parameters")
	}
	described := a.describe(&o)
	respond := func(ctx context.Context, in *I) (*answer, error) {
		out, err := call(ctx, a, o, in, handler)
		if err != nil {
			if o.method == http.MethodGet {
				err = aboutParameters(err)
			}
			a.logFault(ctx, err)
			return nil, problemOf(err).complete(requestID(ctx))
		}
		finish(ctx, o, in, out)
		return out, nil
	}
	huma.Register(a.huma, described, respond)
	a.describeBodies(o)
	addShortcut(a, o, respond)
}

// finish fills in what an answer has whatever its handler is.
func finish(ctx context.Context, o operation, in any, out *answer) {
	if out.Status == 0 {
		out.Status = o.status
	}
	if out.ContentType == "" && out.Body != nil {
		out.ContentType = "application/json"
	}
	v := visitOf(ctx)
	if out.CacheControl == "" && o.method == http.MethodGet && v.identity.Role == access.Anonymous {
		out.CacheControl = revalidate
		out.Vary = []string{strings.Join(append(out.Vary, "Authorization"), ", ")}
	}
	if asked, ok := in.(conditional); ok && out.Status == http.StatusOK {
		out.ETag = cmp.Or(out.ETag, tagOf(out.Body))
		if matches(asked.ifNoneMatch(), out.ETag) {
			leaveOut(v.writer.Header())
			*out = answer{Status: http.StatusNotModified, ETag: out.ETag, CacheControl: out.CacheControl, Vary: out.Vary}
		}
	}
	if v.writer != nil && out.Body != nil {
		v.whole(len(out.Body))
	}
}

// describe is an operation as huma takes it. It fills in what was not given.
func (a *API) describe(o *operation) huma.Operation {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	if o.role == access.Anonymous && a.keyedReads {
		o.role = access.Reader
	}
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag}, Summary: o.summary, Description: o.details,
		DefaultStatus: o.status, Errors: append([]int{http.StatusInternalServerError}, o.errors...), Metadata: map[string]any{roleName: o.role},
		SkipValidateBody: true, MaxBodyBytes: maxBody, BodyReadTimeout: a.bodyTimeout,
		Middlewares: huma.Middlewares{a.authorise},
		Security:    []map[string][]string{{"key": {}}},
	}
	if o.role == access.Anonymous {
		op.Security = append([]map[string][]string{{}}, op.Security...)
	}
	return op
}

// describeBodies puts the schemas of the bodies into the OpenAPI document: to
// huma, which does not read them, they are bytes.
func (a *API) describeBodies(o operation) {
	doc := a.huma.OpenAPI()
	item := doc.Paths[o.path]
	op := map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}[o.method]
	if o.request != nil {
		if op.RequestBody == nil { // it streams past huma
			op.RequestBody = &huma.RequestBody{}
		}
		op.RequestBody.Required = !o.optionalBody
		op.RequestBody.Content = map[string]*huma.MediaType{"application/json": {Schema: a.schemaOf(o.request), Example: o.requestExample}}
	}
	response := op.Responses[strconv.Itoa(o.status)]
	response.Content = nil
	if o.result != nil {
		response.Content = map[string]*huma.MediaType{cmp.Or(o.media, "application/json"): {Schema: a.schemaOf(o.result)}}
		if o.csv {
			response.Content["text/csv"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
		}
	}
}

func (a *API) schemaOf(value any) *huma.Schema {
	return a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(value), true, "")
}

// read reads the body into a document, and returns what is wrong with it. Only a body
// that is not JSON, or that two readers could read differently, is an error at once.
func (b *JSONBody) read(into any) (incidents.Problems, error) {
	node, err := b.parse()
	if err != nil {
		return nil, err
	}
	return strict.Decode(node, into, strict.Options{}), nil
}

// parse reads the body into a tree; no body is an empty object.
func (b *JSONBody) parse() (*strict.Node, error) {
	if b.ContentType != "" {
		if media, _, err := mime.ParseMediaType(b.ContentType); err != nil || media != "application/json" && media != mergePatch {
			return nil, &Problem{
				Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type",
				Detail: fmt.Sprintf("the body must be JSON, sent with Content-Type: application/json, not %s", b.ContentType),
			}
		}
	}
	if len(bytes.TrimSpace(b.RawBody)) == 0 {
		return &strict.Node{Kind: strict.Object}, nil
	}
	return strict.ParseJSON(b.RawBody)
}

// asJSON is an answer with a value as its body.
func asJSON(value any) (*answer, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	return &answer{Body: out.Bytes()}, nil
}
