package csvfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

const least = "incident: {title: Title, category: {constant: other}}\n"

func TestMappingErrors(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		"{}":                                   "m.yaml:1:1: /incident: is required",
		"incident: {}":                         "m.yaml:1:11: /incident/title: is required\nm.yaml:1:11: /incident/category: is required",
		least + "colums: 1":                    "m.yaml:2:9: /colums: is not a known field (allowed: name, delimiter, skip_rows, dates, numbers, separator, empty, key, incident, participants, counts, losses, attributions, responses, sources, external_refs)",
		least + "name: long":                   `m.yaml:2:7: /name: must not be "long", by which a form of Breachledger's own is known: give the mapping another name, such as our-incidents`,
		least + "delimiter: ab":                "m.yaml:2:12: /delimiter: must be one character",
		least + "skip_rows: -1":                "m.yaml:2:12: /skip_rows: must not be negative",
		least + "dates: [DD.MM.YYYY, DD.YYYY]": `m.yaml:2:21: /dates/1: "DD.YYYY" must have a year, and a month where it has a day`,
		least + "dates: [DD.MM.YY]":            `m.yaml:2:9: /dates/0: "Y" in "DD.MM.YY" is not a part of a date: the parts are YYYY, MMMM, MMM, MM, M, DD, D, hh, mm, ss; or the format is excel`,
		least + "numbers: {decimal: ';'}":      "m.yaml:2:20: /numbers/decimal: must be a point or a comma",
		least + "numbers: {decimal: ',', thousands: ','}": "m.yaml:2:36: /numbers/thousands: must not be the same as decimal",
		least + "key: ''":                                       "m.yaml:2:6: /key: must name a column",
		least + "key: 7":                                        "m.yaml:2:6: /key: must be the name of a column, or an object with column, template or constant",
		least + "key: {column: a, constant: b}":                 "m.yaml:2:6: /key: must have exactly one of column, template and constant",
		least + "key: {template: a}":                            "m.yaml:2:17: /key/template: must name a column in braces, such as {Company}; a text that is always the same is a constant",
		least + "key: {column: a, valus: {}}":                   "m.yaml:2:25: /key/valus: is not a known field (allowed: column, template, constant, values, otherwise, dates, numbers, separator)",
		least + "key: {column: a, values: b}":                   "m.yaml:2:26: /key/values: must be a table of words and what they mean, such as Bank: bank",
		least + "key: {column: a, values: {b: {}}}":             "m.yaml:2:30: /key/values/b: must be a word or a list of words",
		least + "key: {column: a, values: {b: x, B: y}}":        "m.yaml:2:36: /key/values/B: stands twice: case and spaces make no difference",
		least + "key: {constant: [[a]]}":                        "m.yaml:2:17: /key/constant: must be a word or a list of words",
		least + "counts: [{quantity: N}]":                       "m.yaml:2:10: /counts/0/unit: is required",
		least + "sources: [{publisher: P}]":                     "m.yaml:2:11: /sources/0: must have a url or a title",
		least + "participants: [{actor: {name: A, sektor: b}}]": "m.yaml:2:16: /participants/0/role: is required\nm.yaml:2:42: /participants/0/actor/sektor: is not a known field (allowed: name, kind, sector, country, domain)",
		least + "responses: [{when: {is: [yes]}}]":              "m.yaml:2:13: /responses/0/actor: is required\nm.yaml:2:13: /responses/0/kind: is required\nm.yaml:2:20: /responses/0/when/column: must name a column",
	} {
		t.Run(yaml, func(t *testing.T) {
			t.Parallel()
			_, err := csvfile.ParseMapping("m.yaml", []byte(yaml))
			var e *csvfile.MappingError
			if !errors.As(err, &e) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
	var syntax *strict.SyntaxError
	if _, err := csvfile.ParseMapping("m.yaml", []byte("a: b\na: c")); !errors.As(err, &syntax) {
		t.Errorf("got %v", err)
	}
}

// read reads one row with a mapping.
func read(t *testing.T, yaml, csv string) csvfile.Row {
	t.Helper()
	m, err := csvfile.ParseMapping("m.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	s, err := preview(strings.NewReader(csv), m, 1)
	if err != nil || len(s.Rows) != 1 {
		t.Fatalf("%d rows, %v", len(s.Rows), err)
	}
	return s.Rows[0]
}

func problems(r csvfile.Row) string {
	out := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		out[i] = p.String()
	}
	return strings.Join(out, "\n")
}

func TestFigures(t *testing.T) {
	t.Parallel()
	yaml := least + "counts: [{unit: {constant: cards}, quantity: {column: N, values: {many: unquantified, secret: not_disclosed}}}]"
	for cell, want := range map[string]string{
		"5": "5 cards", "1,234,567": "1,234,567 cards", "1 234": "1,234 cards", "1\u00a0234": "1,234 cards", "0": "0 cards", "007": "7 cards",
		"> 500": "more than 500 cards", ">=500": "at least 500 cards", "500+": "at least 500 cards", "At least 500": "at least 500 cards", "over 1,000": "more than 1,000 cards",
		"up to 500": "at most 500 cards", "as many as 78.8 million": "at most 78,800,000 cards", "≤ 2": "at most 2 cards", "<5": "fewer than 5 cards", "fewer than 5": "fewer than 5 cards",
		"~4000": "about 4,000 cards", "approx. 4k": "about 4,000 cards", "about 1.5 billion": "about 1,500,000,000 cards", "100-200": "between 100 and 200 cards",
		"100 – 200": "between 100 and 200 cards", "1 to 2 million": "between 1,000,000 and 2,000,000 cards", "between 4,000 and 4,500": "between 4,000 and 4,500 cards",
		"many": "an unquantified number of cards", "Secret": "number of cards not disclosed", "": "", "n/a": "", "1000000000000000": "1,000,000,000,000,000 cards",
	} {
		row := read(t, yaml, "Title,N,Rest\nA,\""+cell+"\",x\n")
		got := ""
		if len(row.Incident.Counts) == 1 {
			got = row.Incident.Counts[0].Words()
		}
		if got != want || len(row.Problems) > 0 {
			t.Errorf("%q: got %q, want %q; %s", cell, got, want, problems(row))
		}
	}
	for cell, want := range map[string]string{
		"7.88E+07":              "is written with an exponent, by which a spreadsheet drops digits: give the column the format of a number and save it again",
		"1,23":                  "is not a number (in the form 1,234.5)",
		"12,345,67":             "is not a number (in the form 1,234.5)",
		"1.234.567":             "is not a number (in the form 1,234.5)",
		"1,234 567":             "is not a number (in the form 1,234.5)",
		"-5":                    "is not a number (in the form 1,234.5)",
		"$5":                    "is not a number (in the form 1,234.5)",
		"some":                  "is not a number (in the form 1,234.5)",
		"1.5":                   "must be a whole number of at most 1000000000000000",
		"9223372036854775808":   "must be a whole number of at most 1000000000000000",
		"200-100":               "must not be above the upper bound",
		"500-2 million":         `is a range that can be read in two ways: write "million" behind both figures, or both in digits alone`,
		"about 1-2 million":     "is a range with a word or sign before it, which says more than one claim can: give either the range or one figure",
		"half a cat":            "is not a number (in the form 1,234.5)",
		"not 500":               "is not a number (in the form 1,234.5)",
		"not about 500":         "is not a number (in the form 1,234.5)",
		"over about 500":        "is not a number (in the form 1,234.5)",
		"2.5 million-1 million": "must not be above the upper bound",
		strings.Repeat("1", 61): "is not a number",
	} {
		row := read(t, yaml, "Title,N\nA,\""+cell+"\"\n")
		if len(row.Problems) == 0 || row.Problems[0].Detail != want || row.Problems[0].Column != "N" {
			t.Errorf("%q: got %s, want %s", cell, problems(row), want)
		}
	}
}

func TestQualifierColumn(t *testing.T) {
	t.Parallel()
	yaml := least + "counts: [{unit: {constant: cards}, qualifier: Q, quantity: N, low: L, high: H}]"
	for csv, want := range map[string]string{
		"A,at_most,5,,":        "at most 5 cards",
		"A,At most,≤5,,":       "at most 5 cards",
		"A,,,5,7":              "between 5 and 7 cards",
		"A,not disclosed,,,":   "number of cards not disclosed",
		"A,at_most,>5,,":       `row 2, column N: ">5" says more_than, and the qualifier of the row is at_most`,
		"A,at_most,,,":         "",
		"A,perhaps,5,,":        `row 2, column Q: "perhaps" is not a known qualifier; the values of the mapping can say what it means (allowed: exact, about, at_least, more_than, at_most, less_than, between, unquantified, not_disclosed)`,
		"A,between,,5,some":    `row 2, column H: "some" is not a number (in the form 1,234.5)`,
		"A,unquantified,500,,": `row 2, column N: "500" must be left out with the qualifier unquantified`,
	} {
		row := read(t, yaml, "Title,Q,N,L,H\n"+csv+"\n")
		got := problems(row)
		if got == "" && len(row.Incident.Counts) > 0 {
			got = row.Incident.Counts[0].Words()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", csv, diff)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ formats, cell, want string }{
		{"", "2014-10-28", "2014-10-28"}, {"", "2014-10", "2014-10"}, {"", "2014", "2014"}, {"", "2014-10-28T09:30:00Z", "2014-10-28"}, {"", "2014-10-28 09:30:00.5", "2014-10-28"},
		{"DD/MM/YYYY", "28/10/2014", "2014-10-28"}, {"D.M.YYYY", "3.4.2014", "2014-04-03"}, {"D.M.YYYY", "28.10.2014", "2014-10-28"},
		{"MMM D YYYY", "Oct 28 2014", "2014-10-28"}, {"MMMM YYYY", "October 2014", "2014-10"}, {"YYYYMMDD", "20141028", "2014-10-28"},
		{"excel", "41940", "2014-10-28"}, {"excel", "1", "1900-01-01 or so"}, {"DD/MM/YYYY hh:mm", "28/10/2014 09:30", "2014-10-28"},
		{"DD/MM/YYYY, MM/DD/YYYY", "04/04/2014", "2014-04-04"}, {"DD/MM/YYYY, MM/DD/YYYY", "28/10/2014", "2014-10-28"},
		{"DD/MM/YYYY, MM/DD/YYYY", "03/04/2014", `row 2, column D: "03/04/2014" may be 2014-04-03 (DD/MM/YYYY) or 2014-03-04 (MM/DD/YYYY)`},
		{"DD/MM/YYYY", "31/02/2014", `row 2, column D: "31/02/2014" is not a date of the form DD/MM/YYYY`},
		{"excel", "0", `row 2, column D: "0" is not a date of the form excel`},
	} {
		rule := "D"
		if c.formats != "" {
			rule = "{column: D, dates: [" + `"` + strings.ReplaceAll(c.formats, ", ", `", "`) + `"` + "]}"
		}
		row := read(t, "incident: {title: Title, category: {constant: other}, disclosed: "+rule+"}", "Title,D\nA,"+c.cell+"\n")
		got := problems(row) + row.Incident.Disclosed.String()
		if c.cell == "1" && strings.Contains(got, "must be from 1900") {
			continue // the last day of 1899, as some count
		}
		if got != c.want {
			t.Errorf("%s as %s: got %s, want %s", c.cell, c.formats, got, c.want)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	yaml := `
incident:
  title: {template: "{What} at { Company }"}
  category: {column: What, values: {Leak: data_breach, " THEFT  of money ": theft_of_funds}}
  countries: {column: Where, separator: "/"}
  data_classes: {column: Data, values: {Cards: [card_number, card_security_code], nothing: []}}
  tags: Tags
participants:
  - role: Role
    actor: {name: Company, country: {column: Where, separator: /}, domain: Web}
  - when: {column: Regulated, is: [Yes, y]}
    role: {constant: regulator}
    actor: {constant: FTC}
attributions:
  - accused: Accused
    basis: {constant: media_attributes}
sources: [{url: Links}]
external_refs: [{scheme: {constant: case}, id: Case}]
`
	row := read(t, yaml, "What;Company;Where;Data;Tags;Role;Web;Regulated;Accused;Links;Case\n"+
		`theft of  MONEY;" Acme"" Pay ";USA / germany/DE;Cards;Stolen Card Data;Victim;ACME.example;YES;Ring,A;"https://a.example https://b.example
https://a.example";7`+"\n")
	// The victim has two countries, so its own is not known; the incident has both.
	if len(row.Problems) > 0 {
		t.Fatal(problems(row))
	}
	in := row.Incident
	type part = incidents.Participant
	evidence := []incidents.Evidence{{Source: incidents.SourceRef{Key: "source-1"}}, {Source: incidents.SourceRef{Key: "source-2"}}}
	for what, diff := range map[string]string{
		"title":        cmp.Diff(`theft of MONEY at Acme" Pay`, in.Title),
		"category":     cmp.Diff(incidents.TheftOfFunds, in.Category),
		"countries":    cmp.Diff([]string{"US", "DE"}, in.Countries),
		"data classes": cmp.Diff([]incidents.DataClass{"card_number", "card_security_code"}, in.DataClasses),
		"tags":         cmp.Diff([]string{"stolen-card-data"}, in.Tags),
		"participants": cmp.Diff([]part{{Actor: incidents.ActorRef{Name: `Acme" Pay`, Domain: "acme.example"}, Role: "victim"}, {Actor: incidents.ActorRef{Name: "FTC"}, Role: "regulator"}}, in.Participants),
		"sources":      cmp.Diff([]incidents.Source{{Key: "source-1", URL: "https://a.example/"}, {Key: "source-2", URL: "https://b.example/"}}, in.Sources, cmp.AllowUnexported(incidents.PartialDate{})),
		"evidence":     cmp.Diff(evidence, in.Attributions[0].Evidence),
		"refs":         cmp.Diff([]incidents.ExternalRef{{Scheme: "case", ID: "7"}}, in.ExternalRefs),
	} {
		if diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	// Nothing in the cells says nothing.
	row = read(t, yaml, "What;Company;Where;Data;Tags;Role;Web;Regulated;Accused;Links;Case\nLeak;Unknown;;nothing;;;;no;n/a;-;\n")
	if in := row.Incident; len(row.Problems)+len(in.Participants)+len(in.Attributions)+len(in.Sources)+len(in.ExternalRefs)+len(in.DataClasses) != 0 {
		t.Errorf("%s\n%+v", problems(row), in)
	}
}

// FuzzMapping: no mapping and no file is the end of the program.
func FuzzMapping(f *testing.F) {
	f.Add([]byte(least+"counts: [{unit: {constant: cards}, quantity: N, headline: true}]"), []byte("Title,N\nA,> 5\n"))
	f.Add([]byte(least+"dates: [D.M.YYYY, excel]\nlosses: [{kind: {constant: fine}, currency: C, amount: N}]\nresponses: [{when: N, actor: T, kind: K}]"), []byte("T;N\n\"a\nb\";5\n"))
	f.Add([]byte("incident: {title: {template: '{A} {B}'}, category: {column: A, values: {a: [other, b]}, otherwise: []}}"), []byte("A\tB\n1\t2\n"))
	f.Fuzz(func(t *testing.T, yaml, data []byte) {
		m, err := csvfile.ParseMapping("m.yaml", yaml)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		s, _ := preview(strings.NewReader(string(data)), m, 3)
		if s.Usable > s.Read {
			t.Errorf("%+v", s)
		}
	})
}
