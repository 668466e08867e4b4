package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/alecthomas/kong"
)

// cli is every flag, environment variable and subcommand, in one place.
type cli struct {
	common

	Version kong.VersionFlag `help:"Print the version."`

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Serve the API and the pages (the default)."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date, or show what is applied."`
	Import  importCommand  `cmd:"" help:"Import articles with their facts, documents of another format, tables, or a backup. The exit status is 1 when a document is refused, even if the rest is stored."`
	Export  exportCommand  `cmd:"" help:"Write the whole ledger except the keys as a backup, or its incidents in another format."`
	Check   checkCommand   `cmd:"" help:"Check fact files against their articles, without a database."`
	Keys    keysCommand    `cmd:"" help:"Make, list and revoke API keys."`
}

// common is what every command that needs the database takes.
type common struct {
	DatabaseURL string        `env:"DATABASE_URL" placeholder:"URL" help:"The PostgreSQL (15 or newer) to use; several hosts and target_session_attrs work. Without it a private one runs in the data folder."`
	Data        string        `env:"DATA_DIR" default:".data" type:"path" help:"The folder of the private PostgreSQL and its admin key."`
	LogFormat   string        `env:"LOG_FORMAT" enum:"auto,text,json" default:"auto" help:"Log as text or JSON; auto is text on a terminal."`
	LogLevel    string        `env:"LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least level that is logged: ${enum}. From warn on, single requests are not logged."`
	StartLimit  time.Duration `env:"START_LIMIT" default:"2m" hidden:"" help:"How long the private PostgreSQL may take to start."`
}

// program is what a command runs with.
type program struct {
	common
	ctx    context.Context //nolint:containedctx // kong calls Run with one argument
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
