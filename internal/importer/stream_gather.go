package importer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

type seenRow struct {
	number int
	digest [16]byte
}

// gather makes batches of the documents. A document that repeats the number of an
// earlier one is not imported: the first counts, and one that differs from it is
// reported.
func (s *stream) gather(ctx context.Context, documents iter.Seq2[document, error], batches chan<- []row) error {
	var batch []row
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case batches <- batch:
			batch, size = nil, 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for document, err := range documents {
		if err != nil {
			// What was read before is stored before the error is told.
			s.unread = fmt.Errorf("read the file: %w", err)
			return flush()
		}
		if r, ok := s.admit(document); ok {
			batch, size = append(batch, r), size+len(document.said)
		}
		if len(batch) == batchRows || size > batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// known is what a document is known again by.
func (s *stream) known() string {
	if s.report.isTable() {
		return "key"
	}
	return "number"
}

// whyUnnamed is what is wrong with a document in which no number was found: it cannot
// be read at all, as when it is cut short, or it has none.
func (d document) whyUnnamed() incidents.Problems {
	_, _, problems := d.read()
	whole := slices.DeleteFunc(problems, func(p incidents.Problem) bool { return p.Pointer != "" })
	if len(whole) > 0 {
		return whole
	}
	return incidents.Problems{{Detail: "has no number of its own, by which it would be known again"}}
}

// admit makes a row of a document, unless it has no number or repeats one.
func (s *stream) admit(d document) (row, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Rows++
	switch {
	case len(d.bad) > 0:
		s.report.refuseCells(d.row, d.bad)
		return row{}, false
	case d.id == "":
		s.report.refuse(row{number: d.row}, d.whyUnnamed())
		return row{}, false
	}
	r := row{number: d.row, id: d.id, origin: s.name + ":" + d.id, raw: d.raw, read: d.read, place: d.place}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %d\n", s.name, s.version)
	sum.Write(d.said)
	r.digest = sum.Sum(nil)
	origin := sha256.Sum256([]byte(r.origin))
	key := [16]byte(origin[:16])
	first, repeated := s.seen[key]
	if !repeated {
		s.seen[key] = seenRow{r.number, [16]byte(r.digest[:16])}
		return r, true
	}
	differs := incidents.Problems{{Detail: fmt.Sprintf("has the same %s as row %d and says something else; the first is kept", s.known(), first.number)}}
	switch {
	case first.digest == [16]byte(r.digest[:16]):
		s.report.Repeated++
	case s.report.isTable():
		// What its key is was somebody's guess or ours, and two that say different
		// things are two.
		s.report.refuse(r, differs)
	default:
		s.report.Repeated++
		s.report.detail(Detail{Row: r.number, Origin: r.origin, Kind: DetailRepeated, Problems: differs})
	}
	return row{}, false
}
