package csvfile_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

func long(tb testing.TB, all []incidents.Incident) string {
	tb.Helper()
	return encoded(tb, func(out *strings.Builder) error { return csvfile.EncodeLong(out, each(all)) })
}

// known are the documents as a ledger has them: every source and claim has an id.
func known(tb testing.TB) []incidents.Incident {
	tb.Helper()
	all := documents(tb)
	for i := range all {
		all[i].Link(func(uuid.UUID) bool { return true })
		for j := range all[i].Sources {
			if s := &all[i].Sources[j]; s.ID == uuid.Nil {
				s.ID = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, i, j))
			}
		}
	}
	return all
}

// readLong reads a table without problems.
func readLong(tb testing.TB, text string) []incidents.Incident {
	tb.Helper()
	var out []incidents.Incident
	for row, err := range decodeOwn(strings.NewReader(text)) {
		if err != nil {
			tb.Fatal(err)
		}
		for _, p := range row.Problems {
			tb.Error(p)
		}
		out = append(out, linked(row.Incident))
	}
	return out
}

// linked is an incident as it was read, with ids for its claims: those that they
// were written with, and new ones.
func linked(in incidents.Incident) incidents.Incident {
	in.EachClaim(func(_ string, c *incidents.Claim) {
		if id, err := uuid.Parse(strings.TrimPrefix(c.Key, "id-")); err == nil {
			c.ID = id
		}
	})
	in.Link(func(uuid.UUID) bool { return true })
	in.Derive()
	return in
}

// without are the rows of a table, some columns left out.
func without(tb testing.TB, text string, columns ...string) [][]string {
	tb.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	header := rows[0]
	for i, row := range rows {
		rows[i] = nil
		for j, cell := range row {
			if !slices.Contains(columns, header[j]) {
				rows[i] = append(rows[i], cell)
			}
		}
	}
	return rows
}

// What the long form says of the claims is written again as it was, but for what
// the ledger sets and for how many pieces of evidence there are besides.
func TestLongRoundTrip(t *testing.T) {
	t.Parallel()
	all := known(t)
	text := long(t, all)
	again := readLong(t, text)
	lost := []string{"publication", "evidence"}
	if diff := cmp.Diff(without(t, text, lost...), without(t, long(t, again), lost...)); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
	claims := func(all []incidents.Incident) (n int) {
		for _, in := range all {
			n += len(in.Counts) + len(in.Losses) + len(in.Attributions) + len(in.Responses)
		}
		return n
	}
	if claims(again) != claims(all) || claims(all) < 30 {
		t.Errorf("%d claims of %d", claims(again), claims(all))
	}
}

const longHeader = "incident_title,category,claim,"

// rows reads a table of the long form; what each incident is, and its problems.
func rows(t *testing.T, text string) (out []string) {
	t.Helper()
	for row, err := range decodeOwn(strings.NewReader(text)) {
		if err != nil {
			return append(out, "error: "+err.Error())
		}
		in := row.Incident
		if len(row.Problems) == 0 {
			out = append(out, fmt.Sprintf("row %d, %q: %s (%d counts, %d losses, %d attributions, %d responses)",
				row.Number, row.Key, in.Title, len(in.Counts), len(in.Losses), len(in.Attributions), len(in.Responses)))
		}
		for _, p := range row.Problems {
			out = append(out, p.String())
		}
	}
	return out
}

func TestLongRows(t *testing.T) {
	t.Parallel()
	const a, b = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{
			"by title", longHeader + "unit,quantity,kind,actor,occurred_from\nA leak,other,count,cards,5,,,2020-01\na  LEAK,,response,,,apology,Acme,\n\nAnother,other,count,cards,> 5,,,\n",
			[]string{`row 2, "a-leak-2020": A leak (1 counts, 0 losses, 0 attributions, 1 responses)`, `row 5, "another": Another (1 counts, 0 losses, 0 attributions, 0 responses)`},
		},
		{
			"by slug", longHeader + "incident_slug,kind,actor\nA,other,response,a,apology,Acme\nA,other,response,b,apology,Acme\nA,other,response,b,denial,Acme\n",
			[]string{`row 2, "a": A (0 counts, 0 losses, 0 attributions, 1 responses)`, `row 3, "b": A (0 counts, 0 losses, 0 attributions, 2 responses)`},
		},
		{
			"by id", longHeader + "incident_id,kind,actor\nA,other,response," + a + ",apology,Acme\nA,other,response," + strings.ToUpper(a) + ",apology,Acme\nA,other,response," + b + ",denial,Acme\n",
			[]string{`row 2, "` + a + `": A (0 counts, 0 losses, 0 attributions, 2 responses)`, `row 4, "` + b + `": A (0 counts, 0 losses, 0 attributions, 1 responses)`},
		},
		{
			"apart", longHeader + "kind,actor\nA,other,response,apology,Acme\nB,other,response,apology,Acme\nA,other,response,denial,Acme\n",
			[]string{
				`row 2, "a": A (0 counts, 0 losses, 0 attributions, 1 responses)`, `row 3, "b": B (0 counts, 0 losses, 0 attributions, 1 responses)`,
				`row 4, column incident_title: "A" the rows of one incident must stand together, and row 2 begins the same one`,
			},
		},
		{
			"apart, known by its slug", longHeader + "incident_id,incident_slug,kind,actor\nA,other,response," + a + ",a,apology,Acme\nB,other,response,,b,apology,Acme\nA,other,response,,a,denial,Acme\n",
			[]string{
				`row 2, "` + a + `": A (0 counts, 0 losses, 0 attributions, 1 responses)`, `row 3, "b": B (0 counts, 0 losses, 0 attributions, 1 responses)`,
				`row 4, column incident_slug: "a" the rows of one incident must stand together, and row 2 begins the same one`,
			},
		},
		{
			"differing", longHeader + "incident_slug,kind,actor\nA,other,response,a,apology,Acme\nB,extortion,response,a,denial,Acme\n",
			[]string{
				`row 3, column incident_title: "B" is not what row 2 says of the same incident`, `row 3, column category: "extortion" is not what row 2 says of the same incident`,
				`row 2: the incident of rows 2 to 3 is refused as a whole`,
			},
		},
		{
			"of no incident", longHeader + "kind,actor\nA,other,response,apology,Acme\n,,response,denial,Acme\n",
			[]string{`row 3, column incident_title: is required in every row`, `row 2: the incident of rows 2 to 3 is refused as a whole`},
		},
		{
			"that break off", longHeader + "kind,actor\nA,other,response,apology,Acme\nB,other,response,apology,Acme\nB,other,\"response\"x,apology,Acme\n",
			[]string{
				`row 2, "a": A (0 counts, 0 losses, 0 attributions, 1 responses)`,
				"error: row 4 (line 4): has a cell in quotes that is not closed, or goes on after its closing mark",
			},
		},
		{
			"columns", "claim,incident_title,victim\n",
			[]string{`error: row 1 (line 1): the column "victim" is not one of this form; other forms need a mapping; there is no column "category", which the form with one row per claim must have (the file's columns: claim, incident_title, victim)`},
		},
		{
			"too many", longHeader + "kind,actor\n" + strings.Repeat("A,other,response,apology,Acme\n", 2500),
			[]string{
				"row 2: rows 2 to 2501 are more than one incident can have: at most 2000 rows, with 16777216 bytes",
				"row 2: the incident of rows 2 to 2501 is refused as a whole",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, rows(t, c.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Everything that is wrong with an incident is told at once, each with its row
// and column.
func TestLongProblems(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"incident_title,category,claim,claim_id,actor,accused,unit,kind,basis,qualifier,quantity,low,currency,converted_amount,status,date,headline,supersedes,answers,source_id,source_title,source_url,quote,quote_start",
		"A,fire,count,a,,,horses,,,,many,,,,,,maybe,,,,,,,",
		"A,,count,a,,,cards,,,exact,5,5,,,,1.2.2020,,z,,,,,Five.,",
		"A,,loss,,,,cards,stolen,,,5,,,free,,,,,,,,ftp://example.org,,",
		"A,,attribution,,,Unknown,,,,,,,,,,,,,,x,,,,first",
		"A,,response,,,,,shouting,,,,,,,late,,,,a,,T,,,",
		"A,,rumour,,,,,,,,,,,,,,,,,,,,,,x",
		"A,,response,,Acme,,,denial,,,,,,,,,,,,,T,https://example.org,,",
		"A,,response,,Acme,,,denial,,,,,,,,,,,,,Other,https://example.org,,",
	}, "\n")
	golden(t, "long_problems.golden", strings.Join(rows(t, in), "\n")+"\n")
}

// endlessClaims is a table of many incidents with two claims each.
type endlessClaims struct {
	incidents int
	rest      string
}

func (e *endlessClaims) Read(p []byte) (int, error) {
	for ; len(e.rest) < 1<<10 && e.incidents > 0; e.incidents-- {
		e.rest += fmt.Sprintf("A leak %d,other,count,cards,500,,\nA leak %d,other,response,,,apology,Acme Pay\n", e.incidents, e.incidents)
	}
	if e.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// Of incidents that were read, only what their names hash to is kept.
func TestMemoryOfLongTables(t *testing.T) {
	t.Parallel()
	const many = 50_000
	staysSmall(t, io.MultiReader(strings.NewReader("incident_title,category,claim,unit,quantity,kind,actor\n"), &endlessClaims{incidents: many}), many)
}

// FuzzLong: whatever incident of the long form can be read is read the same after
// it was written again.
func FuzzLong(f *testing.F) {
	f.Add([]byte(long(f, []incidents.Incident{hostile()})))
	f.Add([]byte("incident_title\tcategory\tclaim\tclaim_id\tquantity\tunit\theadline\tsupersedes\n'=A\tother\tcount\ta\t> 5\tcards\ttrue\tb\nA\tother\tcount\tb\t5\tcards\n"))
	f.Add([]byte("incident_title,category,claim,victims,accused,basis,actor,source_title,quote\nA,other,attribution,\"a\\;b; c\",X,media_attributes,,T,\" +\nx \"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := csvfile.Open(strings.NewReader(string(data)), csvfile.OwnMapping())
		if err != nil || file.Name() != "long" {
			return
		}
		var first []incidents.Incident
		for row, err := range file.Rows() {
			if err != nil {
				break
			}
			for _, p := range row.Problems {
				if p.Row < row.Number || p.Detail == "" {
					t.Errorf("%+v", p)
				}
			}
			if len(row.Problems) == 0 {
				first = append(first, linked(row.Incident))
			}
		}
		text := long(t, first)
		if diff := cmp.Diff(text, long(t, readLong(t, text))); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}
