package api

import "github.com/gin-gonic/gin"

// Routes are the routes that the router serves.
func (a *API) Routes() gin.RoutesInfo { return a.router.Routes() }
