package main

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/benchdata"
)

//go:embed scripts
var scripts embed.FS

// sample is what one run of a load tool measured.
type sample struct {
	Rate    float64 `json:"rate"`              // answers a second
	P50     float64 `json:"p50_ms"`            // of wrk the median, of pgbench the mean
	P99     float64 `json:"p99_ms,omitempty"`  //
	Refused int     `json:"refused,omitempty"` // answers of 400 and above
	Broken  int     `json:"broken,omitempty"`  // connections that broke, and time-outs
	// Fetched is how many incidents the database has fetched for each answer;
	// Cached that they are too few for answers that no cache gave.
	Fetched float64 `json:"fetched,omitempty"`
	Cached  bool    `json:"cached,omitempty"`
}

func (s sample) remarks() string {
	out := ""
	if s.Fetched > 0 {
		out += fmt.Sprintf(" %.1f incidents fetched for each", s.Fetched)
	}
	if s.Cached {
		out += " FROM A CACHE"
	}
	if s.Refused > 0 {
		out += fmt.Sprintf(" %d REFUSED", s.Refused)
	}
	if s.Broken > 0 {
		out += fmt.Sprintf(" %d BROKEN", s.Broken)
	}
	return out
}

// wrk is a load on a server: the requests of a file.
type wrk struct {
	kind        string // as scripts/load.lua has them
	file        string
	connections int
	headers     []string // name=value
	path        string   // of posts; "" is the incidents'
	fromMemory  bool     // so are the answers
}

// threads: one, as pgbench has, but where that could not ask as fast as is answered.
func (w wrk) threads() int {
	if w.fromMemory {
		return min(2, w.connections)
	}
	return 1
}

// run puts the load on a server for some time. Rounds begin at different places
// of the file, so that nothing is asked for twice while there is something new; one
// more, the round numbered rounds, is that before the first.
func (w wrk) run(ctx context.Context, folder, url string, round, rounds int, d time.Duration) (sample, error) {
	place := float64(round) / float64(rounds+1) / 2
	if w.kind == "post-once" {
		place += 0.25 / float64(rounds+1) // not what was logged without a key just now
	}
	unique := fmt.Sprintf("%04d", time.Now().UnixMilli()/1000%10_000)
	args := append([]string{
		"-t", strconv.Itoa(w.threads()), "-c", strconv.Itoa(w.connections), "-d", seconds(d) + "s", "--timeout", "20s",
		"-s", filepath.Join(folder, "load.lua"), url, "--", w.kind, w.file, strconv.FormatFloat(place, 'f', 6, 64), unique, cmp.Or(w.path, incidentsPath),
	}, w.headers...)
	out, err := exec.CommandContext(ctx, "wrk", args...).CombinedOutput()
	if err != nil {
		return sample{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	_, line, found := strings.Cut(string(out), "RESULT ")
	var r struct {
		Requests, Microseconds float64
		Refused, Broken        int
		P50, P99               float64
	}
	if !found || json.Unmarshal([]byte(strings.TrimSpace(line)), &r) != nil {
		return sample{}, fmt.Errorf("wrk has written no result: %s", out)
	}
	return sample{Rate: r.Requests / r.Microseconds * 1e6, P50: r.P50, P99: r.P99, Refused: r.Refused, Broken: r.Broken}, nil
}

func seconds(d time.Duration) string {
	return strconv.Itoa(max(1, int(d.Round(time.Second).Seconds())))
}

// pgbench is a load on the database: scripts, each with its weight.
type pgbench struct {
	scripts []string // file or file@weight
	clients int
}

var (
	tps     = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)
	average = regexp.MustCompile(`(?m)^latency average = ([0-9.]+) ms`)
	failed  = regexp.MustCompile(`(?m)^number of failed transactions: ([0-9]+)`)
)

func (b pgbench) run(ctx context.Context, folder, database string, set *benchdata.Set, d time.Duration) (sample, error) {
	program, err := pgbenchProgram()
	if err != nil {
		return sample{}, err
	}
	args := []string{"-n", "-M", "prepared", "-c", strconv.Itoa(b.clients), "-j", strconv.Itoa(min(2, b.clients)), "-T", seconds(d)}
	for name, value := range map[string]int{
		"scale": set.Len(), "rare": set.RareWords(), "companies": len(set.Actors()) / 10,
		"start": int(benchdata.Start.UnixMilli()), "step": int(benchdata.Step.Milliseconds()),
	} {
		args = append(args, "-D", fmt.Sprintf("%s=%d", name, value))
	}
	for _, s := range b.scripts {
		args = append(args, "-f", filepath.Join(folder, s))
	}
	cmd := exec.CommandContext(ctx, program, append(args, database)...)
	// Left to itself PostgreSQL plans some of these anew each time, which halves
	// their rate.
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c plan_cache_mode=force_generic_plan")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return sample{}, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	number := func(re *regexp.Regexp) float64 {
		if m := re.FindSubmatch(out); m != nil {
			v, _ := strconv.ParseFloat(string(m[1]), 64)
			return v
		}
		return 0
	}
	s := sample{Rate: number(tps), P50: number(average), Refused: int(number(failed))}
	if s.Rate == 0 {
		return s, fmt.Errorf("pgbench has written no rate: %s", out)
	}
	return s, nil
}

// pgbenchProgram is pgbench, in PATH or where distributions put it.
func pgbenchProgram() (string, error) {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path, nil
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/pgbench", "/usr/pgsql-*/bin/pgbench", "/usr/libexec/postgresql*/pgbench"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", errors.New("pgbench is not there: make bench sees to it")
}

// writeScripts puts the scripts into a folder.
func writeScripts(folder string) error {
	entries, err := scripts.ReadDir("scripts")
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := scripts.ReadFile("scripts/" + e.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, e.Name()), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
