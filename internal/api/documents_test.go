package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is a fenced block of a document.
type block struct {
	language, text string
	line           int
}

var fencePattern = regexp.MustCompile("(?s)```([a-z]*)\n(.*?)```\n")

func blocksOf(document string) []block {
	var out []block
	for _, m := range fencePattern.FindAllStringSubmatchIndex(document, -1) {
		out = append(out, block{document[m[2]:m[3]], document[m[4]:m[5]], 1 + strings.Count(document[:m[0]], "\n")})
	}
	return out
}

// TestDocuments runs every curl line of the documents, and compares what it
// prints with what they show: the block behind the commands. Each document is
// about a server that was just started, with the seed articles.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "docs/api.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written, err := os.ReadFile("../../" + name)
			if err != nil {
				t.Fatal(err)
			}
			sh := newShell(seeded(t))
			blocks := blocksOf(string(written))
			ran := 0
			for i, b := range blocks {
				if b.language != "sh" || !strings.Contains(b.text, "curl") && !strings.Contains(b.text, "KEY=") {
					continue
				}
				ran++
				shown := ""
				if i+1 < len(blocks) && (blocks[i+1].language == "json" || blocks[i+1].language == "text") {
					shown = blocks[i+1].text
				}
				got := sh.run(t, b.text, shown == "")
				if shown == "" {
					continue
				}
				if diff := cmp.Diff(steady(shown), steady(got)); diff != "" {
					t.Errorf("%s:%d: the commands print something else than is shown: -shown +printed\n%s\n%s", name, b.line, diff, got)
				}
			}
			if ran < 3 {
				t.Errorf("%s has %d blocks of curl", name, ran)
			}
		})
	}
}

// steady is output with its ids numbered and times left out; JSON without
// regard to its layout and the order of fields.
func steady(output string) any {
	output = strings.ReplaceAll(output, "\r\n", "\n") // of CSV
	var values []any
	isJSON := true
	for dec := json.NewDecoder(strings.NewReader(output)); isJSON; {
		var v any
		err := dec.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		isJSON = err == nil
		values = append(values, v)
	}
	if isJSON {
		sorted, err := json.MarshalIndent(values, "", "  ")
		if err != nil {
			return err
		}
		output = string(sorted)
	}
	numbers := map[string]string{}
	output = idPattern.ReplaceAllStringFunc(output, func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("<id %d>", len(numbers)+1)
		}
		return numbers[id]
	})
	output = anyTimePattern.ReplaceAllString(output, "<time>")
	output = etagPattern.ReplaceAllString(output, "<etag>")
	output = anySecretPattern.ReplaceAllString(output, "<secret>")
	return strings.Split(strings.TrimSpace(output), "\n")
}

var (
	anyTimePattern   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	anySecretPattern = regexp.MustCompile(`blk_[A-Za-z0-9_-]{32}`)
	etagPattern      = regexp.MustCompile(`\\?"\d+-[0-9a-f]{12}\\?"`)
)
