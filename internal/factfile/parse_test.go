package factfile

import (
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/article"
)

var update = flag.Bool("update", false, "rewrite the goldens")

const text = `Acme Pay loses cards
Acme Pay said that about 4,100 cards were skimmed. A hacker group, Void, took $2,000.
“We are sorry,” Acme’s chief, Ann Lee, said. Void denied it. Void denied it.
`

const facts = `source:
  title: Acme Pay loses cards
incidents:
  - slug: acme-pay-skimming
    title: Card skimming at Acme Pay
    category: data_breach
    participants:
      - actor: acme-pay
        role: victim
    counts:
      - unit: cards
        qualifier: about
        quantity: 4100
        claimed_by: Acme Pay Inc.
        evidence:
          - quote: about 4,100 cards were skimmed
    attributions:
      - key: void
        accused: void
        basis: media_attributes
        evidence:
          - quote: A hacker group, Void, took $2,000.
    responses:
      - actor: acme-pay
        kind: apology
        spoken_by: Ann Lee
        evidence:
          - quote: '"We are sorry,"'
      - actor: void
        kind: denial
        answers: void
        evidence:
          - quote: Void denied it.
            occurrence: 2
actors:
  - slug: acme-pay
    name: Acme Pay
    kind: company
    sector: payment_processor
    aliases: [Acme Pay Inc.]
  - slug: void
    name: Void
    kind: group
`

func acme(t *testing.T) article.Article {
	t.Helper()
	a, err := article.Read("articles/acme.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestParse(t *testing.T) {
	t.Parallel()
	f, problems := Parse("facts/acme.yaml", []byte(facts), acme(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := f.Incidents[0]
	if got := in.Counts[0].ClaimedBy; got.Slug != "acme-pay" || got.Name != "Acme Pay" || got.Sector != "payment_processor" {
		t.Errorf("claimed by %+v: an alias is the actor", got)
	}
	if !in.Counts[0].Headline || in.Certainty != "confirmed" || in.Responses[0].Status != "stated" {
		t.Errorf("not completed: %+v", in)
	}
	apology, denial := in.Responses[0].Evidence[0], in.Responses[1].Evidence[0]
	if apology.Quote != "“We are sorry,”" || apology.Source.Key != SourceKey {
		t.Errorf("the apology: %+v", apology)
	}
	if second := strings.LastIndex(text, "Void"); len([]rune(text[:second])) != *denial.Start || denial.Occurrence != 0 {
		t.Errorf("the denial: start %d, occurrence %d", *denial.Start, denial.Occurrence)
	}
	if len(in.Sources) != 1 || in.Sources[0].Text != text || in.Sources[0].Key != SourceKey || f.Source.Title != "Acme Pay loses cards" {
		t.Errorf("the source: %+v", in.Sources)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, old, with, want string }{
		{"no YAML", "source:", "source: [", "facts/acme.yaml:3:1: "},
		{"a key twice", "  title: Acme Pay loses cards", "  title: a\n  title: b", "facts/acme.yaml:3:3: /source/title: the key stands twice in its object"},
		{"no list", "incidents:\n", "incidents: none\nmore:\n", "facts/acme.yaml:3:12: /incidents: must be a list"},
		{"an unknown field", "    category: data_breach", "    categorie: data_breach", "facts/acme.yaml:6:16: /incidents/0/categorie: is not a known field (allowed: slug, title, "},
		{"a field of the ledger", "    category:", "    version: 3\n    category:", "facts/acme.yaml:6:14: /incidents/0/version: must be left out"},
		{"a wrong type", "quantity: 4100", "quantity: 4_100", "facts/acme.yaml:13:19: /incidents/0/counts/0/quantity: must be a whole number"},
		{"an unknown value", "unit: cards", "unit: card", `facts/acme.yaml:11:15: /incidents/0/counts/0/unit: "card" is not a known unit (allowed: people, `},
		{"no slug", "  - slug: acme-pay-skimming\n    title", "  - title", "facts/acme.yaml:4:5: /incidents/0/slug: is required"},
		{"a quote of another text", "about 4,100 cards", "about 4,200 cards", `/counts/0/evidence/0/quote: the quote is not in the text. Its end "00 cards were skimmed"`},
		{"a quote at two places", "            occurrence: 2\n", "", "/responses/1/evidence/0/quote: the quote stands in the text 2 times; say which by occurrence: (1) line 3, start"},
		{"no such occurrence", "occurrence: 2", "occurrence: 3", "there is no occurrence 3"},
		{"a negative occurrence", "occurrence: 2", "occurrence: -1", "/occurrence: "},
		{"no quote", "- quote: about 4,100 cards were skimmed", "- {}", "/evidence/0/quote: is required"},
		{"no evidence", "        evidence:\n          - quote: about 4,100 cards were skimmed\n", "", "facts/acme.yaml:11:9: /incidents/0/counts/0/evidence: is required"},
		{"a named source", "          - quote: about", "          - source: article\n            quote: about", "facts/acme.yaml:16:21: /incidents/0/counts/0/evidence/0/source: must be left out"},
		{"a position", "            occurrence: 2", "            start: 5\n            end: 9\n            occurrence: 2", "/evidence/0/start: must be left out"},
		{"sources", "    category:", "    sources: [{url: 'https://example.com'}]\n    category:", "facts/acme.yaml:6:14: /incidents/0/sources: must be left out"},
		{"a claim's id", "      - unit: cards", "      - id: 018f4b2e-0000-7000-8000-000000000001\n        unit: cards", "/counts/0/id: must be left out"},
		{"a comma within braces", "- quote: about 4,100 cards were skimmed", "- {quote: about 4,100 cards were skimmed}", "facts/acme.yaml:16:30: /incidents/0/counts/0/evidence/0/100 cards were skimmed: is not a known field: within braces a comma ends a value, so put a text or figure that has one in quotes (allowed: quote, occurrence)"},
		{"a comma in a name", "aliases: [Acme Pay Inc.]", "aliases: [Acme Pay Inc., AP, Inc.]", `/actors/0/aliases/2: "Inc." alone is nobody's name: within brackets a comma ends a value, so put a name that has one in quotes`},
		{"an unknown actor", "accused: void", "accused: vold", `facts/acme.yaml:19:18: /incidents/0/attributions/0/accused: "vold" is neither the slug nor a name of an actor that stands under actors (allowed: acme-pay, void)`},
		{"an actor in place", "accused: void", "accused: {name: Void}", "/accused: must be the slug or a name of an actor that stands under actors"},
		{"an actor nobody names", "  - slug: void\n", "  - slug: other\n    name: Other Inc\n  - slug: void\n", "/actors/1: is named by no incident of the file"},
		{"an actor without slug", "  - slug: void\n    name: Void", "  - name: Void", "/actors/1/slug: is required"},
		{"a slug of two actors", "- slug: void", "- slug: acme-pay", "/actors/1/slug: is the slug of /actors/0 already"},
		{"a name of two actors", "    name: Void", "    name: ACME pay inc", `/actors/1/name: the name "ACME pay inc" belongs to /actors/0 (acme-pay) already`},
		{"a name that is another's slug", "    name: Void", "    name: Void\n    aliases: [Acme-Pay]", `/actors/1/aliases/0: the name "Acme-Pay" belongs to /actors/0`},
		{"a name twice", "aliases: [Acme Pay Inc.]", "aliases: [Acme Pay Inc., acme pay]", `/actors/0/aliases/1: the name "acme pay" is listed twice`},
		{"one actor in a role twice", "    counts:", "      - actor: Acme Pay\n        role: victim\n    counts:", "/incidents/0/participants/1: the same actor is listed twice in the role victim"},
		{"a bad address", "source:", "source:\n  url: example.com", "facts/acme.yaml:2:8: /source/url: must be an http or https address"},
		{"a reason beside incidents", "incidents:", "no_incident_reason: none\nincidents:", "facts/acme.yaml:3:21: /no_incident_reason: must be left out where there are incidents"},
		{"a date of nowhere", "  title: Acme", "  published: yesterday\n  title: Acme", "facts/acme.yaml:2:14: /source/published: must be a date such as"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(facts, tc.old) {
				t.Fatalf("the facts have no %q", tc.old)
			}
			_, problems := Parse("facts/acme.yaml", []byte(strings.Replace(facts, tc.old, tc.with, 1)), acme(t))
			if !strings.Contains(problems.Error(), tc.want) {
				t.Errorf("got\n%s\nwant\n%s", problems.Error(), tc.want)
			}
		})
	}
}

func TestParseNeedsIncidentsOrAReason(t *testing.T) {
	t.Parallel()
	_, problems := Parse("f.yaml", []byte("source: {title: T}\n"), acme(t))
	if got, want := problems.Error(), "f.yaml:1:1: /incidents: is required: the incidents of the article, or else no_incident_reason"; got != want {
		t.Errorf("got %s", got)
	}
	f, problems := Parse("f.yaml", []byte("no_incident_reason: Business news.\n"), acme(t))
	if len(problems) > 0 || f.Source.NoIncidentReason != "Business news." || f.Source.Text != text {
		t.Errorf("got %+v, %v", f.Source, problems)
	}
}

// A bad file is refused with everything that is wrong with it, in the order of
// its lines, so that it is put right in one go.
func TestParseReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	bad := `source:
  titel: Acme Pay loses cards
incidents:
  - slug: acme-pay-skimming
    title: Card skimming at Acme Pay
    category: skimming
    counts:
      - unit: cards
        qualifier: about
        quantity: 4100
        headline: true
        evidence:
          - quote: about 4,100 cards were skimmed
      - unit: records
        quantity: many
        headline: true
        evidence:
          - quote: nowhere to be found
    responses:
      - actor: nobody-known
        kind: apology
        evidence:
          - quote: Void denied it.
actors:
  - slug: acme-pay
    name: Acme Pay
  - slug: void
    name: acme pay
`
	_, problems := Parse("facts/bad.yaml", []byte(bad), acme(t))
	want := []string{
		`facts/bad.yaml:2:10: /source/titel: is not a known field (allowed: title, publisher, author, published, language, url)`,
		`facts/bad.yaml:6:15: /incidents/0/category: "skimming" is not a known category (allowed: data_breach, account_takeover, theft_of_funds, payment_fraud, extortion, service_attack, other)`,
		`facts/bad.yaml:15:19: /incidents/0/counts/1/quantity: must be a whole number`,
		`facts/bad.yaml:16:19: /incidents/0/counts/1/headline: only one count can be the headline; /counts/0 is it already`,
		`facts/bad.yaml:18:20: /incidents/0/counts/1/evidence/0/quote: the quote is not in the text, nor is its beginning`,
		`facts/bad.yaml:20:16: /incidents/0/responses/0/actor: "nobody-known" is neither the slug nor a name of an actor that stands under actors (allowed: acme-pay, void)`,
		`facts/bad.yaml:23:20: /incidents/0/responses/0/evidence/0/quote: the quote stands in the text 2 times; say which by occurrence: (1) line 3, start 152: …'s chief, Ann Lee, said. [Void denied it.] Void denied it. … (2) line 3, start 168: …e, said. Void denied it. [Void denied it.] …`,
		`facts/bad.yaml:28:11: /actors/1/name: the name "acme pay" belongs to /actors/0 (acme-pay) already`,
	}
	if diff := cmp.Diff(want, strings.Split(problems.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

// What is wrong with an actor is said where the file describes it, and not again
// at every claim that names it.
func TestParseReportsAnActorOnce(t *testing.T) {
	t.Parallel()
	_, problems := Parse("facts/acme.yaml", []byte(strings.Replace(facts, "kind: company", "kind: firm", 1)), acme(t))
	if len(problems) != 1 || problems[0].Path != "/actors/0/kind" {
		t.Errorf("got\n%s", problems.Error())
	}
}
