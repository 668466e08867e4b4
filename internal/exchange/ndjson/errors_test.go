package ndjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
)

const (
	headerLine   = `{"breachledger":1}` + "\n"
	actorLine    = `{"actor":{"id":"01890000-0000-7000-8000-000000000001","slug":"a","name":"A"}}` + "\n"
	incidentLine = `{"incident":{"document":{"id":"01890000-0000-7000-8000-000000000002"}}}` + "\n"
	revisionLine = `{"revision":{"incident":"01890000-0000-7000-8000-000000000002","version":1,"document":{"id":"01890000-0000-7000-8000-000000000002"}}}` + "\n"
)

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"no backup", `{"incident":{}}` + "\n", `line 1: is not the header of a backup, which is {"breachledger":1,…}`},
		{"no JSON", "title,category\n", "line 1: column 1: has 't' where a value is expected"},
		{"a list", "[1]\n", `line 1: is not the header of a backup, which is {"breachledger":1,…}`},
		{"newer", `{"breachledger":2,"moon":true}` + "\n", "line 1: the backup has format 2, and this program reads format 1"},
		{"field of the header", `{"breachledger":1,"moon":true}` + "\n", "line 1: /moon: is not a known field (allowed: breachledger, exported_at, schema)"},
		{"broken gzip", "\x1f\x8bxxxxxxxxxxx", "line 1: unpack gzip: gzip: invalid header"},
		{"empty line", headerLine + "\n" + actorLine, "line 2: column 1: is empty where a JSON value is expected"},
		{"two fields", headerLine + `{"actor":{},"source":{}}`, `line 2: must be an object with one field, such as {"actor":{…}}`},
		{"no object", headerLine + `7`, `line 2: must be an object with one field, such as {"actor":{…}}`},
		{"kind", headerLine + `{"key":{}}`, "line 2: /key: is not a kind of line (allowed: actor, source, incident, revision, import, duplicate, end)"},
		{"key twice", headerLine + actorLine + `{"actor":{"id":1,"id":2}}`, "line 3: column 18: /actor/id: the key stands twice in its object"},
		{"fields", headerLine + `{"actor":{"id":"x","slug":"a","Name":"A"}}`, "line 2: /actor/id: must be an id (UUID); /actor/Name: is not a known field (allowed: id, slug, name, kind, sector, country, domain, aliases, merged_into, apart_from, changes, version, created_at, updated_at); /actor/name: is required"},
		{"null", headerLine + `{"source":null}`, "line 2: /source: must not be null"},
		{"hex", headerLine + `{"import":{"origin":"o","incident":"01890000-0000-7000-8000-000000000001","digest":"0g"}}`, "line 2: /import/digest: must be hexadecimal digits, two a byte"},
		{"duplicate", headerLine + `{"duplicate":{"score":"much"}}`, "line 2: /duplicate/score: must be a decimal number; /duplicate/first: is required; /duplicate/second: is required; /duplicate/state: is required"},
		{"no document", headerLine + `{"incident":{}}`, "line 2: /incident/document: is required, and must be an object"},
		{"document", headerLine + `{"incident":{"document":{"title":7}}}`, "line 2: /incident/document/title: must be a string"},
		{"document without an id", headerLine + `{"incident":{"document":{"title":"A"}}}`, "line 2: /incident/document/id: is required"},
		{"unknown field", headerLine + `{"incident":{"document":{},"more":1}}`, "line 2: /incident/more: is not a known field (allowed: document, first_published_at, rerendered_at)"},
		{"order", headerLine + incidentLine + actorLine, "line 3: the actor stands behind a line of the kind incident; the order is actor, source, incident with its revisions, import, duplicate"},
		{"revision alone", headerLine + revisionLine, "line 2: /revision/incident: a revision stands behind its incident, and the incident before is none"},
		{"revision twice", headerLine + incidentLine + revisionLine + revisionLine, "line 4: /revision/version: versions ascend from 1, and 1 stands behind 1"},
		{"revision of another", headerLine + incidentLine + strings.Replace(revisionLine, `"document":{"id":"01890000-0000-7000-8000-000000000002"}`, `"document":{"id":"x"}`, 1), "line 3: /revision/document/id: must be the id of the revision's incident"},
		{"revision that is no incident", headerLine + incidentLine + strings.Replace(revisionLine, `"document":{`, `"document":{"countries":-5,`, 1), "line 3: /revision/document/countries: must be a list"},
		{"counts", headerLine + actorLine + `{"end":{"actors":2}}`, "line 3: the backup is not whole: its trailer counts {Actors:2 Sources:0 Incidents:0 Revisions:0 Imports:0 Duplicates:0}, and there are {Actors:1 Sources:0 Incidents:0 Revisions:0 Imports:0 Duplicates:0}"},
		{"behind the trailer", headerLine + actorLine + `{"end":{"actors":1}}` + "\n\n" + actorLine, "line 5: stands behind the trailer, which is the last line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := read(strings.NewReader(c.in))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			var e *ndjson.Error
			if !errors.As(err, &e) {
				t.Errorf("the error is a %T", err)
			}
		})
	}
}

func TestReadProblems(t *testing.T) {
	t.Parallel()
	r, err := ndjson.NewReader(strings.NewReader(headerLine + `{"actor":{"name":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Next()
	var problems incidents.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Errorf("got %v", err)
	}
	if _, again := r.Next(); !errors.Is(again, err) {
		t.Errorf("read on: %v", again)
	}
}

func TestReadBrokenCable(t *testing.T) {
	t.Parallel()
	cause := errors.New("cable cut")
	_, lines, err := read(io.MultiReader(strings.NewReader(headerLine+actorLine+`{"act`), iotest.ErrReader(cause)))
	if !errors.Is(err, cause) || err.Error() != "line 3: cable cut" || len(lines) != 1 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", ndjson.MaxLine)
	_, _, err := read(io.MultiReader(strings.NewReader(headerLine+`{"source":{"text":"`), strings.NewReader(long)))
	if err == nil || err.Error() != "line 2: is longer than 67108864 bytes" {
		t.Errorf("read: %v", err)
	}
	w, err := ndjson.NewWriter(io.Discard, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Source(ndjson.Source{ID: id(1), Text: long}); err == nil || !strings.Contains(err.Error(), "a line may have 67108864") {
		t.Errorf("write: %v", err)
	}
	// What nobody could read for its number of values is not written either.
	w, err = ndjson.NewWriter(io.Discard, header)
	if err != nil {
		t.Fatal(err)
	}
	many := json.RawMessage(`{"id":"` + id(1).String() + `","tags":["` + strings.Repeat(`a","`, 200_000) + `a"]}`)
	if err := w.Incident(ndjson.Incident{Document: many}); err == nil || !strings.Contains(err.Error(), "must not hold more than 200,000 values") {
		t.Errorf("write: %.200v", err)
	}
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	document := json.RawMessage(`{"id":"` + id(1).String() + `"}`)
	for _, c := range []struct {
		name  string
		lines []ndjson.Line
		want  string
	}{
		{"order", []ndjson.Line{{Source: &ndjson.Source{}}, {Actor: &ndjson.Actor{}}}, "write backup: out of order: the actor stands behind a line of the kind source; the order is actor, source, incident with its revisions, import, duplicate"},
		{"revision alone", []ndjson.Line{{Revision: &ndjson.Revision{Incident: id(1), Version: 1, Document: document}}}, "write backup: out of order: /revision/incident: a revision stands behind its incident, and the incident before is none"},
		{"no id", []ndjson.Line{{Incident: &ndjson.Incident{Document: json.RawMessage(`{}`)}}}, "write backup: out of order: /incident/document/id: is required"},
		{"no document", []ndjson.Line{{Incident: &ndjson.Incident{}}}, "write backup: an incident: its document is not a JSON object"},
		{"text", []ndjson.Line{{Source: &ndjson.Source{ID: id(1), Text: "a\xff"}}}, "write backup: source " + id(1).String() + ": its text is not valid UTF-8"},
		{"original", []ndjson.Line{{Import: &ndjson.ImportRecord{Origin: "o", Original: "a\xff"}}}, "write backup: import o: its original is not valid UTF-8"},
		{"broken document", []ndjson.Line{{Incident: &ndjson.Incident{Document: document}}, {Revision: &ndjson.Revision{Incident: id(1), Version: 1, Document: json.RawMessage(`{"a"`)}}}, "write backup: revision 1 of incident " + id(1).String()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w, err := ndjson.NewWriter(&out, header)
			if err != nil {
				t.Fatal(err)
			}
			err = write(w, c.lines)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			// What failed has no trailer.
			if again := w.Finish(); !errors.Is(again, err) || strings.Contains(out.String(), `"end"`) {
				t.Errorf("finished all the same: %v", again)
			}
		})
	}
}

func TestWriterIsFinishedOnce(t *testing.T) {
	t.Parallel()
	w, err := ndjson.NewWriter(io.Discard, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := w.Actor(ndjson.Actor{}); err == nil {
		t.Error("an actor behind the trailer")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteToFullDisk(t *testing.T) {
	t.Parallel()
	w, err := ndjson.NewWriter(full{}, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(); err == nil || err.Error() != "write backup: disk full" {
		t.Errorf("got %v", err)
	}
}

// FuzzRead: whatever can be read can be written, and reads the same again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(headerLine + actorLine + incidentLine + revisionLine + `{"end":{"actors":1,"incidents":1,"revisions":1}}`))
	f.Add([]byte(headerLine + `{"source":{"id":"01890000-0000-7000-8000-000000000001","text":"a\u2028"}}` + "\n" + `{"end":{"sources":1}}`))
	f.Add([]byte(headerLine + `{"duplicate":{"first":"01890000-0000-7000-8000-000000000001","second":"01890000-0000-7000-8000-000000000001","state":"open","score":"0.5"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, lines, err := read(bytes.NewReader(data))
		if err != nil {
			var e *ndjson.Error
			if !errors.As(err, &e) {
				t.Fatalf("the error is a %T: %v", err, err)
			}
			return
		}
		text := written(t, lines)
		_, again, err := read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("written, it cannot be read: %v\n%s", err, text)
		}
		if diff := cmp.Diff(written(t, again), text); diff != "" {
			t.Errorf("(-again +first):\n%s", diff)
		}
	})
}

func BenchmarkRoundTrip(b *testing.B) {
	document, err := json.Marshal(incidents.Incident{ID: id(1), Slug: "a", Title: "A", Category: "other", Summary: strings.Repeat("words ", 800)})
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	w, err := ndjson.NewWriter(&out, header)
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		if err := w.Incident(ndjson.Incident{Document: document}); err != nil {
			b.Fatal(err)
		}
		if err := w.Revision(ndjson.Revision{Incident: id(1), Version: 1, Document: document}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Finish(); err != nil {
		b.Fatal(err)
	}
	wrote := b.Elapsed()
	b.SetBytes(int64(out.Len() / b.N))
	if _, _, err := read(&out); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/wrote.Seconds(), "written/s")
	b.ReportMetric(float64(b.N)/(b.Elapsed()-wrote).Seconds(), "read/s")
}
