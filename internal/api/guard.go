package api

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
)

// pagesRoute is what metrics and the log call everything behind [API.Guard].
const pagesRoute = "/*page"

// Guard gives a handler that stands beside the API, such as that of the pages, what
// the API has around itself: request ids, the log and the metrics, recovery from
// panics, the rate limit of an address, and the memory of answers. Who may read what,
// the headers of answers, and how large a body may be, remain the handler's business.
func (a *API) Guard(next http.Handler) http.Handler {
	router := gin.New()
	router.Use(a.observe, a.recoverPanics, func(c *gin.Context) {
		if a.spendAddress(c, visitOf(c.Request.Context()).client) {
			c.Next()
		}
	}, a.remember)
	pages := func(c *gin.Context) { next.ServeHTTP(c.Writer, c.Request) }
	router.Any(pagesRoute, pages)
	router.NoRoute(pages) // methods that Gin does not know
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		a.metrics.routes[endpoint{method, pagesRoute}] = a.metrics.series(method, "pages")
	}
	return router
}

// PageGates admit the pages to the database by the API's own gates, so that the two
// share its limits. Whoever is let in gets a context that ends when a request of the
// API would, and must leave.
type PageGates struct {
	Quick, Read, Search func(context.Context) (context.Context, func(), error)
	// Aside is for a search that a page can do without: it gets a place now or never.
	Aside func(context.Context) (context.Context, func(), error)
	// Part is for the next part of a file that has begun: it waits for its turn as long
	// as that takes, and has no time limit.
	Part func(context.Context) (context.Context, func(), error)
}

// PageGates are the gates for handlers behind [API.Guard].
func (a *API) PageGates() PageGates {
	limited := func(kind class, enter func(*gate, context.Context) error) func(context.Context) (context.Context, func(), error) {
		return func(ctx context.Context) (context.Context, func(), error) {
			ctx, cancel := context.WithTimeout(ctx, a.requestTimeout)
			if err := enter(a.gates[kind], ctx); err != nil {
				cancel()
				return nil, nil, err
			}
			return ctx, func() { a.gates[kind].leave(); cancel() }, nil
		}
	}
	return PageGates{
		Quick: limited(classQuick, (*gate).enter), Read: limited(classRead, (*gate).enter), Search: limited(classSearch, (*gate).enter),
		Aside: limited(classSearch, func(g *gate, _ context.Context) error { return g.try() }),
		Part: func(ctx context.Context) (context.Context, func(), error) {
			g := a.gates[classSearch]
			return ctx, g.leave, g.join(ctx)
		},
	}
}
