// Package factfile reads and writes the facts of an article: what a person
// found in its text, as strict YAML, one file per article. Reading one collects
// every problem with its file, line, column and path; a file with a problem is
// refused whole. docs/fact-format.md describes the format.
//
// This package knows no ledger: an incident slug that the ledger has already,
// or an actor that it knows by another name, is not its business.
package factfile

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// SourceKey is the key of the one source of a fact file's incidents.
const SourceKey = "article"

// File is an article and what a person found in it. Its incidents are valid
// and complete: every quote has its position and the article's spelling, every
// actor is one of Actors, and the one source is the article.
type File struct {
	Name      string // of the fact file, for messages
	Article   article.Article
	Source    incidents.Source // the article, with its text and the reason when there is no incident
	Actors    []incidents.Actor
	Incidents []incidents.Incident
}

// document is a fact file as written.
type document struct {
	Source           source               `json:"source"`
	NoIncidentReason string               `json:"no_incident_reason"`
	Incidents        []incidents.Incident `json:"incidents"`
	Actors           []incidents.Actor    `json:"actors"`
}

// source is what a fact file says of its article; the text is beside it.
type source struct {
	Title     string                `json:"title"`
	Publisher string                `json:"publisher"`
	Author    string                `json:"author"`
	Published incidents.PartialDate `json:"published"`
	Language  string                `json:"language"`
	URL       string                `json:"url"`
}

// Parse reads a fact file and checks it against its article. When it returns a
// problem the file is not to be used.
func Parse(name string, yaml []byte, a article.Article) (File, Problems) {
	p := parse(name, yaml, a)
	return p.File, p.problems
}

// parsed is a file that may have problems, and the tree that knows its lines.
type parsed struct {
	File
	root     *strict.Node // nil when the file is no YAML
	problems Problems
}

func parse(name string, yaml []byte, a article.Article) parsed {
	p := parsed{File: File{Name: name, Article: a}}
	root, err := strict.ParseYAML(name, yaml)
	if err != nil {
		p.problems = Problems{syntaxProblem(name, err)}
		return p
	}
	p.root = root
	var doc document
	problems := writable(strict.Decode(root, &doc, strict.Options{RefuseReadOnly: true}))
	var later incidents.Problems // a field that did not decode has no second problem
	p.Source, p.Actors, p.Incidents = doc.Source.source(a, doc.NoIncidentReason), doc.Actors, doc.Incidents
	later = append(later, checkSource(p.Source)...)
	if len(doc.Incidents) == 0 && doc.NoIncidentReason == "" {
		later.Add("/incidents", "is required: the incidents of the article, or else no_incident_reason")
	}
	if len(doc.Incidents) > 0 && doc.NoIncidentReason != "" {
		later.Add("/no_incident_reason", "must be left out where there are incidents")
	}
	named := newActorList(doc.Actors)
	later = append(later, named.problems...)
	text := a.Index()
	slugs := map[string]int{}
	for i := range p.Incidents {
		in := &p.Incidents[i]
		at := pointerTo("/incidents", i)
		switch first, twice := slugs[in.Slug]; {
		case in.Slug == "":
			later.Add(at+"/slug", "is required")
		case twice:
			later.Add(at+"/slug", "is the slug of /incidents/%d already", first)
		default:
			slugs[in.Slug] = i
		}
		later = append(later, checkIncident(at, in, p.Source, named, text)...)
	}
	later = append(later, named.unused()...)
	problems.Merge(later)
	p.problems = located(name, root, problems)
	return p
}

// writable leaves out of the fields that a problem offers those that a fact file
// may not have: the document has them, and the article gives them.
func writable(problems incidents.Problems) incidents.Problems {
	for i, p := range problems {
		if strings.Contains(p.Pointer, "/external_refs/") {
			continue // which have an id
		}
		problems[i].Allowed = slices.DeleteFunc(slices.Clone(p.Allowed), func(field string) bool {
			return slices.Contains([]string{"id", "sources", "source", "start", "end"}, field) && strings.HasPrefix(p.Pointer, "/incidents/")
		})
	}
	return problems
}

func (s source) source(a article.Article, reason string) incidents.Source {
	return incidents.Source{
		Key: SourceKey, Title: s.Title, Publisher: s.Publisher, Author: s.Author, Published: s.Published,
		Language: s.Language, URL: s.URL, Text: a.Text, NoIncidentReason: reason,
	}
}
