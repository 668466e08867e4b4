package benchdata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// title puts in the title, the summary and the slug.
func (m *maker) title() {
	name := m.breached.Name
	words := strings.TrimSuffix(m.sentence(2+m.IntN(4)), ".")
	m.in.Title = fmt.Sprintf("%s: %s", name, strings.ToLower(words))
	m.in.Slug = incidents.Slugify(m.in.Title) + "-" + strconv.FormatInt(int64(m.i), 36)
	var summary strings.Builder
	for range 1 + m.IntN(3) {
		summary.WriteString(m.sentence(6 + m.IntN(9)))
		summary.WriteByte(' ')
	}
	for _, word := range common {
		if m.chance(14) {
			fmt.Fprintf(&summary, "It concerned %s. ", word)
		}
	}
	fmt.Fprintf(&summary, "Filed under %s.", RareWord(m.IntN(m.set.RareWords())))
	m.in.Summary = summary.String()
}

// source begins the one source, which 95 of 100 incidents have. Of most the
// text is held, and claims quote it.
func (m *maker) source() {
	if !m.chance(95) {
		return
	}
	s := incidents.Source{
		ID: m.newID(), Title: m.in.Title, Publisher: m.media.Name, Published: m.in.Disclosed, Language: "en",
		URL:     fmt.Sprintf("https://%s.example/%d/%s", m.media.Slug, m.in.CreatedAt.Year(), m.in.Slug),
		HasText: m.chance(85) && !m.set.terse,
	}
	if m.chance(40) {
		s.Author = "J. " + strings.TrimSuffix(m.sentence(1), ".")
	}
	m.in.Sources = append(m.in.Sources, s)
	if s.HasText {
		m.text.add(m.sentence(8 + m.IntN(10)))
		if m.chance(20) {
			m.text.aside()
		}
	}
}

// finishSource ends the text that the claims have added to.
func (m *maker) finishSource() {
	if len(m.in.Sources) == 0 || !m.in.Sources[0].HasText {
		return
	}
	for range 1 + m.zipf(14, 2) {
		m.text.add(m.sentence(8 + m.IntN(10)))
	}
	m.in.Sources[0].Text = m.text.String()
}

// claim is a claim with evidence: the sentence is in the text of the source.
func (m *maker) claim(sentence string) incidents.Claim {
	c := incidents.Claim{ID: m.newID(), Evidence: []incidents.Evidence{}}
	if len(m.in.Sources) == 0 || !m.chance(94) {
		return c
	}
	e := incidents.Evidence{Source: m.in.Sources[0].Ref()}
	if m.in.Sources[0].HasText {
		start, end := m.text.add(sentence)
		e.Quote, e.Start, e.End = sentence, &start, &end
	}
	c.Evidence = append(c.Evidence, e)
	return c
}
