package api

import (
	"time"

	"github.com/gin-gonic/gin"
)

// Routes are the routes that the router serves.
func (a *API) Routes() gin.RoutesInfo { return a.router.Routes() }

// StopLimits has no request come back that limits have counted.
func (a *API) StopLimits() {
	for _, l := range []*limiter{a.limits.address.reads, a.limits.address.writes, a.limits.key.reads, a.limits.key.writes} {
		if l != nil {
			l.since = func() time.Duration { return 0 }
		}
	}
}

// JSONOf is what a response has as JSON of some kind.
var JSONOf = jsonOf

// IsJSON tells the media types of one JSON value.
var IsJSON = isJSON

// CountShortcuts has count called for each request that a shortcut answers; no
// shortcut is taken any more when count is nil.
func (a *API) CountShortcuts(count func()) {
	for route, take := range a.shortcuts {
		a.shortcuts[route] = func(c *gin.Context) {
			if count == nil {
				return
			}
			if take(c); c.IsAborted() {
				count()
			}
		}
	}
}
