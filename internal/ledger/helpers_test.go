package ledger_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

var (
	editor      = access.Identity{Name: "an editor", Role: access.Editor}
	contributor = access.Identity{Name: "a contributor", Role: access.Contributor}
	reader      = access.Identity{Name: "a reader", Role: access.Reader}

	recording = ledger.Change{By: editor, Action: "record"}
	editing   = ledger.Change{By: editor, Action: "replace", Reason: "a test"}
)

// record stores an incident and fails the test when that fails.
func record(t *testing.T, l *ledger.Ledger, in incidents.Incident) ledger.Document {
	t.Helper()
	doc, err := l.Record(t.Context(), recording, in)
	if err != nil {
		t.Fatalf("record %q: %v", in.Title, err)
	}
	return doc
}

// edit changes an incident and fails the test when that fails.
func edit(t *testing.T, l *ledger.Ledger, ref string, change func(*incidents.Incident)) ledger.Document {
	t.Helper()
	doc, err := l.Edit(t.Context(), editing, ref, "", func(in *incidents.Incident) error {
		change(in)
		return nil
	})
	if err != nil {
		t.Fatalf("edit %s: %v", ref, err)
	}
	return doc
}

// parse reads a stored document.
func parse(t *testing.T, doc ledger.Document) incidents.Incident {
	t.Helper()
	var in incidents.Incident
	if err := json.Unmarshal(doc.JSON, &in); err != nil {
		t.Fatalf("read the document of %s: %v", doc.Slug, err)
	}
	in.ID = doc.ID
	return in
}

// fromJSON reads a document as a client writes it.
func fromJSON(t *testing.T, text string) incidents.Incident {
	t.Helper()
	var in incidents.Incident
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		t.Fatalf("read %s: %v", text, err)
	}
	return in
}

// library records the incidents of a builder.
func library(t *testing.T, l *ledger.Ledger, seed uint64, n int) []incidents.Incident {
	t.Helper()
	b := ledgertest.NewBuilder(seed)
	out := make([]incidents.Incident, n)
	for i := range out {
		out[i] = parse(t, record(t, l, b.Incident()))
	}
	return out
}

// sameAsRows fails the test when the document kept of an incident is not valid,
// or not the one that its rows make.
func sameAsRows(t *testing.T, l *ledger.Ledger, ref string) ledger.Document {
	t.Helper()
	kept, err := l.Incident(t.Context(), editor, ref)
	if err != nil {
		t.Fatal(err)
	}
	rebuilt, err := l.Rebuilt(t.Context(), kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept.JSON) != string(rebuilt.JSON) || kept.ETag != rebuilt.ETag {
		t.Fatalf("%s is kept as %s\n%s\nand its rows make %s\n%s", ref, kept.ETag, kept.JSON, rebuilt.ETag, rebuilt.JSON)
	}
	// What was stored is valid when it is sent back.
	if in := parse(t, kept); len(in.Validate()) > 0 {
		t.Fatalf("%s is kept though it has problems: %v", ref, in.Validate())
	}
	return kept
}

// problems are those of an error, each as "pointer: detail"; it fails the test
// when the error is anything else.
func problems(t *testing.T, err error) []string {
	t.Helper()
	var ps incidents.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("the error is %v, not problems of the document", err)
	}
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Pointer + ": " + p.Detail
	}
	return out
}

// wantProblem fails the test unless a problem with this beginning is reported.
func wantProblem(t *testing.T, err error, beginning string) {
	t.Helper()
	got := problems(t, err)
	for _, p := range got {
		if strings.HasPrefix(p, beginning) {
			return
		}
	}
	t.Errorf("no problem begins with %q; there are:\n%s", beginning, strings.Join(got, "\n"))
}

// exec runs SQL by the back door and fails the test when that fails.
func exec(t *testing.T, l *ledger.Ledger, sql string, args ...any) {
	t.Helper()
	if _, err := l.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// refused runs SQL that the database must refuse by the constraint of that name
// (or one of several, parted by |), or with that SQLSTATE, and returns the message.
func refused(t *testing.T, l *ledger.Ledger, constraint, sql string, args ...any) string {
	t.Helper()
	_, err := l.Pool().Exec(t.Context(), sql, args...)
	var pg *pgconn.PgError
	switch {
	case err == nil:
		t.Errorf("the database took %s %v", sql, args)
	case !errors.As(err, &pg) || !slices.Contains(strings.Split(constraint, "|"), pg.ConstraintName) && pg.Code != constraint:
		t.Errorf("%s %v: %v, which is not by %s", sql, args, err, constraint)
	default:
		return pg.Message
	}
	return ""
}

// ask is one value from the database.
func ask[T any](t *testing.T, l *ledger.Ledger, sql string, args ...any) T {
	t.Helper()
	var out T
	if err := l.Pool().QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// eventually waits for what others do in their own time, and fails the test when they
// don't do it.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// untilWaiting returns when a statement waits for a lock. What is to wait tells its end
// on the channel, which must not come before that; nil tells none.
func untilWaiting(t *testing.T, l *ledger.Ledger, end <-chan error) {
	t.Helper()
	eventually(t, "somebody waits for a lock", func() bool {
		select {
		case err := <-end:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
		return ask[bool](t, l, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')")
	})
}
