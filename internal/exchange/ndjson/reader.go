package ndjson

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/breachledger/breachledger/internal/exchange/unpack"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// ErrTruncated says that a file ends without its trailer, or that its trailer
// counts other lines than there are.
var ErrTruncated = errors.New("the backup is not whole")

// Error says what is wrong with a line. Lines before it were whole.
type Error struct {
	Line int // from 1; 0 is none in particular
	Err  error
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("line %d: %v", e.Line, e.Err)
}

// Unwrap is the cause; of a line that can be read but doesn't fit it is
// [incidents.Problems], with pointers from the line's beginning.
func (e *Error) Unwrap() error { return e.Err }

// Reader reads a backup, a line at a time, plain or gzip.
type Reader struct {
	in      *bufio.Reader
	buffer  []byte // of the line being read
	number  int
	header  Header
	order   order
	present json.RawMessage // the document of the incident before
	done    error           // io.EOF after the trailer, or what stopped the reader
}

// NewReader begins to read a file and reads its header.
func NewReader(r io.Reader) (*Reader, error) {
	in, err := unpack.Reader(r, 64<<10)
	if err != nil {
		return nil, &Error{Line: 1, Err: err}
	}
	out := &Reader{in: in, number: 1}
	n, err := out.node()
	if err != nil {
		return nil, &Error{Line: 1, Err: err}
	}
	if err := out.readHeader(n); err != nil {
		return nil, &Error{Line: 1, Err: err}
	}
	return out, nil
}

var errNoBackup = errors.New(`is not the header of a backup, which is {"breachledger":1,…}`)

func (r *Reader) readHeader(n *strict.Node) error {
	format := n.Member("breachledger")
	if format == nil || format.Kind != strict.Number {
		return errNoBackup
	}
	if format.Text != fmt.Sprint(Format) {
		return fmt.Errorf("the backup has format %s, and this program reads format %d", format.Text, Format)
	}
	return decode(n, "", &r.header).OrNil()
}

// Header is the first line.
func (r *Reader) Header() Header { return r.header }

// Counts are the numbers of lines read so far.
func (r *Reader) Counts() Counts { return r.order.counts }

// Next is the next line, and [io.EOF] behind the trailer of a whole file. Any
// other error is an [*Error], and ends the reading; one of a file that was cut
// short is [ErrTruncated].
func (r *Reader) Next() (Line, error) {
	if r.done != nil {
		return Line{}, r.done
	}
	r.number++
	line, err := r.next()
	switch {
	case errors.Is(err, io.EOF): // only read gives it, and only behind the trailer
		r.done = io.EOF
	case err != nil:
		r.done = &Error{Line: r.number, Err: err}
	}
	return line, r.done
}

func (r *Reader) next() (Line, error) {
	n, err := r.node()
	if err != nil {
		return Line{}, err
	}
	if n.Kind != strict.Object || len(n.Members) != 1 {
		return Line{}, errors.New(`must be an object with one field, such as {"actor":{…}}`)
	}
	m := n.Members[0]
	if m.Name == end.String() {
		return Line{}, r.readEnd(m.Value)
	}
	line, err := r.line(m)
	if err != nil {
		return Line{}, err
	}
	line.Number = r.number
	return line, nil
}

// node reads and parses a line. At the end of the file it is an [ErrTruncated].
func (r *Reader) node() (*strict.Node, error) {
	data, err := r.read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it ends here, without the trailer that counts its lines", ErrTruncated)
	}
	if err != nil {
		return nil, err
	}
	n, err := strict.ParseJSON(data)
	var syntax *strict.SyntaxError
	if errors.As(err, &syntax) {
		// Its own line is always 1.
		return nil, fmt.Errorf("column %d: %s", syntax.Column, pointed(syntax.Pointer, syntax.Detail))
	}
	return n, err
}

func pointed(pointer, detail string) string {
	if pointer == "" {
		return detail
	}
	return pointer + ": " + detail
}

// read is the next line without its end, valid until the next call; io.EOF when
// there is none.
func (r *Reader) read() ([]byte, error) {
	r.buffer = r.buffer[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if len(r.buffer)+len(part) > MaxLine {
			return nil, fmt.Errorf("is longer than %d bytes", MaxLine)
		}
		r.buffer = append(r.buffer, part...)
		switch {
		case err == nil:
			return bytes.TrimRight(r.buffer, "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(r.buffer) > 0:
			return r.buffer, nil
		case errors.Is(err, io.ErrUnexpectedEOF): // of gzip
			return nil, fmt.Errorf("%w: %w", ErrTruncated, err)
		default:
			return nil, err
		}
	}
}

// readEnd compares the trailer with what was read; nothing stands behind it.
func (r *Reader) readEnd(n *strict.Node) error {
	var said Counts
	if err := decode(n, "/end", &said).OrNil(); err != nil {
		return err
	}
	if said != r.order.counts {
		return fmt.Errorf("%w: its trailer counts %+v, and there are %+v", ErrTruncated, said, r.order.counts)
	}
	for {
		data, err := r.read()
		if err != nil {
			return err
		}
		if r.number++; len(bytes.TrimSpace(data)) > 0 {
			return errors.New("stands behind the trailer, which is the last line")
		}
	}
}

// line decodes a line and checks that it stands in its place.
func (r *Reader) line(m strict.Member) (Line, error) {
	switch m.Name {
	case actor.String():
		l := Line{Actor: &Actor{}}
		return l, r.plain(actor, m, l.Actor)
	case source.String():
		l := Line{Source: &Source{}}
		return l, r.plain(source, m, l.Source)
	case importRecord.String():
		l := Line{Import: &ImportRecord{}}
		return l, r.plain(importRecord, m, l.Import)
	case duplicate.String():
		l := Line{Duplicate: &Duplicate{}}
		return l, r.plain(duplicate, m, l.Duplicate)
	case incident.String():
		return r.incident(m.Value)
	case revision.String():
		return r.revision(m.Value)
	default:
		return Line{}, fmt.Errorf("/%s: is not a kind of line (allowed: actor, source, incident, revision, import, duplicate, end)", strict.Escape(m.Name))
	}
}

func (r *Reader) plain(k kind, m strict.Member, into interface{ required() incidents.Problems }) error {
	problems := decode(m.Value, "/"+m.Name, into)
	problems.Merge(into.required())
	if err := problems.OrNil(); err != nil {
		return err
	}
	return r.order.put(k)
}

func (r *Reader) incident(n *strict.Node) (Line, error) {
	var l struct {
		Document         incidents.Incident `json:"document"`
		FirstPublishedAt time.Time          `json:"first_published_at"`
		RerenderedAt     time.Time          `json:"rerendered_at"`
	}
	if err := r.withDocument(n, "/incident", &l); err != nil {
		return Line{}, err
	}
	if problems := numbered("/incident/document", l.Document.Version); len(problems) > 0 {
		return Line{}, problems
	}
	if err := r.order.putIncident(l.Document.ID); err != nil {
		return Line{}, err
	}
	raw, err := r.document("incident")
	r.present = raw
	return Line{Incident: &Incident{Document: raw, Parsed: l.Document, FirstPublishedAt: l.FirstPublishedAt, RerenderedAt: l.RerenderedAt}}, err
}

func (r *Reader) revision(n *strict.Node) (Line, error) {
	var l struct {
		Revision
		Document *strict.Node `json:"document"`
	}
	if err := r.withDocument(n, "/revision", &l); err != nil {
		return Line{}, err
	}
	if problems := numbered("/revision", l.Version); len(problems) > 0 {
		return Line{}, problems
	}
	if id := l.Document.Member("id"); id == nil || id.Text != l.Incident.String() {
		return Line{}, errors.New("/revision/document/id: must be the id of the revision's incident")
	}
	if err := r.order.putRevision(l.Revision); err != nil {
		return Line{}, err
	}
	raw, err := r.document("revision")
	if err != nil {
		return Line{}, err
	}
	l.Revision.Document = raw
	if !bytes.Equal(raw, r.present) { // as the latest one mostly is
		err = asIncident(l.Document, raw)
	}
	return Line{Revision: &l.Revision}, err
}

// asIncident refuses the document of a revision that is not an incident: the history
// could neither show it nor bring it back. It may lack fields that today's documents
// have, and may have fields that they lack.
func asIncident(n *strict.Node, raw json.RawMessage) error {
	var in incidents.Incident
	err := json.Unmarshal(raw, &in)
	if err == nil {
		return nil
	}
	if problems := decode(n, "/revision/document", &incidents.Incident{}); len(problems) > 0 {
		return problems
	}
	return fmt.Errorf("/revision/document: is not an incident: %w", err)
}

// withDocument decodes a line that must hold a document.
func (r *Reader) withDocument(n *strict.Node, pointer string, into any) error {
	problems := decode(n, pointer, into)
	if d := n.Member("document"); n.Kind == strict.Object && (d == nil || d.Kind != strict.Object) {
		problems.Merge(incidents.Problems{{Pointer: pointer + "/document", Detail: "is required, and must be an object"}})
	}
	return problems.OrNil()
}

// document is the bytes of the document of the line being read, which is known
// to be sound.
func (r *Reader) document(kind string) (json.RawMessage, error) {
	var l map[string]struct {
		Document json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(r.buffer, &l); err != nil {
		return nil, err
	}
	return l[kind].Document, nil
}

func decode(n *strict.Node, pointer string, into any) incidents.Problems {
	return strict.Decode(n, into, strict.Options{ReadOnly: true}).Under(pointer)
}
