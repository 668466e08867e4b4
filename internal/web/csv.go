package web

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// mostCSV is how many incidents a file has at most.
const mostCSV = 10_000

// incidentsCSV is the list of the incidents page as a file, whole.
func (s *Web) incidentsCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	f := ps.filter(v.by)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	rows := [][]string{{
		"slug", "title", "category", "certainty", "victims", "victims_low", "victims_high", "qualifier", "unit", "claimed_by", "support", "victims_text",
		"disclosed", "occurred_from", "occurred_to", "countries", "vectors", "actors", "responses", "unanswered", "contested", "payment", "version", "updated_at",
	}}
	page := ledger.Page{Limit: ledger.MaxLimit}
	for len(rows) <= mostCSV {
		cards, next, err := s.cards(v, f, ledger.Sort(v.query.Get("sort")), page)
		if err != nil {
			return answer{}, err
		}
		for _, c := range cards {
			rows = append(rows, csvRow(c))
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	return csvAnswer("incidents.csv", rows)
}

func csvRow(c incidents.Card) []string {
	var from, to incidents.PartialDate
	if c.Occurred != nil {
		from, to = c.Occurred.From, c.Occurred.To
	}
	names := make([]string, len(c.Actors))
	for i, a := range c.Actors {
		names[i] = a.Name + " (" + lower(label(a.Role)) + ")"
	}
	vectors := make([]string, len(c.Vectors))
	for i, one := range c.Vectors {
		vectors[i] = string(one)
	}
	figures := make([]string, 8)
	if n := c.Victims; n != nil {
		claimant := ""
		if n.ClaimedBy != nil {
			claimant = n.ClaimedBy.Name
		}
		figures = []string{csvNumber(n.Quantity), csvNumber(n.Low), csvNumber(n.High), string(n.Qualifier), string(n.Unit), claimant, string(n.Support), n.Text}
	}
	row := append([]string{c.Slug, c.Title, string(c.Category), string(c.Certainty)}, figures...)
	return append(row, c.Disclosed.String(), from.String(), to.String(), strings.Join(c.Countries, " "), strings.Join(vectors, " "),
		strings.Join(names, "; "), strconv.Itoa(c.ResponseCount), strconv.FormatBool(c.Unanswered), strconv.FormatBool(c.Contested),
		strconv.FormatBool(c.Payment), strconv.Itoa(c.Version), c.UpdatedAt.UTC().Format(time.RFC3339))
}

func csvNumber(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// csvAnswer writes rows by RFC 4180. A cell that a spreadsheet would take for a
// formula gets an apostrophe in front.
func csvAnswer(name string, rows [][]string) (answer, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		if err := w.Write(row); err != nil {
			return answer{}, err
		}
	}
	w.Flush()
	return answer{file: &file{contentType: "text/csv; charset=utf-8", name: name, body: out.Bytes()}}, w.Error()
}
