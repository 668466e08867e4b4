package csvfile

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Limits of the rows that make one incident, which are read together.
const (
	maxLongRows = 4 * incidents.MaxClaims
	maxLongSize = maxRow
)

// longRow is a row of the form with one row per claim.
type longRow struct {
	number, line    int
	cells           []string
	id, slug, title string // of its incident, folded
}

// longTable reads such a table, an incident at a time. Of the incidents that were
// read it keeps no more than what their names hash to.
type longTable struct {
	m     *Mapping
	t     *table
	ahead *longRow // the first row of the next incident
	seen  map[[16]byte]int
}

// longRows are the incidents of a table with one row per claim. Where the file
// cannot be read on, the incident that it breaks off in is not read: the rest of
// its rows may be missing.
func longRows(m *Mapping, t *table) iter.Seq2[Row, error] {
	l := &longTable{m: m, t: t, seen: map[[16]byte]int{}}
	return func(yield func(Row, error) bool) {
		for {
			g, err := l.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(g.row(l.seenBefore(g)), nil) {
				return
			}
		}
	}
}

// next gathers the rows of the next incident.
func (l *longTable) next() (*longGroup, error) {
	first := l.ahead
	if l.ahead = nil; first == nil {
		var err error
		if first, err = l.read(); err != nil {
			return nil, err
		}
	}
	g := newLongGroup(l.m, l.t)
	g.take(*first)
	for {
		r, err := l.read()
		switch {
		case errors.Is(err, io.EOF):
			return g, nil
		case err != nil:
			return nil, err
		case !g.has(*r):
			l.ahead = r
			return g, nil
		}
		g.take(*r)
	}
}

// read is the next row that says something.
func (l *longTable) read() (*longRow, error) {
	for {
		cells, err := l.t.next()
		if err != nil {
			return nil, err
		}
		if !says(cells) {
			continue
		}
		x := &reading{m: l.m, index: l.t.index, cells: cells}
		return &longRow{
			number: l.t.row, line: l.t.line, cells: slices.Clone(cells),
			id: strings.ToLower(x.cell("incident_id")), slug: x.cell("incident_slug"), title: foldWord(x.cell("incident_title")),
		}, nil
	}
}

// seenBefore is the row at which an incident of the same id or slug (of the same
// title, where this one has neither) began that is not this one; 0 for none.
func (l *longTable) seenBefore(g *longGroup) int {
	before := 0
	for _, name := range []struct {
		kind, text string
		identifies bool
	}{{"id", g.id, true}, {"slug", g.slug, true}, {"title", g.title, g.id == "" && g.slug == ""}} {
		if name.text == "" {
			continue
		}
		sum := sha256.Sum256([]byte(name.kind + ":" + name.text))
		first, seen := l.seen[[16]byte(sum[:16])]
		if !seen {
			l.seen[[16]byte(sum[:16])] = g.rows[0].number
		} else if name.identifies {
			before = cmp.Or(before, first)
		}
	}
	return before
}

// has reports whether a row belongs to the incident of the rows before it: it has
// the same id, else the same slug, else the same title. One that names no incident
// is a mistake in this one.
func (g *longGroup) has(r longRow) bool {
	switch {
	case r.id == "" && r.slug == "" && r.title == "":
		return true
	case r.id != "" && g.id != "":
		return r.id == g.id
	case r.slug != "" && g.slug != "":
		return r.slug == g.slug
	default:
		return r.title == g.title
	}
}

// take adds a row. Of too many, or too large ones, it is only known that there are more.
func (g *longGroup) take(r longRow) {
	g.id, g.slug, g.title = cmp.Or(g.id, r.id), cmp.Or(g.slug, r.slug), cmp.Or(g.title, r.title)
	g.last = r.number
	for _, c := range r.cells {
		g.size += len(c)
	}
	if g.tooMany = g.tooMany || len(g.rows) == maxLongRows || g.size > maxLongSize && len(g.rows) > 0; !g.tooMany {
		g.rows = append(g.rows, r)
	}
}
