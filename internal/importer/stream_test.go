package importer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// stream imports a file of the shared data.
func stream(t *testing.T, l *ledger.Ledger, f importer.Format, name string, o importer.Options) importer.StreamReport {
	t.Helper()
	file, err := os.Open(sharedtest.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	report, err := importer.Stream(t.Context(), l, f, jsonstream.Read(file), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTheWholeVCDB(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const name = "data/vcdb-2019.jsonl.gz"
	if report := stream(t, l, importer.VERIS(false), name, importer.Options{DryRun: true}); report.Created != 8193 {
		t.Errorf("the dry run: %s", report)
	}
	if empty, err := l.Empty(t.Context()); err != nil || !empty {
		t.Errorf("the dry run has written something (%v)", err)
	}
	report := stream(t, l, importer.VERIS(false), name, importer.Options{})
	// Five documents repeat a number; three of them say something else.
	if report.Rows != 8198 || report.Created != 8193 || report.Repeated != 5 || report.Refused != 0 {
		t.Errorf("the first run: %s", report)
	}
	if report := stream(t, l, importer.VERIS(false), name, importer.Options{}); report.Unchanged != 8193 || report.Created+report.Changed != 0 {
		t.Errorf("the second run: %s", report)
	}
}

// TestWhatWasReadBeforeAnErrorIsStored: a file that breaks off loses nothing of
// what stands before, unless it was to be all or nothing.
func TestWhatWasReadBeforeAnErrorIsStored(t *testing.T) {
	t.Parallel()
	const file = `[{"source_id":"case","incident_id":"C-1","summary":"One","security_incident":"Confirmed"},
		{"source_id":"case","incident_id":"C-2","summary":"Two","security_incident":"Confirmed"},
		{"source_id":`
	l := ledgertest.Open(t)
	for _, atomic := range []bool{true, false} {
		report, err := importer.Stream(t.Context(), l, importer.VERIS(false), jsonstream.Read(strings.NewReader(file)), importer.Options{Atomic: atomic})
		var broken *jsonstream.Error
		if !errors.As(err, &broken) || broken.Row != 3 {
			t.Errorf("the error does not name row 3: %v", err)
		}
		if errors.Is(err, importer.ErrAtomic) != atomic || report.Created != 2 {
			t.Errorf("atomic %t: %v: %v", atomic, report, err)
		}
		if empty, err := l.Empty(t.Context()); err != nil || empty != atomic {
			t.Errorf("atomic %t: the ledger's being empty is %t (%v)", atomic, empty, err)
		}
	}
}

// TestWhyADocumentHasNoNumber: one that cannot be read at all is not said to lack
// only that.
func TestWhyADocumentHasNoNumber(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	whole := `{"source_id":"case","incident_id":"C-1","summary":"One","security_incident":"Confirmed"}` + "\n"
	for _, c := range []struct {
		format   importer.Format
		in, want string
	}{
		{importer.VERIS(false), whole + whole[:40], "row 2: refused: must be JSON: line 1, column 41: "},
		{importer.VERIS(true), "{oops}\n" + whole, "row 1: refused: must be JSON: line 1, column 2: "},
		{importer.VERIS(false), `{"Name":"Acme","Title":"Acme"}`, "row 1: refused: has none of the fields of a VERIS incident ("},
		{importer.VERIS(false), `{"security_incident":"Confirmed"}`, "row 1: refused: has no number of its own, by which it would be known again\n"},
		{importer.HIBP(), "<html>", "row 1: refused: must be JSON: line 1, column 1: "},
		{importer.HIBP(), "7", "row 1: refused: must be an object, a breach of Have I Been Pwned\n"},
		{importer.HIBP(), `{"Title":"Acme"}`, "row 1: refused: has no number of its own, by which it would be known again\n"},
	} {
		report, err := importer.Stream(t.Context(), l, c.format, jsonstream.Read(strings.NewReader(c.in)), importer.Options{DryRun: true})
		var out strings.Builder
		if err := errors.Join(err, report.Write(&out, false)); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), c.want) {
			t.Errorf("%s:\ngot  %swant %s", c.in, out.String(), c.want)
		}
	}
}

// TestAFileGivesNoOrdersToATerminal: numbers and names of fields are anybody's.
func TestAFileGivesNoOrdersToATerminal(t *testing.T) {
	t.Parallel()
	in := `{"source_id":"a\nrow 9","incident_id":"C\u001b[2J\u202e","security_incident":"\u009b31mYes","victim":{"victim_id":7}}`
	report, err := importer.Stream(t.Context(), ledgertest.Open(t), importer.VERIS(false), jsonstream.Read(strings.NewReader(in)), importer.Options{DryRun: true})
	var out strings.Builder
	if err := errors.Join(err, report.Write(&out, true)); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.ContainsAny(got, "\u001b\u009b\u202e") || !strings.HasPrefix(got, "row 1: noted: veris:a row 9:C\ufffd[2J\ufffd: ") {
		t.Errorf("%q", got)
	}
}

// TestAllOrNothingWithRepeats: a document that is left out for an earlier one of its
// number is no failure, here as everywhere; a row of a table is.
func TestAllOrNothingWithRepeats(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	document := func(summary string) string {
		return `{"source_id":"case","incident_id":"C-1","summary":"` + summary + `","security_incident":"Confirmed"}`
	}
	report, err := importer.Stream(t.Context(), l, importer.VERIS(false), jsonstream.Read(strings.NewReader(document("One")+document("Another"))), importer.Options{Atomic: true})
	if err != nil || report.Created != 1 || report.Repeated != 1 || report.Refused != 0 || report.UndoneAll {
		t.Errorf("%s: %v", report, err)
	}
	if empty, err := l.Empty(t.Context()); err != nil || empty {
		t.Errorf("nothing is stored (%v)", err)
	}
	table := "title,category\nAcme hacked,other\nAcme hacked,extortion\n"
	report, err = importer.CSV(t.Context(), l, csvfile.OwnMapping(), strings.NewReader(table), importer.Options{Atomic: true})
	if !errors.Is(err, importer.ErrAtomic) || !report.UndoneAll {
		t.Errorf("a table: %s: %v", report, err)
	}
}

// TestEachDocumentIsCountedOnce: the outcomes add up to the number of documents.
func TestEachDocumentIsCountedOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	document := func(id, summary string) string {
		return `{"source_id":"case","incident_id":"` + id + `","summary":"` + summary + `","security_incident":"Confirmed"}`
	}
	documents := document("C-1", "One") + document("C-2", "Two") + document("", "Of no number") + document("C-1", "One") + document("C-1", "Another")
	table := "title,category\nAcme hacked,other\nAcme hacked,other\nAcme hacked,extortion\nBank hacked,nothing\n"
	for run, want := range []string{
		"5 rows: 2 created, 0 changed, 0 unchanged, 0 left alone, 1 refused, 2 repeated",
		"5 rows: 0 created, 0 changed, 2 unchanged, 0 left alone, 1 refused, 2 repeated",
	} {
		report, err := importer.Stream(t.Context(), l, importer.VERIS(false), jsonstream.Read(strings.NewReader(documents)), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		is(t, fmt.Sprintf("documents, run %d", run+1), report, want)
		said(t, report, "row 5: repeated: veris:case:C-1: has the same number as row 1 and says something else; the first is kept")
	}
	report, err := importer.CSV(t.Context(), l, csvfile.OwnMapping(), strings.NewReader(table), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	is(t, "a table", report, "4 rows: 1 created, 0 changed, 0 unchanged, 0 left alone, 2 refused, 1 repeated")
}

// TestTheWholeHIBP ranks the breaches as Have I Been Pwned counts them.
func TestTheWholeHIBP(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const name = "data/hibp-2025-03.json.gz"
	if report := stream(t, l, importer.HIBP(), name, importer.Options{}); report.Rows != 875 || report.Created != 875 {
		t.Errorf("the first run: %s", report)
	}
	if report := stream(t, l, importer.HIBP(), name, importer.Options{}); report.Unchanged != 875 {
		t.Errorf("the second run: %s", report)
	}
	file, err := os.Open(sharedtest.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	want := map[string]int64{}
	for document, err := range jsonstream.Read(file) {
		var b struct {
			Name     string
			PwnCount int64
		}
		if err != nil || json.Unmarshal(document.JSON, &b) != nil {
			t.Fatalf("row %d: %v", document.Row, err)
		}
		want[b.Name] = b.PwnCount
	}
	every := ledger.Filter{
		Compilations: true,
		Certainties:  []incidents.Certainty{incidents.Confirmed, incidents.Suspected, incidents.NearMiss, incidents.FalsePositive},
	}
	var last, sum int64 = 1 << 62, 0
	n := 0
	for cursor := ""; ; {
		page, err := l.Incidents(t.Context(), every, "-victims", ledger.Page{Cursor: cursor, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.JSON() {
			var card incidents.Card
			if err := json.Unmarshal(item, &card); err != nil {
				t.Fatal(err)
			}
			if card.Victims == nil || *card.Victims.Quantity > last {
				t.Fatalf("%s is out of order", item)
			}
			last, sum, n = *card.Victims.Quantity, sum+*card.Victims.Quantity, n+1
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if n != 875 || sum != 14_946_651_318 || len(want) != 875 {
		t.Errorf("the ranking has %d breaches with %d accounts, want 875 with 14946651318", n, sum)
	}
	// By default the lists that are no breach of anybody are left out.
	top, err := l.Incidents(t.Context(), ledger.Filter{}, "-victims", ledger.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range top.JSON() {
		if strings.Contains(string(item), "Collection #1") {
			t.Errorf("the default ranking has %s", item)
		}
	}
}

// TestWhatIsLeftAloneIsNamedByItsRow, as what is refused is.
func TestWhatIsLeftAloneIsNamedByItsRow(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	imported := func(summary string) importer.StreamReport {
		in := `[{"source_id":"case","incident_id":"C-1","summary":"One","security_incident":"Confirmed"},
			{"source_id":"case","incident_id":"C-2","summary":"` + summary + `","security_incident":"Confirmed"}]`
		report, err := importer.Stream(t.Context(), l, importer.VERIS(false), jsonstream.Read(strings.NewReader(in)), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	imported("Two")
	c := ledger.Change{By: access.Identity{Name: "a person", Role: access.Editor}, Action: "patch"}
	slug := ""
	for one, err := range l.Exported(t.Context(), ledger.Export{Every: true}) {
		if err != nil {
			t.Fatal(err)
		}
		if one.Incident.Summary == "Two" {
			slug = one.Incident.Slug
		}
	}
	if _, err := l.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error {
		in.Tags = []string{"seen"}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	report := imported("Two, or so")
	said(t, report, "row 2: left alone: veris:case:C-2: ")
	if report.LeftAlone != 1 || report.Unchanged != 1 || len(report.Details) != 1 || report.Details[0].Row != 2 {
		t.Errorf("%s: %+v", report, report.Details)
	}
}

// TestTheReportOfAHopelessFileIsBounded, however much is wrong with each document.
func TestTheReportOfAHopelessFileIsBounded(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	const documents = 150
	for i := range documents {
		fmt.Fprintf(&file, `{"schema_version":"1.4.1","source_id":"case","incident_id":"C-%d","actor":{"external":{"name":[%s0]}}}`+"\n", i, strings.Repeat("0,", 1000))
	}
	report, err := importer.Stream(t.Context(), ledgertest.Open(t), importer.VERIS(true), jsonstream.Read(strings.NewReader(file.String())), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	problems := 0
	for _, d := range report.Details {
		problems += len(d.Problems)
	}
	if report.Refused != documents || len(report.Details)+report.Unlisted != documents || problems > 101_000 || problems < 90_000 {
		t.Errorf("%s: %d details, %d besides, %d problems", report, len(report.Details), report.Unlisted, problems)
	}
}
