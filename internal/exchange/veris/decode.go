package veris

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Options say how a document is read.
type Options struct {
	// Strict refuses a document that breaks a rule of its version of VERIS
	// (see [Validate]). Otherwise what is usable is read, and the rest noted.
	Strict bool
	// Unchecked leaves it to whoever stores the incident to validate it.
	Unchecked bool
}

// Result is what was read in a document.
type Result struct {
	// Incident is completed and, unless it was left unchecked, valid. Its actors are described in place.
	Incident incidents.Incident
	// Ref is the document's own number, by which it is known again: {vcdb, id}
	// for the VERIS Community Database, {veris, source_id:id} for others; empty
	// when the document has none. It is one of the incident's external references,
	// unless Breachledger wrote the document.
	Ref incidents.ExternalRef
	// Notes say what of the document was not usable, by its pointers. It is in
	// the original only.
	Notes incidents.Problems
}

// Decode reads one VERIS document. Problems mean that nothing was read.
//
// What it doesn't find a place for stays in the original; docs/exchange.md says
// what that is.
func Decode(document []byte, o Options) (Result, incidents.Problems) {
	n, problems := parse(document)
	if n == nil {
		return Result{}, problems
	}
	return decode(n, o)
}

// decode reads a document that was parsed, and leaves it as it is.
func decode(n *strict.Node, o Options) (Result, incidents.Problems) {
	var problems incidents.Problems
	if o.Strict {
		if problems := validate(n); len(problems) > 0 {
			return Result{}, problems
		}
	} else if !slices.ContainsFunc(hallmarks, func(name string) bool { return n.Member(name) != nil }) {
		problems.Add("", "has none of the fields of a VERIS incident (%s)", strings.Join(hallmarks, ", "))
		return Result{}, problems
	}
	d := &decoder{doc: n}
	d.ref = d.reference()
	own, problems := d.ownDocument()
	switch {
	case own != nil && own.Publication != "" && own.Publication != incidents.Published:
		problems.Add(plusPath+"/incident/publication", "an incident that is not published is not read from VERIS, as it would become public; a backup keeps its state")
		return Result{}, problems
	case own != nil:
		d.in = *own
	case len(problems) > 0 && o.Strict:
		return Result{}, problems
	default:
		d.notes = append(d.notes, problems...)
		d.read()
	}
	d.in.Complete()
	if !o.Unchecked {
		if problems := d.in.Validate(); len(problems) > 0 {
			return Result{}, problems
		}
	}
	return Result{Incident: d.in, Ref: d.ref, Notes: d.notes}, nil
}

// hallmarks are fields of which every VERIS incident has at least one.
var hallmarks = []string{"incident_id", "schema_version", "security_incident", "victim", "action", "actor"}

type decoder struct {
	doc   *strict.Node
	in    incidents.Incident
	ref   incidents.ExternalRef
	notes incidents.Problems
	named map[named]bool
}

// named is an actor that the document names in a role.
type named struct {
	role  incidents.Role
	actor string
}

// names reports whether an actor has not been named in a role before.
func (d *decoder) names(role incidents.Role, r incidents.ActorRef) bool {
	if d.named == nil {
		d.named = map[named]bool{}
	}
	one := named{role, r.Key()}
	again := d.named[one]
	d.named[one] = true
	return !again
}

// full notes that a list is not read to its end, where there are as many as an incident
// can have.
func (d *decoder) full(pointer string, has, most int) bool {
	if has < most {
		return false
	}
	d.note(pointer, "was not read in part: an incident has no room for more")
	return true
}

// read fills in the incident from the fields of VERIS.
func (d *decoder) read() {
	if d.ref.ID != "" {
		d.in.ExternalRefs = append(d.in.ExternalRefs, d.ref)
	}
	d.summary()
	d.certainty()
	d.timeline()
	d.sources()
	d.victim()
	d.actors()
	d.actions()
	d.attributes()
	d.losses()
	d.discovery()
	d.tags()
	d.in.Category = d.category()
	d.in.Title = d.title()
}

func (d *decoder) note(pointer, format string, args ...any) {
	if len(d.notes) < maxProblems {
		d.notes.Add(pointer, format, args...)
	}
}

// text is a text of one line, "" when there is none.
func (d *decoder) text(pointer string, n *strict.Node) string {
	return strings.Join(strings.Fields(d.paragraphs(pointer, n)), " ")
}

// paragraphs is a text that may have several lines, without what no page could
// show.
func (d *decoder) paragraphs(pointer string, n *strict.Node) string {
	switch {
	case n == nil || n.Kind == strict.Null:
		return ""
	case n.Kind != strict.String && n.Kind != strict.Number:
		d.note(pointer, "was not read: it must be a text")
		return ""
	}
	if printable(n.Text) {
		return strings.TrimSpace(n.Text)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return ' '
		}
		return r
	}, incidents.WithoutReordering(n.Text)))
}

// printable reports whether a text has nothing but printable ASCII and line ends.
func printable(text string) bool {
	for i := range len(text) {
		if c := text[i]; c > '~' || c < ' ' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}

// item is one of a list.
type item struct {
	pointer string
	node    *strict.Node
}

// items are those of a list. Where a list should be and a single value stands,
// as in data that was flattened and put together again, it is the only item.
func items(pointer string, n *strict.Node) []item {
	switch {
	case n == nil || n.Kind == strict.Null:
		return nil
	case n.Kind != strict.List:
		return []item{{pointer, n}}
	}
	out := make([]item, len(n.Items))
	for i := range n.Items {
		out[i] = item{pointer + "/" + strconv.Itoa(i), n.Items[i]}
	}
	return out
}

// texts are the texts of a list at the path.
func (d *decoder) texts(path ...string) []string {
	var out []string
	pointer := "/" + strings.Join(path, "/")
	for _, i := range items(pointer, find(d.doc, path...)) {
		if s := d.text(i.pointer, i.node); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// has reports whether the list at the path has one of the values.
func (d *decoder) has(path []string, values ...string) bool {
	for _, i := range items("", find(d.doc, path...)) {
		if i.node.Kind == strict.String && slices.Contains(values, i.node.Text) {
			return true
		}
	}
	return false
}

// count is a whole number that is not negative; nil when there is none.
func (d *decoder) count(pointer string, n *strict.Node) *int64 {
	if n != nil && n.Kind == strict.Number { // nearly all are whole numbers
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil && i >= 0 && i <= incidents.MaxQuantity {
			return &i
		}
	}
	amount := d.amount(pointer, n)
	switch {
	case amount == nil:
		return nil
	case !amount.IsInteger() || amount.Cmp(decimal.NewFromInt(incidents.MaxQuantity)) > 0:
		d.note(pointer, "was not read: it must be a whole number of at most %s", incidents.Number(incidents.MaxQuantity))
		return nil
	}
	i := amount.IntPart()
	return &i
}

// amount is a number that is not negative; nil when there is none.
func (d *decoder) amount(pointer string, n *strict.Node) *decimal.Decimal {
	if n == nil || n.Kind == strict.Null {
		return nil
	}
	var out decimal.Decimal
	problems := strict.Decode(n, &out, strict.Options{})
	switch {
	case len(problems) > 0:
		d.note(pointer, "was not read: it %s", problems[0].Detail)
		return nil
	case out.IsNegative():
		d.note(pointer, "was not read: it must not be negative")
		return nil
	}
	return &out
}

// tag adds a tag; parts are joined by colons after "veris".
func (d *decoder) tag(parts ...string) {
	tag := "veris"
	for _, p := range parts {
		slug := incidents.Slugify(p)
		if uuid.Validate(p) == nil {
			slug = strings.ToLower(p)
		}
		if slug == "" {
			return
		}
		tag += ":" + slug
	}
	const longest, most = 60, 100
	if len(tag) <= longest && len(d.in.Tags) < most && !slices.Contains(d.in.Tags, tag) {
		d.in.Tags = append(d.in.Tags, tag)
	}
}

// says reports whether a value of a list says something.
func says(value string) bool { return value != unknown && value != notApplicable }
