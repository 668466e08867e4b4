package api_test

import (
	"encoding/csv"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// inCSV are the addresses that answer in CSV, and the names of their files.
var inCSV = map[string]string{
	"/v1/incidents": "incidents", "/v1/reports/breaches": "breaches", "/v1/reports/responses": "responses", "/v1/reports/promises": "promises",
	"/v1/responses": "response-list",
}

// acceptCSV gets an address as CSV; a reply with rows, the header first.
func (s *service) acceptCSV(t *testing.T, path string) (reply, [][]string) {
	t.Helper()
	got := s.send(t, request{path: path, header: map[string]string{"Accept": "text/csv"}}).must(t, http.StatusOK)
	media, parameters, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || media != "text/csv" || !strings.EqualFold(parameters["charset"], "utf-8") || parameters["header"] != "present" {
		t.Fatalf("%s: the Content-Type is %q", path, got.header.Get("Content-Type"))
	}
	if !strings.HasSuffix(string(got.body), "\r\n") || strings.HasPrefix(string(got.body), "\ufeff") {
		t.Fatalf("%s: the file is %q", path, got.body)
	}
	r := csv.NewReader(strings.NewReader(string(got.body)))
	rows, err := r.ReadAll() // checks that all have as many cells
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %v: %s", path, err, got.body)
	}
	return got, rows
}

var timeInCSV = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

// TestCSVGoldens: the seeds as CSV.
func TestCSVGoldens(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for path, name := range inCSV {
		got, _ := s.acceptCSV(t, path)
		if disposition := got.header.Get("Content-Disposition"); disposition != `attachment; filename="`+name+`.csv"` {
			t.Errorf("%s: the Content-Disposition is %q", path, disposition)
		}
		body := timeInCSV.ReplaceAllString(idPattern.ReplaceAllString(string(got.body), "<id>"), "<time>")
		golden(t, "seeds/"+name+".golden.csv", []byte(strings.ReplaceAll(body, "\r\n", "\n")))
	}
}

func TestCSVByNegotiation(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for accept, want := range map[string]string{
		"":                 "application/json",
		"*/*":              "application/json",
		"application/json": "application/json",
		"text/csv":         "text/csv",
		"TEXT/CSV":         "text/csv",
		"text/csv; header=present; charset=utf-8": "text/csv",
		"text/*":                               "text/csv",
		"text/csv, */*":                        "text/csv",
		"text/csv, */*;q=0.1":                  "text/csv",
		"*/*, text/csv;q=0.9":                  "application/json",
		"application/json, text/csv":           "application/json",
		"text/csv, application/json":           "application/json",
		"text/csv, application/json;q=0.9":     "text/csv",
		"text/csv;q=0.9, application/json":     "application/json",
		"text/csv;q=0.5,application/json;q=.4": "text/csv",
		"text/csv;q=0":                         "application/json",
		"text/csv;q=0, */*":                    "application/json",
		"text/csv;q=2":                         "application/json",
		"text/csv;q=x":                         "application/json",
		"text/csv;q=NaN":                       "application/json",
		"application/*;q=0.2, text/*;q=0.3":    "text/csv",
		"image/png":                            "application/json",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "application/json",
		";;,,/,text": "application/json",
	} {
		for path := range inCSV {
			got := s.send(t, request{path: path, header: map[string]string{"Accept": accept}}).must(t, http.StatusOK)
			if media, _, _ := mime.ParseMediaType(got.header.Get("Content-Type")); media != want {
				t.Errorf("%s, Accept: %s: the answer is %s, want %s", path, accept, media, want)
			}
			if vary := strings.Join(got.header.Values("Vary"), ", "); !slices.Contains(strings.Split(vary, ", "), "Accept") {
				t.Errorf("%s: Vary is %q", path, vary)
			}
		}
	}
	// What is wrong is a problem, whatever is accepted.
	got := s.send(t, request{path: "/v1/incidents?limit=0", header: map[string]string{"Accept": "text/csv"}})
	if got.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong limit: %d", got.status)
	}
	// Where there is no CSV, there is JSON.
	s.send(t, request{path: "/v1/actors", header: map[string]string{"Accept": "text/csv"}}).must(t, http.StatusOK).json(t)
}

// The pages of the CSV are those of the JSON, and have the same links.
func TestCSVPages(t *testing.T) {
	t.Parallel()
	s := newWorld(t).service
	for range 5 {
		s.post(t, "/v1/incidents", `{"title": "Quartz skimming", "category": "data_breach", "participants": [{"actor": {"name": "Acme Pay"}, "role": "victim"}],
			"responses": [{"actor": "Acme Pay", "kind": "refund", "status": "promised", "due": "2016-01-01"}]}`).must(t, http.StatusCreated)
	}
	s.post(t, "/v1/incidents", `{"title": "Other", "category": "other", "participants": [{"actor": {"name": "Other Pay"}, "role": "victim"}]}`).must(t, http.StatusCreated)
	for path, list := range map[string]struct {
		member, column string
		id             []any
		rows           int
	}{
		"/v1/incidents?limit=3&sort=updated":         {"data", "id", []any{"id"}, 8},
		"/v1/incidents?limit=2&q=quartz+or+skimming": {"data", "id", []any{"id"}, 7},
		"/v1/reports/breaches?limit=3":               {"ranking", "id", []any{"id"}, 8},
		"/v1/reports/promises?limit=2":               {"promises", "id", []any{"id"}, 7},
		"/v1/reports/promises?limit=2&state=overdue": {"promises", "id", []any{"id"}, 5},
		"/v1/responses?limit=2":                      {"data", "id", []any{"id"}, 7},
		"/v1/reports/responses?limit=1":              {"actors", "actor", []any{"actor", "slug"}, 2},
	} {
		rows := 0
		for next := path; next != ""; {
			asJSON := s.get(t, next).must(t, http.StatusOK)
			asCSV, table := s.acceptCSV(t, next)
			column := slices.Index(table[0], list.column)
			items, _ := at(t, asJSON.json(t), list.member).([]any)
			var want, got []string
			for _, item := range items {
				want = append(want, text(t, item, list.id...))
			}
			for _, row := range table[1:] {
				got = append(got, row[column])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: -JSON +CSV\n%s", next, diff)
			}
			if asJSON.header.Get("Link") != asCSV.header.Get("Link") {
				t.Fatalf("%s: the links are %q and %q", next, asJSON.header.Get("Link"), asCSV.header.Get("Link"))
			}
			rows += len(got)
			link, _, _ := strings.Cut(strings.TrimPrefix(asCSV.header.Get("Link"), "<"), ">")
			next = link
		}
		if rows != list.rows {
			t.Errorf("%s: %d rows, want %d", path, rows, list.rows)
		}
	}
}

// What others wrote runs nothing in a spreadsheet, and reads as it was.
func TestCSVIsHarmless(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.post(t, "/v1/incidents", `{"slug": "evil", "title": "=HYPERLINK(\"http://evil.example\",\"x\"), \"quoted\"", "category": "data_breach",
		"participants": [{"actor": {"name": "@SUM(A1)", "slug": "sum"}, "role": "victim"}, {"actor": {"name": "-2+3", "slug": "two"}, "role": "alleged_attacker"}],
		"counts": [{"unit": "cards", "qualifier": "between", "low": 5, "high": 10, "claimed_by": "sum"}],
		"responses": [{"actor": "sum", "kind": "refund", "status": "promised", "spoken_by": "+cmd|' /C calc'!A0", "summary": "-1\nand more"}]}`).must(t, http.StatusCreated)
	cell := func(table [][]string, column string) string {
		t.Helper()
		return table[1][slices.Index(table[0], column)]
	}
	for path := range inCSV {
		_, table := s.acceptCSV(t, path)
		for _, c := range table[1] {
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				t.Errorf("%s: a cell is %q", path, c)
			}
		}
	}
	_, table := s.acceptCSV(t, "/v1/incidents")
	if got := csvfile.Plain(cell(table, "title")); got != "=HYPERLINK(\"http://evil.example\",\"x\"), \"quoted\"" {
		t.Errorf("the title is %q", got)
	}
	begin := slices.Index(table[0], "victims_qualifier")
	if diff := cmp.Diff([]string{"between", "10", "cards", "'@SUM(A1)", "unsourced", "5", "10", "between 5 and 10 cards"}, table[1][begin:begin+8]); diff != "" {
		t.Errorf("the number stands as -want +got\n%s", diff)
	}
	_, table = s.acceptCSV(t, "/v1/reports/promises")
	if cell(table, "spoken_by") != "'+cmd|' /C calc'!A0" || cell(table, "summary") != "'-1\nand more" {
		t.Errorf("%q", table[1])
	}
}
