package web

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
)

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
