package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// healthRoutes are for whoever runs the server; they are not part of version 1.
func (a *API) healthRoutes() {
	a.router.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "up"}) })
	a.router.GET("/readyz", func(c *gin.Context) {
		if err := a.ledger.Ready(c.Request.Context()); err != nil {
			a.log.Warn("not ready", "error", err)
			a.abort(c, (&Problem{Status: http.StatusServiceUnavailable, Code: "not_ready", Detail: "the database does not answer, or its schema is not the one that this server needs"}).with("Retry-After", "5"))
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
}
