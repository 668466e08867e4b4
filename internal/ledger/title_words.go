package ledger

import (
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
)

// telling asks for the titles that share words with this one: two of the three
// rarest of its words, or the one that is rare. It is a tsquery, "" when no word
// of the title is rare.
func (w *titleWords) telling(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	w.mu.RLock()
	words = slices.DeleteFunc(words, func(word string) bool { return len(word) < 3 || w.parts[word] >= frequentFrom })
	slices.SortStableFunc(words, func(a, b string) int {
		switch pa, pb := w.parts[a], w.parts[b]; {
		case pa < pb:
			return -1
		case pa > pb:
			return 1
		default:
			return len(b) - len(a)
		}
	})
	w.mu.RUnlock()
	words = firstOf(words, tellingMost)
	switch len(words) {
	case 0, 1:
		return strings.Join(words, "")
	case 2:
		return words[0] + " & " + words[1]
	default:
		a, b, c := words[0], words[1], words[2]
		return fmt.Sprintf("%s & (%s | %s) | %s & %s", a, b, c, b, c)
	}
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
		if row.Part >= frequentFrom {
			parts[row.Word] = row.Part
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts, w.readAt = parts, now
	return nil
}
