package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func backup(t *testing.T, l *ledger.Ledger) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := ndjson.NewWriter(&out, ndjson.Header{Schema: ledger.SchemaVersion()})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Backup(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readBackup(ctx context.Context, l *ledger.Ledger, data []byte) error {
	r, err := ndjson.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return l.ReadBackup(ctx, r)
}

// readBack is a ledger made of the backup of another, which it writes again byte for byte.
func readBack(t *testing.T, l *ledger.Ledger) *ledger.Ledger {
	t.Helper()
	before, other := backup(t, l), ledgertest.Open(t)
	if err := readBackup(t.Context(), other, before); err != nil {
		t.Fatal(err)
	}
	if after := backup(t, other); !bytes.Equal(before, after) {
		t.Errorf("the ledger read back differs:\n%s\n%s", before, after)
	}
	return other
}

// TestABackupReadBackIsTheSameLedger goes through everything that a ledger can
// hold: drafts, retracted and merged incidents, merged actors, redacted sources,
// imports, decided and open duplicates.
func TestABackupReadBackIsTheSameLedger(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 11, 30)
	edit(t, l, all[0].Slug, func(in *incidents.Incident) { in.Title += " (edited)" })
	if _, err := l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "a hoax"}, all[1].Slug, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, incidents.Incident{Title: "A draft", Category: incidents.DataBreach}); err != nil {
		t.Fatal(err)
	}
	one, two := breach(t, l, "Acme breach", "Acme", 100, "https://example.com/1"), breach(t, l, "Acme hack", "Acme", 100, "https://example.com/2")
	if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, two.Slug, "", one.Slug); err != nil {
		t.Fatal(err)
	}
	breach(t, l, "Acme is breached", "Acme", 100, "https://example.com/3")
	breach(t, l, "Another breach", "Acme Incorporated", 5, "https://example.com/4")
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge actor"}, "acme", "acme-incorporated"); err != nil {
		t.Fatal(err)
	}
	ten := int64(10)
	quoted, err := l.Record(t.Context(), recording, incidents.Incident{
		Title: "Quoted", Category: incidents.DataBreach,
		Sources: []incidents.Source{{Title: "An article", Text: "They lost ten cards. No more."}},
		Counts:  []incidents.Count{{Claim: incidents.Claim{Evidence: []incidents.Evidence{{Quote: "ten cards"}}}, Unit: "cards", Quantity: &ten}},
	})
	if err != nil {
		t.Fatal(err)
	}
	admin := access.Identity{Name: "an admin", Role: access.Admin}
	if err := l.Redact(t.Context(), ledger.Change{By: admin, Action: "redact"}, parse(t, quoted).Sources[0].ID); err != nil {
		t.Fatal(err)
	}
	bulk, err := l.OpenBulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	importBatch(t, bulk, []ledger.ImportItem{itemOf(t, "test:1", ledgertest.NewBuilder(99).Incident())})
	bulk.Close(t.Context())

	before := backup(t, l)
	other := ledgertest.Open(t)
	if err := readBackup(t.Context(), other, before); err != nil {
		t.Fatal(err)
	}
	after := backup(t, other)
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Errorf("the ledger read back differs (-written +read):\n%s", diff)
	}
	const changed = "SELECT string_agg(slug || ' ' || rerendered_at, ', ' ORDER BY slug) FROM incidents WHERE rerendered_at IS NOT NULL"
	if was, is := ask[string](t, l, changed), ask[string](t, other, changed); was != is {
		t.Errorf("documents have changed at %s, and in the copy at %s", was, is)
	}
	// The rows below the documents are the same ones.
	for _, in := range all[2:] {
		sameAsRows(t, other, in.Slug)
	}
	if err := readBackup(t.Context(), other, before); !errors.Is(err, ledger.ErrNotEmpty) {
		t.Errorf("reading a backup into a full ledger gives %v", err)
	}
	// A merge is undone in the copy as in the original.
	if _, err := other.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, two.Slug, "", 1); err != nil {
		t.Errorf("undo a merge in the copy: %v", err)
	}
}

func TestABrokenBackupLeavesNothing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 5, 10)
	data := backup(t, l)
	lines := bytes.SplitAfter(data, []byte("\n"))
	for name, broken := range map[string][]byte{
		"cut short":     bytes.Join(lines[:len(lines)/2], nil),
		"a bad line":    bytes.Replace(data, []byte(`{"incident":`), []byte(`{"incdent":`), 1),
		"a lost source": dropLine(lines, []byte(`{"source":`)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := ledgertest.Open(t)
			if err := readBackup(t.Context(), other, broken); err == nil {
				t.Fatal("it was read")
			} else {
				t.Log(err)
			}
			if empty, err := other.Empty(t.Context()); err != nil || !empty {
				t.Errorf("something is left of it (%v)", err)
			}
		})
	}
}

// TestABackupIsReadIntoAnEmptyLedgerAlone: who writes at the same time is waited
// for, and then the ledger is not empty.
func TestABackupIsReadIntoAnEmptyLedgerAlone(t *testing.T) {
	t.Parallel()
	from, l := ledgertest.Open(t), ledgertest.Open(t)
	library(t, from, 1, 2)
	data := backup(t, from)
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := tx.Exec(t.Context(), "INSERT INTO sources (id, url, created_at) VALUES (gen_random_uuid(), 'https://news.example/', now())"); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() { read <- readBackup(t.Context(), l, data) }()
	untilWaiting(t, l, read)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-read; !errors.Is(err, ledger.ErrNotEmpty) {
		t.Errorf("a backup was read beside what was written meanwhile: %v", err)
	}
}

func dropLine(lines [][]byte, beginning []byte) []byte {
	var out []byte
	dropped := false
	for _, line := range lines {
		if !dropped && bytes.HasPrefix(line, beginning) {
			dropped = true
			continue
		}
		out = append(out, line...)
	}
	return out
}

// TestABackupHoldsNoHistory but one version at a time, however many there are and
// however large.
func TestABackupHoldsNoHistory(t *testing.T) { //nolint:paralleltest // others would be in the memory that it measures
	l := ledgertest.Open(t)
	const versions, size = 100, 2 << 20
	doc := record(t, l, incidents.Incident{Title: "Long", Category: incidents.DataBreach})
	addVersions(t, l, doc.ID, 2, versions, size)
	out := &heapWriter{every: 20 * size}
	w, err := ndjson.NewWriter(out, ndjson.Header{Schema: ledger.SchemaVersion()})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Backup(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if out.written < versions*size || out.most > versions*size/2 {
		t.Errorf("a backup of %d bytes holds %d of them", out.written, out.most)
	}
}

// heapWriter tells how much memory is in use while something is written.
type heapWriter struct{ every, written, most int }

func (w *heapWriter) Write(p []byte) (int, error) {
	if before := w.written; before/w.every != (before+len(p))/w.every {
		w.most = max(w.most, heapInUse())
	}
	w.written += len(p)
	return len(p), nil
}

func heapInUse() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// addVersions gives an incident so many more versions, with documents of a size.
func addVersions(t *testing.T, l *ledger.Ledger, id uuid.UUID, from, versions, size int) {
	t.Helper()
	if _, err := l.Pool().Exec(t.Context(), `INSERT INTO incident_revisions (incident_id, version, at, author, action, document)
		SELECT $1, n, now(), 'somebody', 'edit', json_build_object('summary', repeat('x', $4)) FROM generate_series($2::integer, $2 + $3::integer - 1) AS n`,
		id, from, versions, size); err != nil {
		t.Fatal(err)
	}
}

// TestAHistoryHoldsFewVersions at a time when they are large, also behind small ones.
func TestAHistoryHoldsFewVersions(t *testing.T) { //nolint:paralleltest // others would be in the memory that it measures
	l := ledgertest.Open(t)
	const versions, size, small = 100, 2 << 20, 10
	doc := record(t, l, incidents.Incident{Title: "Long", Category: incidents.DataBreach})
	addVersions(t, l, doc.ID, 2, versions, size)
	addVersions(t, l, doc.ID, 2+versions, small, 1)
	n, most := 0, 0
	if _, err := l.EachRevision(t.Context(), editor, doc.Slug, ledger.Page{Limit: 200}, func(ledger.Revision, json.RawMessage) error {
		if n++; n%10 == 0 {
			most = max(most, heapInUse())
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n != 1+versions+small || most > versions*size/2 {
		t.Errorf("of %d versions with %d bytes in all %d are held", n, versions*size, most)
	}
}
