package web

import (
	"slices"
	"strings"
)

// stretch is a part of a text; Same is in both texts, the rest only in its own.
type stretch struct {
	Text string
	Same bool
}

// mostWords bounds the texts that are compared word by word: the time grows with
// both lengths.
const mostWords = 600

// byWords says in which words two texts differ. Texts that have little in common
// are each one stretch: word by word they would be a puzzle.
func byWords(before, after string) (was, is []stretch) {
	a, b := splitWords(before), splitWords(after)
	if before == "" || after == "" || len(a) > mostWords || len(b) > mostWords {
		return undivided(before), undivided(after)
	}
	begin, end := sameEnds(a, b)
	words := min(len(a), len(b))
	beginning, ending := strings.Join(a[:begin], ""), strings.Join(a[len(a)-end:], "")
	a, b = a[begin:len(a)-end], b[begin:len(b)-end]
	// common[i][j] is how many words a[i:] and b[j:] have in common, in order.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	if 2*(begin+common[0][0]+end) < words {
		return undivided(before), undivided(after)
	}
	was, is = undivided(beginning), undivided(beginning)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			was, is = extend(was, a[i], true), extend(is, b[j], true)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			was = extend(was, a[i], false)
			i++
		default:
			is = extend(is, b[j], false)
			j++
		}
	}
	if ending != "" {
		was, is = extend(was, ending, true), extend(is, ending, true)
	}
	return was, is
}

// sameEnds is how many words two texts begin with alike, and end with: most edits
// change a few in between, and only these are compared in every order.
func sameEnds(a, b []string) (begin, end int) {
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	for end < min(len(a), len(b))-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return begin, end
}

func undivided(text string) []stretch {
	if text == "" {
		return nil
	}
	return []stretch{{Text: text, Same: true}}
}

func extend(to []stretch, word string, same bool) []stretch {
	if n := len(to); n > 0 && to[n-1].Same == same {
		to[n-1].Text += word
		return to
	}
	return append(to, stretch{word, same})
}

// splitWords cuts a text behind each space.
func splitWords(text string) []string { return strings.SplitAfter(text, " ") }
