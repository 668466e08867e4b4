package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

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

// dropBlankRows leaves out the rows in which nothing was typed, and renumbers the rest.
func (f *form) dropBlankRows() {
	f.forgetBlankSources()
	f.renumber(isBlank)
}

// closeGaps renumbers rows of which some were taken out.
func (f *form) closeGaps() { f.renumber(func(string, any) bool { return false }) }

// renumber numbers the rows of each list from 0, and leaves out those that drop says.
func (f *form) renumber(drop func(list string, row any) bool) {
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
				if drop(pointer, row) {
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
