package csvfile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// longOnlyWritten are the columns of the form that follow from others, or that
// the ledger sets.
var longOnlyWritten = []string{"contested", "text", "support", "evidence"}

// longGroup is the rows of one incident on their way to it. One reading reads them
// all, with the cells of one row after another.
type longGroup struct {
	*reading
	columns         int
	rows            []longRow
	id, slug, title string // as the rows say, folded
	last            int    // the number of the last row
	size            int    // of the cells, in bytes
	tooMany         bool   // rows

	at   map[string]int // pointer → place in rows of the row that it was read from
	head map[string]int // column of the incident's own → the row that says it
}

func newLongGroup(m *Mapping, t *table) *longGroup {
	return &longGroup{reading: newReading(m, t), columns: len(t.columns), at: map[string]int{}, head: map[string]int{}}
}

// row reads the incident. before is the row at which another began that has its name.
func (g *longGroup) row(before int) Row {
	first := g.rows[0]
	if before > 0 {
		g.add("/rows/0/before", g.named(), "the rows of one incident must stand together, and row %d begins the same one", before)
		g.at["/rows/0/before"] = 0
	}
	if g.tooMany {
		g.addOf("", incidents.Problem{Detail: fmt.Sprintf("rows %d to %d are more than one incident can have: at most %d rows, with %d bytes", first.number, g.last, maxLongRows, maxLongSize)})
	}
	head := g.incidentCells()
	g.cells = head
	key := g.one("/key", g.m.key)
	in := g.incident()
	g.ownID(key, in)
	g.wasPublished()
	for i := range g.rows {
		g.readClaim(in, i)
	}
	g.cells = head
	g.from["/counts"] = longRule("headline")
	g.at["/counts"] = g.at["/counts/0"]
	in.Complete()
	g.problems.Merge(in.Validate())
	if key == "" {
		key = cmp.Or(in.Slug, in.DefaultSlug())
	}
	return Row{
		Number: first.number, Line: first.line, Key: key, Incident: *in, Problems: g.told(),
		Place: func(pointer string) (int, string) { return g.rows[g.place(pointer)].number, g.column(pointer) },
	}
}

// named is the column by which the incident is known.
func (g *longGroup) named() *rule {
	switch {
	case g.id != "":
		return longRule("incident_id")
	case g.slug != "":
		return longRule("incident_slug")
	default:
		return longRule("incident_title")
	}
}

// incidentCells is a row with what the rows say of the incident itself, which
// must be the same in all of them, or nothing.
func (g *longGroup) incidentCells() []string {
	out := make([]string, g.columns)
	for _, column := range longIncidentColumns {
		place, ok := g.index[column]
		if !ok {
			continue
		}
		r := longRule(column)
		for i, row := range g.rows {
			g.cells = row.cells
			cell := g.cell(column)
			from, said := g.head[column]
			switch {
			case cell == "":
			case !said:
				g.head[column], out[place] = i, row.cells[place]
			default:
				g.cells = g.rows[from].cells
				if foldWord(cell) != foldWord(g.cell(column)) {
					pointer := fmt.Sprintf("/rows/%d/%s", i, column)
					g.at[pointer] = i
					g.add(pointer, r, "is not what row %d says of the same incident", g.rows[from].number)
				}
			}
		}
	}
	for i, row := range g.rows {
		if row.id == "" && row.slug == "" && row.title == "" {
			pointer := fmt.Sprintf("/rows/%d/incident_title", i)
			g.at[pointer] = i
			g.add(pointer, longRule("incident_title"), "is required in every row")
		}
	}
	return out
}

// longIncidentColumns say what the incident is, and are read once.
var longIncidentColumns = []string{
	"incident_id", "incident_slug", "incident_title", "category", "certainty", "publication", "victims", "affected_platforms", "occurred_from", "disclosed",
}

// told is the problems of the document as problems of the rows' cells. The last
// one says which rows are refused with them.
func (g *longGroup) told() []Problem {
	var out []Problem
	for i := range g.problems {
		place := g.place(g.problems[i].Pointer)
		g.cells = g.rows[place].cells
		p := g.problem(i, g.rows[place].number)
		p.Detail = inTable.Replace(g.inRows(strings.TrimPrefix(p.Detail, g.problems[i].Pointer+": ")))
		if p.Value != "" {
			p.Detail = repeated.ReplaceAllString(p.Detail, "")
		}
		if out = tell(out, p); len(out) == mostTold {
			out = append(out, Problem{Row: g.rows[0].number, Detail: moreProblems})
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return a.Row - b.Row })
	if first := g.rows[0].number; len(out) > 0 && g.last > first {
		out = append(out, Problem{Row: first, Detail: fmt.Sprintf("the incident of rows %d to %d is refused as a whole", first, g.last)})
	}
	return out
}

// place is the row that a pointer was read from.
func (g *longGroup) place(pointer string) int {
	for p := pointer; p != ""; p = p[:max(strings.LastIndexByte(p, '/'), 0)] {
		if place, ok := g.at[p]; ok {
			return place
		}
	}
	if r := g.blame(pointer); r != nil {
		return g.head[r.shown()]
	}
	return 0
}

var (
	inDocument = regexp.MustCompile(`/(counts|losses|attributions|responses|sources)/[0-9]+`)
	repeated   = regexp.MustCompile(`^"[^"]*" `) // the value, which is told besides
)

// inTable says in the words of a table what the document has other words for.
var inTable = strings.NewReplacer("neither the id nor the key of a", "not the claim_id of a", "another claim has this key already", "is the claim_id of another row already")

// inRows names rows where a problem names places of the document.
func (g *longGroup) inRows(detail string) string {
	return inDocument.ReplaceAllStringFunc(detail, func(pointer string) string {
		return "row " + strconv.Itoa(g.rows[g.place(pointer)].number)
	})
}
