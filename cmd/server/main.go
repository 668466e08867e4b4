// Command server is Breachledger: it serves the API and the pages, and brings
// data in and out. Without a subcommand it serves.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/importer"
)

// version is set when a release is built: -ldflags "-X main.version=…".
var version = "development"

// stopSignals end the program in good order.
var stopSignals = []os.Signal{syscall.SIGINT, syscall.SIGTERM}

func main() {
	uuid.EnableRandPool() // one system call for many request ids
	if os.Getenv("GOGC") == "" {
		// Little stays in memory and much goes by: it is collected less often.
		debug.SetGCPercent(150)
	}
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals...)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, errReported) {
		fmt.Fprintln(os.Stderr, "server:", importer.Printable(err.Error()))
	}
	if err != nil {
		os.Exit(1)
	}
}

// errReported ends the program with exit status 1 and no further message.
var errReported = errors.New("reported already")

// run is the whole program, so that tests can call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("server"),
		kong.Description("Breachledger: a ledger of payments-security incidents."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }), // after --help or --version
		kong.Vars{"version": version},
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("define the commands: %w", err)
	}
	command, err := parser.Parse(args)
	if exited {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (see --help)", err)
	}
	log, flush := newLogger(stderr, c.LogFormat, c.LogLevel)
	defer flush()
	return command.Run(&program{ctx: ctx, common: c.common, stdout: stdout, stderr: stderr, log: log})
}
