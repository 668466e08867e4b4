package importer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// Format is a format of documents of which each is one incident.
type Format struct {
	Name string
	// Version changes when the mapping does, so that the next run of an import
	// reads unchanged documents anew.
	Version int
	// ID finds a document's own number quickly; "" when it has none.
	ID func(document []byte) string
	// Read reads a document. Notes say what of it was not usable; problems mean
	// that it was not read.
	Read func(document []byte) (in incidents.Incident, notes, problems incidents.Problems)
	// KeepOriginal keeps each document beside its incident.
	KeepOriginal bool
}

// Options say how an import runs.
type Options struct {
	DryRun bool // do everything, and write nothing
	Atomic bool // one transaction: with a refusal nothing is written
	// Progress is called now and then with the report so far.
	Progress func(StreamReport)
}

// ErrAtomic says that an import that was to be all or nothing was nothing.
var ErrAtomic = errors.New("the import was to be all or nothing, and nothing was written")

// Limits of a batch: one is read, resolved and written in one transaction.
const (
	batchRows  = 500
	batchBytes = 4 << 20
	writers    = 3
)

// row is a document on its way into the ledger.
type row struct {
	number int
	origin string
	digest []byte
	raw    []byte // kept beside the incident; nil keeps nothing
	read   func() (in incidents.Incident, notes, problems incidents.Problems)
}

// document is what a format makes of one document of a file, before it is read.
type document struct {
	row  int
	id   string // its own number; "" when it has none
	said []byte // everything that it says
	raw  []byte // of what is kept beside the incident
	read func() (in incidents.Incident, notes, problems incidents.Problems)
	// bad are the problems of a row that was read already.
	bad []csvfile.Problem
}

// Stream imports documents. Memory does not grow with their number: they go
// through in batches, each a transaction. A document that cannot be stored is
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
	n := writers
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
	unread  error // why the documents could not be read to their end

	mu     sync.Mutex
	report StreamReport
	shown  time.Time
	seen   map[[16]byte]seenRow // the documents of this run, by a hash of their origin
}

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
		s.report.refuse(d.row, "", incidents.Problems{{Detail: "has no number of its own, by which it would be known again"}})
		return row{}, false
	}
	r := row{number: d.row, origin: s.name + ":" + d.id, raw: d.raw, read: d.read}
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
	s.report.Repeated++
	if first.digest != [16]byte(r.digest[:16]) {
		s.report.refuse(r.number, r.origin, incidents.Problems{{Detail: fmt.Sprintf("has the same number as row %d and says something else; the first is kept", first.number)}})
	}
	return row{}, false
}

// write stores batches until there are no more.
func (s *stream) write(ctx context.Context, batches <-chan []row) (err error) {
	bulk, err := s.ledger.OpenBulk(ctx)
	if err != nil {
		return err
	}
	defer bulk.Close(ctx)
	if !s.options.Atomic && !s.options.DryRun {
		// What is reported as stored is on disk, whatever ended the import.
		defer func() { err = errors.Join(err, bulk.Flush(context.WithoutCancel(ctx))) }()
	}
	if s.options.Atomic || s.options.DryRun {
		if err := bulk.Begin(ctx); err != nil {
			return err
		}
		defer bulk.Rollback(ctx)
	}
	for batch := range batches {
		if err := s.store(ctx, bulk, batch); err != nil {
			return err
		}
	}
	// The channel is closed after unread is set.
	if !s.options.Atomic || s.options.DryRun || s.unread != nil {
		return nil
	}
	s.mu.Lock()
	refused := s.report.Refused
	s.mu.Unlock()
	if refused > 0 {
		return fmt.Errorf("%w: %d documents are refused", ErrAtomic, refused)
	}
	return bulk.Commit(ctx)
}

// store reads and writes one batch; what is unchanged is not even read.
func (s *stream) store(ctx context.Context, bulk *ledger.Bulk, batch []row) error {
	origins := make([]string, len(batch))
	for i, r := range batch {
		origins[i] = r.origin
	}
	known, err := bulk.Known(ctx, origins)
	if err != nil {
		return err
	}
	var items []ledger.ImportItem
	var rows []row
	done := make([]ledger.ImportResult, 0, len(batch))
	for _, r := range batch {
		if k, ok := known[r.origin]; ok && slices.Equal(k.Digest, r.digest) {
			done = append(done, ledger.ImportResult{Origin: r.origin, Slug: k.Slug, Outcome: ledger.Unchanged, Version: k.Version, EditedSince: k.EditedSince})
			continue
		}
		in, notes, problems := r.read()
		s.note(r, notes)
		if len(problems) > 0 {
			s.refuse(r, problems)
			continue
		}
		items = append(items, ledger.ImportItem{Origin: r.origin, Digest: r.digest, Incident: in, Original: r.raw})
		rows = append(rows, r)
	}
	if items, rows, err = s.own(ctx, bulk, known, items, rows); err != nil {
		return err
	}
	if err := s.bisect(ctx, bulk, items, rows, &done); err != nil {
		return err
	}
	s.finish(done)
	return nil
}

// bisect writes items in one transaction. When the database refuses them all
// for a reason that the checks before did not see, it finds the one at fault.
func (s *stream) bisect(ctx context.Context, bulk *ledger.Bulk, items []ledger.ImportItem, rows []row, done *[]ledger.ImportResult) error {
	if len(items) == 0 {
		return nil
	}
	results, err := bulk.Import(ctx, ledger.Change{By: Importer, Action: "import"}, items)
	switch {
	case err == nil:
		for i, r := range results {
			if r.Outcome == ledger.Refused {
				s.refuse(rows[i], r.Problems)
			}
		}
		*done = append(*done, results...)
		return nil
	case ctx.Err() != nil || ledger.Unavailable(err):
		return err
	case len(items) == 1:
		s.refuse(rows[0], incidents.Problems{{Detail: err.Error()}})
		return nil
	}
	half := len(items) / 2
	if err := s.bisect(ctx, bulk, items[:half], rows[:half], done); err != nil {
		return err
	}
	return s.bisect(ctx, bulk, items[half:], rows[half:], done)
}

func (s *stream) note(r row, notes incidents.Problems) {
	if len(notes) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.note(r.number, r.origin, notes)
}

func (s *stream) leave(r row, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.LeftAlone++
	s.report.detail(Detail{Row: r.number, Origin: r.origin, Kind: DetailLeftAlone, Problems: incidents.Problems{{Detail: why}}})
}

func (s *stream) refuse(r row, problems incidents.Problems) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.refuse(r.number, r.origin, problems)
}

// finish counts what became of a batch and shows how far the import is.
func (s *stream) finish(results []ledger.ImportResult) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range results {
		s.report.count(r)
	}
	if s.options.Progress != nil && time.Since(s.shown) > 200*time.Millisecond {
		s.shown = time.Now()
		s.options.Progress(s.report)
	}
}
