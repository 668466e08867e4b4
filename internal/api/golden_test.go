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
func stable(t testing.TB, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		t.Fatalf("the body is no JSON: %v: %s", err, body)
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

// TestOpenAPIGolden: the document changes only on purpose. The examples of
// answers have goldens of their own.
func TestOpenAPIGolden(t *testing.T) {
	t.Parallel()
	written, err := json.Marshal(start(t).api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	doc := decode[map[string]any](t, written)
	delete(at(t, doc, "components").(map[string]any), "examples") //nolint:errcheck,forcetypeassert // an object in every OpenAPI document
	withoutExamples(at(t, doc, "paths"))
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "openapi.golden.json", append(out, '\n'))
}

// withoutExamples removes the examples of answers, in place.
func withoutExamples(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			withoutExamples(one)
		}
	case map[string]any:
		if responses, ok := v["responses"].(map[string]any); ok {
			for _, r := range responses {
				content, _ := r.(map[string]any)["content"].(map[string]any) //nolint:errcheck,forcetypeassert // an object in every OpenAPI document
				for _, media := range content {
					delete(media.(map[string]any), "example")  //nolint:errcheck,forcetypeassert // likewise
					delete(media.(map[string]any), "examples") //nolint:errcheck,forcetypeassert // likewise
				}
			}
		}
		for _, one := range v {
			withoutExamples(one)
		}
	}
}
