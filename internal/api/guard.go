package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// pagesRoute is what metrics and the log call everything behind [API.Guard].
const pagesRoute = "/*page"

// Guard puts a handler beside the API, such as that of the pages, behind what
// guards the API from outside: request ids, the log and the metrics, panics, the
// largest body, and the rate of an address; and before its memory of answers. Who may read what, and the headers
// of its answers, stay its own business.
func (a *API) Guard(next http.Handler) http.Handler {
	router := gin.New()
	router.Use(a.observe, a.recoverPanics, limitBody, func(c *gin.Context) {
		if a.spendAddress(c, visitOf(c.Request.Context()).client) {
			c.Next()
		}
	}, a.remember)
	router.Any(pagesRoute, func(c *gin.Context) { next.ServeHTTP(c.Writer, c.Request) })
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		a.metrics.routes[endpoint{method, pagesRoute}] = a.metrics.series(method, "pages")
	}
	return router
}
