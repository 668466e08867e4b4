package api

import (
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/access"
)

// memory keeps answers that are the same for everybody. Each belongs to a moment of
// the ledger (see [ledger.Ledger.Moment]) and is served while that lasts: never after
// a write by this server, and for less than a second after one by another.
type memory struct {
	mu     sync.RWMutex
	moment uint64
	size   int
	kept   map[asked]*keptAnswer

	seed  maphash.Seed
	known sync.Mutex
	once  map[uint64]struct{} // what has been asked for before, as hashes
}

func newMemory() memory { return memory{seed: maphash.MakeSeed()} }

// asked is what an answer depends on.
type asked struct{ host, uri, accept, encoding string }

// keptAnswer is an answer: the headers that its handler has set, and the body, which
// is nil where only those have asked who have it already.
type keptAnswer struct {
	until  time.Time
	header []headerField
	etag   string
	body   []byte
	length []string
}

type headerField struct {
	name   string
	values []string
}

const (
	memoryMost = 8 << 20 // bytes
	answerMost = 1 << 20
	// keptMost bounds how late an answer may be that changes with the clock, such as
	// a promise that falls overdue at midnight.
	keptMost    = time.Minute
	requestMost = 1000 // bytes of an address and what is accepted
	onceMost    = 8192
)

// again reports whether the same was asked for lately. An answer is kept from the
// second time on: most pages are read once, and would push out the rest.
func (m *memory) again(r asked) bool {
	hash := maphash.Comparable(m.seed, r)
	m.known.Lock()
	defer m.known.Unlock()
	if _, ok := m.once[hash]; ok {
		return true
	}
	if m.once == nil || len(m.once) == onceMost {
		m.once = map[uint64]struct{}{}
	}
	m.once[hash] = struct{}{}
	return false
}

// find is the answer to a request at a moment.
func (m *memory) find(r asked, moment uint64) *keptAnswer {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.moment != moment {
		return nil
	}
	return m.kept[r]
}

// keep remembers an answer. When there is no room, everything before is forgotten.
func (m *memory) keep(r asked, moment uint64, answer *keptAnswer) {
	size := len(answer.body) + len(r.uri) + len(r.accept) + 500
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case moment < m.moment:
		return
	case moment > m.moment || m.kept == nil || m.size+size > memoryMost:
		m.moment, m.size, m.kept = moment, 0, map[asked]*keptAnswer{}
	}
	m.kept[r] = answer
	m.size += size
}

// remember answers from memory what it can, and keeps answers that are the same for
// everybody. It runs after the checks of who is asking and how often.
func (a *API) remember(c *gin.Context) {
	if c.Request.Method != http.MethodGet || a.ledger == nil {
		c.Next()
		return
	}
	in := c.Request.Header
	r := asked{c.Request.Host, c.Request.URL.RequestURI(), first(in["Accept"]), first(in["Accept-Encoding"])}
	v := visitOf(c.Request.Context())
	moment, sure := a.ledger.Moment()
	if !sure || len(in["Cookie"]) > 0 || len(in["Accept"]) > 1 || len(in["Accept-Encoding"]) > 1 ||
		v.identity.Role != access.Anonymous || len(r.host)+len(r.uri)+len(r.accept)+len(r.encoding) > requestMost {
		c.Next()
		return
	}
	if answer := a.memory.find(r, moment); answer.serves(c.Request, v.start) {
		a.metrics.fromMemory.Inc()
		answer.write(c)
		c.Abort()
		return
	}
	if !a.memory.again(r) {
		c.Next()
		return
	}
	written := &recorder{ResponseWriter: c.Writer, before: maps.Clone(c.Writer.Header())}
	c.Writer = written
	c.Next()
	if answer := written.answer(); answer != nil {
		a.memory.keep(r, moment, answer)
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// serves reports whether the answer is one to the request, now.
func (k *keptAnswer) serves(r *http.Request, now time.Time) bool {
	return k != nil && now.Before(k.until) && (k.body != nil || k.had(r))
}

// had reports whether the client has the answer already.
func (k *keptAnswer) had(r *http.Request) bool {
	sent := r.Header["If-None-Match"]
	return len(sent) > 0 && k.etag != "" && matches(strings.Join(sent, ","), k.etag)
}

// write gives the answer again.
func (k *keptAnswer) write(c *gin.Context) {
	h := c.Writer.Header()
	if k.had(c.Request) {
		leaveOut(h)
		for _, f := range k.header {
			switch f.name {
			case "Etag", "Cache-Control", "Vary":
				h[f.name] = f.values
			}
		}
		c.Writer.WriteHeader(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	for _, f := range k.header {
		h[f.name] = f.values
	}
	h["Content-Length"] = k.length
	visitOf(c.Request.Context()).conn.Hold()
	c.Writer.WriteHeader(http.StatusOK)
	_, _ = c.Writer.Write(k.body) // a client that has gone
}

// recorder keeps a copy of what is written through it.
type recorder struct {
	gin.ResponseWriter
	before http.Header
	body   []byte
	over   bool // too much to be kept
}

func (l *recorder) Write(p []byte) (int, error) {
	l.note(len(p))
	if !l.over {
		l.body = append(l.body, p...)
	}
	return l.ResponseWriter.Write(p)
}

func (l *recorder) WriteString(s string) (int, error) {
	l.note(len(s))
	if !l.over {
		l.body = append(l.body, s...)
	}
	return l.ResponseWriter.WriteString(s)
}

// Unwrap is for [http.ResponseController].
func (l *recorder) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *recorder) note(n int) {
	if len(l.body)+n > answerMost {
		l.over, l.body = true, nil
	}
}

// answer is what was written; nil where it may not be kept, since it is not for
// everybody or its own headers say so.
func (l *recorder) answer() *keptAnswer {
	h := l.Header()
	whole, had := l.Status() == http.StatusOK && len(l.body) > 0, l.Status() == http.StatusNotModified
	if l.over || !whole && !had || len(h["Set-Cookie"]) > 0 {
		return nil
	}
	if control := h.Get("Cache-Control"); control == "" || strings.Contains(control, "no-store") || strings.Contains(control, "immutable") {
		return nil
	}
	k := &keptAnswer{until: time.Now().Add(keptMost), body: slices.Clip(l.body), etag: h.Get("ETag")}
	for name, values := range h {
		switch {
		case name == "Content-Length":
		case !slices.Equal(values, l.before[name]):
			k.header = append(k.header, headerField{name, slices.Clip(slices.Clone(values))})
		}
	}
	k.length = []string{strconv.Itoa(len(k.body))}
	return k
}

// tagOf is the ETag of a body: a hash of it.
func tagOf(body []byte) string {
	var sum [8]byte
	binary.BigEndian.PutUint64(sum[:], xxhash.Sum64(body))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}
