package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// settle notes what fields ask for while the form is shown and no longer changes.
// Without that each would look through the whole form.
func (f *form) settle() {
	f.names = slices.Sorted(maps.Keys(f.values))
	f.rows, f.named = map[string][]int{}, map[string][]namedRow{}
	for _, name := range f.names {
		for at := strings.IndexByte(name, '/'); at >= 0; {
			part, _, _ := strings.Cut(name[at+1:], "/")
			if n, err := strconv.Atoi(part); err == nil && n >= 0 {
				f.rows[name[:at]] = append(f.rows[name[:at]], n)
			}
			next := strings.IndexByte(name[at+1:], '/')
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	for list, rows := range f.rows {
		slices.Sort(rows)
		f.rows[list] = slices.Compact(rows)
	}
}

// below are the names of the fields at a pointer and below it.
func (f *form) below(pointer string) []string {
	names := f.names
	if names == nil {
		names = slices.Sorted(maps.Keys(f.values))
	}
	first, _ := slices.BinarySearch(names, pointer)
	var out []string
	for _, name := range names[first:] {
		if !strings.HasPrefix(name, pointer) {
			break
		}
		if name == pointer || name[len(pointer)] == '/' {
			out = append(out, name)
		}
	}
	return out
}

// namedRow is a row that fields of others can name.
type namedRow struct{ at, value, label string }

// rowsToName are the rows of a list that can be named.
func (f *form) rowsToName(list string) []namedRow {
	if out, known := f.named[list]; known {
		return out
	}
	var out []namedRow
	for _, i := range f.Rows(list) {
		if value, label := f.name(list, i); value != "" {
			out = append(out, namedRow{list + "/" + strconv.Itoa(i) + "/", value, label})
		}
	}
	if f.named != nil {
		f.named[list] = out
	}
	return out
}
