package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// origins are the web origins whose pages may read answers: CORS, off when there
// are none. Credentials are never allowed; a page sends its key itself.
type origins struct {
	any  bool
	list []string
}

func parseOrigins(texts []string) (origins, error) {
	var out origins
	for _, text := range texts {
		text = strings.ToLower(strings.TrimSpace(text)) // as browsers send it
		if text == "*" {
			out.any = true
			continue
		}
		if !isOrigin(text) {
			return origins{}, fmt.Errorf("%q is not a web origin such as https://example.com, nor *", text)
		}
		out.list = append(out.list, text)
	}
	return out, nil
}

// parsePublicURL reads the server's address as others see it. The pages' links begin
// at the root of a host, so that there is no path.
func parsePublicURL(text string) (string, error) {
	out := strings.ToLower(strings.TrimRight(text, "/"))
	if out != "" && !isOrigin(out) {
		return "", fmt.Errorf("%q is not the public URL of a server, such as https://ledger.example.org: http or https and a host, without a path", text)
	}
	return out, nil
}

// isOrigin reports whether a text is a scheme of the web and a host, and nothing more:
// no host that stands for several.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Contains(u.Host, "*") || u.Scheme+"://"+u.Host != text {
		return false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" && !strings.HasSuffix(u.Host, ":") || err == nil && port > 0
}

var (
	corsAny     = []string{"*"}
	corsMethods = []string{"GET, HEAD, POST, PUT, PATCH, DELETE"}
	corsHeaders = []string{"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"}
	corsExposed = []string{"Content-Disposition, ETag, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id"}
	corsAge     = []string{"7200"} // browsers keep it no longer
)

// cors lets pages of the configured origins in, and answers their preflights.
func (a *API) cors(c *gin.Context) {
	if !a.origins.any && len(a.origins.list) == 0 {
		c.Next()
		return
	}
	h := c.Writer.Header()
	origin := c.Request.Header.Get("Origin")
	switch {
	case a.origins.any:
		h["Access-Control-Allow-Origin"] = corsAny
	case slices.Contains(a.origins.list, origin):
		h["Access-Control-Allow-Origin"] = []string{origin}
		h.Add("Vary", "Origin")
	default:
		h.Add("Vary", "Origin")
		c.Next()
		return
	}
	if c.Request.Method == http.MethodOptions && c.Request.Header.Get("Access-Control-Request-Method") != "" {
		h["Access-Control-Allow-Methods"] = corsMethods
		h["Access-Control-Allow-Headers"] = corsHeaders
		h["Access-Control-Max-Age"] = corsAge
		c.AbortWithStatus(http.StatusNoContent)
		return
	}
	h["Access-Control-Expose-Headers"] = corsExposed
	c.Next()
}
