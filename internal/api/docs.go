package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/negotiate"
)

// docsFiles are the documentation's page and what it needs. The large ones are
// kept compressed, and sent so to all who take that.
//
//go:embed docs/index.html docs/page.js docs/page.css docs/*.gz
var docsFiles embed.FS

const docsPath = "/docs"

// docsPolicy lets the page load from here and nowhere else. Pictures stand as
// data: in its style sheet.
var docsPolicy = []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}

// docsMedia are the media types of the page's files; those that the system
// knows differ from one to the next.
var docsMedia = map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

// docsFile is a file of the page, ready to be sent.
type docsFile struct {
	media, etag       string
	plain, compressed []byte // compressed is nil for small files
}

func (a *API) docsRoutes() error {
	entries, err := docsFiles.ReadDir("docs")
	if err != nil {
		return fmt.Errorf("read the documentation's page: %w", err)
	}
	for _, e := range entries {
		f, err := readDocsFile(path.Join("docs", e.Name()))
		if err != nil {
			return fmt.Errorf("read the documentation's page: %s: %w", e.Name(), err)
		}
		at := path.Join(docsPath, strings.TrimSuffix(e.Name(), ".gz"))
		if e.Name() == "index.html" {
			at = docsPath
		}
		a.router.GET(at, f.serve)
	}
	return nil
}

func readDocsFile(name string) (*docsFile, error) {
	content, err := docsFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	f := &docsFile{plain: content, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if plain, ok := strings.CutSuffix(name, ".gz"); ok {
		name = plain
		reader, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		if f.plain, err = io.ReadAll(reader); err != nil {
			return nil, err
		}
		f.compressed = content
	}
	f.media = docsMedia[path.Ext(name)]
	return f, nil
}

func (f *docsFile) serve(c *gin.Context) {
	h := c.Writer.Header()
	h["Content-Security-Policy"] = docsPolicy
	h.Set("Cache-Control", revalidate)
	h.Set("ETag", f.etag)
	body := f.plain
	if f.compressed != nil {
		h.Add("Vary", "Accept-Encoding")
		if negotiate.Gzip(c.Request.Header) {
			h.Set("Content-Encoding", "gzip")
			body = f.compressed
		}
	}
	if matches(c.GetHeader("If-None-Match"), f.etag) {
		h.Del("Content-Encoding")
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, f.media, body)
}
