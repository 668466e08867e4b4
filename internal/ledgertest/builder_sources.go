package ledgertest

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Article is the text of the n-th article that the builder's incidents quote.
// Its sentences differ, and it has characters of every width, a combining
// accent, curly quotation marks, a line break within a sentence and no final one.
func Article(n int) string {
	var out strings.Builder
	for i := range sentences {
		out.WriteString(sentence(n, i))
		out.WriteString("\r\n\t"[i%3 : i%3+1])
	}
	return out.String() + "The end"
}

const sentences = 12

func sentence(n, i int) string {
	return fmt.Sprintf("Cafe\u0301 %d.%d said: “about %d cards”\nwere taken 👩‍💻 — 夜环 did it.", n, i, i*100)
}

// written is a sentence as a person would type it: without the finer points of
// its typography.
func written(s string) string {
	return strings.NewReplacer("“", `"`, "”", `"`, "\n", " ", "—", "-").Replace(s)
}

const articles = 6

func address(n int) string { return fmt.Sprintf("https://news.example/%d", n) }

// sources are up to three of the shared sources: articles with their text, one
// without an address, notices without a text.
func (b *Builder) sources() []incidents.Source {
	var out []incidents.Source
	for _, n := range b.rnd.Perm(articles + 3)[:b.rnd.IntN(4)] {
		s := incidents.Source{Key: fmt.Sprintf("source-%d", n)}
		switch {
		case n == 0:
			s.Text, s.Title = Article(n), "An article without an address"
		case n < articles:
			s.URL, s.Text, s.Title, s.Publisher, s.Language = address(n), Article(n), fmt.Sprintf("Article %d", n), "The Courier", "en"
			s.Published = Date("2015-02")
		default:
			s.URL = address(n)
		}
		out = append(out, s)
	}
	return out
}

// evidence names a source of a document, in one of the ways there are, and
// quotes it when its text is known.
func (b *Builder) evidence(s incidents.Source) incidents.Evidence {
	e := incidents.Evidence{Source: incidents.SourceRef{Key: s.Key}}
	switch {
	case s.ID != uuid.Nil:
		e.Source = incidents.SourceRef{ID: s.ID}
	case b.chance(3):
		e.Source = incidents.SourceRef{Given: s.Key}
	case s.URL != "" && b.chance(3):
		e.Source = incidents.SourceRef{URL: s.URL}
	}
	n := articles
	if _, err := fmt.Sscanf(s.URL, "https://news.example/%d", &n); err != nil && (s.Text != "" || s.HasText) {
		n = 0
	}
	if n < articles && b.chance(2) {
		e.Quote = written(sentence(n, b.rnd.IntN(sentences)))
	}
	return e
}
