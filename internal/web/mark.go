package web

import (
	"fmt"
	"slices"
	"strings"
)

// paragraph is a line of a text in pieces.
type paragraph struct{ Pieces []piece }

// piece is a stretch of text to which the same quotes apply.
type piece struct {
	Text string
	// Opens are the anchors of the passages that begin here, Closes the numbers
	// of those that end here.
	Opens  []string
	Closes []note
	Marked bool
	Deep   bool // more than one passage
	Here   bool // belongs to the passage that was asked for
}

// mark cuts a text into pieces at every beginning and end of a passage, so that
// passages that overlap are all shown. Positions are code points.
func mark(text string, of []note, at string) []paragraph {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	for _, n := range of {
		if n.Start >= 0 && n.End <= len(runes) && n.Start < n.End {
			cuts = append(cuts, n.Start, n.End)
		}
	}
	for i, r := range runes {
		if r == '\n' {
			cuts = append(cuts, i, i+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	paragraphs := []paragraph{{}}
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		p := newPiece(string(runes[from:to]), from, to, of, at)
		if strings.TrimSpace(p.Text) == "" && p.Text == "\n" {
			if len(p.Closes) > 0 || len(p.Opens) > 0 {
				p.Text = ""
				last := &paragraphs[len(paragraphs)-1]
				last.Pieces = append(last.Pieces, p)
			}
			paragraphs = append(paragraphs, paragraph{})
			continue
		}
		last := &paragraphs[len(paragraphs)-1]
		last.Pieces = append(last.Pieces, p)
	}
	return slices.DeleteFunc(paragraphs, func(p paragraph) bool { return len(p.Pieces) == 0 })
}

func newPiece(text string, from, to int, of []note, at string) piece {
	p := piece{Text: text}
	over := 0
	for _, n := range of {
		if n.Start <= from && to <= n.End {
			over++
			p.Here = p.Here || at == fmt.Sprintf("%d-%d", n.Start, n.End)
			if n.Start == from {
				p.Opens = append(p.Opens, n.Anchor())
			}
			if n.End == to {
				p.Closes = append(p.Closes, n)
			}
		}
	}
	p.Marked, p.Deep = over > 0, over > 1
	return p
}
