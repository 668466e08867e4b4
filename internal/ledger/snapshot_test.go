package ledger_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// writeThen runs f once something is written.
type writeThen struct {
	bytes.Buffer
	once sync.Once
	f    func()
}

func (w *writeThen) Write(p []byte) (int, error) {
	w.once.Do(w.f)
	return w.Buffer.Write(p)
}

// TestAnExportShowsOneMoment: what is written while an export goes on is not in
// it, neither in a backup nor in another format.
func TestAnExportShowsOneMoment(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulk := openBulk(t, l)
	const n = 1100 // more than two pages
	var items []ledger.ImportItem
	for i := range n {
		items = append(items, itemOf(t, fmt.Sprint("test:", i), incidents.Incident{Title: fmt.Sprint("Number ", i), Category: incidents.CategoryOther}))
	}
	importBatch(t, bulk, items)

	seen := 0
	for one, err := range l.Exported(t.Context(), ledger.Export{}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen == 0 {
			record(t, l, incidents.Incident{Title: "Meanwhile", Category: incidents.CategoryOther})
			edit(t, l, "number-1099", func(in *incidents.Incident) { in.Summary = "Meanwhile." })
		}
		if one.Title == "Meanwhile" || one.Summary != "" {
			t.Errorf("the export has %s, which was written meanwhile", one.Slug)
		}
		seen++
	}
	if seen != n {
		t.Errorf("the export has %d incidents, want %d", seen, n)
	}

	out := &writeThen{f: func() { record(t, l, incidents.Incident{Title: "Later", Category: incidents.CategoryOther}) }}
	w, err := ndjson.NewWriter(out, ndjson.Header{ExportedAt: time.Now().UTC().Truncate(time.Second), Schema: ledger.SchemaVersion()})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Backup(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(out.Bytes(), []byte(`"Later"`)) || !bytes.Contains(out.Bytes(), []byte(`"Meanwhile"`)) {
		t.Error("the backup has not what there was when it began")
	}
}
