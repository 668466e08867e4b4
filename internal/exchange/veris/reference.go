package veris

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/breachledger/breachledger/internal/incidents"
)

// bareAddress is an address whose writer left out "http://".
var bareAddress = regexp.MustCompile(`^(www\.)?([a-z0-9-]+\.)+[a-z]{2,}/\S+$|^www\.([a-z0-9-]+\.)+[a-z]{2,}/?$`)

// addresses are the web addresses in a text, each once, in their order.
//
// The texts are written by hand: addresses are parted by semicolons, commas,
// blanks or nothing, stand in parentheses, and have dates behind them. A new one
// begins with "http" only where a word can begin, so that an address within
// another's path or query stays there.
func addresses(s string) []string {
	var out []string
	end := 0 // of the word in which the last address stood, as seen from s
	for s != "" {
		start := beginning(s)
		skipped := s
		if start >= 0 {
			skipped = s[:start]
		}
		for word := range strings.FieldsFuncSeq(skipped, func(r rune) bool { return unicode.IsSpace(r) || r == ';' || r == ',' }) {
			if word = trimmed(word); bareAddress.MatchString(strings.ToLower(word)) {
				out = append(out, "http://"+word)
			}
		}
		if start < 0 {
			break
		}
		s, end = s[start:], end-start
		if end <= 0 {
			end = strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '>' || r == '"' })
			if end < 0 {
				end = len(s)
			}
		}
		next := beginning(s[1:end]) + 1
		if next == 0 {
			next = end
		}
		out = append(out, trimmed(s[:next]))
		s, end = s[next:], end-next
	}
	return distinct(out)
}

// beginning is where the next address begins, -1 when there is none. The letter
// v is one that slipped in front of an address in real data.
func beginning(s string) int {
	for i := range s {
		if s[i]|0x20 != 'h' || i > 0 && !strings.ContainsRune(" \t\r\n;,(<>\"'[:|v", rune(s[i-1])) {
			continue
		}
		for _, scheme := range []string{"http://", "https://"} {
			host := i + len(scheme)
			if len(s) > host && strings.EqualFold(s[i:host], scheme) && s[host] > ' ' {
				return i
			}
		}
	}
	return -1
}

// trimmed is an address without the punctuation behind it. A closing bracket
// stays when the address opens it.
func trimmed(s string) string {
	unopened := map[byte]int{')': strings.Count(s, ")") - strings.Count(s, "("), ']': strings.Count(s, "]") - strings.Count(s, "[")}
	for s != "" {
		switch last := s[len(s)-1]; last {
		case '.', ',', ';', ':', '!', '?', '\'', '"', '|', '*', '}':
		case '(':
			unopened[')']++
		case '[':
			unopened[']']++
		case ')', ']':
			if unopened[last] <= 0 {
				return s
			}
			unopened[last]--
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

func distinct(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

const mostSources = 500

// sources are the addresses of /reference: what the record is based on.
func (d *decoder) sources() {
	const pointer = "/reference"
	said := d.paragraphs(pointer, d.doc.Member("reference"))
	found := addresses(said)
	if said != "" && len(found) == 0 {
		d.note(pointer, "has no web address; it is in the original only")
	}
	for _, address := range found {
		address = repaired(address)
		switch {
		case len(address) > incidents.MaxURL:
			d.note(pointer, "was not read in part: an address must have at most %d bytes", incidents.MaxURL)
		case !incidents.ValidURL(address):
			d.note(pointer, "was not read in part: %s is not a web address", quoted(address))
		case len(d.in.Sources) == mostSources:
			d.note(pointer, "was not read in part: it has more than %d addresses", mostSources)
			return
		case !slices.ContainsFunc(d.in.Sources, func(s incidents.Source) bool { return s.URL == address }):
			d.in.Sources = append(d.in.Sources, incidents.Source{URL: address})
		}
	}
}

// repaired writes "%" as "%25" where no escape follows, so that the address can
// be read as one, and the scheme in lower case.
func repaired(address string) string {
	if i := strings.Index(address, "://"); i > 0 {
		address = strings.ToLower(address[:i]) + address[i:]
	}
	if _, err := url.Parse(address); err == nil || !strings.Contains(address, "%") {
		return address
	}
	return strayPercent.ReplaceAllStringFunc(address, func(s string) string {
		if len(s) == len("%00") {
			return s
		}
		return "%25"
	})
}

var strayPercent = regexp.MustCompile(`%[0-9A-Fa-f]{2}|%`)

// evidence cites what the record is based on. VERIS doesn't say which of several
// references a figure stands in.
func (d *decoder) evidence() []incidents.Evidence {
	const most = 50
	var out []incidents.Evidence
	for _, s := range d.in.Sources[:min(most, len(d.in.Sources))] {
		out = append(out, incidents.Evidence{Source: incidents.SourceRef{URL: s.URL}})
	}
	return out
}
