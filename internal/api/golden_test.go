package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
)

// stable is JSON laid out for reading, with what differs from run to run
// replaced: ids are numbered in the order in which they appear.
func stable(tb testing.TB, body []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		tb.Fatalf("the body is no JSON: %v: %s", err, body)
	}
	numbers := map[string]string{}
	replaced := idPattern.ReplaceAllStringFunc(out.String(), func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("<id %d>", len(numbers)+1)
		}
		return numbers[id]
	})
	replaced = timePattern.ReplaceAllString(replaced, `"<time>"`)
	replaced = cursorPattern.ReplaceAllString(replaced, `"next_cursor": "<cursor>"`)
	return []byte(replaced)
}

var (
	idPattern     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	timePattern   = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`)
	cursorPattern = regexp.MustCompile(`"next_cursor": "[^"]+"`)
)

// TestSeedGoldens: the five seed articles as the API returns them.
func TestSeedGoldens(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	list := s.get(t, "/v1/incidents").must(t, http.StatusOK)
	golden(t, "seeds/incidents.golden.json", stable(t, list.body))
	data, _ := list.json(t)["data"].([]any)
	for _, slug := range slugs(t, data) {
		doc := s.get(t, "/v1/incidents/"+slug).must(t, http.StatusOK)
		golden(t, "seeds/incident-"+slug+".golden.json", stable(t, doc.body))
	}
	for name, path := range map[string]string{
		"report-breaches": "/v1/reports/breaches", "report-responses": "/v1/reports/responses",
		"sources": "/v1/sources", "actors": "/v1/actors",
	} {
		golden(t, "seeds/"+name+".golden.json", stable(t, s.get(t, path).must(t, http.StatusOK).body))
	}
}

// TestOpenAPIDocument: the document changes only on purpose, and the examples in
// it are true (see examples_test.go).
func TestOpenAPIDocument(t *testing.T) { //nolint:tparallel // the document holds the examples
	t.Parallel()
	s := start(t)
	t.Run("examples", func(t *testing.T) { testExamples(t, s.doc.operations) })
	written, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	doc := decode[map[string]any](t, written)
	if *update {
		withNewExamples(t, doc)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		t.Fatal(err)
	}
	golden(t, "openapi.golden.json", out.Bytes())
}
