package ledger

import (
	"slices"
	"unicode"
)

// trigrams are the threes of letters that the words of a text have, in lower case,
// behind two blanks and before one: sorted, each once. They are those of pg_trgm,
// which takes ten times as long, as it makes those of both texts for each pair.
type trigrams []uint64

func trigramsOf(text string) trigrams { return overwriteTrigrams(nil, text) }

// overwriteTrigrams puts those of a text in the memory of out.
func overwriteTrigrams(out trigrams, text string) trigrams {
	const letter = 21 // bits, of which three make a trigram
	const outside = uint64(' ')<<letter | ' '
	out = slices.Grow(out[:0], len(text)+8)
	last := outside
	add := func(r rune) {
		last = (last<<letter | uint64(r)) & (1<<(3*letter) - 1)
		out = append(out, last)
	}
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			add(unicode.ToLower(r))
		case last != outside:
			add(' ')
			last = outside
		}
	}
	if last != outside {
		add(' ')
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// similarity is which part of all the trigrams of two texts both have, 0 to 1.
func (t trigrams) similarity(other trigrams) float64 {
	both := 0
	for i, j := 0, 0; i < len(t) && j < len(other); {
		switch {
		case t[i] < other[j]:
			i++
		case t[i] > other[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(t)+len(other)-both)
}

// without are those that names does not have, in the memory of t.
func (t trigrams) without(names trigrams) trigrams {
	out, j := t[:0], 0
	for _, x := range t {
		for j < len(names) && names[j] < x {
			j++
		}
		if j == len(names) || names[j] != x {
			out = append(out, x)
		}
	}
	return out
}
