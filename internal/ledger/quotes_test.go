package ledger_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// quotable is an incident with a count and a source whose text is given.
type quotable struct {
	l                       *ledger.Ledger
	incident, count, source uuid.UUID
}

func newQuotable(t *testing.T, l *ledger.Ledger, title, text string) quotable {
	t.Helper()
	doc := record(t, l, incidents.Incident{
		Title: title, Category: incidents.CategoryOther,
		Sources: []incidents.Source{{Title: "The text of " + title, Text: text}},
		Counts:  []incidents.Count{{Unit: incidents.People, Qualifier: incidents.NotDisclosed}},
	})
	in := parse(t, doc)
	return quotable{l: l, incident: doc.ID, count: in.Counts[0].ID, source: in.Sources[0].ID}
}

const insertQuote = "INSERT INTO evidence (incident_id, id, ordinal, source_id, count_id, quote, quote_start, quote_end) VALUES ($1, gen_random_uuid(), 1, $2, $3, $4, $5, $6)"

func (q quotable) quote(t *testing.T, quote string, start, end int) {
	t.Helper()
	exec(t, q.l, insertQuote, q.incident, q.source, q.count, quote, start, end)
}

func (q quotable) refused(t *testing.T, constraint, quote string, start, end int) string {
	t.Helper()
	return refused(t, q.l, constraint, insertQuote, q.incident, q.source, q.count, quote, start, end)
}

func TestAQuoteStandsInItsText(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for name, test := range map[string]struct{ text, quote string }{
		"plain":            {"As many as 78.8 million records.", "78.8 million"},
		"at the beginning": {"Quoted first.", "Quoted"},
		"at the end":       {"Quoted last", "last"},
		"the whole":        {"All of it", "All of it"},
		"multi-byte":       {"Über 4.100 Kärtchen für 夜环 gestohlen", "für 夜环"},
		"combining":        {"Cafe\u0301 lost e\u0301clairs", "e\u0301clairs"},
		"emoji":            {"👩‍💻🔓 took 🏦 money 💸 home", "🏦 money 💸"},
		"newlines":         {"one\r\ntwo\tthree\n\n", "\r\ntwo\t"},
		"spaces":           {"a  b\u00a0c", "  b\u00a0c"},
		"form feed":        {"page\fpage", "\f"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuotable(t, l, "A quote "+name, test.text)
			before, _, _ := strings.Cut(test.text, test.quote)
			start := utf8.RuneCountInString(before)
			end := start + utf8.RuneCountInString(test.quote)
			q.quote(t, test.quote, start, end)

			size := utf8.RuneCountInString(test.text)
			for _, off := range []int{-1, 1, size, 1 << 30} {
				if start+off < 0 {
					continue
				}
				message := q.refused(t, "evidence_quote_stands", test.quote, start+off, end+off)
				if !strings.Contains(message, q.source.String()) || !strings.Contains(message, "The text of A quote "+name) {
					t.Errorf("the message %q does not name the source", message)
				}
			}
			if bytes := len(before); bytes != start { // positions are not bytes
				q.refused(t, "evidence_quote_stands", test.quote, bytes, bytes+utf8.RuneCountInString(test.quote))
			}
			q.refused(t, "evidence_quote_stands", test.quote+"x", start, end+1)
			q.refused(t, "evidence_quote_stands", strings.ToUpper(test.quote)+"x", start, end+1)
			// The quote's length in code points is its span's.
			for _, span := range [][2]int{{start, end + 1}, {start, end - 1}, {-5, -1}, {end, start}} {
				q.refused(t, "evidence_quote_stands|evidence_quote_spans", test.quote, span[0], span[1])
			}
			q.refused(t, "evidence_quote_stands|evidence_quote_spans", "", start, start)
		})
	}
}

// What looks the same is not the same: a quote is verbatim.
func TestAQuoteIsNotNormalised(t *testing.T) {
	t.Parallel()
	q := newQuotable(t, ledgertest.Open(t), "Composed", "caf\u00e9 and cafe\u0301")
	q.quote(t, "caf\u00e9", 0, 4)
	q.quote(t, "cafe\u0301", 9, 14)
	q.refused(t, "evidence_quote_stands", "cafe\u0301", 0, 5)
	q.refused(t, "evidence_quote_stands", "caf\u00e9", 9, 13)
	q.refused(t, "evidence_quote_stands", "CAF\u00c9", 0, 4)
	// Neither can a stored one be moved.
	refused(t, q.l, "evidence_quote_stands", "UPDATE evidence SET quote_start = quote_start + 1, quote_end = quote_end + 1 WHERE incident_id = $1", q.incident)
}

func TestEvidenceBelongsToOneClaimOfItsIncident(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	q, other := newQuotable(t, l, "One", "One text."), newQuotable(t, l, "Other", "Other text.")
	const cite = "INSERT INTO evidence (incident_id, id, ordinal, source_id, count_id, loss_id) VALUES ($1, gen_random_uuid(), 1, $2, $3, $4)"
	exec(t, l, cite, q.incident, q.source, q.count, nil)
	refused(t, l, "evidence_of_one_claim", cite, q.incident, q.source, nil, nil)
	refused(t, l, "evidence_of_one_claim", cite, q.incident, q.source, q.count, uuid.New())
	refused(t, l, "evidence_count_fkey", cite, q.incident, q.source, other.count, nil)
	refused(t, l, "evidence_count_fkey", cite, q.incident, q.source, uuid.New(), nil)
	refused(t, l, "evidence_loss_fkey", cite, q.incident, q.source, nil, q.count)
	refused(t, l, "evidence_source_fkey", cite, q.incident, other.source, q.count, nil)
	refused(t, l, "evidence_source_fkey", cite, q.incident, uuid.New(), q.count, nil)
	// A quote has a position and a position a quote.
	const partly = "INSERT INTO evidence (incident_id, id, ordinal, source_id, count_id, quote, quote_start, quote_end) VALUES ($1, gen_random_uuid(), 1, $2, $3, $4, $5, $6)"
	refused(t, l, "evidence_quote_placed", partly, q.incident, q.source, q.count, nil, 0, 3)
	refused(t, l, "evidence_quote_stands", partly, q.incident, q.source, q.count, "One", nil, nil)
	refused(t, l, "evidence_source_fkey", "DELETE FROM incident_sources WHERE incident_id = $1", q.incident)
}

// A text is replaced only by one in which what is quoted stands at its place.
func TestAStoredTextDoesNotChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	q := newQuotable(t, l, "Fixed", "A text that is fixed.")
	const set = "UPDATE sources SET text = $2::text, text_sha256 = sha256(convert_to($2::text, 'UTF8')) WHERE id = $1"
	edit(t, l, q.incident.String(), func(in *incidents.Incident) {
		in.Counts[0].Evidence = []incidents.Evidence{{Source: incidents.SourceRef{ID: q.source}, Quote: "text that is"}}
	})
	message := refused(t, l, "evidence_quote_stands", set, q.source, "Another text that is fixed.")
	if !strings.Contains(message, q.source.String()) {
		t.Errorf("the message %q does not name the source", message)
	}
	refused(t, l, "sources_text_fixed", set, q.source, nil)
	exec(t, l, set, q.source, "A text that is fixed.")
	refused(t, l, "sources_text_hashed", "INSERT INTO sources (id, text) VALUES (gen_random_uuid(), 'no hash')")
	refused(t, l, "sources_text_hashed", "INSERT INTO sources (id, text, text_sha256) VALUES (gen_random_uuid(), 'a text', sha256('another text'))")
	refused(t, l, "sources_named", "INSERT INTO sources (id, publisher) VALUES (gen_random_uuid(), 'Nobody knows what')")
	refused(t, l, "sources_url_form", "INSERT INTO sources (id, url) VALUES (gen_random_uuid(), 'ftp://example.com')")
	// A source without a text may get one, once.
	bare := ask[uuid.UUID](t, l, "INSERT INTO sources (id, url) VALUES (gen_random_uuid(), 'https://example.com/late') RETURNING id")
	exec(t, l, set, bare, "Found later.")
	exec(t, l, set, bare, "Found later, and changed.")
	refused(t, l, "sources_text_fixed", set, bare, nil)
}

const redact = "UPDATE sources SET text = NULL, redacted_at = now() WHERE id = $1"

func TestRedactionTakesTheTextAndKeepsTheQuotes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	q := newQuotable(t, l, "Redacted", "A text of somebody else's. It said a thing. It said more.")
	edit(t, l, q.incident.String(), func(in *incidents.Incident) {
		in.Counts[0].Evidence = []incidents.Evidence{{Source: incidents.SourceRef{ID: q.source}, Quote: "It said a thing."}}
	})
	refused(t, l, "sources_redacted_without_text", "UPDATE sources SET redacted_at = now() WHERE id = $1", q.source)
	exec(t, l, redact, q.source)
	refused(t, l, "sources_text_fixed", "UPDATE sources SET text = 'A text', text_sha256 = sha256('A text') WHERE id = $1", q.source)
	refused(t, l, "sources_text_fixed", "UPDATE sources SET redacted_at = NULL WHERE id = $1", q.source)

	quoting := func(quote string, start *int) error {
		_, err := l.Edit(t.Context(), editing, q.incident.String(), "", func(in *incidents.Incident) error {
			in.Title += "."
			in.Counts[0].Evidence = []incidents.Evidence{{Source: incidents.SourceRef{ID: q.source}, Quote: quote, Start: start}}
			return nil
		})
		return err
	}
	// An edit that keeps the quote works, also one that says only the words.
	if doc := sameAsRows(t, l, edit(t, l, q.incident.String(), func(in *incidents.Incident) { in.Title += "!" }).Slug); !strings.Contains(string(doc.JSON), "It said a thing.") {
		t.Errorf("the quote is gone: %s", doc.JSON)
	}
	if err := quoting("It said a thing.", nil); err != nil {
		t.Error(err)
	}
	wantProblem(t, quoting("It said more.", nil), "/counts/0/evidence/0/quote: the text of the source was taken away")
	wantProblem(t, quoting("It said a thing.", new(3)), "/counts/0/evidence/0/quote: the text of the source was taken away")
	wantProblem(t, quoting("A thing that it never said.", new(1<<40)), "/counts/0/evidence/0/quote: the text of the source was taken away")
	q.refused(t, "evidence_quote_stands", "It said more.", 44, 57)
	q.quote(t, "It said a thing.", 27, 43)

	// A quote that was dropped in the meantime may come back.
	edit(t, l, q.incident.String(), func(in *incidents.Incident) { in.Counts[0].Evidence = nil })
	if err := quoting("It said a thing.", nil); err != nil {
		t.Error(err)
	}
	// The text does not come back with a document.
	_, err := l.Record(t.Context(), recording, incidents.Incident{
		Title: "Again", Category: incidents.CategoryOther, Sources: []incidents.Source{{Text: "A text of somebody else's. It said a thing. It said more."}},
	})
	wantProblem(t, err, "/sources/0/text: the text of this source was taken away")
	page, err := l.Source(t.Context(), editor, q.source)
	if err != nil || !page.Redacted || page.Text != "" || page.HasText || len(page.Quotes) != 1 {
		t.Errorf("the source is %+v, %v", page, err)
	}
}

// TestAQuoteOfNoneOfSeveralSources: it is in none that is named, and is not looked for
// in the first.
func TestAQuoteOfNoneOfSeveralSources(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := quoting(incidents.Source{Text: "Ten cards."}, "Nine cards.")
	in.Sources = append(in.Sources, incidents.Source{Text: "Nine cards."})
	_, err := l.Record(t.Context(), recording, in)
	wantProblem(t, err, "/counts/0/evidence/0/source: is required, as the incident has 2 sources")
	if strings.Contains(err.Error(), "not in the text") {
		t.Errorf("the quote was looked for: %v", err)
	}
}
