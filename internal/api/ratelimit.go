package api

import (
	"fmt"
	"hash/maphash"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// Rates are how many requests a minute somebody may make: a full minute's worth
// at once, then as they come back, evenly. 0 means any number.
//
// A request with a good key counts for the key, any other for the address it
// comes from. Reading and writing are counted apart.
type Rates struct {
	AddressReads, AddressWrites int
	KeyReads, KeyWrites         int
	// Local limits also requests from this machine itself, which otherwise may
	// make any number.
	Local bool
}

// limits are the limiters; nil ones let everybody through.
type limits struct {
	address, key limitPair
	local        bool
}

type limitPair struct{ reads, writes *limiter }

func newLimits(r Rates) (limits, error) {
	if min(r.AddressReads, r.AddressWrites, r.KeyReads, r.KeyWrites) < 0 {
		return limits{}, fmt.Errorf("a rate limit is negative: 0 means none")
	}
	return limits{
		address: limitPair{newLimiter(r.AddressReads), newLimiter(r.AddressWrites)},
		key:     limitPair{newLimiter(r.KeyReads), newLimiter(r.KeyWrites)},
		local:   r.Local,
	}, nil
}

func (p limitPair) of(method string) *limiter {
	if method == http.MethodGet || method == http.MethodHead {
		return p.reads
	}
	return p.writes
}

// rateWindow is the time to which rates belong.
const rateWindow = time.Minute

// limiter counts requests by who makes them: a token bucket each, kept as the
// one time at which it will be full again (GCRA, the generic cell rate
// algorithm). Its memory is bounded: see shard.make.
type limiter struct {
	burst    int
	interval time.Duration        // in which one request comes back
	limit    []string             // the header's value
	since    func() time.Duration // it began
	seed     maphash.Seed
	shards   [16]shard
}

type shard struct {
	mu    sync.Mutex
	full  map[[16]byte]time.Duration // since began
	swept time.Duration
}

// maxBuckets is how many buckets a limiter keeps; some 5 MB.
const maxBuckets = 1 << 16

func newLimiter(aMinute int) *limiter {
	if aMinute <= 0 {
		return nil
	}
	began := time.Now()
	l := &limiter{burst: aMinute, interval: rateWindow / time.Duration(aMinute), limit: []string{strconv.Itoa(aMinute)}, seed: maphash.MakeSeed()}
	l.since = func() time.Duration { return time.Since(began) }
	for i := range l.shards {
		l.shards[i].full = map[[16]byte]time.Duration{}
	}
	return l
}

// verdict is what a limiter says to a request.
type verdict struct {
	allowed   bool
	remaining int           // that could be made at once
	reset     time.Duration // until all can
	retry     time.Duration // until one can, when not allowed
}

// take counts a request, made at a time since the limiter began.
func (l *limiter) take(who [16]byte, now time.Duration) verdict {
	s := &l.shards[maphash.Bytes(l.seed, who[:])%uint64(len(l.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	full, known := s.full[who]
	whole := l.interval * time.Duration(l.burst)
	next := max(full, now) + l.interval
	if over := next - now - whole; over > 0 {
		return verdict{reset: full - now, retry: over}
	}
	if !known {
		s.makeRoom(now)
	}
	s.full[who] = next
	return verdict{allowed: true, remaining: int((whole - (next - now)) / l.interval), reset: next - now}
}

// makeRoom keeps the memory bounded. Full buckets can go, nothing is lost with
// them; when all are in use one goes all the same. Then a caller with very many
// addresses may get a few requests more, and memory still does not grow.
func (s *shard) makeRoom(now time.Duration) {
	const most = maxBuckets / 16
	if len(s.full) < most {
		return
	}
	if now-s.swept >= time.Second {
		s.swept = now
		for who, full := range s.full {
			if full <= now {
				delete(s.full, who)
			}
		}
	}
	for who := range s.full {
		if len(s.full) < most {
			return
		}
		delete(s.full, who)
	}
}

// spend counts the request for somebody, says in the answer how many are left,
// and refuses it when there are none. The header fields are those of
// draft-ietf-httpapi-ratelimit-headers-06, the last that had the three: clients
// know them best.
func (a *API) spend(c *gin.Context, by string, l *limiter, who [16]byte) bool {
	if l == nil {
		return true
	}
	v := l.take(who, l.since())
	h := c.Writer.Header()
	h["Ratelimit-Limit"] = l.limit
	h["Ratelimit-Remaining"] = []string{strconv.Itoa(v.remaining)}
	h["Ratelimit-Reset"] = []string{seconds(v.reset)}
	if v.allowed {
		return true
	}
	a.metrics.limited.WithLabelValues(by).Inc()
	a.abort(c, (&Problem{
		Status: http.StatusTooManyRequests, Code: "rate_limited",
		Detail: fmt.Sprintf("more requests than the %d a minute that this %s may make: wait as long as Retry-After says", l.burst, by),
	}).with("Retry-After", seconds(v.retry)))
	return false
}

// spendAddress counts the request for the address that it comes from.
func (a *API) spendAddress(c *gin.Context, from client) bool {
	if from.local() && !a.limits.local {
		return true
	}
	return a.spend(c, "address", a.limits.address.of(c.Request.Method), from.network())
}

// spendKey counts the request for a key.
func (a *API) spendKey(c *gin.Context, from client, key [16]byte) bool {
	if from.local() && !a.limits.local {
		return true
	}
	return a.spend(c, "key", a.limits.key.of(c.Request.Method), key)
}

// seconds is a duration in whole seconds, rounded up.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((max(d, 0)+time.Second-1)/time.Second), 10)
}
