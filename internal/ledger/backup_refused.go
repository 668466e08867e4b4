package ledger

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
)

// refusedLine says which line of a backup PostgreSQL refuses, and why: line if it is
// known, or else one up to the last that was read; 0 is not known. An error that is not
// about the file's data is returned as it is.
func refusedLine(err error, line, last int) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || !strings.HasPrefix(pg.Code, "22") && !strings.HasPrefix(pg.Code, "23") { // data, constraints
		return err
	}
	why := "the ledger cannot hold it: " + pg.Message
	if pg.Detail != "" && !strings.HasPrefix(pg.Detail, "Failing row") { // which may be of megabytes
		why += ": " + pg.Detail
	}
	switch {
	case line > 0:
		return &ndjson.Error{Line: line, Err: errors.New(why)}
	case last > 0:
		return &ndjson.Error{Line: last, Err: errors.New("or one before it: " + why)}
	default:
		return &ndjson.Error{Err: errors.New(why)}
	}
}
