package csvfile

import "strings"

// list is a cell with several values that is read back as they were: a
// semicolon or backslash within a value gets a backslash before it.
func list[T ~string](values []T) Cell {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = listEscaper.Replace(string(v))
	}
	return Text(strings.Join(all, Separator))
}

var listEscaper = strings.NewReplacer(`\`, `\\`, ";", `\;`)

// unlist is the values of a cell that list has made.
func unlist(cell string) []string {
	var out []string
	var value strings.Builder
	escaped := false
	for _, r := range cell {
		switch {
		case escaped:
			value.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ';':
			out = append(out, value.String())
			value.Reset()
		default:
			value.WriteRune(r)
		}
	}
	return append(out, value.String())
}
