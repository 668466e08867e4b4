package csvfile_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
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

func mapping(tb testing.TB, name string) *csvfile.Mapping {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	m, err := csvfile.ParseMapping(name, text)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// told writes what a file would be read as.
func told(t *testing.T, s sample, err error) string {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "read %d, usable %d, unread columns %q, error %v\n", s.Read, s.Usable, s.Unread, err)
	for _, p := range s.Problems {
		fmt.Fprintln(&out, p)
	}
	for _, row := range s.Rows {
		text, err := json.MarshalIndent(row.Incident, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "\nrow %d, line %d, key %q\n%s\n", row.Number, row.Line, row.Key, text)
	}
	return out.String()
}

// The tables of docs/exchange.md, and what they are read as.
func TestExamples(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../../docs/exchange.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"eurepoc", "own"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", name+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			read, err := preview(strings.NewReader(string(text)), mapping(t, name+".yaml"), 10)
			golden(t, name+".golden", told(t, read, err))
			yaml, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for _, example := range []string{string(yaml), string(text)} {
				if !strings.Contains(string(docs), "\n"+example+"```") {
					t.Errorf("docs/exchange.md does not have the example as it is in testdata/%s.*", name)
				}
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "row 1 (line 1): is missing: the file has no row with the names of the columns"},
		{"column", "title,categori\n", `row 1 (line 1): the column "categori" is not one of this form; other forms need a mapping (the file's columns: title, categori)`},
		{"column twice", "title,category,title\n", `row 1 (line 1): the column "title" occurs twice (the file's columns: title, category, title)`},
		{"UTF-16", "\xff\xfet\x00", "row 1 (line 1): is written in UTF-16; save the file as CSV in UTF-8"},
		{"UTF-16 without a mark", "t\x00i\x00", "row 1 (line 1): is written in UTF-16; save the file as CSV in UTF-8"},
		{"a spreadsheet", "PK\x03\x04\x14\x00", "row 1 (line 1): is a ZIP file, as spreadsheets of their own form are (.xlsx, .ods); save the sheet as CSV in UTF-8"},
		{"Latin-1", "title,category\nA,other\n\nZ\xfcrich,other\n", "row 4 (line 4): is not valid UTF-8; save the file as CSV in UTF-8"},
		{"quote", "title,category\n\"A\nB\",other\nC \"D\",other\n", "row 3 (line 4): column 3 has a quotation mark within a cell that is not in quotes"},
		{"open quote", "title,category\nA,other\n\"B,other\nC,other\n", "row 3 (line 4): has a cell in quotes that is not closed, or goes on after its closing mark"},
		{"too long", "title,category\nA,other\n\"" + strings.Repeat("a,\n", 6<<20), "row 3 (line 3): is larger than 16777216 bytes; is a quotation mark left open?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var last error
			for _, err := range decodeOwn(strings.NewReader(c.in)) {
				last = err
			}
			var e *csvfile.Error
			if !errors.As(last, &e) || last.Error() != c.want {
				t.Errorf("got  %v\nwant %s", last, c.want)
			}
			if _, err := preview(strings.NewReader(c.in), csvfile.OwnMapping(), 1); err == nil || err.Error() != c.want {
				t.Errorf("the preview's error: %v", err)
			}
		})
	}
	m := mapping(t, "own.yaml")
	for range decode(strings.NewReader("x\nNo.;Company\n"), m) {
		break
	}
	_, err := preview(strings.NewReader("x\nNo.;Company;What;Sure?;Public on;Data;Cards;People;Damage;Apology;Link;Headline\n"), m, 1)
	if want := `row 2 (line 2): there is no column "Sector", which the mapping names; there is no column "Paper", which the mapping names (the file's columns: No., Company, What, Sure?, Public on, Data, Cards, People, Damage, Apology, Link, Headline)`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestRowProblems(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"title,category\n,other\n":                                                                      `row 2, column title: is required`,
		"title\nA\n":                                                                                    `row 2, column category: is required (allowed: data_breach, account_takeover, theft_of_funds, payment_fraud, extortion, service_attack, other)`,
		"title,category\nA,other,,x\n":                                                                  `row 2: has 4 cells, and there are 2 columns; is there a delimiter in a cell without quotes?`,
		"title,category,disclosed\nA,other,1.2.2020\n":                                                  `row 2, column disclosed: "1.2.2020" is not a date of the form YYYY-MM-DD or YYYY-MM or YYYY or YYYY-MM-DDThh:mm:ss or YYYY-MM-DDThh:mm:ssZ or YYYY-MM-DD hh:mm:ss`,
		"title,category,disclosed\nA,other,1066\n":                                                      `row 2, column disclosed: "1066" must be a date such as 2014-10-28, 2014-10 or 2014: the year must be from 1900 to 2200`,
		"title,category,occurred_from,occurred_to\nA,other,2020,2019\n":                                 `row 2, column occurred_to: "2019" from (2020) must not be after to (2019)`,
		"title,category,countries\nA,other,DE; Atlantis\n":                                              `row 2, column countries: "Atlantis" is neither the code of a country (ISO 3166-1 alpha-2) nor its name in English`,
		"title,category,count_unit,count_quantity\nA,other,cards,4 1\n":                                 `row 2, column count_quantity: "4 1" is not a number (in the form 1234.5)`,
		"title,category,count_unit,count_quantity\nA,other,cards,1.5\n":                                 `row 2, column count_quantity: "1.5" must be a whole number of at most 1000000000000000`,
		"title,category,count_quantity\nA,other,5\n":                                                    `row 2, column count_unit: is required (allowed: people, accounts, records, cards, forms, national_ids, fingerprints, devices, transactions, other)`,
		"title,category,loss_kind,loss_amount\nA,other,stolen,5\n":                                      `row 2, column loss_currency: is required with a figure: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC`,
		"title,category,count_unit,count_qualifier,count_quantity,count_low\nA,other,cards,exact,5,5\n": `row 2, column count_low: "5" is only for the qualifier between; with exact it must be left out`,
		"title,category,sources\nA,other,http://\n":                                                     `row 2, column sources: "http://" must be an http or https address, without a user name, a password or spaces`,
		"title,category,external_refs\nA,other,1234\n":                                                  `row 2, column external_refs: "1234" is required`,
		"title,category,id\nA,other,7\n":                                                                `row 2, column id: "7" is not the id of an incident (UUID); leave it empty for a new one`,
		"title,category,slug\nA,other,No Slug\n":                                                        `row 2, column slug: "No Slug" must be lower-case letters and digits in words joined by single hyphens, at most 100 characters, and not in the form of an id`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			for row, err := range decodeOwn(strings.NewReader(in)) {
				if err != nil {
					t.Fatal(err)
				}
				if len(row.Problems) == 0 || row.Problems[0].String() != want {
					t.Errorf("got  %v\nwant %s", row.Problems, want)
				}
			}
		})
	}
}

// Rows are numbered as a spreadsheet numbers them, whatever stands between them.
func TestRowNumbers(t *testing.T) {
	t.Parallel()
	in := "\ufefftitle;category\r\n\r\n\r\n\"A\r\nB\";other\r\n;\r\nC;other\r\n"
	var got []string
	for row, err := range decodeOwn(strings.NewReader(in)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d (line %d) %q %d", row.Number, row.Line, row.Incident.Title, len(row.Problems)))
	}
	want := []string{`4 (line 4) "A\nB" 1`, `6 (line 7) "C" 0`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPreviewCountsAllProblems(t *testing.T) {
	t.Parallel()
	in := "title,category\n" + strings.Repeat(",other\n", 1500)
	s, err := preview(strings.NewReader(in), csvfile.OwnMapping(), 2)
	if err != nil || s.Read != 1500 || s.Usable != 0 || len(s.Rows) != 2 || len(s.Problems) != 1000 || s.More != 500 {
		t.Errorf("%v: read %d, usable %d, rows %d, problems %d and %d more", err, s.Read, s.Usable, len(s.Rows), len(s.Problems), s.More)
	}
}

// endless gives rows as they are asked for.
type endless struct {
	rows int
	rest string // of the row begun
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.rows == 0 {
			return 0, io.EOF
		}
		most := min(e.rows, 100)
		e.rows -= most
		e.rest = strings.Repeat("A leak at Acme,other,cards,500\n", most)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func TestMemoryDoesNotGrow(t *testing.T) {
	t.Parallel()
	const rows = 100_000
	staysSmall(t, io.MultiReader(strings.NewReader("title,category,count_unit,count_quantity\n"), &endless{rows: rows}), rows)
}

// staysSmall reads so many incidents, which leave nothing behind.
func staysSmall(t *testing.T, in io.Reader, incidents int) {
	t.Helper()
	var most uint64
	n := 0
	for row, err := range decodeOwn(in) {
		if err != nil || len(row.Problems) > 0 {
			t.Fatal(err, row.Problems)
		}
		if n++; n%(incidents/5) == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	// Other tests run beside this one, so the limit is a loose one.
	if n != incidents || most > 200<<20 {
		t.Errorf("%d incidents, %d bytes", n, most)
	}
}

func BenchmarkDecode(b *testing.B) {
	in := io.MultiReader(strings.NewReader("title,category,count_unit,count_quantity\n"), &endless{rows: b.N})
	for row, err := range decodeOwn(in) {
		if err != nil || len(row.Problems) > 0 {
			b.Fatal(err, row.Problems)
		}
	}
}

// docs/exchange.md names every column of both forms.
func TestColumnsAreDocumented(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../../docs/exchange.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"wide.golden.csv", "long.golden.csv"} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(string(text), "\r\n")
		for column := range strings.SplitSeq(header, ",") {
			if !strings.Contains(string(docs), "`"+column+"`") {
				t.Errorf("docs/exchange.md does not name the column %s of %s", column, file)
			}
		}
	}
}

// TestWhatIsNotPublishedIsNotRead: it would become public.
func TestWhatIsNotPublishedIsNotRead(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]string{
		"wide": "title,category,publication\nA breach,data_breach,%s\n",
		"long": "incident_title,category,publication,claim,unit,quantity\nA breach,data_breach,%s,count,cards,40\n",
	} {
		for publication, read := range map[string]bool{"": true, "published": true, "draft": false, "retracted": false, "merged": false, "rejected": false} {
			for row, err := range decodeOwn(strings.NewReader(fmt.Sprintf(form, publication))) {
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				switch {
				case read && len(row.Problems) > 0:
					t.Errorf("%s, %q: %v", name, publication, row.Problems)
				case !read && (len(row.Problems) == 0 || row.Problems[0].Column != "publication" || row.Problems[0].Value != publication || row.Problems[0].Row != 2):
					t.Errorf("%s, %q: the problems are %v", name, publication, row.Problems)
				}
			}
		}
	}
}
