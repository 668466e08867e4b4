package ledger

import (
	"errors"
	"io"
	"net"

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
