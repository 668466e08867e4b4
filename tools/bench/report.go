package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/pglocal"
)

// results are what a run leaves.
type results struct {
	At       time.Time           `json:"at"`
	Commit   string              `json:"commit"`
	Scale    int                 `json:"scale"`
	Rounds   int                 `json:"rounds"`
	Seconds  float64             `json:"seconds"`
	Machine  map[string]string   `json:"machine"`
	Versions map[string]string   `json:"versions"`
	Rows     []row               `json:"rows"`
	Samples  map[string][]sample `json:"samples"`
}

// report prints the table and writes the results.
func (o *options) report(ctx context.Context, kind string, postgres *pglocal.Server, samples map[string][]sample, rows []row) error {
	r := results{
		At: time.Now().UTC().Truncate(time.Second), Commit: output(ctx, "git", "describe", "--always", "--dirty"), Scale: o.Scale, Rounds: o.Rounds,
		Seconds: o.Time.Seconds(), Machine: machine(ctx), Rows: rows, Samples: samples,
		Versions: map[string]string{"go": runtime.Version(), "wrk": firstWords(output(ctx, "wrk", "-v"), 2)},
	}
	var version string
	if err := ask(ctx, postgres.URL("postgres"), &version, "SHOW server_version"); err != nil {
		return err
	}
	r.Versions["postgresql and pgbench"] = version
	if err := os.MkdirAll(o.Results, 0o755); err != nil { //nolint:gosec // it is for everybody to read
		return err
	}
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return err
	}
	file := filepath.Join(o.Results, fmt.Sprintf("%s%s-%d.json", r.At.Format("2006-01-02"), kind, o.Scale))
	if err := os.WriteFile(file, raw.Bytes(), 0o644); err != nil { //nolint:gosec // so is this
		return err
	}
	fmt.Print(table(r))
	fmt.Println("\nwritten to", file)
	return nil
}

// table is the rows as Markdown.
func table(r results) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\n%d incidents, medians of %d rounds of %.0f s, %s, %s\n\n", r.Scale, r.Rounds, r.Seconds, r.Machine["cpu"], r.At.Format(time.DateOnly))
	out.WriteString("| what | measured | at least | aim for | | |\n|---|---|---|---|---|---|\n")
	for _, row := range r.Rows {
		bound := func(v float64) string {
			if row.Low {
				return fmt.Sprintf("≤ %g", v)
			}
			return fmt.Sprintf("%g", v)
		}
		least, aim := bound(row.AtLeast), bound(row.AimFor)
		if row.Verdict == forReference {
			least, aim = "", ""
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", row.What, figure(row), least, aim, row.Verdict, row.Detail)
	}
	return out.String()
}

// figure is the value of a row with its unit.
func figure(r row) string {
	if r.Value == nil {
		return "–"
	}
	switch r.Unit {
	case "x":
		return fmt.Sprintf("%.2f", *r.Value)
	case "":
		return fmt.Sprintf("%.0f", *r.Value)
	default:
		return fmt.Sprintf("%.1f %s", *r.Value, r.Unit)
	}
}

// machine is what the figures were measured on.
func machine(ctx context.Context) map[string]string {
	m := map[string]string{"cores": fmt.Sprint(runtime.NumCPU()), "system": output(ctx, "uname", "-sr")}
	for _, f := range []struct{ file, prefix, name string }{{"/proc/cpuinfo", "model name", "cpu"}, {"/proc/meminfo", "MemTotal", "memory"}} {
		text, _ := os.ReadFile(f.file) // where it isn't there it is left out
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == f.prefix {
				m[f.name] = strings.TrimSpace(value)
				break
			}
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	m["load at the end"] = firstWords(string(load), 3)
	return m
}

func output(ctx context.Context, program string, args ...string) string {
	out, _ := exec.CommandContext(ctx, program, args...).CombinedOutput() // wrk -v ends with 1
	return strings.TrimSpace(string(out))
}

func firstWords(s string, n int) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(n, len(words))], " ")
}
