package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	healthzPath = "/healthz"
	readyzPath  = "/readyz"
	// readyLimit is how long the database may take to say that it is there.
	readyLimit = 2 * time.Second
)

// healthRoutes are for whoever runs the server; they are not part of version 1.
func (a *API) healthRoutes() {
	a.router.GET(healthzPath, func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "up"}) })
	a.router.GET(readyzPath, func(c *gin.Context) {
		if a.draining.Load() {
			a.abort(c, (&Problem{Status: http.StatusServiceUnavailable, Code: "stopping", Detail: "the server is stopping"}).with("Retry-After", "5"))
			return
		}
		ctx, cancel := context.WithTimeout(c.Request.Context(), readyLimit)
		defer cancel()
		if err := a.ledger.Ready(ctx); err != nil {
			a.log.WarnContext(ctx, "not ready", "id", requestID(ctx), "error", err)
			a.abort(c, (&Problem{Status: http.StatusServiceUnavailable, Code: "not_ready", Detail: "the database does not answer, or its schema is not the one that this server needs"}).with("Retry-After", "5"))
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
}

// Drain makes /readyz say that the server is stopping, so that load balancers
// send no more requests. Those that come all the same are served.
func (a *API) Drain() { a.draining.Store(true) }
