package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// Errors that callers tell apart. What is wrong with a document comes as
// [incidents.Problems].
var (
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the role may read the incident and may not do this to it.
	ErrForbidden = errors.New("not allowed")
	// ErrTooSlow: the search or report took longer than it may.
	ErrTooSlow = errors.New("took too long")
	// ErrBusy: other writes of the same things kept coming in between. Nothing
	// was written; trying again later may do.
	ErrBusy = errors.New("too many writes of the same at once")
	// ErrCursor: the cursor of a page is not one that a list gave out.
	ErrCursor = errors.New("not a cursor of this list")
)

// MovedError says that what was asked for now lives elsewhere: it was merged.
type MovedError struct {
	Slug string
	ETag string // of a merged incident that was read, to undo the merge with; else ""
}

func (e *MovedError) Error() string { return "was merged into " + e.Slug }

// absent reports whether an error says that there is nothing of a name, or nothing any
// more. Any other is no mistake of who named it, and may be gone when it is tried again.
func absent(err error) bool {
	var moved *MovedError
	var gone *GoneError
	return errors.Is(err, ErrNotFound) || errors.As(err, &moved) || errors.As(err, &gone)
}

// StaleError says that the incident changed since the caller read it.
type StaleError struct{ ETag string }

func (e *StaleError) Error() string { return "was changed in the meantime; its ETag is now " + e.ETag }

// checkMatch returns a [StaleError] unless the present ETag is one of those that the
// caller has read, as If-Match lists them (RFC 9110, section 13.1.1); "" accepts any.
func checkMatch(ifMatch, etag string) error {
	if ifMatch == "" {
		return nil
	}
	for read := range strings.SplitSeq(ifMatch, ",") {
		if strings.TrimSpace(read) == etag {
			return nil
		}
	}
	return &StaleError{ETag: etag}
}

// ExistsError says that an incident with this external reference is there.
type ExistsError struct {
	ID   uuid.UUID
	Slug string
	Ref  incidents.ExternalRef
	At   int // which reference of the incident it is that was to be stored
}

// Problems is the error as one of the document that was to be stored.
func (e *ExistsError) Problems() incidents.Problems {
	return incidents.Problems{{Pointer: fmt.Sprintf("/external_refs/%d/id", e.At), Detail: e.Error()}}
}

func (e *ExistsError) Error() string {
	return fmt.Sprintf("the incident %s already has the reference %s %s", e.Slug, e.Ref.Scheme, e.Ref.ID)
}

// SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	queryCanceled        = "57014"
	programLimitExceeded = "54000"
	notInRepertoire      = "22021"
	untranslatable       = "22P05"
)

// constraints maps the constraints that a document can still run into after its
// checks to the field that breaks them.
var constraints = map[string]incidents.Problem{
	"evidence_quote_stands":    {Pointer: "", Detail: "a quote does not stand in its source's text"},
	"sources_text_fixed":       {Pointer: "/sources", Detail: "a source's stored text does not change"},
	"incidents_slug_permanent": {Pointer: "/slug", Detail: "is permanent once published"},
	"counts_qualifier_fits":    {Pointer: "/counts", Detail: "a qualifier does not fit its figures"},
	"losses_qualifier_fits":    {Pointer: "/losses", Detail: "a qualifier does not fit its figures"},
	"counts_one_headline":      {Pointer: "/counts", Detail: "only one count can be the headline"},
	"sources_url_form":         {Pointer: "/sources", Detail: "a source's url is not an http address of at most 2,000 bytes"},
}

// errRace means that somebody else wrote in between what this write had looked
// up before: a name, an address, a slug. Run again, it sees what they wrote.
var errRace = errors.New("raced with another write")

// fromPostgres turns a database error into the domain's.
func fromPostgres(err error) error {
	var pg *pgconn.PgError
	if errors.Is(err, errRace) || !errors.As(err, &pg) {
		return err
	}
	if problem, ok := constraints[pg.ConstraintName]; ok {
		problem.Detail += ": " + pg.Message
		return incidents.Problems{problem}
	}
	switch pg.Code {
	case uniqueViolation, serializationFailure, deadlockDetected:
		return fmt.Errorf("%w: %w", errRace, err)
	case queryCanceled:
		return fmt.Errorf("%w: %w", ErrTooSlow, err)
	case programLimitExceeded:
		// The domain's limits keep everything below those of the database; should
		// they ever not, it is still the document that is too large.
		return incidents.Problems{{Detail: "has something that is too large to be stored: " + pg.Message}}
	case notInRepertoire, untranslatable:
		return incidents.Problems{{Detail: "has text that cannot be stored: " + pg.Message}}
	}
	return err
}

// needs refuses whoever does not have the role, or one above it.
func needs(by access.Identity, role access.Role) error {
	if by.Role.AtLeast(role) {
		return nil
	}
	return fmt.Errorf("%w: the role %s or above is needed", ErrForbidden, role)
}

// notFound turns "no rows" into the domain's error.
func notFound(err error, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w: %s", ErrNotFound, what)
	}
	return err
}

// explain says in an error what was being done; nil stays nil.
func explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
