// Package trigram tells how much two texts are alike, as pg_trgm does.
package trigram

import (
	"slices"
	"unicode"
)

// Set are the threes of letters that the words of a text have, in lower case,
// behind two blanks and before one: sorted, each once. They are those of pg_trgm,
// which takes ten times as long, as it makes those of both texts for each pair.
type Set []uint64

// Of are those of a text.
func Of(text string) Set { return Set(nil).Overwritten(text) }

// Overwritten are those of a text, in the memory of t.
func (t Set) Overwritten(text string) Set {
	const letter = 21 // bits, of which three make a trigram
	const outside = uint64(' ')<<letter | ' '
	out := slices.Grow(t[:0], len(text)+8)
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

// Similarity is which part of all the trigrams of two texts both have, 0 to 1.
func (t Set) Similarity(other Set) float64 {
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

// Without are those that names does not have, in the memory of t.
func (t Set) Without(names Set) Set {
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
