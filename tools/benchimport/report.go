package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// goal is a figure beside what it should be.
type goal struct {
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Goal    float64 `json:"goal"`
	AtMost  bool    `json:"at_most,omitempty"`
	Unit    string  `json:"unit"`
	Verdict string  `json:"verdict"` // pass or short
}

// judged compares the figures with what they should be.
func (b *bench) judged(f figures) []goal {
	copied := float64(b.Scale) / f.CopySeconds
	goals := []goal{
		{What: "import, as a multiple of COPY", Value: float64(b.Scale) / f.ImportSeconds / copied, Goal: 1.2, Unit: "x"},
		{What: "unchanged import, as a multiple of COPY", Value: f.WholeUnchanged / copied, Goal: 3, Unit: "x"},
		{What: "peak memory of the importer", Value: float64(f.PeakMemory) / (1 << 20), Goal: 200, AtMost: true, Unit: "MiB"},
		{What: "export of the whole ledger", Value: f.Export["ndjson"], Goal: 5000, Unit: "incidents/s"},
	}
	for i, g := range goals {
		goals[i].Verdict = "short"
		if g.AtMost && g.Value <= g.Goal || !g.AtMost && g.Value >= g.Goal {
			goals[i].Verdict = "pass"
		}
	}
	return goals
}

func (b *bench) report(ctx context.Context, f figures) error {
	goals := b.judged(f)
	now := time.Now().UTC().Truncate(time.Second)
	commit, _ := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output() // "" outside a checkout
	load, _ := os.ReadFile("/proc/loadavg")                                                  // "" on other systems
	result, err := json.MarshalIndent(map[string]any{
		"at": now, "commit": strings.TrimSpace(string(commit)), "documents": b.Scale, "turns": b.Segments,
		"cores": runtime.NumCPU(), "go": runtime.Version(), "load_at_the_end": strings.TrimSpace(string(load)),
		"goals": goals, "figures": f,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.Results, 0o755); err != nil { //nolint:gosec // it is for everybody to read
		return err
	}
	path := filepath.Join(b.Results, fmt.Sprintf("import-%s.json", now.Format(time.DateOnly)))
	if err := os.WriteFile(path, append(result, '\n'), 0o644); err != nil { //nolint:gosec // so is this
		return err
	}
	fmt.Printf("\n%d documents: import %.0f a second, COPY %.0f, unchanged %.0f; export %.0f as NDJSON, %.0f as CSV, %.0f as VERIS\n",
		b.Scale, float64(b.Scale)/f.ImportSeconds, float64(b.Scale)/f.CopySeconds, f.WholeUnchanged, f.Export["ndjson"], f.Export["csv"], f.Export["veris"])
	fmt.Printf("CPU of a document: import %.3f ms (the importer %.3f, PostgreSQL %.3f), COPY %.3f ms\n\n",
		f.CPU.Import, f.CPU.OfImporter, f.CPU.Import-f.CPU.OfImporter, f.CPU.Copy)
	for _, g := range goals {
		relation := "≥"
		if g.AtMost {
			relation = "≤"
		}
		fmt.Printf("%-5s  %-40s %8.2f %s (%s %g)\n", g.Verdict, g.What, g.Value, g.Unit, relation, g.Goal)
	}
	fmt.Println("\nwritten to", path)
	return nil
}
