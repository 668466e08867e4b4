package api

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/negotiate"
)

const exportPath = "/v1/export"

type exportInput struct{ Located }

func (a *API) exportRoute() {
	export := operation{
		id: "export-ledger", method: http.MethodGet, path: exportPath, tag: "exchange", role: access.Admin, transfer: true,
		summary: "Take the whole ledger out", details: "A backup as JSON lines: incidents with their history, actors, sources with texts, imports and duplicates, as they stood at one moment. Keys are not in it. The last line says how many lines there are, so that a backup that was cut short can be recognised. With Accept-Encoding: gzip it is compressed.",
		result: "", media: ndjsonMedia,
	}
	huma.Register(a.huma, a.describe(&export), func(ctx context.Context, _ *exportInput) (*huma.StreamResponse, error) {
		g := a.gates[classTransfer]
		if err := g.enter(ctx); err != nil {
			return nil, problemOf(ended(ctx, err)).complete(requestID(ctx))
		}
		return &huma.StreamResponse{Body: func(h huma.Context) { //nolint:contextcheck // gin's context carries the request's
			defer g.leave()
			a.export(humagin.Unwrap(h))
		}}, nil
	})
	a.describeBodies(export)
}

// export writes a backup as the answer. Once it has begun, an error can only end
// the connection; before that, it is a problem.
func (a *API) export(c *gin.Context) {
	ctx, header := c.Request.Context(), c.Writer.Header()
	header.Set("Content-Type", ndjsonMedia)
	header.Set("Content-Disposition", `attachment; filename="breachledger-`+time.Now().UTC().Format(time.DateOnly)+`.ndjson"`)
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Accept-Encoding, Authorization")
	open := ndjson.NewWriter
	if negotiate.Gzip(c.Request.Header) {
		header.Set("Content-Encoding", "gzip")
		open = ndjson.NewGzipWriter
	}
	out := bufio.NewWriterSize(&steadyWriter{to: c.Writer, control: http.NewResponseController(c.Writer)}, 64<<10)
	w, err := open(out, ndjson.Header{ExportedAt: time.Now().UTC().Truncate(time.Second), Schema: ledger.SchemaVersion()})
	if err == nil {
		err = a.ledger.Backup(ctx, w)
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		return
	}
	err = ended(ctx, err)
	if c.Writer.Written() {
		a.logFault(ctx, err)
		panic(http.ErrAbortHandler)
	}
	for _, name := range []string{"Content-Disposition", "Content-Encoding", "Vary"} {
		header.Del(name)
	}
	a.fail(c, err)
}
