package veris

import (
	"regexp"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// qualifierWords are the words before a figure that say how it is meant.
var qualifierWords = map[string]incidents.Qualifier{
	"as many as": incidents.AtMost, "up to": incidents.AtMost, "at most": incidents.AtMost, "no more than": incidents.AtMost, "not more than": incidents.AtMost,
	"at least": incidents.AtLeast, "no fewer than": incidents.AtLeast, "no less than": incidents.AtLeast,
	"not fewer than": incidents.AtLeast, "not less than": incidents.AtLeast,
	"more than": incidents.MoreThan, "over": incidents.MoreThan, "in excess of": incidents.MoreThan,
	"less than": incidents.LessThan, "fewer than": incidents.LessThan, "under": incidents.LessThan,
	"about": incidents.About, "around": incidents.About, "approximately": incidents.About, "approx.": incidents.About, "approx": incidents.About,
	"roughly": incidents.About, "nearly": incidents.About, "almost": incidents.About, "close to": incidents.About, "~": incidents.About,
	"some": incidents.About, "an estimated": incidents.About, "estimated": incidents.About,
}

// belongs are the words to which some of these belong, instead of to a figure:
// "information about 5,000 patients", "handed over 1,200 files".
var belongs = map[string]map[string]bool{
	"about": wordSet(`information info data detail details record records document documents file files fact facts report reports
		email emails e-mail e-mails message messages letter letters note notes material materials pii phi
		question questions complaint complaints concern concerns asked worried concerned learned heard lied complained`),
	"over": wordSet(`hand hands handed handing turn turns turned turning take takes took taken taking give gives gave given giving
		pass passes passed passing sign signs signed signing made
		lawsuit lawsuits suit sue sues sued suing fine fined apology apologised apologized arrested charged prosecuted
		concern concerns fears row dispute outrage investigation probe control`),
	"around":     wordSet("hand handed handing pass passed passing"),
	"up to":      wordSet("add adds added adding sum sums summed lead leads leading led sign signed own owned owns"),
	"as many as": wordSet("twice times half"),
}

// gathered may stand between such a word and "about": "data collected about".
var gathered = wordSet("available collected compiled contained gathered held kept maintained obtained recorded stored")

var (
	negations = wordSet(`not no never nor cannot nothing nobody none hardly scarcely barely unlikely whether if unless
		arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt wasnt werent wont wouldnt`)
	denials = wordSet("deny denies denied denying disputes disputed disputing refutes refuted refuting reject rejects rejected rejecting")
	// clauses begin another part of a sentence, that a negation does not reach.
	clauses = wordSet("after although because but though while")
)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// word is a word of a text, in lower case.
type word struct {
	text string
	at   int
}

// bare is the word without the punctuation around it.
func (w word) bare() string { return strings.Trim(w.text, "()[]\"'“”‘’,:") }

var (
	anyWord      = regexp.MustCompile(`\S+`)
	abbreviation = regexp.MustCompile(`^\W*(([a-z]\.)+|(approx|co|corp|dept|dr|inc|jr|ltd|mr|mrs|ms|st|vs)\.)$`)
)

// ends reports whether a sentence ends with the word.
func (w word) ends() bool {
	s := strings.TrimRight(w.text, ")]\"'”’")
	return s != "" && strings.ContainsRune(".!?;", rune(s[len(s)-1])) && !abbreviation.MatchString(s)
}

// wordsBefore are the last words of a text, those of its last paragraph.
func wordsBefore(text string) []word {
	const most = 300
	from := max(0, len(text)-most)
	from += strings.LastIndex(text[from:], "\n\n") + 1
	var out []word
	for _, at := range anyWord.FindAllStringIndex(text[from:], -1) {
		out = append(out, word{strings.ToLower(text[from+at[0] : from+at[1]]), from + at[0]})
	}
	return out
}

// cutQualifier takes a qualifier from the end of the words, unless it belongs to the
// word before it.
func cutQualifier(words []word) (q incidents.Qualifier, rest []word, ok bool) {
	for n := 3; n > 0; n-- {
		if n > len(words) {
			continue
		}
		rest = words[:len(words)-n]
		phrase := ""
		for _, w := range words[len(words)-n:] {
			phrase += " " + w.text
		}
		phrase = strings.TrimLeft(phrase, " (\"'“‘")
		if q, ok := qualifierWords[phrase]; ok {
			return q, rest, !belongsTo(phrase, rest)
		}
	}
	return "", words, false
}

func belongsTo(phrase string, before []word) bool {
	last := len(before) - 1
	if last < 0 {
		return false
	}
	if phrase == "about" && last > 0 && gathered[before[last].text] {
		last--
	}
	return belongs[phrase][before[last].text]
}

// negated is where a denial stands in the sentence that the words end in, or a
// negation near their end; -1 where none does. Negations farther away belong to
// something else: "neither encrypted nor …, and held the records of over 5,000".
func negated(words []word) int {
	const near = 8
	reached := true
	for i := len(words) - 1; i >= 0 && !words[i].ends(); i-- {
		w := words[i].bare()
		not := negations[w] || strings.HasSuffix(w, "n't") || strings.HasSuffix(w, "n’t")
		if denials[w] || reached && not {
			return words[i].at
		}
		reached = reached && !clauses[w] && len(words)-i < near
	}
	return -1
}
