package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/negotiate"
)

// page makes a handler serve HTTP, within a gate.
func (s *Web) page(g Gate, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, w: w, query: r.URL.Query(), origin: s.origin(r)}
		out, err := s.admitted(v, g, h) //nolint:contextcheck // a visit carries its context
		if err != nil {
			out = s.errorAnswer(v, err)
		}
		s.write(v, out)
	})
}

// admitted finds the answer with a place at the database, which is given back
// before the answer is sent. A form has been read before.
func (s *Web) admitted(v *visit, g Gate, h handler) (answer, error) {
	if _, err := url.ParseQuery(v.URL.RawQuery); err != nil {
		// What cannot be read would be passed over, and the page one of something else.
		return answer{}, &badRequestError{detail: "A part of this address cannot be read: in an address % is written as %25, and ; as %3B."}
	}
	if err := v.boundedQuery(); err != nil {
		return answer{}, err
	}
	if v.Method == http.MethodPost {
		if err := v.readForm(); err != nil {
			return answer{}, err
		}
	}
	ctx, leave, err := enter(v.ctx(), g)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	whole := v.Request
	defer func() { v.Request = whole }() // a file takes as long as it takes
	v.Request = v.WithContext(ctx)
	out, err := s.answer(v, h)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return out, err
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
		s.stream(v, a.file)
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
	if len(body) >= smallest && negotiate.Gzip(v.Header) {
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

// patience is how long a reader may take for a part of a file.
const patience = time.Minute

// patientWriter gives the reader time anew with each part.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w patientWriter) Write(part []byte) (int, error) {
	// A connection that takes no deadlines goes without.
	_ = w.control.SetWriteDeadline(time.Now().Add(patience))
	return w.ResponseWriter.Write(part)
}

// stream sends a file. When it breaks off the connection does too, so that half
// a file is not taken for the whole.
func (s *Web) stream(v *visit, f *file) {
	h := v.w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	h.Add("Vary", "Accept-Encoding")
	var to io.Writer = patientWriter{v.w, http.NewResponseController(v.w)}
	finish := func() error { return nil }
	if negotiate.Gzip(v.Header) {
		h.Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(to)
		to, finish = z, z.Close
	}
	if v.Method == http.MethodHead {
		return
	}
	err := f.write(to)
	if err == nil {
		err = finish()
	}
	if err != nil {
		s.log.Warn("a file broke off", "path", v.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// origin is the address by which the visitor reaches the pages.
func (s *Web) origin(r *http.Request) string {
	switch {
	case s.publicURL != "":
		return s.publicURL
	case r.TLS != nil || s.hsts > 0:
		return "https://" + r.Host
	default:
		return "http://" + r.Host
	}
}
