package ndjson_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

var equal = cmp.Options{
	cmp.AllowUnexported(incidents.PartialDate{}),
	cmp.Comparer(func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }),
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
}

func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("01890000-0000-7000-8000-%012x", n))
}

func at(day int) time.Time { return time.Date(2026, 1, day, 3, 4, 5, 678_901_000, time.UTC) }

func date(t *testing.T, s string) incidents.PartialDate {
	t.Helper()
	d, err := incidents.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func document(t *testing.T, in incidents.Incident) json.RawMessage {
	t.Helper()
	in.Complete()
	in.Derive()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(in); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

func parsed(t *testing.T, raw json.RawMessage) incidents.Incident {
	t.Helper()
	var in incidents.Incident
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// ledger is a backup in which every field of every kind of line has a value.
func ledger(t *testing.T) []ndjson.Line {
	t.Helper()
	full := fullIncident(t)
	full.ID = id(30)
	merged := incidents.Incident{ID: id(31), Slug: "acme-again", Title: "Acme again <&> \u2028", Category: incidents.DataBreach, Publication: incidents.Merged, MergedInto: id(30), Version: 2, CreatedAt: at(2), UpdatedAt: at(3)}
	retracted := incidents.Incident{ID: id(32), Slug: "no-breach", Title: "No breach", Category: incidents.CategoryOther, Publication: incidents.Retracted, RetractionReason: "Made up.", Version: 1, CreatedAt: at(2), UpdatedAt: at(3)}
	docs := []json.RawMessage{document(t, full), document(t, merged), document(t, retracted)}
	return []ndjson.Line{
		{Number: 2, Actor: &ndjson.Actor{ID: id(10), Slug: "acme-pay", Name: "Acme Pay", Kind: incidents.Company, Sector: "bank", Country: "DE", Domain: "acmepay.example", Aliases: []string{"Acme", "阿克梅"}, Version: 2, CreatedAt: at(1), UpdatedAt: at(2)}},
		{Number: 3, Actor: &ndjson.Actor{ID: id(11), Slug: "acme", Name: "Acme", Kind: incidents.ActorOther, Sector: incidents.SectorUnknown, MergedInto: id(10), Version: 1, CreatedAt: at(1), UpdatedAt: at(1)}},
		{Number: 4, Source: &ndjson.Source{ID: id(20), URL: "https://example.com/a?b=1&c=2", Title: "Notice", Publisher: "Acme", Author: "A. Author", Published: date(t, "2014-12"), Language: "en", Text: "“A text.”\r\n\tIts end\f\u2028", NoIncidentReason: "Read for the date only.", CreatedAt: at(1)}},
		{Number: 5, Source: &ndjson.Source{ID: id(21), TextSHA256: ndjson.Hex{1, 2, 255}, RedactedAt: at(5), RedactedQuotes: []ndjson.RedactedQuote{{Start: 0, End: 6, Quote: "A text"}}, CreatedAt: at(1)}},
		{Number: 6, Incident: &ndjson.Incident{Document: docs[0], Parsed: parsed(t, docs[0]), FirstPublishedAt: at(3)}},
		{Number: 7, Revision: &ndjson.Revision{Incident: id(30), Version: 1, At: at(1), Author: "import", Action: "import", Document: json.RawMessage(`{"id":"` + id(30).String() + `","a field of old":1e3}`)}},
		{Number: 8, Revision: &ndjson.Revision{Incident: id(30), Version: 3, At: at(2), Author: "desk", Action: "replace", Reason: "a correction", Document: docs[0]}},
		{Number: 9, Incident: &ndjson.Incident{Document: docs[1], Parsed: parsed(t, docs[1])}},
		{Number: 10, Incident: &ndjson.Incident{Document: docs[2], Parsed: parsed(t, docs[2])}},
		{Number: 11, Revision: &ndjson.Revision{Incident: id(32), Version: 1, At: at(1), Author: "desk", Action: "record", Document: docs[2]}},
		{Number: 12, Import: &ndjson.ImportRecord{Origin: "veris:1", Incident: id(30), Digest: ndjson.Hex{0, 16, 255}, Version: 1, ImportedAt: at(1), Original: "{\"a\": 1,\n\"a\": \"\\u0000\"}"}},
		{Number: 13, Duplicate: &ndjson.Duplicate{First: id(30), Second: id(31), Score: decimal.NewFromFloat32(0.87), Reasons: []string{"same victim"}, State: "merged", DecidedBy: "desk", DecidedAt: at(4), FoundAt: at(3)}},
		{Number: 14, Duplicate: &ndjson.Duplicate{First: id(30), Second: id(32), Score: decimal.RequireFromString("1"), Reasons: []string{}, State: "open", FoundAt: at(3)}},
	}
}

// fullIncident is the maximal document of the domain's own tests.
func fullIncident(t *testing.T) incidents.Incident {
	t.Helper()
	text, err := os.ReadFile("../../incidents/testdata/documents.golden")
	if err != nil {
		t.Fatal(err)
	}
	var in incidents.Incident
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&in); err != nil {
		t.Fatal(err)
	}
	return in
}

var header = ndjson.Header{Format: 1, ExportedAt: at(9), Schema: 7}

func write(w *ndjson.Writer, lines []ndjson.Line) error {
	for _, l := range lines {
		var err error
		switch {
		case l.Actor != nil:
			err = w.Actor(*l.Actor)
		case l.Source != nil:
			err = w.Source(*l.Source)
		case l.Incident != nil:
			err = w.Incident(*l.Incident)
		case l.Revision != nil:
			err = w.Revision(*l.Revision)
		case l.Import != nil:
			err = w.Import(*l.Import)
		default:
			err = w.Duplicate(*l.Duplicate)
		}
		if err != nil {
			return err
		}
	}
	return w.Finish()
}

func written(t *testing.T, lines []ndjson.Line) string {
	t.Helper()
	var out bytes.Buffer
	w, err := ndjson.NewWriter(&out, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(w, lines); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func read(r io.Reader) (ndjson.Header, []ndjson.Line, error) {
	in, err := ndjson.NewReader(r)
	if err != nil {
		return ndjson.Header{}, nil, err
	}
	var out []ndjson.Line
	for {
		l, err := in.Next()
		if errors.Is(err, io.EOF) {
			return in.Header(), out, nil
		}
		if err != nil {
			return in.Header(), out, err
		}
		out = append(out, l)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	want := ledger(t)
	text := written(t, want)
	var packed bytes.Buffer
	w, err := ndjson.NewGzipWriter(&packed, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(w, want); err != nil {
		t.Fatal(err)
	}
	if got := (ndjson.Counts{Actors: 2, Sources: 2, Incidents: 3, Revisions: 3, Imports: 1, Duplicates: 2}); w.Counts() != got {
		t.Errorf("counts %+v", w.Counts())
	}
	for name, in := range map[string]io.Reader{
		"plain":        strings.NewReader(text),
		"gzip":         bytes.NewReader(packed.Bytes()),
		"byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"windows":      strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n") + "\r\n \n"),
		"no last end":  strings.NewReader(strings.TrimSuffix(text, "\n")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, got, err := read(in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(header, h); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, got, equal); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := written(t, got); again != text {
				t.Error("written again it differs")
			}
		})
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	got := written(t, ledger(t))
	path := filepath.Join("testdata", "backup.golden.ndjson")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

// A backup that was cut anywhere is never taken for a whole one.
func TestCutShort(t *testing.T) {
	t.Parallel()
	text := written(t, ledger(t)[:6])
	for n := range len(text) - 1 {
		_, _, err := read(strings.NewReader(text[:n]))
		if err == nil {
			t.Fatalf("cut to %d of %d bytes, it reads as whole", n, len(text))
		}
	}
	for name, lines := range map[string]string{
		"without the trailer": text[:strings.LastIndex(text, `{"end"`)],
		"without a line":      strings.Replace(text, text[strings.Index(text, `{"source"`):strings.Index(text, `{"incident"`)], "", 1),
		"nothing":             "",
	} {
		if _, _, err := read(strings.NewReader(lines)); !errors.Is(err, ndjson.ErrTruncated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(bytes.NewReader(packed.Bytes()[:packed.Len()-3])); !errors.Is(err, ndjson.ErrTruncated) {
		t.Errorf("gzip: %v", err)
	}
}
