package importer

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// StreamReport is what became of the documents of an import: each is created, changed,
// unchanged, left alone, refused or repeated.
type StreamReport struct {
	Format    string `json:"format"`
	DryRun    bool   `json:"dry_run"`
	Rows      int    `json:"rows"` // documents: of a table with one row per claim, incidents
	Created   int    `json:"created"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	LeftAlone int    `json:"left_alone"` // changed in the file, and edited by a person since
	Refused   int    `json:"refused"`
	Repeated  int    `json:"repeated"` // the number of an earlier document again, which is kept
	Noted     int    `json:"noted"`    // with something that was not usable
	// Details are the refusals, what was left alone, repeats that say something else,
	// and the first notes.
	Details []Detail `json:"details"`
	// Unlisted is how many details there are besides.
	Unlisted int `json:"unlisted"`
	// Message is what else there is to know.
	Message string `json:"message,omitempty"`
	// UndoneAll says that nothing of this is kept: the import was to be all or
	// nothing, and it failed.
	UndoneAll bool `json:"undone_all,omitempty"`
	// Sample is how a table is read, as a dry run shows it.
	Sample *Sample `json:"sample,omitempty"`

	problems int // of the details
}

func (r StreamReport) isTable() bool { return strings.HasPrefix(r.Format, tableFormats) }

// Stored are the documents that are in the ledger, some from before.
func (r StreamReport) Stored() int { return r.Created + r.Changed + r.Unchanged + r.LeftAlone }

// BackupReport is the report of a backup that was read, or that was not.
func BackupReport(n ndjson.Counts, err error) StreamReport {
	r := StreamReport{
		Format: "ndjson", Rows: n.Incidents, Created: n.Incidents, Details: []Detail{},
		Message: "API keys are not in a backup: those of this ledger stay as they are",
	}
	if err != nil {
		r.UndoneAll, r.Message = true, err.Error()
	}
	return r
}

// Detail says something of one document.
type Detail struct {
	Row      int                `json:"row,omitempty"`
	Origin   string             `json:"origin,omitempty"`
	Kind     string             `json:"kind"` // one of those below
	Problems incidents.Problems `json:"problems,omitempty"`
	Cells    []csvfile.Problem  `json:"cells,omitempty"` // the problems by the cells of a table
}

// The kinds of detail.
const (
	DetailRefused   = "refused"
	DetailLeftAlone = "left alone"
	DetailRepeated  = "repeated"
	DetailNoted     = "noted"
)

// maxDetails and maxProblems bound the report of a hopeless file.
const (
	maxDetails  = 10_000
	maxProblems = 100_000 // of all details together, but for the last one's
)

func (r *StreamReport) detail(d Detail) {
	if len(r.Details) == maxDetails || r.problems >= maxProblems {
		r.Unlisted++
		return
	}
	r.problems += max(len(d.Problems), len(d.Cells))
	r.Details = append(r.Details, d)
}

func (r *StreamReport) refuse(of row, problems incidents.Problems) {
	r.Refused++
	r.detail(Detail{Row: of.number, Origin: of.origin, Kind: DetailRefused, Problems: problems, Cells: of.cells(problems)})
}

func (r *StreamReport) refuseCells(row int, cells []csvfile.Problem) {
	r.Refused++
	r.detail(Detail{Row: row, Kind: DetailRefused, Cells: cells})
}

func (r *StreamReport) note(of row, notes incidents.Problems) {
	r.Noted++
	r.detail(Detail{Row: of.number, Origin: of.origin, Kind: DetailNoted, Problems: notes, Cells: of.cells(notes)})
}

// cells are the problems by the cells of a table that gave what they are about; nil
// unless each has one.
func (r row) cells(problems incidents.Problems) []csvfile.Problem {
	if r.place == nil {
		return nil
	}
	out := make([]csvfile.Problem, len(problems))
	for i, p := range problems {
		n, column := r.place(p.Pointer)
		if column == "" {
			return nil
		}
		out[i] = csvfile.Problem{Row: n, Column: column, Detail: p.Detail, Allowed: p.Allowed}
	}
	return out
}

func (r *StreamReport) count(result ledger.ImportResult) {
	switch result.Outcome {
	case ledger.Created:
		r.Created++
	case ledger.Changed:
		r.Changed++
	case ledger.Unchanged:
		r.Unchanged++
	case ledger.Edited, ledger.Refused: // counted where their row is known
	}
}

func (r *StreamReport) sort() {
	slices.SortStableFunc(r.Details, func(a, b Detail) int { return a.Row - b.Row })
}

// String is the report in one line.
func (r StreamReport) String() string {
	rows := incidents.Plural(r.Rows, "row", "rows")
	if r.Format == longTables {
		rows = incidents.Plural(r.Rows, "incident", "incidents")
	}
	text := fmt.Sprintf("%s: %s created, %s changed, %s unchanged, %s left alone, %s refused, %s repeated, %s with notes",
		rows, n(r.Created), n(r.Changed), n(r.Unchanged), n(r.LeftAlone), n(r.Refused), n(r.Repeated), n(r.Noted))
	if r.DryRun {
		text += " (a dry run: nothing was written)"
	}
	if r.UndoneAll {
		text += " (all or nothing: nothing was written)"
	}
	return text
}

func n(i int) string { return incidents.Number(int64(i)) }

// Write says in words what became of the import: refusals and what was left
// alone line by line, and notes too when asked for.
func (r StreamReport) Write(w io.Writer, notes bool) error {
	var out strings.Builder
	if r.Sample != nil {
		if err := r.Sample.write(&out); err != nil {
			return err
		}
	}
	for _, d := range r.Details {
		if d.Kind == DetailNoted && !notes {
			continue
		}
		for _, p := range d.Cells {
			if d.Kind == DetailNoted {
				out.WriteString(d.Kind + ": ")
			}
			fmt.Fprintln(&out, p)
		}
		if len(d.Cells) > 0 {
			continue
		}
		if d.Row > 0 {
			fmt.Fprintf(&out, "row %d: ", d.Row)
		}
		out.WriteString(d.Kind + ": ")
		if d.Origin != "" {
			out.WriteString(strings.ReplaceAll(d.Origin, "\n", " ") + ": ")
		}
		for i, p := range d.Problems {
			if i > 0 {
				out.WriteString("; ")
			}
			out.WriteString(strings.TrimPrefix(p.String(), ": ")) // of the whole document
		}
		out.WriteByte('\n')
	}
	if r.Unlisted > 0 {
		fmt.Fprintf(&out, "and %s more\n", n(r.Unlisted))
	}
	fmt.Fprintln(&out, r)
	_, err := io.WriteString(w, Printable(out.String()))
	return err
}

// Printable is a text that is safe on a terminal: what stands in somebody's file gives
// it no commands.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || incidents.Reorders(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// WriteJSON writes the report as JSON.
func (r StreamReport) WriteJSON(w io.Writer) error { return writeJSON(w, r) }
