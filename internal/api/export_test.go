package api

import (
	"github.com/gin-gonic/gin"
)

// Routes are the routes that the router serves.
func (a *API) Routes() gin.RoutesInfo { return a.router.Routes() }

// JSONOf is what a response has as JSON of some kind.
var JSONOf = jsonOf

// IsJSON tells the media types of one JSON value.
var IsJSON = isJSON
