package ledger

import "strings"

// legalForms are what names of companies may end with or not: words that say what
// they are in law, folded.
var legalForms = []string{
	"inc", "incorporated", "corp", "corporation", "co", "company", "co ltd", "ltd", "limited", "llc", "llp", "lp", "plc",
	"group", "holding", "holdings", "pty ltd", "pte ltd", "pvt ltd", "private limited",
	"ag", "gmbh", "se", "sa", "s a", "sas", "nv", "n v", "bv", "b v", "ab", "asa", "oy", "oyj", "spa", "s p a", "srl", "s r l", "kk",
}

// formsMost bounds of how many names the other forms are looked up.
const formsMost = 50

// formsOf are the other forms of a folded name: without its legal form, with each other
// one, and with and without "the".
func formsOf(name string) []string {
	stem := strings.TrimPrefix(name, "the ")
	for again := true; again; {
		again = false
		for _, form := range legalForms {
			if rest, ok := strings.CutSuffix(stem, " "+form); ok {
				stem, again = rest, true
			}
		}
	}
	var out []string
	for _, begin := range []string{stem, "the " + stem} {
		out = append(out, begin)
		for _, form := range legalForms {
			out = append(out, begin+" "+form)
		}
	}
	return out
}
