package api_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The shapes that clients rely on: names of fields and nulls, exactly.

func fields(tb testing.TB, v any, path ...any) string {
	tb.Helper()
	m, ok := at(tb, v, path...).(map[string]any)
	if !ok {
		tb.Fatalf("there is no object at %v", path)
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), " ")
}

func same(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s: -want +got\n%s", what, diff)
	}
}

func TestListItemShape(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	list := s.get(t, "/v1/incidents?sort=-victims").must(t, http.StatusOK).json(t)
	same(t, "the list", fields(t, list), "data next_cursor")
	data, _ := list["data"].([]any)
	same(t, "the order", slugs(t, data), []string{"anthem-records-breach", "opm-breach", "apple-id-payment-thefts", "icloud-china-web-attack"})
	same(t, "next_cursor", list["next_cursor"], nil)
	for i := range data {
		same(t, "an item", fields(t, data, i),
			"actors category certainty contested countries disclosed id occurred payment possible_duplicates publication response_count slug title unanswered updated_at vectors version victims")
	}
	same(t, "victims", fields(t, data, 0, "victims"), "claimed_by high low qualifier quantity support text unit")
	same(t, "the text of victims", text(t, data, 0, "victims", "text"), "at most 78,800,000 records")
	same(t, "low of at_most", at(t, data, 0, "victims", "low"), nil)
	same(t, "high of more_than", at(t, data, 1, "victims", "high"), nil)
	same(t, "an actor", fields(t, data, 0, "actors", 0), "kind name role sector slug")
	same(t, "victims without a figure", fields(t, data, 2, "victims"), "claimed_by high low qualifier quantity support text unit")
	same(t, "the quantity without a figure", at(t, data, 2, "victims", "quantity"), nil)
	same(t, "who claims it", fields(t, data, 2, "victims", "claimed_by"), "kind name sector slug")
	same(t, "victims without a count", at(t, data, 3, "victims"), nil)
	same(t, "occurred when it is not known", at(t, data, 3, "occurred"), nil)
	same(t, "disclosed when it is not known", at(t, data, 3, "disclosed"), nil)
	for i, marks := range [][2]bool{{true, true}, {true, true}, {false, false}, {false, true}} {
		same(t, "unanswered", at(t, data, i, "unanswered"), marks[0])
		same(t, "contested", at(t, data, i, "contested"), marks[1])
	}
}

func TestDetailShape(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	doc := s.get(t, "/v1/incidents/opm-breach").must(t, http.StatusOK).json(t)
	same(t, "the document", fields(t, doc),
		"attributions category certainty contested countries counts created_at data_classes external_refs id losses participants payment payment_methods "+
			"publication responses slug sources summary tags title unanswered updated_at vectors version victims")
	same(t, "a count", fields(t, doc, "counts", 0), "evidence headline high id low qualifier quantity support text unit")
	same(t, "an attribution", fields(t, doc, "attributions", 0), "accused basis confidence contested evidence id support")
	same(t, "a response", fields(t, doc, "responses", 0), "actor answers evidence id kind spoken_by status summary support via_unnamed_source")
	same(t, "evidence", fields(t, doc, "counts", 0, "evidence", 0), "end quote source start")
	same(t, "the source of evidence", fields(t, doc, "counts", 0, "evidence", 0, "source"), "id title")
	same(t, "the answered attribution", text(t, doc, "responses", 0, "answers"), text(t, doc, "attributions", 0, "id"))
	byID := s.get(t, "/v1/incidents/"+text(t, doc, "id")).must(t, http.StatusOK)
	same(t, "the document by id", byID.json(t), doc)

	thefts := s.get(t, "/v1/incidents/apple-id-payment-thefts").must(t, http.StatusOK).json(t)
	same(t, "a loss", fields(t, thefts, "losses", 0), "amount converted currency evidence high id kind low qualifier scope support text")
	same(t, "an amount", text(t, thefts, "losses", 0, "amount"), "2000")
	same(t, "the amount as converted", at(t, thefts, "losses", 0, "converted"), map[string]any{"amount": "290", "currency": "USD"})
}

func TestResponseReportShape(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	report := s.get(t, "/v1/reports/responses").must(t, http.StatusOK).json(t)
	same(t, "the report", fields(t, report), "actors by_kind incidents next_cursor unanswered undated")
	same(t, "a row", fields(t, report, "actors", 0), "actor broken by_kind first_response incidents kept overdue promised responses unanswered")
	same(t, "an actor", fields(t, report, "actors", 0, "actor"), "kind name sector slug")
	same(t, "the first response", fields(t, report, "actors", 0, "first_response"), "incidents measured_from median_days")
	rows, _ := report["actors"].([]any)
	silent := map[string]bool{}
	for i := range rows {
		if responses := at(t, rows, i, "responses"); responses == number("0") {
			silent[text(t, rows, i, "actor", "slug")] = true
			same(t, "the kinds of a silent one", at(t, rows, i, "by_kind"), map[string]any{})
		}
	}
	same(t, "who is a row without a response", silent, map[string]bool{"anthem": true, "us-office-of-personnel-management": true})
}

func TestBreachReportShape(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	report := s.get(t, "/v1/reports/breaches").must(t, http.StatusOK).json(t)
	same(t, "the report", fields(t, report), "by_category by_unit by_vector by_year counted next_cursor ranking uncounted")
	same(t, "counted", at(t, report, "counted"), number("2"))
	same(t, "uncounted", at(t, report, "uncounted"), number("2"))
	list := s.get(t, "/v1/incidents").must(t, http.StatusOK).json(t)
	same(t, "the ranking", report["ranking"], list["data"])
	same(t, "a unit", fields(t, report, "by_unit", 0), "counted high incidents low stated text unit")
	same(t, "a year", fields(t, report, "by_year", 0), "incidents uncounted units year")
	same(t, "the year of what has no date", at(t, report, "by_year", 0, "year"), nil)
	units, _ := report["by_unit"].([]any)
	for i := range units {
		if text(t, units, i, "unit") == "records" {
			same(t, "records", units[i], map[string]any{
				"unit": "records", "incidents": number("1"), "counted": number("1"), "stated": number("78800000"), "low": nil, "high": number("78800000"),
				"text": "at most 78,800,000 records",
			})
			return
		}
	}
	t.Error("by_unit has no records")
}
