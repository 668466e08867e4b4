package web

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// A form mirrors a document: each field is called by its JSON Pointer
// ("/counts/0/quantity"), so that a form becomes a document by its names alone,
// a document becomes a form again, and a problem's pointer says at which field
// it belongs.

// form is what was typed, by JSON Pointer, and what is wrong with it.
type form struct {
	values   map[string][]string
	problems incidents.Problems
	sources  []choice // what evidence can name
}

func newForm() *form { return &form{values: map[string][]string{}} }

// formOf takes the fields of a request.
func formOf(sent url.Values) *form {
	f := newForm()
	for name, values := range sent {
		if strings.HasPrefix(name, "/") {
			f.values[name] = values
		}
	}
	return f
}

// formFrom writes a stored document into a form.
func formFrom(document any) (*form, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	var tree any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	f := newForm()
	f.flatten("", tree)
	f.shortenSources()
	return f, nil
}

func (f *form) flatten(pointer string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			f.flatten(pointer+"/"+name, one)
		}
	case []any:
		if manyValued(pointer) {
			for _, one := range v {
				f.values[pointer] = append(f.values[pointer], scalar(one))
			}
			return
		}
		for i, one := range v {
			f.flatten(pointer+"/"+strconv.Itoa(i), one)
		}
	case nil:
	default:
		f.values[pointer] = []string{scalar(v)}
	}
}

// shortenSources names the source of each evidence by its id alone, and keeps
// the quote as it was, so that its position is known to belong to it.
func (f *form) shortenSources() {
	for name, values := range maps.Clone(f.values) {
		if base, ok := strings.CutSuffix(name, "/source/id"); ok && strings.Contains(name, "/evidence/") {
			f.values[base+"/source"] = values
			f.values[base+"/was"] = f.values[base+"/quote"]
		}
	}
	for name := range f.values {
		if strings.Contains(name, "/evidence/") && strings.Contains(name, "/source/") {
			delete(f.values, name)
		}
	}
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

// manyValued are the lists that one field holds, or a row of boxes to tick.
func manyValued(pointer string) bool {
	switch pointer {
	case "/vectors", "/data_classes", "/payment_methods", "/countries", "/tags":
		return true
	default:
		return false
	}
}

// get is the first value of a field.
func (f *form) get(pointer string) string {
	if v := f.values[pointer]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// tree is the form as nested maps; lists are maps by their index.
func (f *form) tree() map[string]any {
	root := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		at := root
		parts := strings.Split(strings.TrimPrefix(name, "/"), "/")
		for _, part := range parts[:len(parts)-1] {
			next, ok := at[part].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[part] = next
			}
			at = next
		}
		at[parts[len(parts)-1]] = f.values[name]
	}
	return root
}

// compact renumbers rows without gaps; with drop, rows in which nothing was
// typed are left out.
func (f *form) compact(drop bool) {
	if drop {
		f.forgetBlankSources()
	}
	out := map[string][]string{}
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		switch v := v.(type) {
		case []string:
			out[pointer] = v
		case map[string]any:
			indexes, isList := rowIndexes(v)
			if !isList {
				for name, one := range v {
					walk(pointer+"/"+name, one)
				}
				return
			}
			n := 0
			for _, index := range indexes {
				row := v[strconv.Itoa(index)]
				if drop && isBlank(pointer, row) {
					continue
				}
				walk(pointer+"/"+strconv.Itoa(n), row)
				n++
			}
		}
	}
	walk("", f.tree())
	f.values = out
}

// forgetBlankSources takes the name of a source that was never filled in out of
// the evidence that was to rest on it.
func (f *form) forgetBlankSources() {
	sources, _ := f.tree()["sources"].(map[string]any)
	for _, row := range sources {
		m, ok := row.(map[string]any)
		if !ok || !isBlank("/sources", row) {
			continue
		}
		for name, values := range f.values {
			if strings.Contains(name, "/evidence/") && strings.HasSuffix(name, "/source") && len(values) > 0 && values[0] == leaf(m, "key") {
				f.values[name] = []string{""}
			}
		}
	}
}

// rowIndexes are the numbers of the rows of a list, in order.
func rowIndexes(v map[string]any) ([]int, bool) {
	indexes := make([]int, 0, len(v))
	for name := range v {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 {
			return nil, false
		}
		indexes = append(indexes, n)
	}
	slices.Sort(indexes)
	return indexes, len(indexes) > 0
}

// isBlank reports whether nothing was typed into a row: keys and preset choices
// do not count.
func isBlank(list string, row any) bool {
	m, ok := row.(map[string]any)
	if !ok {
		return false
	}
	if strings.HasSuffix(list, "/evidence") && leaf(m, "source") != "" {
		return false
	}
	for name, v := range m {
		switch v := v.(type) {
		case map[string]any:
			if !isBlank("", v) {
				return false
			}
		case []string:
			value := strings.TrimSpace(strings.Join(v, ""))
			switch name {
			case "key", "unit", "kind", "role", "sector", "scope", "basis", "confidence", "status", "headline", "was", "source", "currency":
			case "qualifier":
				if value == string(incidents.NotDisclosed) || value == string(incidents.Unquantified) {
					return false
				}
			default:
				if value != "" {
					return false
				}
			}
		}
	}
	return true
}

// decode turns the form into a document. What does not fit becomes problems.
func (f *form) decode(into any) error {
	raw, err := json.Marshal(jsonOf("", f.tree()))
	if err != nil {
		return err
	}
	node, err := strict.ParseJSON(raw)
	if err != nil {
		return &badRequestError{detail: "The form has text that cannot be stored: " + err.Error()}
	}
	f.problems = strict.Decode(node, into, strict.Options{})
	return nil
}

// jsonOf turns the maps of the form into JSON values of the right types. Empty
// fields are left out.
func jsonOf(pointer string, v any) any {
	switch v := v.(type) {
	case []string:
		return jsonLeaf(pointer, v)
	case map[string]any:
		if indexes, ok := rowIndexes(v); ok {
			out := make([]any, 0, len(indexes))
			for _, i := range indexes {
				one := jsonOf(pointer+"/"+strconv.Itoa(i), v[strconv.Itoa(i)])
				if one == nil {
					one = map[string]any{}
				}
				out = append(out, one)
			}
			return out
		}
		if quote, was := leaf(v, "quote"), leaf(v, "was"); quote != was {
			delete(v, "start") // another quote has another position
			delete(v, "end")
		}
		delete(v, "was")
		out := map[string]any{}
		for name, one := range v {
			if value := jsonOf(pointer+"/"+name, one); value != nil {
				out[name] = value
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	return nil
}

func leaf(m map[string]any, name string) string {
	if v, ok := m[name].([]string); ok && len(v) > 0 {
		return v[0]
	}
	return ""
}

var looseNumber = strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "", "_", "")

func jsonLeaf(pointer string, values []string) any {
	if manyValued(pointer) {
		out := []any{}
		for _, value := range values {
			for part := range strings.SplitSeq(value, ",") {
				if part = strings.TrimSpace(part); part != "" {
					if pointer == "/countries" {
						part = strings.ToUpper(part)
					}
					out = append(out, part)
				}
			}
		}
		return out
	}
	if len(values) == 0 {
		return nil
	}
	value := strings.ReplaceAll(values[len(values)-1], "\r\n", "\n")
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	if name != "text" && name != "quote" {
		value = strings.TrimSpace(value)
	}
	if strings.TrimSpace(value) == "" {
		return nil
	}
	isLoss := strings.HasPrefix(pointer, "/losses/")
	switch name {
	case "headline", "via_unnamed_source":
		return value == "true"
	case "amount", "low", "high", "quantity":
		value = looseNumber.Replace(value)
		if isLoss {
			return value
		}
		fallthrough
	case "start", "end", "occurrence":
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			return json.Number(strings.TrimLeft(value, "+"))
		}
	}
	return value
}
