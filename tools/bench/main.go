// Command bench measures how fast the ledger is, beside pgbench on the same
// PostgreSQL: see docs/performance.md. It is for those who work on Breachledger,
// and needs Linux, wrk and pgbench.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options are what every command takes.
type options struct {
	Scale   int           `env:"SCALE" default:"1000000" help:"How many incidents there are."`
	Rounds  int           `env:"ROUNDS" default:"3" help:"How often each thing is measured; the median counts."`
	Time    time.Duration `env:"BENCH_TIME" default:"5s" help:"How long each time."`
	Data    string        `env:"BENCH_DATA" default:"bench/data" type:"path" help:"Where the databases are kept between runs."`
	Results string        `env:"BENCH_RESULTS" default:"bench/results" type:"path" help:"Where the results go."`
	Only    []string      `env:"ONLY" help:"Measure only the rows with these words in their names."`

	serverEnv []string // of the large server, besides its defaults
	alone     bool     // without the small one
}

type cli struct {
	options
	Run     runCommand     `cmd:"" default:"withargs" help:"Measure everything and compare it with what is wanted."`
	Peers   peersCommand   `cmd:"" help:"Compare with PostGraphile and with Flask and SQLAlchemy."`
	Profile profileCommand `cmd:"" help:"Take profiles of the server under load."`
	Data    dataCommand    `cmd:"" name:"data" help:"Only make the data."`
	Static  staticCommand  `cmd:"" hidden:"" help:"Serve a fixed answer."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	var c cli
	parsed := kong.Parse(&c, kong.Name("bench"), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(&c.options); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // there is nothing left to be deferred
	}
}

// say tells what goes on.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}
