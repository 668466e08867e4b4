package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"strings"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type importCommand struct {
	Paths   []string `arg:"" name:"path" type:"existingpath" help:"Folders with articles/*.txt and facts/*.yaml, or files of the format, plain or gzip."`
	Format  string   `enum:"auto,facts,veris,hibp,csv,ndjson" default:"auto" help:"What the paths hold: ${enum}. With auto, folders are facts, files named .csv or .csv.gz are tables, and other files are a backup (ndjson)."`
	Mapping string   `type:"existingfile" help:"CSV: a file that says what the columns mean. Without one the table must be in one of our own forms, one row per incident or one row per claim."`
	Strict  bool     `help:"VERIS: refuse a document that breaks a rule of VERIS. Otherwise what is usable is imported, and the rest is listed."`
	DryRun  bool     `help:"Do everything, and write nothing. For a table, show how the first rows are read."`
	Atomic  bool     `help:"Make each file one transaction: if anything is refused, nothing of it is written."`
	JSON    bool     `name:"json" help:"Report as JSON."`
	Notes   bool     `help:"List what was not usable, document by document."`

	mapping *csvfile.Mapping // by which tables are read

	failed int // documents so far
	stored int // the same, with those that were in the ledger before

	CPUProfile string `name:"cpu-profile" hidden:"" help:"Where a CPU profile goes."`
}

// Run imports each path.
func (c *importCommand) Run(p *program) (failed error) {
	if c.CPUProfile != "" {
		stop, err := profile(c.CPUProfile)
		if err != nil {
			return err
		}
		defer func() { failed = errors.Join(failed, stop()) }()
	}
	folders, files, err := c.foldersAndFiles()
	if err != nil {
		return err
	}
	if err := c.checkOptions(folders, files); err != nil {
		return err
	}
	if c.mapping, err = c.readMapping(); err != nil {
		return err
	}
	if len(folders) > 0 {
		if err := c.importFacts(p, folders); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		return nil
	}
	return p.withLedger(func(l *ledger.Ledger) error {
		for _, file := range files {
			if err := c.importFile(p, l, file); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return c.incomplete()
	})
}

// incomplete ends the program with a failure when something that the files say is
// not in the ledger.
func (c *importCommand) incomplete() error {
	switch {
	case c.failed == 0:
		return nil
	case c.DryRun:
		return fmt.Errorf("%d refused, as listed", c.failed)
	case c.stored == 0:
		return fmt.Errorf("%d refused, as listed; nothing is stored", c.failed)
	default:
		return fmt.Errorf("%d refused, as listed; the others are stored", c.failed)
	}
}

// profile writes a CPU profile until it is stopped.
func profile(path string) (stop func() error, err error) {
	out, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return nil, errors.Join(fmt.Errorf("profile: %w", err), out.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return out.Close()
	}, nil
}

// importFacts imports folders of articles and facts. With a problem in any of
// them, nothing is imported.
func (c *importCommand) importFacts(p *program, folders []string) error {
	sets := make([]factfile.Set, len(folders))
	var problems factfile.Problems
	for i, folder := range folders {
		set, err := factfile.Load(os.DirFS(folder), folder)
		if err != nil {
			return err
		}
		sets[i] = set
		problems = append(problems, set.Problems...)
	}
	if len(problems) > 0 {
		return c.refuse(p, problems)
	}
	if c.DryRun && c.JSON {
		return importer.WriteFactProblems(p.stdout, nil, true)
	}
	if c.DryRun {
		fmt.Fprintln(p.stdout, "no problems; a dry run of facts checks nothing else")
		return nil
	}
	refused := 0
	return p.withLedger(func(l *ledger.Ledger) error {
		for _, set := range sets {
			report, err := importer.Facts(p.ctx, l, set)
			write := report.Write
			if c.JSON {
				write = report.WriteJSON
			}
			if err := errors.Join(err, write(p.stdout)); err != nil {
				return err
			}
			refused += report.Refused()
		}
		if refused > 0 {
			return errReported
		}
		return nil
	})
}

// importFile imports one file of documents, or a backup.
func (c *importCommand) importFile(p *program, l *ledger.Ledger, path string) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	format := c.formatOf(path)
	if format == "ndjson" {
		return c.readBackup(p, l, file)
	}
	bar := newBar(p.stderr, file)
	report, err := c.importDocuments(p.ctx, l, format, bar.reader(file), importer.Options{DryRun: c.DryRun, Atomic: c.Atomic, Progress: bar.show})
	bar.end()
	c.failed += report.Refused
	c.stored += report.Stored()
	if c.JSON {
		return errors.Join(err, report.WriteJSON(p.stdout))
	}
	return errors.Join(err, report.Write(p.stdout, c.Notes))
}

// formatOf is what a file holds, as asked for or by its name.
func (c *importCommand) formatOf(path string) string {
	name := strings.ToLower(strings.TrimSuffix(path, ".gz"))
	switch {
	case c.Format != "auto":
		return c.Format
	case c.Mapping != "" || strings.HasSuffix(name, ".csv"):
		return "csv"
	default:
		return "ndjson"
	}
}

func (c *importCommand) importDocuments(ctx context.Context, l *ledger.Ledger, format string, file io.Reader, o importer.Options) (importer.StreamReport, error) {
	if format != "csv" {
		f, ok := importer.FormatNamed(format, c.Strict)
		if !ok {
			return importer.StreamReport{}, fmt.Errorf("the format %s is not read from a file", format)
		}
		return importer.Stream(ctx, l, f, jsonstream.Read(file), o)
	}
	return importer.CSV(ctx, l, c.mapping, file, o)
}

// readBackup fills an empty ledger with a backup.
func (c *importCommand) readBackup(p *program, l *ledger.Ledger, file io.Reader) error {
	if c.DryRun {
		return errors.New("a backup cannot be read in a dry run: it is read whole into an empty ledger, or not at all")
	}
	n, err := fill(p.ctx, l, file)
	if c.JSON {
		return errors.Join(err, importer.BackupReport(n, err).WriteJSON(p.stdout))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "read %s, %s, %s with %s, %s, %s\n"+
		"API keys are not in a backup: make new ones with `server keys create`\n",
		incidents.Plural(n.Actors, "actor", "actors"), incidents.Plural(n.Sources, "source", "sources"),
		incidents.Plural(n.Incidents, "incident", "incidents"), incidents.Plural(n.Revisions, "version", "versions"),
		incidents.Plural(n.Imports, "import", "imports"), incidents.Plural(n.Duplicates, "duplicate", "duplicates"))
	return err
}

// fill reads a backup, and counts what is in it.
func fill(ctx context.Context, l *ledger.Ledger, file io.Reader) (ndjson.Counts, error) {
	r, err := ndjson.NewReader(file)
	if err != nil {
		return ndjson.Counts{}, fmt.Errorf("%w (for another format give --format)", err)
	}
	if err := l.ReadBackup(ctx, r); err != nil {
		return ndjson.Counts{}, err
	}
	return r.Counts(), nil
}

// refuse prints every problem, one a line, and ends the program with a failure.
func (c *importCommand) refuse(p *program, problems factfile.Problems) error {
	if c.JSON {
		return errors.Join(importer.WriteFactProblems(p.stdout, problems, c.DryRun), errReported)
	}
	for _, problem := range problems {
		fmt.Fprintln(p.stdout, problem)
	}
	fmt.Fprintf(p.stdout, "%s; nothing was imported\n", incidents.Plural(len(problems), "problem", "problems"))
	return errReported
}
