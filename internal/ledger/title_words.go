package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// titleWords knows which words are too frequent in titles to tell incidents
// apart. What it knows is PostgreSQL's own sample of them.
type titleWords struct {
	mu     sync.RWMutex
	parts  map[string]float32
	readAt time.Time
}

const (
	wordsFreshFor = 5 * time.Minute
	// frequentFrom is the part of all titles from which on a word is frequent.
	// Words below it are so rare that those which two of them share are few.
	frequentFrom = 0.002
	tellingMost  = 3
	// beginningsMost is how many words of a title are looked for by their
	// beginnings, which are so many letters.
	beginningsMost = 6
	beginning      = 4
)

// telling asks for the titles that share words with this one: two of the three
// rarest of its words, or the one that is rare. It is a tsquery, "" when no word
// of the title is rare.
func (w *titleWords) telling(title string) string {
	return anyTwo(w.rare(title, tellingMost))
}

// beginnings asks for the titles of which two words begin like rare ones of this
// one, as misspelt words do. It is a tsquery as that of telling.
func (w *titleWords) beginnings(title string) string {
	words := w.rare(title, beginningsMost)
	w.mu.RLock()
	defer w.mu.RUnlock()
	for i, word := range words {
		letters := []rune(word)
		if len(letters) <= beginning {
			continue
		}
		if begins := string(letters[:beginning]); !w.frequent(begins) {
			words[i] = begins + ":*"
		}
	}
	return anyTwo(firstOf(words, beginningsMost))
}

// frequent reports whether a frequent word begins so.
func (w *titleWords) frequent(begins string) bool {
	for word, part := range w.parts {
		if part >= frequentFrom && strings.HasPrefix(word, begins) {
			return true
		}
	}
	return false
}

// rare are so many words of a title that are not frequent, the rarest first.
func (w *titleWords) rare(title string, most int) []string {
	words := wordsOf(title)
	w.mu.RLock()
	defer w.mu.RUnlock()
	words = slices.DeleteFunc(words, func(word string) bool { return len(word) < 3 || w.parts[word] >= frequentFrom })
	slices.SortStableFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(w.parts[a], w.parts[b]), len(b)-len(a))
	})
	return firstOf(words, most)
}

// wordsOf are the words of a title, in lower case.
func wordsOf(title string) []string {
	return strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// anyTwo is the tsquery for two of the words; of one for that.
func anyTwo(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	var pairs []string
	for i := range words[:max(0, len(words)-1)] {
		rest := strings.Join(words[i+1:], " | ")
		pairs = append(pairs, words[i]+" & ("+rest+")")
	}
	return strings.Join(pairs, " | ")
}

// firstOf are the first n words, each once.
func firstOf(words []string, n int) []string {
	var out []string
	for _, word := range words {
		if len(out) < n && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// refresh reads anew what PostgreSQL knows, when it is time. Without it the
// words of before serve on.
func (w *titleWords) refresh(ctx context.Context, q *dbsqlc.Queries, db dbsqlc.DBTX, now time.Time) error {
	w.mu.RLock()
	fresh := now.Sub(w.readAt) < wordsFreshFor
	w.mu.RUnlock()
	if fresh {
		return nil
	}
	rows, err := q.TitleWordParts(ctx, db)
	if err != nil {
		return fmt.Errorf("read the frequencies of titles' words: %w", err)
	}
	parts := make(map[string]float32, len(rows))
	for _, row := range rows {
		parts[row.Word] = row.Part
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts, w.readAt = parts, now
	return nil
}
