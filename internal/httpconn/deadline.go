package httpconn

import (
	"os"
	"sync"
	"time"
)

// grain is to what deadlines are rounded up, so that one that is put off again and
// again is told to the connection once in this time.
const grain = 100 * time.Millisecond

// began is what deadlines count from, by a clock that nobody sets.
var began = time.Now()

const (
	never time.Duration = 0  // no deadline
	past  time.Duration = -1 // one that has passed before anything could begin
)

// deadline is until when a connection may be read from, or written to. The connection
// is told when a call begins that it could end, or is under way.
type deadline struct {
	tell func(time.Time) error

	mu           sync.Mutex
	wanted, told time.Duration // since began; told is a multiple of grain
	calls        int           // under way
}

// set is the connection's SetReadDeadline or SetWriteDeadline.
func (d *deadline) set(t time.Time) error {
	wanted := never
	if !t.IsZero() {
		if wanted = t.Sub(began); wanted <= 0 {
			wanted = past
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = wanted
	if d.calls > 0 {
		return d.pass()
	}
	return nil
}

// enter begins a call that the deadline can end. Without an error, leave follows.
func (d *deadline) enter() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wanted == past {
		return os.ErrDeadlineExceeded
	}
	if err := d.pass(); err != nil {
		return err
	}
	d.calls++
	return nil
}

func (d *deadline) leave() {
	d.mu.Lock()
	d.calls--
	d.mu.Unlock()
}

// pass tells the connection what is wanted, unless it knows.
func (d *deadline) pass() error {
	at, t := d.wanted, time.Time{}
	if at > 0 {
		at = (at + grain - 1).Truncate(grain)
	}
	if at == d.told {
		return nil
	}
	if at != never {
		t = began.Add(at)
	}
	if err := d.tell(t); err != nil {
		return err
	}
	d.told = at
	return nil
}
