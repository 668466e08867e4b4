package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/breachledger/breachledger/internal/access"
)

// hostile are texts that are meant to break something.
var hostile = map[string]string{
	"SQL":            `'; DROP TABLE incidents; --`,
	"SQL in quotes":  `" OR 1=1 /* $1 :x @y ? %s \`,
	"HTML":           `<script>alert(1)</script><img src=x onerror=alert(1)>`,
	"template":       `{{.}} ${7*7} #{7*7} <%= 7*7 %>`,
	"spreadsheet":    `=HYPERLINK("http://example.com","x")`,
	"right to left":  "a\u202eb\u2066c\u200fד",
	"invisible":      "\u200b\u00ad\ufeff\u2060",
	"combining":      "Z" + strings.Repeat("\u0301", 150),
	"emoji":          "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
	"non-characters": "\ufffe\uffff\U0010ffff\ufdd0",
	"ligature":       strings.Repeat("\ufdfa", 100),
	"control":        "a\x01\x1b[31mb\x7f",
	"lines":          "a\r\nb\u2028c\td",
	"confusables":    "аррӏе․com",
	"traversal":      "../../../../etc/passwd",
	"id":             "019c9f00-0000-7000-8000-000000000001",
	"blank":          " \u00a0\u3000 ",
	"long":           strings.Repeat("long words ", 2_000),
	"one long word":  strings.Repeat("a", 30_000),
	"null in words":  "null",
	"very negative":  "-9223372036854775808",
}

// fullDocument has every text field of an incident.
const fullDocument = `{
	"slug": "x", "title": "x", "summary": "x", "category": "other", "certainty": "confirmed", "occurred": {"from": "2014", "to": "2015"}, "disclosed": "2015",
	"countries": ["US"], "vectors": ["other"], "data_classes": ["other"], "payment_methods": ["other"], "tags": ["x"],
	"participants": [{"actor": {"slug": "x", "name": "x", "kind": "company", "sector": "other", "country": "US", "domain": "example.com", "aliases": ["y"]}, "role": "victim"}],
	"sources": [{"key": "x", "url": "https://example.com/", "title": "x", "publisher": "x", "author": "x", "published": "2014", "language": "en", "text": "x y z", "no_incident_reason": "x"}],
	"counts": [{"key": "c1", "unit": "cards", "qualifier": "exact", "quantity": 1, "claimed_by": "x", "as_of": "2014", "headline": true, "evidence": [{"source": {"key": "x"}, "quote": "x y"}]},
		{"unit": "cards", "quantity": 1, "supersedes": "c2", "evidence": [{"source": {"url": "https://example.com/", "title": "x", "publisher": "x"}}]}, {"key": "c2", "unit": "cards", "quantity": 2}],
	"losses": [{"kind": "stolen", "scope": "total", "amount": "1", "currency": "USD", "converted": {"amount": "1", "currency": "EUR"}}],
	"attributions": [{"key": "a", "accused": "x", "claimant": "x", "basis": "media_attributes", "confidence": "low", "stated": "2014"}],
	"responses": [{"actor": "x", "spoken_by": "x", "kind": "denial", "status": "stated", "date": "2014", "answers": "a", "summary": "x"}],
	"external_refs": [{"scheme": "case", "id": "x"}]}`

// TestHostileTexts puts each hostile text into each text field of an incident:
// it is stored as it is, or refused by name, and never breaks anything.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	s := start(t)
	var stored int
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		eachText(t, fullDocument, func(pointer string, with func(string) string) {
			got := s.post(t, "/v1/incidents", with(hostile[name]))
			switch got.status {
			case http.StatusCreated:
				stored++
				s.get(t, got.header.Get("Location")).must(t, http.StatusOK)
			case http.StatusUnprocessableEntity, http.StatusConflict:
			default:
				t.Errorf("%s at %s: %d: %s", name, pointer, got.status, got.body)
			}
		})
	}
	if stored == 0 {
		t.Error("nothing was stored")
	}
	for _, path := range []string{"/v1/incidents?limit=200", "/v1/actors?limit=200", "/v1/sources?limit=200", "/v1/reports/breaches", "/v1/reports/responses", "/v1/duplicates", "/v1/duplicates/actors"} {
		s.send(t, request{path: path, role: access.Admin}).must(t, http.StatusOK)
	}
}

// eachText calls f for each text of a JSON document, with a function that puts
// another text in its place. What must be unique is made so.
func eachText(t *testing.T, document string, f func(pointer string, with func(string) string)) {
	t.Helper()
	var walk func(v any, pointer string, put func(any))
	n := 0
	root := decode[any](t, []byte(document))
	walk = func(v any, pointer string, put func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], pointer+"/"+name, func(x any) { v[name] = x })
			}
		case []any:
			for i := range v {
				walk(v[i], fmt.Sprint(pointer, "/", i), func(x any) { v[i] = x })
			}
		case string:
			f(pointer, func(text string) string {
				put(text)
				defer put(v)
				out, err := json.Marshal(root)
				if err != nil {
					t.Fatal(err)
				}
				n++
				return strings.NewReplacer(`"slug":"x"`, fmt.Sprintf(`"slug":"x-%d"`, n), `"id":"x"`, fmt.Sprintf(`"id":"%d"`, n)).Replace(string(out))
			})
		}
	}
	walk(root, "", nil)
}

// closed reports whether a parameter takes a number, a date or one of a list,
// and so is the same to every text that is none; telling are texts enough for it.
func closed(p *huma.Param) bool {
	return p.Schema.Type != huma.TypeString && (p.Schema.Items == nil || p.Schema.Items.Enum != nil) || p.Schema.Enum != nil || p.Schema.Format != ""
}

var telling = []string{"SQL", "NUL", "not UTF-8", "very negative", "commas"}

// TestHostileParameters: the same in every parameter of every route that reads.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	texts := maps.Clone(hostile)
	maps.Copy(texts, map[string]string{"NUL": "a\x00b", "not UTF-8": "a\xffb", "empty": "", "tsquery": `a & | ! ( ) :* <-> "`, "percent": "%", "commas": ",,,", "huge": strings.Repeat("a,", 5_000)})
	for _, op := range s.doc.operations {
		if op.method != http.MethodGet {
			continue
		}
		for _, p := range op.Parameters {
			for name, text := range texts {
				if closed(p) && !slices.Contains(telling, name) {
					continue
				}
				path, query := strings.NewReplacer("{ref}", "opm-breach", "{slug}", "apple", "{version}", "1").Replace(op.path), ""
				r := request{role: access.Admin, header: map[string]string{}}
				switch p.In {
				case "path":
					path = strings.Replace(op.path, "{"+p.Name+"}", url.PathEscape(text), 1)
					path = strings.NewReplacer("{ref}", "opm-breach").Replace(path)
				case "query":
					query = url.Values{p.Name: {text}}.Encode()
				case "header":
					r.header[p.Name] = text
				}
				r.path = path + "?" + query
				if strings.Contains(path, "{") {
					continue // a source's id, which is not what is tried
				}
				if got := s.send(t, r); got.status >= http.StatusInternalServerError {
					t.Errorf("%s of %s, %s: %d: %s", p.Name, op.OperationID, name, got.status, got.body)
				}
			}
		}
	}
}
