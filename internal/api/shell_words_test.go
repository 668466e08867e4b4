package api_test

import (
	"strings"
	"testing"
)

// word is a word of a command; what stands in single quotes is not expanded.
type word struct {
	text  string // with $names still in it
	plain bool   // from single quotes: no names in it
}

// split parts a script into commands of words. A pipe is a word of its own.
func split(t *testing.T, script string) [][][]word {
	t.Helper()
	var commands [][][]word // command → word → parts
	var command [][]word
	var parts []word
	begun := false
	endWord := func() {
		if begun {
			command = append(command, parts)
		}
		parts, begun = nil, false
	}
	script = strings.ReplaceAll(script, "\\\n", " ")
	for i := 0; i < len(script); {
		switch c := script[i]; {
		case c == '\n':
			endWord()
			if len(command) > 0 {
				commands = append(commands, command)
			}
			command = nil
			i++
		case c == ' ' || c == '\t':
			endWord()
			i++
		case c == '#' && !begun:
			for i < len(script) && script[i] != '\n' {
				i++
			}
		case c == '\'':
			end := strings.IndexByte(script[i+1:], '\'')
			if end < 0 {
				t.Fatalf("a quote is not closed: %s", script[i:])
			}
			parts, begun = append(parts, word{script[i+1 : i+1+end], true}), true
			i += end + 2
		case c == '"':
			end := strings.IndexByte(script[i+1:], '"')
			if end < 0 {
				t.Fatalf("a quote is not closed: %s", script[i:])
			}
			parts, begun = append(parts, word{script[i+1 : i+1+end], false}), true
			i += end + 2
		case strings.HasPrefix(script[i:], "$("):
			end := closing(t, script[i:])
			parts, begun = append(parts, word{script[i : i+end+1], false}), true
			i += end + 1
		default:
			end := i
			for end < len(script) && !strings.ContainsRune(" \t\n'\"", rune(script[end])) && !strings.HasPrefix(script[end:], "$(") {
				end++
			}
			parts, begun = append(parts, word{script[i:end], false}), true
			i = end
		}
	}
	endWord()
	if len(command) > 0 {
		commands = append(commands, command)
	}
	return commands
}

// closing is where the parenthesis of "$(" is closed, outside of quotes.
func closing(t *testing.T, s string) int {
	t.Helper()
	depth, quoted := 0, false
	for i, c := range s {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	t.Fatalf("a parenthesis is not closed: %s", s)
	return 0
}
