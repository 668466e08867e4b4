package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// Options say how an import runs.
type Options struct {
	DryRun bool // do everything, and write nothing
	Atomic bool // one transaction: with a refusal nothing is written
	// Writers is how many batches are written at a time, each on a connection of its
	// own; 0 is as many as are fastest where nobody else writes.
	Writers int
	// Progress is called now and then with the report so far.
	Progress func(StreamReport)
}

// ErrAtomic says that an import that was to be all or nothing was nothing.
var ErrAtomic = errors.New("the import was to be all or nothing, and nothing was written")

// Limits of a batch: one is read, resolved and written in one transaction.
const (
	batchRows  = 300
	batchBytes = 4 << 20
	writers    = 3
)

// row is a document on its way into the ledger.
type row struct {
	number int
	id     string // of the document
	origin string
	digest []byte
	raw    []byte // kept beside the incident; nil keeps nothing
	read   func() (in incidents.Incident, notes, problems incidents.Problems)
	place  func(pointer string) (row int, column string) // of a table
}

// document is what a format makes of one document of a file, before it is read.
type document struct {
	row  int
	id   string // its own number; "" when it has none
	said []byte // everything that it says
	raw  []byte // of what is kept beside the incident
	read func() (in incidents.Incident, notes, problems incidents.Problems)
	// bad are the problems of a row of a table, which was read already.
	bad   []csvfile.Problem
	place func(pointer string) (row int, column string)
}

// Stream imports documents. They go through in batches, each a transaction; of those
// that are done memory holds two hashes each, and what is told of them. A document that cannot be stored is
// refused by itself and reported by its row; what was stored before an error is
// kept and reported, and the next run goes on from there.
func Stream(ctx context.Context, l *ledger.Ledger, f Format, documents iter.Seq2[jsonstream.Document, error], o Options) (StreamReport, error) {
	s := &stream{ledger: l, name: f.Name, version: f.Version, options: o}
	return s.run(ctx, func(yield func(document, error) bool) {
		for d, err := range documents {
			if err != nil {
				yield(document{}, err)
				return
			}
			out := document{
				row: d.Row, id: f.ID(d.JSON), said: d.JSON,
				read: func() (incidents.Incident, incidents.Problems, incidents.Problems) { return f.Read(d.JSON) },
			}
			if f.KeepOriginal {
				out.raw = d.JSON
				if f.Kept != nil {
					out.raw = f.Kept(d.JSON)
				}
			}
			if !yield(out, nil) {
				return
			}
		}
	})
}

// run reads and writes at the same time.
func (s *stream) run(ctx context.Context, documents iter.Seq2[document, error]) (StreamReport, error) {
	s.report.Format, s.report.DryRun, s.report.Details, s.seen = s.name, s.options.DryRun, []Detail{}, map[[16]byte]seenRow{}
	batches := make(chan []row, writers)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(batches)
		return s.gather(ctx, documents, batches)
	})
	n := cmp.Or(s.options.Writers, writers)
	if s.options.Atomic || s.options.DryRun {
		n = 1 // two long transactions would wait for each other's actors
	}
	for range n {
		group.Go(func() error { return s.write(ctx, batches) })
	}
	err := group.Wait()
	switch {
	case err != nil:
	case s.unread != nil && s.options.Atomic:
		err = fmt.Errorf("%w: %w", ErrAtomic, s.unread)
	default:
		err = s.unread
	}
	s.report.UndoneAll = err != nil && s.options.Atomic
	s.report.sort()
	return s.report, err
}

type stream struct {
	ledger  *ledger.Ledger
	name    string // of the format, or of a file's kind
	version int
	options Options
	table   ownTable // in one of our own forms
	unread  error    // why the documents could not be read to their end

	mu     sync.Mutex
	report StreamReport
	shown  time.Time
	seen   map[[16]byte]seenRow // the documents of this run, by a hash of their origin
}
