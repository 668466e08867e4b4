package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
)

// staticCommand is what a cached answer is compared with: Gin, with the same
// bytes for everybody, and nothing else done.
type staticCommand struct {
	Listen string `required:""`
	File   string `required:"" type:"existingfile"`
}

// Run serves.
func (c *staticCommand) Run(ctx context.Context) error {
	body, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/", func(g *gin.Context) { g.Data(http.StatusOK, "application/json", body) })
	server := &http.Server{Addr: c.Listen, Handler: router, ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
