package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
)

// testExamples: the examples of the OpenAPI document are what the API answers
// to its examples of requests, on a ledger that holds little else. Each is true
// to its schema, and none is missing.
func testExamples(t *testing.T, operations []documented) {
	t.Helper()
	for _, op := range operations {
		media := api.JSONOf(op.Responses[strconv.Itoa(op.DefaultStatus)])
		if media == nil || media.Examples != nil && op.OperationID != "get-incident" {
			continue
		}
		t.Run(op.OperationID, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.arrange(t, op, access.Admin)
			if op.method == http.MethodGet && !strings.Contains(op.path, "{") && hasQuery(op, "limit") {
				r.path += "?limit=1"
			}
			got := invented(t, w.send(t, r).must(t, op.DefaultStatus).body)
			path := filepath.Join("examples", op.OperationID+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			kept, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("the operation has no example of its answer (go test ./internal/api -update writes it): %v", err)
			}
			if diff := cmp.Diff(string(kept), string(got)); diff != "" {
				t.Errorf("%s is not what the API answers (go test ./internal/api -update rewrites it): -want +got\n%s", path, diff)
			}
		})
	}
}

// withNewExamples puts the examples as just written into a document that was
// made with those of before.
func withNewExamples(t *testing.T, doc map[string]any) {
	t.Helper()
	read := func(id string) any {
		kept, err := os.ReadFile(filepath.Join("examples", id+".json"))
		if err != nil {
			t.Fatal(err)
		}
		return decode[any](t, kept)
	}
	put := func(v any, name string, value any) {
		if m, ok := v.(map[string]any); ok {
			m[name] = value
		}
	}
	put(at(t, doc, "components", "examples", "Incident"), "value", read("get-incident"))
	for _, op := range start(t).doc.operations {
		status := strconv.Itoa(op.DefaultStatus)
		if media := api.JSONOf(op.Responses[status]); media != nil && media.Examples == nil {
			content, _ := at(t, doc, "paths", op.path, strings.ToLower(op.method), "responses", status, "content").(map[string]any)
			for name, media := range content {
				if api.IsJSON(name) {
					put(media, "example", read(op.OperationID))
				}
			}
		}
	}
}

func hasQuery(op documented, name string) bool {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Name == name {
			return true
		}
	}
	return false
}

// invented is JSON laid out, with made-up values of the right form for what
// differs from run to run.
func invented(t *testing.T, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		t.Fatalf("the body is no JSON: %v: %s", err, body)
	}
	numbers := map[string]string{}
	text := anyIDPattern.ReplaceAllStringFunc(out.String(), func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("019c9f00-0000-7000-8000-%012d", len(numbers)+1)
		}
		return numbers[id]
	})
	text = timePattern.ReplaceAllString(text, `"2026-03-02T09:30:00Z"`)
	text = secretPattern.ReplaceAllString(text, `"blk_0123456789abcdefghijklmnopqrstuv"`)
	return []byte(cursorPattern.ReplaceAllString(text, `"next_cursor": "eyJrIjoiNDEwMCJ9"`) + "\n")
}

// anyIDPattern takes also the ids of STIX, which are made of ours.
var anyIDPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

var secretPattern = regexp.MustCompile(`"blk_[A-Za-z0-9_-]{32}"`)
