package ndjson

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/strict"
)

// Writer writes a backup, a line at a time. A file is whole once
// [Writer.Finish] has returned without an error; one that was given up before
// that is known to be cut short. After an error every call returns it.
type Writer struct {
	out   *bufio.Writer
	gzip  *gzip.Writer // nil when plain
	line  bytes.Buffer
	enc   *json.Encoder
	order order
	err   error

	given     []byte       // the document that was compacted last
	compacted bytes.Buffer // what became of it
}

// NewWriter begins a file with its header.
func NewWriter(w io.Writer, h Header) (*Writer, error) { return start(&Writer{}, w, h) }

// NewGzipWriter begins a file that is packed by gzip.
func NewGzipWriter(w io.Writer, h Header) (*Writer, error) {
	packed := gzip.NewWriter(w)
	return start(&Writer{gzip: packed}, packed, h)
}

func start(w *Writer, to io.Writer, h Header) (*Writer, error) {
	const buffer = 64 << 10
	w.out = bufio.NewWriterSize(to, buffer)
	w.enc = json.NewEncoder(&w.line)
	w.enc.SetEscapeHTML(false) // texts stay readable, and documents as they were
	h.Format = Format
	w.value("header", h)
	return w, w.err
}

// Actor writes an actor.
func (w *Writer) Actor(a Actor) error {
	w.placed(w.order.put(actor))
	w.value("actor "+a.Slug, struct {
		Actor Actor `json:"actor"`
	}{a})
	return w.err
}

// Source writes a source.
func (w *Writer) Source(s Source) error {
	w.placed(w.order.put(source))
	if !utf8.ValidString(s.Text) {
		w.fail(fmt.Errorf("source %s: its text is not valid UTF-8", s.ID))
	}
	w.value("source "+s.ID.String(), struct {
		Source Source `json:"source"`
	}{s})
	return w.err
}

// Incident writes an incident; its revisions come next.
func (w *Writer) Incident(in Incident) error {
	id, err := idOf(in.Document)
	if err != nil {
		w.fail(fmt.Errorf("an incident: %w", err))
		return w.err
	}
	w.placed(w.order.putIncident(id))
	w.document("incident "+id.String(), incident, in, in.Document)
	return w.err
}

// Revision writes a version of the incident before.
func (w *Writer) Revision(r Revision) error {
	w.placed(w.order.putRevision(r))
	w.document(fmt.Sprintf("revision %d of incident %s", r.Version, r.Incident), revision, r, r.Document)
	return w.err
}

// idOf is the id of a document, in which it is usually the first field.
func idOf(document []byte) (uuid.UUID, error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return uuid.Nil, errors.New("its document is not a JSON object")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return uuid.Nil, err
		}
		if name == "id" {
			var id uuid.UUID
			err := dec.Decode(&id)
			return id, err
		}
		var other json.RawMessage
		if err := dec.Decode(&other); err != nil {
			return uuid.Nil, err
		}
	}
	return uuid.Nil, nil
}

// Import writes an import record.
func (w *Writer) Import(r ImportRecord) error {
	w.placed(w.order.put(importRecord))
	if !utf8.ValidString(r.Original) {
		w.fail(fmt.Errorf("import %s: its original is not valid UTF-8", r.Origin))
	}
	w.value("import "+r.Origin, struct {
		Import ImportRecord `json:"import"`
	}{r})
	return w.err
}

// Duplicate writes a pair of likely duplicates.
func (w *Writer) Duplicate(d Duplicate) error {
	w.placed(w.order.put(duplicate))
	if d.Reasons == nil {
		d.Reasons = []string{}
	}
	w.value("duplicates "+d.First.String()+" and "+d.Second.String(), struct {
		Duplicate Duplicate `json:"duplicate"`
	}{d})
	return w.err
}

// Counts are the numbers of lines written so far.
func (w *Writer) Counts() Counts { return w.order.counts }

// errFinished says that the trailer is written.
var errFinished = errors.New("the file is finished")

// Finish writes the trailer and everything that is still held back. It does not
// close what the file is written to.
func (w *Writer) Finish() error {
	w.value("trailer", struct {
		End Counts `json:"end"`
	}{w.order.counts})
	if w.err == nil {
		w.fail(w.out.Flush())
	}
	if w.err == nil && w.gzip != nil {
		w.fail(w.gzip.Close())
	}
	if w.err != nil {
		return w.err
	}
	w.err = errFinished
	return nil
}

// placed notes that a line is out of place.
func (w *Writer) placed(err error) {
	if err != nil {
		w.fail(fmt.Errorf("out of order: %w", err))
	}
}

func (w *Writer) fail(err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("write backup: %w", err)
	}
}

// value writes a line.
func (w *Writer) value(what string, v any) {
	if w.err != nil {
		return
	}
	w.line.Reset()
	w.put(what, w.enc.Encode(v))
}

// document writes a line that holds a document, the bytes of which stay as they
// are but for white space between values.
func (w *Writer) document(what string, k kind, rest any, document []byte) {
	if w.err != nil {
		return
	}
	w.line.Reset()
	fmt.Fprintf(&w.line, "{%q:", k)
	begin := w.line.Len()
	if err := w.enc.Encode(rest); err != nil {
		w.put(what, err)
		return
	}
	w.line.Truncate(w.line.Len() - len("}\n"))
	if w.line.Len() > begin+len("{") {
		w.line.WriteByte(',')
	}
	w.line.WriteString(`"document":`)
	err := w.compact(document)
	w.line.Write(w.compacted.Bytes())
	w.line.WriteString("}}\n")
	w.put(what, err)
}

// compact makes the document fit on a line. An incident and its latest revision
// hold the same one.
func (w *Writer) compact(document []byte) error {
	if w.compacted.Len() > 0 && bytes.Equal(document, w.given) {
		return nil
	}
	w.compacted.Reset()
	if err := json.Compact(&w.compacted, document); err != nil {
		w.compacted.Reset()
		return err
	}
	w.given = append(w.given[:0], document...)
	return nil
}

// put writes the line that was made.
func (w *Writer) put(what string, err error) {
	if err == nil {
		err = readable(w.line.Bytes())
	}
	if err != nil {
		w.fail(fmt.Errorf("%s: %w", what, err))
		return
	}
	_, err = w.out.Write(w.line.Bytes())
	w.fail(err)
}

// readable refuses what the reader would refuse for its size: a backup that cannot be
// read would be noticed too late.
func readable(line []byte) error {
	if len(line) > MaxLine {
		return fmt.Errorf("has %d bytes; a line may have %d", len(line), MaxLine)
	}
	const manyValues = 400_000 // a shorter line cannot hold the 200,000 values that strict allows
	if len(line) < manyValues {
		return nil
	}
	_, err := strict.ParseJSON(line)
	return err
}
