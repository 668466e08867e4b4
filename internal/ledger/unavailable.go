package ledger

import (
	"errors"

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
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case tooManyConnections, adminShutdown, crashShutdown, cannotConnectNow:
			return true
		}
	}
	return false
}
