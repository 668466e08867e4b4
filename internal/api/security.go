package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
)

// Header values are shared by all answers; their capacity is their length, so
// that adding to one copies it.
var (
	nosniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	noStore    = []string{"no-store"}
	// An answer of the API is data: nothing in it is to be run, and no page may
	// frame it. The documentation's page sets a policy of its own.
	dataPolicy = []string{"default-src 'none'; frame-ancestors 'none'"}
)

// revalidate is the Cache-Control of what anybody may read: caches may keep it,
// and ask each time whether it has changed.
const revalidate = "no-cache"

func hstsValue(d time.Duration) []string {
	if d <= 0 {
		return nil
	}
	return []string{"max-age=" + strconv.FormatInt(int64(d/time.Second), 10)}
}

// leaveOut takes away the headers that a 304 need not repeat: the client has
// them with the answer that it kept (RFC 9110, section 15.4.5).
func leaveOut(h http.Header) {
	for _, name := range [...]string{"X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "Content-Security-Policy"} {
		delete(h, name)
	}
}

// secure sets the headers that every answer carries. Nothing is cached unless a
// handler says so.
func (a *API) secure(c *gin.Context) {
	h := c.Writer.Header()
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = noReferrer
	h["X-Frame-Options"] = deny
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Content-Security-Policy"] = dataPolicy
	h["Cache-Control"] = noStore
	if a.hsts != nil {
		h["Strict-Transport-Security"] = a.hsts
	}
	c.Next()
}
