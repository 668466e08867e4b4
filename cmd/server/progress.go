package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
)

// bar shows how far an import is: a bar on a terminal, a line now and then
// elsewhere.
type bar struct {
	out      io.Writer
	terminal bool
	now      func() time.Time
	start    time.Time
	last     time.Time
	size     int64 // of the file, 0 when not known
	read     atomic.Int64
}

func newBar(out io.Writer, file *os.File) *bar {
	b := &bar{out: out, now: time.Now, start: time.Now()}
	if f, ok := out.(*os.File); ok {
		b.terminal = isTerminal(f)
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		b.size = info.Size()
	}
	return b
}

// reader counts what is read of the file: packed or not, that is how far it is.
func (b *bar) reader(r io.Reader) io.Reader { return io.TeeReader(r, counting{&b.read}) }

type counting struct{ n *atomic.Int64 }

func (c counting) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// lineEvery is how often a line is written where there is no terminal.
const lineEvery = 10 * time.Second

func (b *bar) show(r importer.StreamReport) {
	now := b.now()
	if !b.terminal && now.Sub(b.last) < lineEvery {
		return
	}
	b.last = now
	done := r.Created + r.Changed + r.Unchanged + r.LeftAlone + r.Refused + r.Repeated
	spent := now.Sub(b.start)
	text := fmt.Sprintf("%s, %.0f a second", incidents.Plural(done, "row", "rows"), float64(done)/max(spent.Seconds(), 0.001))
	if share := b.share(); share > 0 {
		left := time.Duration(float64(spent) * (1 - share) / share).Round(time.Second)
		text += fmt.Sprintf(", %.0f%%, %s left", share*100, left)
		if b.terminal {
			const width = 30
			full := int(share * width)
			text = "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "] " + text
		}
	}
	if b.terminal {
		fmt.Fprintf(b.out, "\r\x1b[K%s", text)
		return
	}
	fmt.Fprintln(b.out, text)
}

func (b *bar) share() float64 {
	if b.size == 0 {
		return 0
	}
	return min(float64(b.read.Load())/float64(b.size), 1)
}

func (b *bar) end() {
	if b.terminal {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
