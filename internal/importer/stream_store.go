package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

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
		return fmt.Errorf("%w: %s refused", ErrAtomic, incidents.Plural(refused, "document is", "documents are"))
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
	items, rows := make([]ledger.ImportItem, 0, len(batch)), make([]row, 0, len(batch))
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
	results, err := bulk.Import(ctx, ledger.Change{By: importedBy, Action: "import"}, items)
	switch {
	case err == nil:
		for i, r := range results {
			switch r.Outcome {
			case ledger.Refused:
				s.refuse(rows[i], r.Problems)
			case ledger.Edited:
				s.leave(rows[i], fmt.Sprintf("%s was edited by a person since its import (now version %d), and the file has changed", r.Slug, r.Version))
			case ledger.Created, ledger.Changed, ledger.Unchanged: // counted, and nothing to be said of
			}
		}
		*done = append(*done, results...)
		return nil
	case ctx.Err() != nil || ledger.Unavailable(err) || ledger.Full(err):
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
	s.report.note(r, notes)
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
	s.report.refuse(r, problems)
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
