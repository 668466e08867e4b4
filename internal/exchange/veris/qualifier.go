package veris

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// smallestQuoted is the smallest figure that is looked for in a text: smaller
// ones stand for other things too often ("over 10 years").
const smallestQuoted = 100

// mostSearched is how many bytes of a text are searched for a figure: all of any summary.
const mostSearched = 4 * longestSummary

// said is what a text says of a figure.
type said struct {
	qualifier incidents.Qualifier
	low       int64 // of a range that ends with the figure
}

// qualifier is what the document's own words say of a count: VERIS has no field
// for it, but summaries have "as many as 78.8 million records". Every mention of
// the figure must say the same, or it is exact; so it is where the words are not
// understood, with a note.
func (d *decoder) qualifier(n int64) said {
	const notes = "/attribute/confidentiality/notes"
	exact := said{qualifier: incidents.Exact}
	if n < smallestQuoted {
		return exact
	}
	var found said
	for _, t := range []struct{ pointer, text string }{
		{"/summary", d.in.Summary}, {notes, d.paragraphs("", find(d.doc, "attribute", "confidentiality", "notes"))},
	} {
		for start, end := range figures(t.text) {
			if start > mostSearched {
				break
			}
			scale := scaleWord.FindString(t.text[end:])
			if figureValue(t.text[start:end], strings.TrimSpace(scale)) != n {
				continue
			}
			m := mention{t.text, start, end + len(scale), n}
			s, doubt := m.read()
			if doubt != "" {
				d.doubted(t.pointer, doubt)
				return exact
			}
			if found != (said{}) && found != s {
				return exact
			}
			found = s
		}
	}
	if found == (said{}) {
		return exact
	}
	return found
}

// doubted notes words that were not understood, once: records and cards may have
// the same figure.
func (d *decoder) doubted(pointer, words string) {
	const format = "qualifies a count in words that were not understood (%s): it is exact, as VERIS states it"
	var one incidents.Problems
	one.Add(pointer, format, quoted(words))
	if !slices.ContainsFunc(d.notes, func(p incidents.Problem) bool { return p.Pointer == pointer && p.Detail == one[0].Detail }) {
		d.note(pointer, format, quoted(words))
	}
}

// mention is a figure in a text.
type mention struct {
	text       string
	start, end int // with its scale word
	n          int64
}

// read is what the text says of the figure, exact when it says nothing; or the
// words that are not understood.
func (m mention) read() (s said, doubt string) {
	if s, doubt, ok := m.span(); ok {
		return s, doubt
	}
	exact := said{qualifier: incidents.Exact}
	before := m.text[:m.start]
	if before != "" && before[len(before)-1] > ' ' && !strings.HasSuffix(before, "~") {
		return exact, ""
	}
	words := wordsBefore(before)
	q, rest, ok := cutQualifier(words)
	if !ok {
		return exact, ""
	}
	if from := doubtful(q, rest); from >= 0 {
		return exact, m.words(from, m.end)
	}
	return said{qualifier: q}, ""
}

// doubtful is where the words begin that make a qualifier doubtful: another one
// before it ("up to about"), or a negation; -1 where none do.
func doubtful(q incidents.Qualifier, before []word) int {
	if other, rest, ok := cutQualifier(before); ok && other != q {
		return before[len(rest)].at
	}
	return negated(before)
}

// words are a part of the text on one line.
func (m mention) words(from, to int) string {
	return strings.Join(strings.Fields(m.text[from:to]), " ")
}
