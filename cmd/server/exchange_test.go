package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// command runs the program on a database and gives what it prints.
func command(t *testing.T, url string, args ...string) (string, error) {
	t.Helper()
	out, errOut := &safeBuffer{}, &safeBuffer{}
	err := run(t.Context(), append([]string{"--database-url=" + url}, args...), out, errOut)
	return out.String(), err
}

// must is a command that has to end well.
func must(t *testing.T, url string, args ...string) string {
	t.Helper()
	out, err := command(t, url, args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

const tables = "../../internal/exchange/csvfile/testdata/"

// TestImportOtherPeoplesTables reads the examples of docs/exchange.md.
func TestImportOtherPeoplesTables(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	own := []string{"import", "--mapping", tables + "own.yaml", tables + "own.csv"}

	tried, err := command(t, url, append(own, "--dry-run")...)
	if err == nil || err.Error() != "1 refused, as listed" {
		t.Errorf("the dry run ends with %v", err)
	}
	for _, want := range []string{
		"columns that are not read: Remarks\n",
		"row 3, known by \"7\", is read as\n  title: Card skimming at Acme Pay\n",
		"\n      text: about 4,000 cards\n",
		"\nrow 6, column Sure?: \"maybe\" is not a known certainty",
		"\n3 rows: 2 created, 0 changed, 0 unchanged, 0 left alone, 1 refused, 0 repeated, 0 with notes (a dry run: nothing was written)\n",
	} {
		if !strings.Contains("\n"+tried, want) {
			t.Errorf("the dry run does not say %q:\n%s", want, tried)
		}
	}
	if empty, err := ledgertest.OpenURL(t, url).Empty(t.Context()); err != nil || !empty {
		t.Errorf("the dry run has written something (%v)", err)
	}

	out, err := command(t, url, append(own, "--atomic", "--json")...)
	var report importer.StreamReport
	if jsonErr := json.Unmarshal([]byte(out), &report); jsonErr != nil || err == nil || !report.UndoneAll || report.Refused != 1 ||
		len(report.Details) != 1 || report.Details[0].Row != 6 || len(report.Details[0].Cells) != 9 || report.Details[0].Cells[0].Column != "What" {
		t.Errorf("all or nothing: %v %v\n%s", err, jsonErr, out)
	}
	if empty, err := ledgertest.OpenURL(t, url).Empty(t.Context()); err != nil || !empty {
		t.Errorf("of all or nothing something is written (%v)", err)
	}

	const refusal = "1 refused, as listed; the others are stored"
	for _, step := range []struct{ file, mapping, want string }{
		{"own.csv", tables + "own.yaml", "3 rows: 2 created, 0 changed, 0 unchanged, 0 left alone, 1 refused, 0 repeated, 0 with notes"},
		{"own.csv", tables + "own.yaml", "3 rows: 0 created, 0 changed, 2 unchanged, 0 left alone, 1 refused, 0 repeated, 0 with notes"},
		// The same numbers in another table are other incidents.
		{"eurepoc.csv", tables + "eurepoc.yaml", "2 rows: 2 created, 0 changed, 0 unchanged, 0 left alone, 0 refused, 0 repeated, 0 with notes"},
		// What the mapping now says is a change of what it is about.
		{"own.csv", changed(t, "own.yaml", "Leak: data_breach", "Leak: other"), "3 rows: 0 created, 1 changed, 1 unchanged, 0 left alone, 1 refused, 0 repeated, 0 with notes"},
	} {
		out, err := command(t, url, "import", "--mapping", step.mapping, tables+step.file)
		if got := lastLine(out); got != step.want {
			t.Errorf("%s by %s:\ngot  %s\nwant %s", step.file, step.mapping, got, step.want)
		}
		if refused := !strings.Contains(step.want, " 0 refused"); refused && (err == nil || err.Error() != refusal) || !refused && err != nil {
			t.Errorf("%s by %s ends with %v", step.file, step.mapping, err)
		}
	}
	if wide := must(t, url, "export", "--format=csv"); strings.Count(wide, "\r\n") != 5 || !strings.Contains(wide, "about 4,000 cards") {
		t.Errorf("the ledger is now\n%s", wide)
	}
}

// changed is a copy of a mapping, under its name, with something else in it.
func changed(t *testing.T, name, before, after string) string {
	t.Helper()
	text, err := os.ReadFile(tables + name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), before) {
		t.Fatalf("%s does not have %q", name, before)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), before, after)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTablesThatCannotBeRead names the row, and keeps the rows before it.
func TestTablesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	path := filepath.Join(t.TempDir(), "broken.csv")
	if err := os.WriteFile(path, []byte("title,category\nFirst,other\n\"Second\"x,other\nThird,other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const cause = "row 3 (line 3): has a cell in quotes that is not closed, or goes on after its closing mark"
	out, err := command(t, url, "import", path, "--atomic")
	if err == nil || !strings.HasSuffix(err.Error(), cause) || !strings.HasSuffix(out, "(all or nothing: nothing was written)\n") {
		t.Errorf("all or nothing: %v\n%s", err, out)
	}
	out, err = command(t, url, "import", path)
	if err == nil || !strings.HasSuffix(err.Error(), cause) || !strings.HasPrefix(out, "1 row: 1 created") {
		t.Errorf("in batches: %v\n%s", err, out)
	}
	if wide := must(t, url, "export", "--format=csv"); !strings.Contains(wide, ",First,") {
		t.Errorf("the row before is lost:\n%s", wide)
	}
	claims := filepath.Join(t.TempDir(), "claims.csv")
	if err := os.WriteFile(claims, []byte("claim,incident_title,category,severity\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, url, "import", claims); err == nil || !strings.Contains(err.Error(), `the column "severity" is not one of this form`) {
		t.Errorf("one row per claim: %v\n%s", err, out)
	}
}

// TestTablesAndBack writes the seeds as a table and reads it into another ledger:
// what the table says is the same there, and in the first ledger nothing is
// replaced by the part of it that a table holds.
func TestTablesAndBack(t *testing.T) {
	t.Parallel()
	first, second := ledgertest.URL(t), ledgertest.URL(t)
	must(t, first, "import", "../../seeds")
	file := filepath.Join(t.TempDir(), "seeds.csv.gz")
	must(t, first, "export", "--format=csv", "--gzip", file)
	if got := lastLine(must(t, first, "import", file)); !strings.HasPrefix(got, "4 rows: 0 created, 0 changed, 0 unchanged, 4 left alone") {
		t.Errorf("into the ledger that it is from: %s", got)
	}
	if got := lastLine(must(t, second, "import", file)); !strings.HasPrefix(got, "4 rows: 4 created") {
		t.Errorf("into another: %s", got)
	}
	if got := lastLine(must(t, second, "import", file)); !strings.HasPrefix(got, "4 rows: 0 created, 0 changed, 4 unchanged") {
		t.Errorf("again: %s", got)
	}
	if diff := cmp.Diff(readBack(t, must(t, first, "export", "--format=csv")), readBack(t, must(t, second, "export", "--format=csv"))); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// TestClaimsAndBack writes the seeds one row per claim and reads them into another
// ledger, after a look at how they are read.
func TestClaimsAndBack(t *testing.T) {
	t.Parallel()
	first, second := ledgertest.URL(t), ledgertest.URL(t)
	must(t, first, "import", "../../seeds")
	file := filepath.Join(t.TempDir(), "claims.csv.gz")
	must(t, first, "export", "--format=csv", "--long", "--gzip", file)
	dry := must(t, second, "import", "--format=csv", "--dry-run", "--notes", file)
	for _, want := range []string{
		"columns that are not read: contested, text, support, evidence\n", "accused:", "quote: he did not give", "4 incidents: 4 created",
		"was left out: the text of its source is not held", "(a dry run: nothing was written)",
	} {
		if !strings.Contains(dry, want) {
			t.Errorf("the dry run lacks %q:\n%s", want, dry)
		}
	}
	if got := lastLine(must(t, second, "import", file)); !strings.HasPrefix(got, "4 incidents: 4 created, 0 changed, 0 unchanged, 0 left alone, 0 refused") {
		t.Errorf("into another: %s", got)
	}
	if got := lastLine(must(t, first, "import", file)); !strings.HasPrefix(got, "4 incidents: 0 created, 0 changed, 0 unchanged, 4 left alone") {
		t.Errorf("into the ledger that it is from: %s", got)
	}
	if n := len(claims(t, second)); n != len(claims(t, first)) {
		t.Errorf("%d claims of %d", n, len(claims(t, first)))
	}
}

// readBack are the cells of a table that can be read back, by slug.
func readBack(t *testing.T, text string) map[string][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	onlyWritten := []string{
		"id", "publication", "sources", "count_sources", "loss_sources", // a text without an address has an id only
		"count_support", "count_quote", "count_text", "other_counts", "loss_text", "other_losses", "attributions", "responses",
		"payment", "unanswered", "contested", "version", "created_at", "updated_at",
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		var cells []string
		for i, cell := range row {
			if name := rows[0][i]; !slices.Contains(onlyWritten, name) && cell != "" {
				cells = append(cells, name+": "+cell)
			}
		}
		out[row[1]] = cells
	}
	return out
}

// TestRefusalsEndWithAFailure, after everything else is stored, of other files too.
// A number that comes twice is none, also where it says two things.
func TestRefusalsEndWithAFailure(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	document := func(id, summary string) string {
		return `{"incident_id": "` + id + `", "source_id": "test", "security_incident": "Confirmed", "summary": "` + summary + `"}` + "\n"
	}
	first := write("first.json", document("1", "One.")+document("2", "Two.")+document("", "Of no number.")+document("1", "Another one."))
	second := write("second.json", document("3", "Three.")+document("3", "Another three."))
	out, err := command(t, url, "import", "--format=veris", first, second)
	if err == nil || err.Error() != "1 refused, as listed; the others are stored" {
		t.Errorf("it ends with %v", err)
	}
	for _, want := range []string{
		"row 4: repeated: veris:test:1: has the same number as row 1 and says something else; the first is kept\n",
		"4 rows: 2 created, 0 changed, 0 unchanged, 0 left alone, 1 refused, 1 repeated, 0 with notes\n",
		"2 rows: 1 created, 0 changed, 0 unchanged, 0 left alone, 0 refused, 1 repeated, 0 with notes\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	must(t, url, "import", "--format=veris", second)

	// Two rows of a table are two incidents, unless they say the same.
	table := write("table.csv", "title,category,disclosed\nAcme hacked,data_breach,2020\nAcme hacked,data_breach,2020\nAcme hacked,extortion,2020-05\n")
	out, err = command(t, url, "import", table)
	if err == nil || err.Error() != "1 refused, as listed; the others are stored" ||
		!strings.Contains(out, "row 4: refused: csv:wide:acme-hacked-2020: has the same key as row 2 and says something else; the first is kept\n") {
		t.Errorf("of a table: %v\n%s", err, out)
	}
	if _, err := command(t, url, "import", "--format=hibp", first); err == nil || err.Error() != "4 refused, as listed; nothing is stored" {
		t.Errorf("where all is refused: %v", err)
	}
}

// TestAFileOfNothingIsAFailure in every format: it was cut off, or is another than
// was meant. A list without a document is one, and says so.
func TestAFileOfNothingIsAFailure(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	for _, c := range []struct{ name, format, text, problem string }{
		{"nothing.json", "veris", "", "read the file: row 1 (line 1, byte 0): there is no document; a list of none is []"},
		{"nothing.json", "hibp", "", "read the file: row 1 (line 1, byte 0): there is no document; a list of none is []"},
		{"blank.json", "veris", " \n\n", "read the file: row 1 (line 3, byte 3): there is no document; a list of none is []"},
		{"mark.json", "hibp", "\ufeff", "read the file: row 1 (line 1, byte 3): there is no document; a list of none is []"},
		{"nothing.csv", "auto", "", "read the file: row 1 (line 1): is missing: the file has no row"},
		{"nothing.ndjson", "auto", "", "line 1: the backup is not whole"},
		{"none.json", "veris", "[]", ""},
		{"none.json", "hibp", " [ ]\n", ""},
		{"none.csv", "auto", "title,category\n", ""},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := command(t, url, "import", "--format="+c.format, path)
		switch {
		case c.problem == "" && (err != nil || !strings.HasPrefix(out, "0 rows: ")):
			t.Errorf("%s as %s: %v\n%s", c.name, c.format, err, out)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), path+": "+c.problem)):
			t.Errorf("%s as %s ends with %v, want %s\n%s", c.name, c.format, err, c.problem, out)
		}
	}
}

// TestAReportOfATableThatCannotBeOpened has the form of every report.
func TestAReportOfATableThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte("Name,Date\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, ledgertest.URL(t), "import", "--json", "--dry-run", path)
	if err == nil || !strings.Contains(out, `"format": "csv:wide"`) || !strings.Contains(out, `"dry_run": true`) || !strings.Contains(out, `"details": []`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestVERISAndBack writes the seeds as VERIS and reads them into another ledger.
func TestVERISAndBack(t *testing.T) {
	t.Parallel()
	first, second := ledgertest.URL(t), ledgertest.URL(t)
	must(t, first, "import", "../../seeds")
	file := filepath.Join(t.TempDir(), "seeds.json")
	must(t, first, "export", "--format=veris", file)
	if got := lastLine(must(t, second, "import", "--format=veris", "--strict", file)); !strings.HasPrefix(got, "4 rows: 4 created, 0 changed, 0 unchanged, 0 left alone, 0 refused") {
		t.Errorf("read back: %s", got)
	}
	if diff := cmp.Diff(claims(t, first), claims(t, second)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}

	// What the first ledger writes of the same incidents later changes them in the
	// second one, where their claims have ids of their own.
	l := ledgertest.OpenURL(t, first)
	editor := ledger.Change{By: access.Identity{Name: "editor", Role: access.Editor}, Action: "edit"}
	page, err := l.Incidents(t.Context(), ledger.Filter{}, "", ledger.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.JSON() {
		var card incidents.Card
		if err := json.Unmarshal(item, &card); err != nil {
			t.Fatal(err)
		}
		_, err := l.Edit(t.Context(), editor, card.Slug, "", func(in *incidents.Incident) error {
			in.Summary += " Edited."
			zero := int64(0)
			in.Counts = append(in.Counts, incidents.Count{Unit: "devices", Quantity: &zero})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(t.TempDir(), "later.json")
	must(t, first, "export", "--format=veris", file)
	if got := lastLine(must(t, second, "import", "--format=veris", "--strict", file)); !strings.HasPrefix(got, "4 rows: 0 created, 4 changed, 0 unchanged, 0 left alone, 0 refused") {
		t.Errorf("read again: %s", got)
	}
	if diff := cmp.Diff(claims(t, first), claims(t, second)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// claims are the claims of a ledger in words.
func claims(t *testing.T, url string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(must(t, url, "export", "--format=csv", "--long"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rows[1:] {
		kept := []string{row[1]}
		for i, cell := range row {
			switch rows[0][i] {
			case "incident_id", "incident_slug", "claim_id", "source_id", "fulfils", "answers", "supersedes":
			default:
				kept = append(kept, cell)
			}
		}
		out = append(out, strings.Join(kept, "|"))
	}
	slices.Sort(out)
	return out
}

// TestOptionsThatDoNotGoTogether are said, and nothing is written.
func TestOptionsThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	file := filepath.Join(t.TempDir(), "out")
	mapped := tables + "own.yaml"
	empty := filepath.Join(t.TempDir(), "in.json")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--mapping goes with":                {"import", "--format=veris", "--mapping", mapped, empty},
		"--strict goes with":                 {"import", "--format=hibp", "--strict", empty},
		"--strict goes with --format=veris":  {"import", "--strict", "--mapping", mapped, tables + "own.csv"},
		"--atomic is not for facts":          {"import", "--atomic", "../../seeds"},
		"--long goes with --format=csv only": {"export", "--long", file},
		"a backup has everything":            {"export", "--all", file},
		"there is no version 9999":           {"migrate", "--to", "9999"},
		"there is no version -1":             {"migrate", "--to=-1"},
	} {
		if out, err := command(t, url, args...); err == nil || !strings.Contains(err.Error(), want) || out != "" {
			t.Errorf("%v: %v, %q", args, err, out)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
	if out := must(t, url, "migrate", "--to", fmt.Sprint(ledger.SchemaVersion())); !strings.Contains(out, "the schema is at version") {
		t.Errorf("migrate says %q", out)
	}
}

// TestProblemsOfFactsAsJSON: whoever asks for JSON gets it also where nothing is imported.
func TestProblemsOfFactsAsJSON(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	type reply struct {
		Format   string
		DryRun   bool `json:"dry_run"`
		Problems []struct {
			File, Detail string
			Line         int
		}
	}
	folder := t.TempDir()
	for name, text := range map[string]string{"articles/a.txt": "Acme lost 5 cards.\n", "facts/a.yaml": "incidents: 7\n"} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	var got reply
	out, err := command(t, url, "import", "--json", folder)
	if jsonErr := json.Unmarshal([]byte(out), &got); jsonErr != nil || err == nil || got.Format != "facts" || len(got.Problems) == 0 || got.Problems[0].Line != 1 {
		t.Errorf("%v %v\n%s", err, jsonErr, out)
	}
	out = must(t, url, "import", "--json", "--dry-run", "../../seeds")
	if err := json.Unmarshal([]byte(out), &got); err != nil || !got.DryRun || got.Problems == nil || len(got.Problems) != 0 {
		t.Errorf("a dry run: %v\n%s", err, out)
	}
}

// TestOneIsSingular: "1 problem", "1 article".
func TestOneIsSingular(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	facts := func(text string) string {
		folder := t.TempDir()
		for name, text := range map[string]string{"articles/a.txt": "Acme lost 5 cards.\n", "facts/a.yaml": text} {
			path := filepath.Join(folder, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		return folder
	}
	right, wrong := facts("source: {title: Acme}\nincidents:\n  - {slug: acme, title: Acme, category: data_breach}\n"), facts("incidents: 7\n")
	backup := filepath.Join(t.TempDir(), "ledger.ndjson")
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"check", right}, right + ": 1 article with facts, 1 incident, 0 problems\n"},
		{[]string{"check", wrong}, wrong + ": 0 articles with facts, 0 incidents, 1 problem\n"},
		{[]string{"import", wrong}, "1 problem; nothing was imported\n"},
		{[]string{"import", right}, "1 article (1 new, 0 changed, 0 without an incident), 1 incident: 1 created,"},
		{[]string{"export", backup}, ""},
	} {
		if out, _ := command(t, url, step.args...); !strings.Contains(out, step.want) {
			t.Errorf("%v does not say %q:\n%s", step.args, step.want, out)
		}
	}
	if out := must(t, ledgertest.URL(t), "import", backup); !strings.Contains(out, "read 0 actors, 1 source, 1 incident with 1 version, 1 import, 0 duplicates\n") {
		t.Errorf("a backup: %s", out)
	}
}
