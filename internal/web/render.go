package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/breachledger/breachledger/internal/access"
)

// page makes a handler serve HTTP.
func (s *Web) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, w: w, query: r.URL.Query(), absolut: s.scheme(r) + "://" + r.Host}
		out, err := s.answer(v, h)
		if err != nil {
			out = s.errorAnswer(v, err)
		}
		s.write(v, out)
	})
}

func (s *Web) answer(v *visit, h handler) (out answer, err error) {
	if v.by, err = s.identity(v.Request); err != nil {
		return answer{}, err
	}
	if s.keyedReads && v.by.Role == access.Anonymous && v.URL.Path != signInPath {
		return answer{}, errSignIn
	}
	return h(v)
}

// write sends an answer. A page is rendered whole before its first byte goes out,
// so that an error of a template never leaves half a page.
func (s *Web) write(v *visit, a answer) {
	h := v.w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie")
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.location != "" {
		http.Redirect(v.w, v.Request, a.location, a.status)
		return
	}
	if a.file != nil {
		h.Set("Content-Type", a.file.contentType)
		if a.file.name != "" {
			h.Set("Content-Disposition", `attachment; filename="`+a.file.name+`"`)
		}
		s.send(v, a.status, a.file.body)
		return
	}
	a.page.frame().fill(v)
	var body bytes.Buffer
	if err := s.templates.ExecuteTemplate(&body, a.template, a.page); err != nil {
		s.log.Error("render a page", "template", a.template, "path", v.URL.Path, "error", err)
		http.Error(v.w, "The page could not be shown.", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	s.send(v, a.status, body.Bytes())
}

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// smallest is the size from which compressing pays.
const smallest = 1400

func (s *Web) send(v *visit, status int, body []byte) {
	h := v.w.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(body) >= smallest && acceptsGzip(v.Request) {
		var packed bytes.Buffer
		z, ok := zippers.Get().(*gzip.Writer)
		if ok {
			z.Reset(&packed)
			_, err := z.Write(body)
			if closed := z.Close(); err == nil && closed == nil {
				h.Set("Content-Encoding", "gzip")
				body = packed.Bytes()
			}
			zippers.Put(z)
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	v.w.WriteHeader(status)
	if v.Method == http.MethodHead {
		return
	}
	if _, err := v.w.Write(body); err != nil {
		s.log.Debug("send a page", "error", err)
	}
}

func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name == "gzip" && strings.ReplaceAll(quality, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

func (s *Web) scheme(r *http.Request) string {
	if s.behindTLS || r.TLS != nil {
		return "https"
	}
	return "http"
}
