package importer_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// table writes the whole ledger in one of our own forms.
func table(t *testing.T, l *ledger.Ledger, encode func(*strings.Builder, iter.Seq2[incidents.Incident, error]) error) string {
	t.Helper()
	var out strings.Builder
	if err := encode(&out, func(yield func(incidents.Incident, error) bool) {
		for one, err := range l.Exported(t.Context(), ledger.Export{Every: true}) {
			if !yield(one.Incident, err) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func longTable(t *testing.T, l *ledger.Ledger) string {
	t.Helper()
	return table(t, l, func(out *strings.Builder, all iter.Seq2[incidents.Incident, error]) error {
		return csvfile.EncodeLong(out, all)
	})
}

func wideTable(t *testing.T, l *ledger.Ledger) string {
	t.Helper()
	return table(t, l, func(out *strings.Builder, all iter.Seq2[incidents.Incident, error]) error {
		return csvfile.EncodeWide(out, all)
	})
}

func importTable(t *testing.T, l *ledger.Ledger, text string) importer.StreamReport {
	t.Helper()
	report, err := importer.CSV(t.Context(), l, csvfile.OwnMapping(), strings.NewReader(text), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// is fails the test unless the report's one line begins so.
func is(t *testing.T, what string, report importer.StreamReport, want string) {
	t.Helper()
	if got := report.String(); !strings.HasPrefix(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s\n%+v", what, got, want, report.Details)
	}
}

// said fails the test unless the report, with notes, has lines that begin so.
func said(t *testing.T, report importer.StreamReport, lines ...string) {
	t.Helper()
	var out strings.Builder
	if err := report.Write(&out, true); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if !strings.Contains("\n"+out.String(), "\n"+line) {
			t.Errorf("the report lacks %q:\n%s", line, out.String())
		}
	}
}

// columns are the rows of a table without some of its columns.
func columns(t *testing.T, text string, without ...string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, row := range rows {
		var cells []string
		for i, cell := range row {
			if !slices.Contains(without, rows[0][i]) {
				cells = append(cells, cell)
			}
		}
		out = append(out, cells)
	}
	return out
}

func sorted(rows [][]string) [][]string {
	slices.SortFunc(rows, slices.Compare)
	return rows
}

// lacking is a table without some of its columns.
func lacking(t *testing.T, text string, without ...string) string {
	t.Helper()
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(columns(t, text, without...)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLongTablesAndBack writes the seeds one row per claim. Another ledger has their
// claims then; the one that they are from loses nothing by them.
func TestLongTablesAndBack(t *testing.T) {
	t.Parallel()
	first, second := ledgertest.Open(t), ledgertest.Open(t)
	importSeeds(t, first)
	long, wide := longTable(t, first), wideTable(t, first)
	is(t, "into the ledger that it is from", importTable(t, first, long), "4 incidents: 0 created, 0 changed, 0 unchanged, 4 left alone, 0 refused")
	is(t, "without ids", importTable(t, first, lacking(t, long, "incident_id")), "4 incidents: 0 created, 0 changed, 0 unchanged, 4 left alone, 0 refused")
	if longTable(t, first) != long || wideTable(t, first) != wide {
		t.Error("the ledger that the table is from has changed")
	}

	report := importTable(t, second, long)
	is(t, "into an empty one", report, "4 incidents: 4 created, 0 changed, 0 unchanged, 0 left alone, 0 refused, 0 repeated, 4 with notes")
	// The texts of the sources are not in the table, so nothing can be quoted; nor is
	// what names a source without title and address.
	lost := []string{"incident_id", "claim_id", "supersedes", "fulfils", "answers", "support", "evidence", "quote", "quote_start", "quote_end", "source_id"}
	if diff := cmp.Diff(sorted(columns(t, long, lost...)), sorted(columns(t, longTable(t, second), lost...))); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	if linked(t, first) == 0 || linked(t, second) != linked(t, first) {
		t.Errorf("%d claims of %d refer to others", linked(t, second), linked(t, first))
	}
	is(t, "again", importTable(t, second, long), "4 incidents: 0 created, 0 changed, 4 unchanged")
	is(t, "in the other form", importTable(t, second, wide), "4 rows: 0 created, 0 changed, 0 unchanged, 4 left alone, 0 refused")
}

// linked is how many claims of a ledger refer to others.
func linked(t *testing.T, l *ledger.Ledger) (n int) {
	t.Helper()
	for one, err := range l.Exported(t.Context(), ledger.Export{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range one.Counts {
			n += min(len(c.Supersedes), 1)
		}
		for _, r := range one.Responses {
			n += min(len(r.Fulfils), 1) + min(len(r.Answers), 1)
		}
	}
	return n
}

const claimsTable = `incident_title,category,victims,claim,claim_id,actor,accused,unit,kind,basis,qualifier,quantity,headline,supersedes,answers,source_title,source_url,quote
Acme Pay leak,data_breach,Acme Pay,count,early,Acme Pay,,cards,,,about,4000,false,,,Notice,https://example.com/notice,about 4000 cards
Acme Pay leak,data_breach,Acme Pay,count,,,,cards,,,at_least,4100,true,early,,,https://example.org/elsewhere,more than they say
Acme Pay leak,data_breach,Acme Pay,attribution,who,CERT,Night Ring,,,third_party_attributes,,,,,,A paper,,it was the ring
Acme Pay leak,data_breach,Acme Pay,response,,Night Ring,,,denial,,,,,,who,,,
`

// incident reads an incident by its slug.
func incident(t *testing.T, l *ledger.Ledger, slug string) incidents.Incident {
	t.Helper()
	doc, err := l.Incident(t.Context(), editor, slug)
	if err != nil {
		t.Fatal(err)
	}
	var in incidents.Incident
	if err := json.Unmarshal(doc.JSON, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// TestClaimsTable: a quote stays where the ledger holds the text, what a row refers
// to is found, and a changed row leaves the other claims what they were.
func TestClaimsTable(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	notice := incidents.Source{URL: "https://example.com/notice", Text: "We have lost about 4000 cards. We are sorry."}
	if _, err := l.CreateSource(t.Context(), ledger.Change{By: editor}, notice); err != nil {
		t.Fatal(err)
	}
	report := importTable(t, l, strings.Replace(claimsTable, "about 4000 cards", "no cards at all", 1))
	is(t, "a quote that does not stand there", report, "1 incident: 0 created, 0 changed, 0 unchanged, 0 left alone, 1 refused")
	said(t, report, "row 2, column quote: ")
	report = importTable(t, l, claimsTable)
	is(t, "the first run", report, "1 incident: 1 created, 0 changed, 0 unchanged, 0 left alone, 0 refused, 0 repeated, 1 with notes")
	said(t, report, "noted: row 3, column quote: was left out: the text of its source is not held", "noted: row 4, column quote: was left out: the text of its source is not held")
	in := incident(t, l, "acme-pay-leak")
	got := []incidents.Support{in.Counts[0].Support, in.Counts[1].Support, in.Attributions[0].Support, in.Responses[0].Support}
	if want := []incidents.Support{incidents.Quoted, incidents.Cited, incidents.Cited, incidents.Unsourced}; !slices.Equal(got, want) {
		t.Errorf("the support is %v, want %v", got, want)
	}
	if string(in.Counts[1].Supersedes) != in.Counts[0].ID.String() || !in.Contested || !in.Unanswered || in.Victims == nil || *in.Victims.Quantity != 4100 {
		t.Errorf("the incident is %+v", in)
	}
	is(t, "again", importTable(t, l, claimsTable), "1 incident: 0 created, 0 changed, 1 unchanged")

	is(t, "a change", importTable(t, l, strings.ReplaceAll(claimsTable, "4100", "4200")), "1 incident: 0 created, 1 changed")
	after := incident(t, l, "acme-pay-leak")
	if *after.Victims.Quantity != 4200 || after.Counts[0].ID != in.Counts[0].ID || after.Attributions[0].ID != in.Attributions[0].ID || !after.Contested {
		t.Errorf("the changed incident is %+v", after)
	}
	if _, err := l.Edit(t.Context(), ledger.Change{By: editor}, "acme-pay-leak", "", func(in *incidents.Incident) error {
		in.Summary = "By hand."
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	is(t, "a change of what was edited", importTable(t, l, claimsTable), "1 incident: 0 created, 0 changed, 0 unchanged, 1 left alone")
	if got := incident(t, l, "acme-pay-leak").Summary; got != "By hand." {
		t.Errorf("the summary is %q", got)
	}
}

// TestClaimsOfKnownIncidents: what the ledger has by another way is left alone, so
// that nothing is doubled, and nothing that the table lacks is lost.
func TestClaimsOfKnownIncidents(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	is(t, "one row per incident", importTable(t, l, "id,title,category,summary\n11111111-1111-4111-8111-111111111111,Acme Pay leak,data_breach,All of it.\n"), "1 row: 1 created")
	is(t, "by its title", importTable(t, l, claimsTable), "1 incident: 0 created, 0 changed, 0 unchanged, 1 left alone")
	byID := strings.ReplaceAll(strings.ReplaceAll(claimsTable, "Acme Pay leak,", "Another name,11111111-1111-4111-8111-111111111111,"), "incident_title,", "incident_title,incident_id,")
	is(t, "by its id elsewhere", importTable(t, l, byID), "1 incident: 0 created, 0 changed, 0 unchanged, 1 left alone")
	if in := incident(t, l, "acme-pay-leak"); in.Summary != "All of it." || in.Version != 1 {
		t.Errorf("the incident is %+v", in)
	}
}

// TestHalfAnIncident: one wrong row refuses all of its incident, and only that.
func TestHalfAnIncident(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	report := importTable(t, l, strings.ReplaceAll(claimsTable, "denial", "shouting")+strings.ReplaceAll(strings.SplitAfterN(claimsTable, "\n", 2)[1], "Acme Pay leak", "Beta leak"))
	is(t, "the import", report, "2 incidents: 1 created, 0 changed, 0 unchanged, 0 left alone, 1 refused")
	said(t, report, `row 5, column kind: "shouting" is not a known response kind`, "row 2: the incident of rows 2 to 5 is refused as a whole")
	if len(columns(t, longTable(t, l))) != 5 {
		t.Errorf("the ledger has\n%s", longTable(t, l))
	}
}

// TestOneTableImportedTwiceAtOnce: each incident is made once, and the other import
// finds it unchanged.
func TestOneTableImportedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	from := ledgertest.Open(t)
	importSeeds(t, from)
	for form, text := range map[string]string{"long": longTable(t, from), "wide": wideTable(t, from)} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			address := ledgertest.URL(t)
			servers := []*ledger.Ledger{ledgertest.OpenURL(t, address), ledgertest.OpenURL(t, address)}
			for round := range 12 {
				text := lacking(t, text, "incident_id", "id")
				for _, slug := range []string{"anthem-records-breach", "apple-id-payment-thefts", "icloud-china-web-attack", "opm-breach"} {
					text = strings.ReplaceAll(text, slug, fmt.Sprint(slug, "-", round))
				}
				reports := make([]importer.StreamReport, 3)
				var all sync.WaitGroup
				for i := range reports {
					all.Go(func() {
						var err error
						if reports[i], err = importer.CSV(t.Context(), servers[i%2], csvfile.OwnMapping(), strings.NewReader(text), importer.Options{}); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				created := 0
				for _, r := range reports {
					if created += r.Created; r.Created+r.Unchanged != 4 {
						t.Errorf("round %d: %s: %+v", round, r, r.Details)
					}
				}
				if created != 4 {
					t.Errorf("round %d: %d were created", round, created)
				}
			}
		})
	}
}

// TestAReferenceThatIsTakenNamesItsCell: it is refused by the ledger, which knows no
// cells.
func TestAReferenceThatIsTakenNamesItsCell(t *testing.T) {
	t.Parallel()
	report := importTable(t, ledgertest.Open(t), "title,category,external_refs\nA breach,data_breach,case:7\nAnother,data_breach,cve:CVE-2014-0160; case:7\n")
	want := []csvfile.Problem{{Row: 3, Column: "external_refs", Detail: "the incident a-breach already has the reference case 7"}}
	if len(report.Details) != 1 || !cmp.Equal(report.Details[0].Cells, want) {
		t.Errorf("the report is %+v", report)
	}
}
