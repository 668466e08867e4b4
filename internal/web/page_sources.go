package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// sourcesPage is the list of sources.
type sourcesPage struct {
	Frame
	URL   string
	Items []ledger.SourceItem
	Next  string
}

func (s *Web) sourcesPage(v *visit) (answer, error) {
	address := strings.TrimSpace(v.query.Get("url"))
	items, next, err := s.ledger.Sources(v.ctx(), v.by, address, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	if !s.seesTexts(v.by) {
		for i := range items {
			items[i].Opening = ""
		}
	}
	p := &sourcesPage{Frame: Frame{Title: "Sources", Nav: "sources"}, URL: address, Items: items}
	if next != "" {
		p.Next = "/sources" + encode(url.Values{"url": {address}, "cursor": {next}})
		if address == "" {
			p.Next = "/sources" + encode(url.Values{"cursor": {next}})
		}
	}
	return show("sources", p), nil
}

// sourcePage is an article with every quoted passage marked.
type sourcePage struct {
	Frame
	Source     ledger.SourcePage
	Name       string
	Closed     bool // the text is held, and not shown to this visitor
	Paragraphs []paragraph
	Notes      []note
	Next       string // the page of its next incidents
}

// note is a passage with the claims that rest on it.
type note struct {
	Number     int
	Start, End int
	Quote      string
	Claims     []noteClaim
}

// noteClaim is a claim in a few words.
type noteClaim struct{ Kind, Words, Href, Incident string }

// Anchor is where the passage begins in the text.
func (n note) Anchor() string { return fmt.Sprintf("q-%d-%d", n.Start, n.End) }

func (s *Web) sourcePage(v *visit) (answer, error) {
	id, err := uuid.Parse(v.PathValue("id"))
	if err != nil {
		return answer{}, &badRequestError{status: http.StatusNotFound, detail: "This is not the id of a source."}
	}
	source, err := s.ledger.SourcePage(v.ctx(), v.by, id, ledger.Page{Limit: sourceIncidents, Cursor: v.query.Get("cursor")})
	if err != nil {
		return answer{}, err
	}
	at := v.query.Get("at")
	if err := s.passageAskedFor(v, &source, at); err != nil {
		return answer{}, err
	}
	words, err := s.claimWords(v, source.Incidents)
	if err != nil {
		return answer{}, err
	}
	p := &sourcePage{Source: source, Name: sourceName(source.Title, source.Publisher, source.URL), Notes: notes(source.Quotes, words)}
	p.Frame = Frame{Title: p.Name, Nav: "sources", Description: source.NoIncidentReason}
	if p.Closed = source.HasText && !s.seesTexts(v.by); !p.Closed {
		p.Paragraphs = mark(source.Text, p.Notes, at)
	}
	if next := orNone(source.NextCursor); next != "" {
		p.Next = "/sources/" + source.ID.String() + encode(url.Values{"cursor": {next}})
	}
	return show("source", p), nil
}

// sourceIncidents is how many incidents a source's page reads and shows.
const sourceIncidents = 50

// passageAskedFor adds the quotes of the passage that a link of an incident leads to,
// where only incidents of other pages quote it.
func (s *Web) passageAskedFor(v *visit, source *ledger.SourcePage, at string) error {
	var start, end int32
	there := func(q ledger.SourceQuote) bool { return q.Start == int(start) && q.End == int(end) }
	if n, _ := fmt.Sscanf(at, "%d-%d", &start, &end); n < 2 || slices.ContainsFunc(source.Quotes, there) {
		return nil
	}
	more, err := s.ledger.SourceQuotesAt(v.ctx(), v.by, source.ID, int(start), int(end))
	source.Quotes = append(source.Quotes, more...)
	return err
}

// claimWords are the claims of a source's incidents in words, by id.
func (s *Web) claimWords(v *visit, of []ledger.SourceIncident) (map[uuid.UUID]noteClaim, error) {
	out := map[uuid.UUID]noteClaim{}
	for _, one := range of {
		doc, err := s.ledger.Incident(v.ctx(), v.by, one.Slug)
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		in, err := readDocument(doc.JSON)
		if err != nil {
			return nil, err
		}
		put := func(c incidents.Claim, kind, words string) {
			out[c.ID] = noteClaim{Kind: kind, Words: words, Href: "/incidents/" + in.Slug + "#claim-" + c.ID.String(), Incident: in.Title}
		}
		for _, c := range in.Counts {
			put(c.Claim, "Count", countWords(&in, c))
		}
		for _, l := range in.Losses {
			put(l.Claim, "Loss", lossWords(l))
		}
		for _, a := range in.Attributions {
			put(a.Claim, "Attribution", accusationWords(&in, a))
		}
		for _, r := range in.Responses {
			put(r.Claim, "Response", responseWords(r))
		}
	}
	return out, nil
}

// notes gathers the quotes of one passage, in the order of the text.
func notes(quotes []ledger.SourceQuote, words map[uuid.UUID]noteClaim) []note {
	var out []note
	for _, q := range quotes {
		at := slices.IndexFunc(out, func(n note) bool { return n.Start == q.Start && n.End == q.End })
		if at < 0 {
			at = len(out)
			out = append(out, note{Start: q.Start, End: q.End, Quote: q.Quote})
		}
		c, ok := words[q.ClaimID]
		if !ok {
			c = noteClaim{Kind: sentence(q.Claim), Words: q.Incident, Href: "/incidents/" + q.Incident + "#claim-" + q.ClaimID.String()}
		}
		out[at].Claims = append(out[at].Claims, c)
	}
	slices.SortStableFunc(out, func(a, b note) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	for i := range out {
		out[i].Number = i + 1
	}
	return out
}
