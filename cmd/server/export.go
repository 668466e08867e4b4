package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/exchange/veris"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type exportCommand struct {
	Format string `enum:"ndjson,csv,veris" default:"ndjson" help:"What to write: ${enum}. ndjson is the whole ledger, to be read back; csv and veris are the published incidents."`
	Long   bool   `help:"CSV: one row per claim instead of one per incident."`
	All    bool   `help:"CSV and VERIS: drafts, retracted and merged incidents too."`
	Gzip   bool   `help:"Pack with gzip."`
	File   string `arg:"" optional:"" help:"Where to write; standard output by default."`
}

// Run writes the ledger as it stands at one moment.
func (c *exportCommand) Run(p *program) error {
	switch {
	case c.Long && c.Format != "csv":
		return errors.New("export: --long goes with --format=csv only")
	case c.All && c.Format == "ndjson":
		return errors.New("export: --all goes with --format=csv and --format=veris: a backup has everything")
	}
	// Without a ledger there is nothing to write: not even an empty file.
	return p.withLedger(func(l *ledger.Ledger) error {
		if c.File == "" {
			return c.write(p, l, p.stdout)
		}
		return toFile(c.File, func(out io.Writer) error { return c.write(p, l, out) })
	})
}

// toFile writes a new file, and removes it when it cannot be written whole: nobody
// could tell that the end of a table is missing.
func toFile(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// write writes the ledger in the format.
func (c *exportCommand) write(p *program, l *ledger.Ledger, out io.Writer) error {
	if c.Format == "ndjson" {
		return c.backup(p, l, out)
	}
	buffer := bufio.NewWriterSize(out, 256<<10)
	var to io.Writer = buffer
	var pack *gzip.Writer
	if c.Gzip {
		pack = gzip.NewWriter(buffer)
		to = pack
	}
	if err := c.documents(p, l, to); err != nil {
		return err
	}
	if pack != nil {
		if err := pack.Close(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := buffer.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// backup writes everything but the keys.
func (c *exportCommand) backup(p *program, l *ledger.Ledger, out io.Writer) error {
	header := ndjson.Header{ExportedAt: time.Now().UTC().Truncate(time.Second), Schema: ledger.SchemaVersion()}
	open := ndjson.NewWriter
	if c.Gzip {
		open = ndjson.NewGzipWriter
	}
	w, err := open(out, header)
	if err != nil {
		return err
	}
	return l.Backup(p.ctx, w)
}

// documents writes incidents in another format.
func (c *exportCommand) documents(p *program, l *ledger.Ledger, out io.Writer) error {
	switch {
	case c.Format == "veris":
		all := func(ctx context.Context) iter.Seq2[ledger.Exported, error] {
			return l.Exported(ctx, ledger.Export{Every: c.All, Original: "veris", Texts: true})
		}
		return inOrder(p.ctx, all, out, func(one ledger.Exported) ([]byte, error) {
			document, err := veris.Encode(one.Incident, one.Original)
			if err != nil {
				return nil, fmt.Errorf("%s: write VERIS: %w", one.Slug, err)
			}
			return append(document, '\n'), nil
		})
	case c.Long:
		return csvfile.EncodeLong(out, plain(l.Exported(p.ctx, ledger.Export{Every: c.All})))
	default:
		return csvfile.EncodeWide(out, plain(l.Exported(p.ctx, ledger.Export{Every: c.All})))
	}
}

// inOrder encodes several at a time, and writes them in their order.
func inOrder[T any](ctx context.Context, all func(context.Context) iter.Seq2[T, error], out io.Writer, encode func(T) ([]byte, error)) error {
	group, ctx := errgroup.WithContext(ctx)
	encoded := make(chan chan []byte, 2*runtime.GOMAXPROCS(0))
	group.Go(func() error {
		defer close(encoded)
		for one, err := range all(ctx) {
			if err != nil {
				return err
			}
			own := make(chan []byte, 1)
			select {
			case encoded <- own:
			case <-ctx.Done():
				return ctx.Err()
			}
			group.Go(func() error {
				text, err := encode(one)
				own <- text
				return err
			})
		}
		return nil
	})
	group.Go(func() error {
		for own := range encoded {
			text := <-own
			if text == nil {
				return nil // its error is the group's
			}
			if _, err := out.Write(text); err != nil {
				return fmt.Errorf("export: %w", err)
			}
		}
		return nil
	})
	return group.Wait()
}

func plain(all iter.Seq2[ledger.Exported, error]) iter.Seq2[incidents.Incident, error] {
	return func(yield func(incidents.Incident, error) bool) {
		for one, err := range all {
			if !yield(one.Incident, err) {
				return
			}
		}
	}
}
