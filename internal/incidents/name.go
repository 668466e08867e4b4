package incidents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latinLetters are the Latin letters that Unicode does not decompose, as they
// are written where a keyboard lacks them.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i",
}

// FoldName is the key under which a name is unique: letters and digits only,
// without case and accents, words parted by one space. Names in any script keep
// their letters. Folding a folded name changes nothing.
func FoldName(name string) string {
	var out strings.Builder
	out.Grow(len(name))
	gap := false
	for _, r := range decomposed(name) {
		if r < utf8.RuneSelf {
			gap = foldASCII(&out, byte(r), ' ', gap)
			continue
		}
		// By way of the upper case, so that a letter with two lower-case forms (σ, ς) has one.
		// x/text/cases.Fold is no help: it turns Cherokee capitals small and small ones capital.
		r = unicode.ToLower(unicode.ToUpper(r))
		switch {
		case unicode.Is(unicode.Mn, r) && r < 0x0600, isApostrophe(r), isInvisible(r):
			// accents of European scripts and apostrophes vanish: O'Neil is ONeil
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			if latin, ok := latinLetters[r]; ok {
				out.WriteString(latin)
			} else {
				out.WriteRune(r)
			}
		default:
			gap = true
		}
	}
	return norm.NFC.String(out.String())
}

// foldASCII is the short way for the most frequent characters: letters in lower
// case and digits, with the gap between words before them; it says whether there
// is a gap now.
func foldASCII(out *strings.Builder, c, between byte, gap bool) bool {
	switch {
	case c == '\'':
		return gap
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
	case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
	default:
		return true
	}
	if gap && out.Len() > 0 {
		out.WriteByte(between)
	}
	out.WriteByte(c)
	return false
}

// decomposed is the text with accents and forms taken apart. norm leaves what
// stands behind a broken byte as it is, so those go first.
func decomposed(s string) string {
	return norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd"))
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == 'ʻ'
}

// isInvisible reports whether a character shows nothing: joiners, direction
// marks, soft hyphens, fillers. It must neither tell two names apart nor part words.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// nobody are the folded names that stand for "not known" in real data sets.
var nobody = map[string]bool{
	"": true, "unknown": true, "unknown organization": true, "unknown organisation": true, "unknown company": true,
	"undisclosed": true, "not disclosed": true, "unnamed": true, "none": true, "n a": true, "na": true,
	"null": true, "not available": true, "not applicable": true, "not known": true, "unspecified": true, "tbd": true, "various": true,
	"multiple": true, "multiple victims": true, "other": true, "unk": true, "nil": true, "nobody": true, "somebody": true,
}

// IsNobody reports whether a name says that the actor is not known ("", "n/a",
// "Unknown"). Such a name never becomes an actor.
func IsNobody(name string) bool { return nobody[FoldName(name)] }
