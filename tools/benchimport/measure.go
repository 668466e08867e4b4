package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// figures are documents per second, turn by turn, and bytes.
type figures struct {
	Import    []float64 `json:"import"`
	Copy      []float64 `json:"copy"`
	Unchanged []float64 `json:"unchanged"`
	// Export is of the whole ledger, by format.
	Export map[string]float64 `json:"export"`
	// PeakMemory of any import process.
	PeakMemory int64 `json:"peak_memory_bytes"`
	// WholeUnchanged is the rate of all files as one, imported again.
	WholeUnchanged float64 `json:"whole_unchanged"`
	// ImportSeconds and CopySeconds are all turns together.
	ImportSeconds float64          `json:"import_seconds"`
	CopySeconds   float64          `json:"copy_seconds"`
	Rows          map[string]int64 `json:"rows"` // by table
	// CPU is what a document takes of it, in milliseconds: it tells less of a
	// machine's other work than the rates do. Without /proc PostgreSQL's is 0.
	CPU cpu `json:"cpu_ms_per_document"`
}

type cpu struct {
	Import     float64 `json:"import"`
	OfImporter float64 `json:"of_importer"` // the rest is PostgreSQL's
	Copy       float64 `json:"copy"`
}

// measure imports, copies and imports again, turn by turn.
func (b *bench) measure(ctx context.Context, files []file) (figures, error) {
	f := figures{Export: map[string]float64{}, Rows: map[string]int64{}}
	var since marks
	each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.Scale) }
	for i, file := range files {
		p, all, err := b.whole(ctx, func() (process, error) { return b.load(ctx, &f, file, i) })
		if err != nil {
			return f, err
		}
		f.Import, f.ImportSeconds = append(f.Import, rate(file.n, p.took)), f.ImportSeconds+p.took.Seconds()
		f.CPU.Import, f.CPU.OfImporter = f.CPU.Import+each(all), f.CPU.OfImporter+each(p.cpu)
		next, err := b.dump(ctx, since, f.Rows)
		if err != nil {
			return f, fmt.Errorf("dump the rows: %w", err)
		}
		since = next
		p, all, err = b.whole(ctx, func() (process, error) { return b.copyRows(ctx) })
		if err != nil {
			return f, fmt.Errorf("copy the rows: %w", err)
		}
		f.Copy, f.CopySeconds = append(f.Copy, rate(file.n, p.took)), f.CopySeconds+p.took.Seconds()
		f.CPU.Copy += each(all)
		p, err = b.load(ctx, &f, file, -1)
		if err != nil {
			return f, err
		}
		f.Unchanged = append(f.Unchanged, rate(file.n, p.took))
		fmt.Printf("turn %d of %d: %d documents; import %.0f a second, COPY %.0f, again %.0f\n",
			i+1, len(files), file.n, f.Import[i], f.Copy[i], f.Unchanged[i])
	}
	if err := b.same(ctx); err != nil {
		return f, err
	}
	paths := make([]string, len(files))
	for i, file := range files {
		paths[i] = file.path
	}
	whole := file{filepath.Join(b.folder, "documents.jsonl"), b.Scale}
	if err := join(whole.path, paths); err != nil {
		return f, err
	}
	p, err := b.load(ctx, &f, whole, -1)
	if err != nil {
		return f, err
	}
	f.WholeUnchanged = rate(whole.n, p.took)
	for _, format := range []string{"ndjson", "csv", "veris"} {
		args := []string{"--log-level=warn", "--database-url=" + b.imported, "export", "--format=" + format}
		if format != "ndjson" { // a backup has everything
			args = append(args, "--all")
		}
		p, err := execute(ctx, b.server, args...)
		if err != nil {
			return f, err
		}
		f.Export[format] = rate(b.Scale, p.took)
	}
	return f, nil
}

// load imports a file; profile is the turn that a CPU profile is of.
func (b *bench) load(ctx context.Context, f *figures, documents file, profile int) (process, error) {
	args := []string{"--log-level=warn", "--database-url=" + b.imported, "import", "--format=veris", documents.path}
	if b.Profile != "" && profile >= 0 {
		args = append(args, "--cpu-profile="+filepath.Join(b.Profile, fmt.Sprintf("import-%d.prof", profile)))
	}
	p, err := execute(ctx, b.server, args...)
	f.PeakMemory = max(f.PeakMemory, p.memory)
	return p, err
}

func rate(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }
