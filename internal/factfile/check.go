package factfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
)

func pointerTo(list string, i int) string { return list + "/" + strconv.Itoa(i) }

// checkSource checks the article's description.
func checkSource(s incidents.Source) incidents.Problems {
	problems := s.Validate("/source")
	for i, p := range problems {
		if p.Pointer == "/source/no_incident_reason" { // it stands beside the source in the file
			problems[i].Pointer = "/no_incident_reason"
		}
	}
	return problems
}

// checkIncident completes an incident of a file and returns what is wrong with
// it, by pointers into the file.
func checkIncident(at string, in *incidents.Incident, s incidents.Source, named *actorList, text *article.Index) incidents.Problems {
	var problems incidents.Problems
	if len(in.Sources) > 0 {
		problems.Add("/sources", "must be left out: the source is the article")
	}
	in.Sources = []incidents.Source{s}
	var described []string // where an actor of the file stands in the place of its name
	in.EachActor(func(pointer string, r *incidents.ActorRef) {
		if problem := named.resolve(pointer, r); problem != nil {
			problems = append(problems, *problem)
		}
		described = append(described, pointer+"/")
	})
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		if c.ID != uuid.Nil {
			problems.Add(pointer+"/id", "must be left out: ids are given by the ledger")
		}
		if len(c.Evidence) == 0 {
			problems.Add(pointer+"/evidence", "is required: the sentence of the article that says so")
		}
		for i := range c.Evidence {
			problems = append(problems, findQuote(pointerTo(pointer+"/evidence", i), &c.Evidence[i], text)...)
		}
	})
	in.Complete()
	problems.Merge(slices.DeleteFunc(in.Validate(), func(p incidents.Problem) bool {
		within := func(place string) bool { return strings.HasPrefix(p.Pointer, place) }
		return within("/sources/") || slices.ContainsFunc(described, within) // checked once, where the file describes them
	}))
	for i := range problems {
		problems[i].Pointer = at + problems[i].Pointer
	}
	return problems
}

// findQuote gives a piece of evidence its source, its position and the
// article's spelling.
func findQuote(at string, e *incidents.Evidence, text *article.Index) incidents.Problems {
	var problems incidents.Problems
	if !e.Source.IsZero() {
		problems.Add(at+"/source", "must be left out: the source is the article")
	}
	if e.Start != nil {
		problems.Add(at+"/start", "must be left out: the position is found; of several places, occurrence says which")
	}
	if e.End != nil {
		problems.Add(at+"/end", "must be left out: the position is found; of several places, occurrence says which")
	}
	e.Source = incidents.SourceRef{Key: SourceKey}
	switch span, err := text.Find(e.Quote, article.Options{Occurrence: e.Occurrence}); {
	case e.Quote == "":
		problems.Add(at+"/quote", "is required: the words of the article that say so")
	case err != nil:
		problems.Add(at+"/quote", "%s", err)
	case e.Occurrence >= 0: // a negative one is reported with the rest of the document
		*e = incidents.Evidence{Source: e.Source, Quote: span.Quote, Start: &span.Start, End: &span.End}
	}
	return problems
}
