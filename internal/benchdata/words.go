package benchdata

import "strings"

// common words are put into the summaries of 14 of 100 incidents each, and
// nowhere else.
var common = []string{"customers", "overseas", "unencrypted", "contractor", "quarterly"}

// frequent words begin the list of words; those that follow are made up.
var frequent = strings.Fields(`
	payment card account data breach bank attack records stolen system access network security company processor merchant terminal
	password server database employee vendor malware phishing transfer wallet exchange fraud notice report breach regulator audit
	forensic laptop backup encryption portal website checkout gateway settlement invoice refund charge dispute issuer acquirer
	token credential login session outage disclosure hacker ransom leak archive download spreadsheet mailbox supplier branch
	teller clearing ledger remittance payroll voucher coupon loyalty subscription insurance patient clinic hospital pharmacy`)

var syllables = strings.Fields("ba be bi bo bu da de di do du fa fe fi fo fu ga ge gi go gu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi po pu ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo vu za ze zi zo zu")

// spell writes a number as a word; different numbers are different words.
func spell(n int) string {
	base := len(syllables)
	out := syllables[n%base]
	for n /= base; n > 0; n /= base {
		out += syllables[n%base]
	}
	return out
}

// words is how many words there are.
const wordCount = 30_000

func makeWords() []string {
	words := append(make([]string, 0, wordCount), frequent...)
	for n := len(words); n < wordCount; n++ {
		words = append(words, spell(n*13)+"n")
	}
	return words
}

// text is a text under way, with its length in code points.
type text struct {
	strings.Builder
	runes int
}

// add appends a sentence of ASCII and says where it stands.
func (t *text) add(sentence string) (start, end int) {
	if t.runes > 0 {
		t.WriteByte(' ')
		t.runes++
	}
	start = t.runes
	t.WriteString(sentence)
	t.runes += len(sentence)
	return start, t.runes
}

// aside appends a few words that are not ASCII: code points are not bytes.
func (t *text) aside() {
	const words = " – “naïve”, as Zürich’s café put it."
	t.WriteString(words)
	t.runes += len([]rune(words))
}

// sentence is so many words by their frequency.
func (m *maker) sentence(words int) string {
	var out strings.Builder
	for i := range words {
		w := m.set.words[m.zipf(len(m.set.words), 50)]
		if i == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		} else {
			out.WriteByte(' ')
		}
		out.WriteString(w)
	}
	out.WriteByte('.')
	return out.String()
}
