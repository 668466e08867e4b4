package importer

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// Report is what became of an import of articles and facts.
type Report struct {
	Articles map[ledger.Outcome]int // sources stored, by outcome
	Results  []ledger.ImportResult  // one for each incident
	Unread   []string               // articles without a fact file
	NoFacts  int                    // articles that hold no incident, and say why

	// What the ledger keeps although the facts say otherwise.
	LeftBehind []string                 // incidents of these articles that no fact file has any more
	Actors     []ledger.ActorDifference // actors that the facts describe otherwise
}

// count is how many incidents there are of an outcome.
func (r Report) count(of ledger.Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == of {
			n++
		}
	}
	return n
}

// Refused is how many incidents could not be stored.
func (r Report) Refused() int { return r.count(ledger.Refused) }

// Write says in words what became of the import.
func (r Report) Write(w io.Writer) error {
	var out strings.Builder
	for _, result := range r.Results {
		switch {
		case result.Outcome == ledger.Edited:
			fmt.Fprintf(&out, "left alone: %s: its facts changed, but a person has edited the incident since (now version %d)\n", result.Slug, result.Version)
		case result.Outcome == ledger.Refused:
			for _, p := range result.Problems {
				fmt.Fprintf(&out, "refused: %s: %s\n", result.Slug, strings.TrimPrefix(p.String(), ": "))
			}
		case result.Outcome != ledger.Unchanged:
			fmt.Fprintf(&out, "%s: %s (version %d)\n", result.Outcome, result.Slug, result.Version)
		case result.EditedSince:
			fmt.Fprintf(&out, "unchanged: %s: edited by a person since its import (now version %d)\n", result.Slug, result.Version)
		}
	}
	for _, name := range r.Unread {
		fmt.Fprintf(&out, "stored without facts: %s has no fact file\n", name)
	}
	for _, slug := range r.LeftBehind {
		fmt.Fprintf(&out, "left behind: %s: the ledger has it from one of these articles, and no fact file has it any more; retract it, or merge it into another\n", slug)
	}
	for _, d := range r.Actors {
		fmt.Fprintf(&out, "actor %s: %s; an import leaves that as it is, change the actor itself\n", d.Slug, differing(d))
	}
	fmt.Fprintf(&out, "%s (%d new, %d changed, %d without an incident), %s: %d created, %d changed, %d unchanged, %d left alone, %d refused\n",
		incidents.Plural(r.articles(), "article", "articles"), r.Articles[ledger.Created], r.Articles[ledger.Changed], r.NoFacts,
		incidents.Plural(len(r.Results), "incident", "incidents"),
		r.count(ledger.Created), r.count(ledger.Changed), r.count(ledger.Unchanged), r.count(ledger.Edited), r.Refused())
	_, err := io.WriteString(w, out.String())
	return err
}

// differing says in words how an actor of the facts differs from the ledger's.
func differing(d ledger.ActorDifference) string {
	switch {
	case d.Field == "name":
		return fmt.Sprintf("the facts give it the name %q, which the ledger does not have for %s", d.Given, d.Held)
	case d.Held == "":
		return fmt.Sprintf("the facts have %s as its %s, the ledger has none", d.Given, d.Field)
	default:
		return fmt.Sprintf("the facts have %s as its %s, the ledger has %s", d.Given, d.Field, d.Held)
	}
}

func (r Report) articles() int {
	n := 0
	for _, of := range r.Articles {
		n += of
	}
	return n
}

// WriteJSON writes the report as JSON.
func (r Report) WriteJSON(w io.Writer) error {
	type incident struct {
		Slug        string             `json:"slug"`
		Outcome     ledger.Outcome     `json:"outcome"`
		Version     int                `json:"version,omitempty"`
		EditedSince bool               `json:"edited_since,omitempty"`
		Problems    incidents.Problems `json:"problems,omitempty"`
	}
	report := struct {
		Format    string                 `json:"format"`
		Articles  map[ledger.Outcome]int `json:"articles"`
		Unread    []string               `json:"without_fact_file"`
		NoFacts   int                    `json:"without_incident"`
		Incidents []incident             `json:"incidents"`

		LeftBehind []string                 `json:"left_behind"`
		Actors     []ledger.ActorDifference `json:"actors_described_otherwise"`
	}{
		"facts", r.Articles, append([]string{}, r.Unread...), r.NoFacts, []incident{},
		append([]string{}, r.LeftBehind...), append([]ledger.ActorDifference{}, r.Actors...),
	}
	for _, result := range r.Results {
		report.Incidents = append(report.Incidents, incident{result.Slug, result.Outcome, result.Version, result.EditedSince, result.Problems})
	}
	return writeJSON(w, report)
}

// WriteFactProblems writes as JSON what is wrong with facts, of which nothing was
// imported; none in a dry run, which looks no further.
func WriteFactProblems(w io.Writer, problems factfile.Problems, dryRun bool) error {
	return writeJSON(w, struct {
		Format   string            `json:"format"`
		DryRun   bool              `json:"dry_run"`
		Problems factfile.Problems `json:"problems"`
	}{"facts", dryRun, append(factfile.Problems{}, problems...)})
}

// writeJSON writes a report as people read it.
func writeJSON(w io.Writer, report any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(report)
}
