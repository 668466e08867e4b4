package ledger

import (
	"maps"
	"strings"
	"sync"
)

// slugBook holds the slugs of batches that are not stored yet, so that no two batches
// under way at once take the same one; and how far the numbers of a slug are taken, so
// that not every batch has to ask from the first number on.
type slugBook struct {
	mu      sync.Mutex
	taken   map[string]int
	numbers map[string]int
	imports int // open ones
}

func (s *slugBook) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.imports++
}

// close forgets the numbers with the last import.
func (s *slugBook) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.imports--; s.imports == 0 {
		s.numbers = nil
	}
}

func (s *slugBook) reserved() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.taken)
}

func (s *slugBook) reserve(slugs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == nil {
		s.taken = map[string]int{}
	}
	for _, slug := range slugs {
		s.taken[slug]++
	}
}

func (s *slugBook) release(slugs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, slug := range slugs {
		if s.taken[slug]--; s.taken[slug] <= 0 {
			delete(s.taken, slug)
		}
	}
}

// from is the first number of a slug that may be free. A nil book knows of none taken.
func (s *slugBook) from(slug string) int {
	if s == nil {
		return firstNumber
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.numbers[slug], firstNumber)
}

// maxNumbers bounds what is remembered.
const maxNumbers = 100_000

// learn remembers the first number of a slug that may be free, going by what is
// committed. A draft's slug may become free again; its number then stays unused.
func (s *slugBook) learn(slug string, from int) {
	if s == nil || from == firstNumber {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers == nil || len(s.numbers) >= maxNumbers {
		s.numbers = map[string]int{}
	}
	s.numbers[strings.Clone(slug)] = max(s.numbers[slug], from) // the slug may share memory with a whole document
}
