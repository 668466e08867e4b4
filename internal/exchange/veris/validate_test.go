package veris

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
	"github.com/breachledger/breachledger/internal/incidents"
)

// VERIS's own test documents get the verdict that they ask for, and those that
// fail do so at the field that they are named after.
func TestValidateOwnTests(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "data/veris/tests"), "*.json"))
	if err != nil || len(files) != 222 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Should, Message string
			Incident        json.RawMessage
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		problems := Validate(doc.Incident)
		switch {
		case doc.Should == "pass" && len(problems) > 0:
			t.Errorf("%s (%s): %v", name, doc.Message, problems)
		case doc.Should == "fail" && len(problems) == 0:
			t.Errorf("%s: no problem: %s", name, doc.Message)
		case doc.Should == "fail" && !slices.ContainsFunc(problems, func(p incidents.Problem) bool { return strings.HasPrefix(p.Pointer, pointerOf(name)) }):
			t.Errorf("%s: want a problem at %s, got %v", name, pointerOf(name), problems)
		}
	}
}

// pointerOf is where a test document is wrong, by its name: "a.b.c_empty" is
// wrong at /a/b/c.
func pointerOf(name string) string {
	if p, ok := map[string]string{
		"root_unrecognized":                  "",
		"impact.loss.overall_rating_missing": "/impact/overall_rating",
		"ioc.0.variety_missing":              "/ioc/0/",
		// These five are wrong elsewhere than their names say.
		"action.error.vector_empty":           "/action/misuse/vector",
		"action.error.vector_missing":         "/action/misuse/vector",
		"action.physical_unrecognized":        "/action/social/test",
		"attribute.availability_unrecognized": "/attribute/test",
		"impact_unrecognized":                 "/test",
	}[name]; ok {
		return p
	}
	path := name
	for _, end := range []string{".high", ".low", "_high", "_low", "_long", "_short", "_empty", "_duplicate", "_invalid", "_missing", "_present", "_unrecognized", "_numbers", "_not_array", "_alpha"} {
		if cut, ok := strings.CutSuffix(path, end); ok {
			path = cut
			break
		}
	}
	return "/" + strings.ReplaceAll(path, ".", "/")
}
