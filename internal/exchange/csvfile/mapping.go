package csvfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Mapping says what the columns of a file mean. docs/exchange.md describes how
// one is written.
type Mapping struct {
	// Name tells the files that are read by this mapping from others: keys of two
	// spreadsheets may be the same. It is what the mapping says, else the name of
	// its file.
	Name string

	delimiter rune // 0 = found out
	skip      int  // rows above the names of the columns
	dates     []dateFormat
	numbers   numberFormat
	separator string
	empty     map[string]bool // folded words that say nothing

	key      *rule
	incident incidentRules

	participants []participantRules
	counts       []countRules
	losses       []lossRules
	attributions []attributionRules
	responses    []responseRules
	sources      []sourceRules
	refs         []refRules

	columns []string // all that the mapping names, each once

	// own marks our own forms: their columns may be absent, their lists are
	// escaped, and their cells carry the apostrophes of [Text].
	own bool
	// long marks the one of these in which several rows make an incident.
	long bool
}

// The parts of a mapping. A nil rule says nothing.
type (
	incidentRules struct {
		slug, title, summary, category, certainty                  *rule
		occurredFrom, occurredTo, discovered, disclosed, contained *rule
		countries, vectors, dataClasses, paymentMethods, tags      *rule
	}
	actorRules struct {
		name, kind, sector, country, domain *rule
	}
	participantRules struct {
		when  *condition
		role  *rule
		actor *actorRules
	}
	countRules struct {
		when                                              *condition
		unit, qualifier, quantity, low, high, asOf, cited *rule
		claimedBy                                         *actorRules
		headline                                          bool
	}
	lossRules struct {
		when                                                       *condition
		kind, scope, qualifier, amount, low, high, currency, cited *rule
		claimedBy                                                  *actorRules
	}
	attributionRules struct {
		when                             *condition
		accused, claimant                *actorRules
		basis, confidence, stated, cited *rule
	}
	responseRules struct {
		when                                              *condition
		actor                                             *actorRules
		kind, status, date, due, spokenBy, summary, cited *rule
	}
	sourceRules struct {
		when                                               *condition
		url, title, publisher, author, published, language *rule
	}
	refRules struct {
		scheme, id *rule
	}
)

// condition says whether a part of a row is there at all.
type condition struct {
	column string
	is     map[string]bool // folded words; nil = any that says something
}

// mappingFile is a mapping as written. Its rules are read one by one, as each
// may have several forms.
type mappingFile struct {
	Name      string        `json:"name"`
	Delimiter string        `json:"delimiter"`
	SkipRows  int           `json:"skip_rows"`
	Dates     []string      `json:"dates"`
	Numbers   *numbersFile  `json:"numbers"`
	Separator string        `json:"separator"`
	Empty     []string      `json:"empty"`
	Key       *strict.Node  `json:"key"`
	Incident  *incidentFile `json:"incident"`
	Who       []struct {
		When  *strict.Node `json:"when"`
		Role  *strict.Node `json:"role"`
		Actor *strict.Node `json:"actor"`
	} `json:"participants"`
	Counts []struct {
		When      *strict.Node `json:"when"`
		Unit      *strict.Node `json:"unit"`
		Qualifier *strict.Node `json:"qualifier"`
		Quantity  *strict.Node `json:"quantity"`
		Low       *strict.Node `json:"low"`
		High      *strict.Node `json:"high"`
		ClaimedBy *strict.Node `json:"claimed_by"`
		AsOf      *strict.Node `json:"as_of"`
		Headline  bool         `json:"headline"`
		Sources   *strict.Node `json:"sources"`
	} `json:"counts"`
	Losses []struct {
		When      *strict.Node `json:"when"`
		Kind      *strict.Node `json:"kind"`
		Scope     *strict.Node `json:"scope"`
		Qualifier *strict.Node `json:"qualifier"`
		Amount    *strict.Node `json:"amount"`
		Low       *strict.Node `json:"low"`
		High      *strict.Node `json:"high"`
		Currency  *strict.Node `json:"currency"`
		ClaimedBy *strict.Node `json:"claimed_by"`
		Sources   *strict.Node `json:"sources"`
	} `json:"losses"`
	Attributions []struct {
		When       *strict.Node `json:"when"`
		Accused    *strict.Node `json:"accused"`
		Claimant   *strict.Node `json:"claimant"`
		Basis      *strict.Node `json:"basis"`
		Confidence *strict.Node `json:"confidence"`
		Stated     *strict.Node `json:"stated"`
		Sources    *strict.Node `json:"sources"`
	} `json:"attributions"`
	Responses []struct {
		When     *strict.Node `json:"when"`
		Actor    *strict.Node `json:"actor"`
		Kind     *strict.Node `json:"kind"`
		Status   *strict.Node `json:"status"`
		Date     *strict.Node `json:"date"`
		Due      *strict.Node `json:"due"`
		SpokenBy *strict.Node `json:"spoken_by"`
		Summary  *strict.Node `json:"summary"`
		Sources  *strict.Node `json:"sources"`
	} `json:"responses"`
	Sources []struct {
		When      *strict.Node `json:"when"`
		URL       *strict.Node `json:"url"`
		Title     *strict.Node `json:"title"`
		Publisher *strict.Node `json:"publisher"`
		Author    *strict.Node `json:"author"`
		Published *strict.Node `json:"published"`
		Language  *strict.Node `json:"language"`
	} `json:"sources"`
	Refs []struct {
		Scheme *strict.Node `json:"scheme"`
		ID     *strict.Node `json:"id"`
	} `json:"external_refs"`
}

type incidentFile struct {
	Slug           *strict.Node `json:"slug"`
	Title          *strict.Node `json:"title"`
	Summary        *strict.Node `json:"summary"`
	Category       *strict.Node `json:"category"`
	Certainty      *strict.Node `json:"certainty"`
	OccurredFrom   *strict.Node `json:"occurred_from"`
	OccurredTo     *strict.Node `json:"occurred_to"`
	Discovered     *strict.Node `json:"discovered"`
	Disclosed      *strict.Node `json:"disclosed"`
	Contained      *strict.Node `json:"contained"`
	Countries      *strict.Node `json:"countries"`
	Vectors        *strict.Node `json:"vectors"`
	DataClasses    *strict.Node `json:"data_classes"`
	PaymentMethods *strict.Node `json:"payment_methods"`
	Tags           *strict.Node `json:"tags"`
}

type numbersFile struct {
	Decimal   string `json:"decimal"`
	Thousands string `json:"thousands"`
	Ignore    string `json:"ignore"`
}

// MappingError is everything that is wrong with a mapping file.
type MappingError struct {
	Name     string // of the file
	Problems incidents.Problems
	root     *strict.Node
}

func (e *MappingError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		line, column := e.root.Position(p.Pointer)
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", e.Name, line, column, p)
	}
	return strings.Join(lines, "\n")
}

// ParseMapping reads a mapping file. name is the file's. The error
// is a [*MappingError] with all that is wrong, or a [*strict.SyntaxError].
func ParseMapping(name string, yaml []byte) (*Mapping, error) { return parseMapping(name, yaml, false) }

func parseMapping(name string, yaml []byte, own bool) (*Mapping, error) {
	root, err := strict.ParseYAML(name, yaml)
	if err != nil {
		return nil, err
	}
	p := &mappingParser{own: own}
	var file mappingFile
	p.problems = strict.Decode(root, &file, strict.Options{RefuseReadOnly: true})
	m := p.mapping(file)
	m.Name = p.nameOf(file.Name, name)
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b incidents.Problem) int {
			aLine, aColumn := root.Position(a.Pointer)
			bLine, bColumn := root.Position(b.Pointer)
			return cmp.Or(cmp.Compare(aLine, bLine), cmp.Compare(aColumn, bColumn))
		})
		return nil, &MappingError{Name: name, Problems: p.problems, root: root}
	}
	return m, nil
}
