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

// memory keeps answers that everybody gets alike. Each belongs to a moment of the
// ledger (see [ledger.Ledger.Moment]), and is given out while the moment lasts:
// never after a write of this server, and for less than a second after one of
// another.
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

// keptAnswer is an answer: the headers that its handler has set, and the body. One
// that is only asked for by those who have it has no body.
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
	// keptMost bounds what an answer may be late by that changes with the clock,
	// such as a promise that is overdue from today.
	keptMost    = time.Minute
	requestMost = 1000 // bytes of an address and what is accepted
	onceMost    = 8192
)

// again reports whether the same was asked for before, lately. An answer is kept
// from the second time on: most pages are read once, and would push out the rest.
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

// remember answers from memory what it can, and keeps what is answered to
// everybody alike. It comes behind the checks of who asks and how often.
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
	listener := &listener{ResponseWriter: c.Writer, before: maps.Clone(c.Writer.Header())}
	c.Writer = listener
	c.Next()
	if answer := listener.answer(); answer != nil {
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

// had reports whether who asks has the answer.
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

// listener notes what is written.
type listener struct {
	gin.ResponseWriter
	before http.Header
	body   []byte
	over   bool // too much to be kept
}

func (l *listener) Write(p []byte) (int, error) {
	l.note(len(p))
	if !l.over {
		l.body = append(l.body, p...)
	}
	return l.ResponseWriter.Write(p)
}

func (l *listener) WriteString(s string) (int, error) {
	l.note(len(s))
	if !l.over {
		l.body = append(l.body, s...)
	}
	return l.ResponseWriter.WriteString(s)
}

// Unwrap is for [http.ResponseController].
func (l *listener) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *listener) note(n int) {
	if len(l.body)+n > answerMost {
		l.over, l.body = true, nil
	}
}

// answer is what was written, when it may be kept: nothing that is not for
// everybody, or that says itself that it is not to be kept.
func (l *listener) answer() *keptAnswer {
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

// tagOf names a body by a hash of it.
func tagOf(body []byte) string {
	var sum [8]byte
	binary.BigEndian.PutUint64(sum[:], xxhash.Sum64(body))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}
