package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/ledger"
)

// brief is the input of an operation that is asked for all the time in a simple form.
// It reads that form itself: huma looks for each of some thirty parameters in turn,
// which takes an eighth of the time of a list. The answer is the one that huma gives.
type brief interface {
	// readBrief reads a request of the simple form. Of any other, and of one with a
	// mistake, it is false: these are huma's.
	readBrief(c *gin.Context) bool
}

// addShortcut takes requests of the simple form past huma.
func addShortcut[I any](a *API, o operation, respond func(context.Context, *I) (*answer, error)) {
	if _, ok := any(new(I)).(brief); !ok || o.method != http.MethodGet {
		return
	}
	a.shortcuts[ginPath(o.path)] = func(c *gin.Context) {
		in := new(I)
		ctx := c.Request.Context()
		if !any(in).(brief).readBrief(c) || allow(identity(ctx), o.role) != nil { //nolint:forcetypeassert // looked at above
			return
		}
		out, err := respond(ctx, in)
		if err != nil {
			a.abort(c, problemOf(err))
			return
		}
		out.write(c)
		c.Abort()
	}
}

// shortcut is the last handler before huma's.
func (a *API) shortcut(c *gin.Context) {
	if take := a.shortcuts[c.FullPath()]; take != nil && c.Request.Method == http.MethodGet {
		take(c)
	}
}

// write writes the answer as huma does.
func (out *answer) write(c *gin.Context) {
	h := c.Writer.Header()
	for _, f := range [...]struct{ name, value string }{
		{"Content-Type", out.ContentType},
		{"Etag", out.ETag},
		{"Location", out.Location},
		{"Link", out.Link},
		{"Cache-Control", out.CacheControl},
		{"Content-Disposition", out.Disposition},
		{"Idempotent-Replayed", out.Replayed},
	} {
		if f.value != "" {
			h[f.name] = []string{f.value}
		}
	}
	if len(out.Vary) > 0 {
		h["Vary"] = append(h["Vary"], out.Vary...)
	}
	c.Status(out.Status)
	if out.Body == nil {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(out.Body) // a client that has gone
}

// locate takes over the request's address.
func (l *Located) locate(r *http.Request, query url.Values) {
	l.at, l.query = *r.URL, query
	l.origin = "http://" + r.Host
	if r.TLS != nil {
		l.origin = "https://" + r.Host
	}
}

// readBrief reads a page of a list in some order, without a filter.
func (in *listInput) readBrief(c *gin.Context) bool {
	in.Limit, in.Date = ledger.DefaultLimit, ledger.ByDisclosed
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return false
	}
	for name, values := range query {
		if len(values) != 1 {
			return false
		}
		switch value := values[0]; name {
		case "limit":
			in.Limit, err = strconv.Atoi(value)
			if err != nil || in.Limit < 1 || in.Limit > 200 || strconv.Itoa(in.Limit) != value {
				return false
			}
		case "cursor":
			in.Cursor = value
			if value == "" || len(value) > 2000 {
				return false
			}
		case "sort":
			in.Sort = ledger.Sort(value)
			if !slices.Contains(ledger.Sorts(), value) {
				return false
			}
		default:
			return false
		}
	}
	in.locate(c.Request, query)
	in.Accept, in.IfNoneMatch = c.GetHeader("Accept"), c.GetHeader("If-None-Match")
	return true
}

// readBrief reads which incident is wanted.
func (in *readInput) readBrief(c *gin.Context) bool {
	in.Ref = c.Param("ref")
	if c.Request.URL.RawQuery != "" || in.Ref == "" || len(in.Ref) > 100 {
		return false
	}
	in.locate(c.Request, url.Values{})
	in.IfNoneMatch = c.GetHeader("If-None-Match")
	return true
}

// ginPath is a path of the OpenAPI document as Gin writes it.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
