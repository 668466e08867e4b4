package ledger

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes of a server that does not serve at the moment.
const (
	tooManyConnections = "53300"
	adminShutdown      = "57P01"
	crashShutdown      = "57P02"
	cannotConnectNow   = "57P03"
)

// Unavailable reports whether an error means that the database cannot be
// reached, which later it may.
func Unavailable(err error) bool {
	var (
		connect *pgconn.ConnectError
		network *net.OpError
		pg      *pgconn.PgError
	)
	switch {
	case errors.As(err, &connect):
		return true
	case errors.As(err, &pg):
		return pg.Code == tooManyConnections || pg.Code == adminShutdown || pg.Code == crashShutdown || pg.Code == cannotConnectNow
	default: // the connection broke, now or before
		return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgconn.ErrConnClosed)
	}
}

// Full reports whether an error means that the database has no room or no memory
// left for what was asked: nothing was stored, whatever it was.
func Full(err error) bool {
	const insufficientResources = "53" // the class of SQLSTATE
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, insufficientResources) && pg.Code != tooManyConnections
}

// oneLineError is why the database cannot be reached, on one line. pgx has a line for
// each address and way that it tried; what a server itself says is enough.
type oneLineError struct{ err error }

func (e oneLineError) Error() string {
	var said *pgconn.PgError
	if errors.As(e.err, &said) {
		return said.Message
	}
	head, tried, several := strings.Cut(e.err.Error(), "\n")
	if !several {
		return head
	}
	lines := strings.Split(tried, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	slices.Sort(lines)
	return head + " " + strings.Join(slices.Compact(lines), "; ")
}

func (e oneLineError) Unwrap() error { return e.err }

// outage tells the log when the database is lost, each reason once, and when it is
// back. Requests that fail for it have no lines of their own that would say why.
type outage struct {
	log      *slog.Logger
	failures int       // one after another
	began    time.Time // the first of them
	said     string
}

// note takes what became of one more question.
func (o *outage) note(err error) {
	if err == nil {
		if o.said != "" {
			o.log.Info("the database is reached again", "after", time.Since(o.began).Round(time.Millisecond).String())
		}
		*o = outage{log: o.log}
		return
	}
	if o.failures++; o.failures == 1 {
		o.began = time.Now()
		return // a connection that was ended is replaced by the next question
	}
	if why := (oneLineError{err}).Error(); why != o.said {
		o.said = why
		o.log.Warn("the database cannot be reached; it is tried again", "error", why)
	}
}
