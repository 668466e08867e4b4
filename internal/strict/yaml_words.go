package strict

import "strings"

// advice says what mostly is behind a message of the parser underneath, which
// speaks of tokens and contexts.
var advice = []struct{ message, means string }{
	{"found character '\t'", "a tab stands where spaces are expected: YAML indents with spaces alone"},
	{"mapping value is not allowed", "a colon with a space behind it, within a text, makes a field of it: put the text in quotes; or the line is indented otherwise than those around it"},
	{"value is not allowed in this context", "a text that begins like this is put in quotes; or the line is indented otherwise than those around it"},
	{"non-map value is specified", "a line here is no field: a field has a colon and an ordinary space, and a text that goes on in the next line is indented further than the field's name"},
	{"could not find end character", "quotes are opened here and not closed"},
	{"is a reserved character", "a text that begins with it is put in quotes"},
}

// inPlainWords adds what to do about it to a message of the parser.
func inPlainWords(message string) string {
	for _, a := range advice {
		if strings.Contains(message, a.message) {
			return strings.ReplaceAll(message, "\t", `\t`) + " (" + a.means + ")"
		}
	}
	return message
}
