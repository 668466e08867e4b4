package csvfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// longKind is a kind of claim, and how a row of it is read. Each adds just one.
type longKind struct {
	name, list string
	columns    []string // that only some kinds have
	read       func(g *longGroup, in *incidents.Incident, pointer string) *incidents.Claim
	has        func(in *incidents.Incident) int // claims of the kind so far
}

var longKinds = []longKind{
	{
		"count", "counts", []string{"unit", "qualifier", "quantity", "low", "high", "date", "headline", "supersedes", "counted", "part_of"},
		(*longGroup).count, func(in *incidents.Incident) int { return len(in.Counts) },
	},
	{
		"loss", "losses", []string{"kind", "scope", "qualifier", "quantity", "low", "high", "currency", "converted_qualifier", "converted_amount", "converted_currency"},
		(*longGroup).loss, func(in *incidents.Incident) int { return len(in.Losses) },
	},
	{
		"attribution", "attributions", []string{"accused", "basis", "confidence", "date"},
		(*longGroup).attribution, func(in *incidents.Incident) int { return len(in.Attributions) },
	},
	{
		"response", "responses", []string{"kind", "status", "date", "due", "spoken_by", "summary", "via_unnamed_source", "fulfils", "answers"},
		(*longGroup).response, func(in *incidents.Incident) int { return len(in.Responses) },
	},
}

// longRule reads a column as it is.
func longRule(column string) *rule { return &rule{column: column} }

func longActor(column string) *actorRules { return &actorRules{name: longRule(column)} }

// readClaim reads the claim of a row.
func (g *longGroup) readClaim(in *incidents.Incident, row int) {
	g.cells = g.rows[row].cells
	place := fmt.Sprintf("/rows/%d", row)
	g.at[place] = row
	g.fits(place+"/cells", g.columns)
	word := g.one(place+"/claim", longRule("claim"))
	i := slices.IndexFunc(longKinds, func(k longKind) bool { return k.name == foldWord(word) })
	if i < 0 {
		detail := "is not a kind of claim"
		if word == "" {
			detail = "is required"
		}
		g.addOf(word, incidents.Problem{Pointer: place + "/claim", Detail: detail, Allowed: kindNames(func(longKind) bool { return true })})
		return
	}
	kind := longKinds[i]
	p := fmt.Sprintf("/%s/%d", kind.list, kind.has(in))
	g.at[p] = row
	claim := kind.read(g, in, p)
	claim.Key = g.claimName(p+"/key", "claim_id")
	claim.Evidence = g.cite(in, p+"/evidence/0", row)
	g.foreign(place, kind)
}

func kindNames(which func(longKind) bool) []string {
	var out []string
	for _, k := range longKinds {
		if which(k) {
			out = append(out, k.name)
		}
	}
	return out
}

// foreign are the cells that say something which the claim's kind doesn't have.
func (g *longGroup) foreign(place string, kind longKind) {
	told := map[string]bool{}
	for _, other := range longKinds {
		for _, column := range other.columns {
			cell := g.cell(column)
			if cell == "" || foldWord(cell) == "false" || told[column] || slices.Contains(kind.columns, column) {
				continue
			}
			told[column] = true
			of := kindNames(func(k longKind) bool { return slices.Contains(k.columns, column) })
			g.add(place+"/"+column, longRule(column), "is not for the claim %s, only for %s", kind.name, strings.Join(of, ", "))
		}
	}
}

func (g *longGroup) count(in *incidents.Incident, p string) *incidents.Claim {
	f := g.figures(p, figureRules{"quantity", nil, longRule("qualifier"), longRule("quantity"), longRule("low"), longRule("high")})
	in.Counts = append(in.Counts, incidents.Count{
		Unit: termOf[incidents.Unit](g.reading, p+"/unit", longRule("unit")), Counted: g.line(p+"/counted", longRule("counted")), Qualifier: f.qualifier,
		Quantity: g.whole(p+"/quantity", f.one), Low: g.whole(p+"/low", f.low), High: g.whole(p+"/high", f.high),
		ClaimedBy: g.actor(p+"/claimed_by", longActor("actor")), AsOf: g.date(p+"/as_of", longRule("date")),
		Headline: g.truth(p+"/headline", "headline"), Supersedes: g.link(p+"/supersedes", "supersedes"), PartOf: g.link(p+"/part_of", "part_of"),
	})
	return &in.Counts[len(in.Counts)-1].Claim
}

func (g *longGroup) loss(in *incidents.Incident, p string) *incidents.Claim {
	f := g.figures(p, figureRules{"amount", nil, longRule("qualifier"), longRule("quantity"), longRule("low"), longRule("high")})
	in.Losses = append(in.Losses, incidents.Loss{
		Kind: termOf[incidents.LossKind](g.reading, p+"/kind", longRule("kind")), Scope: termOf[incidents.LossScope](g.reading, p+"/scope", longRule("scope")),
		Qualifier: f.qualifier, Amount: f.one, Low: f.low, High: f.high, Currency: g.one(p+"/currency", longRule("currency")),
		Converted: g.converted(p + "/converted"), ClaimedBy: g.actor(p+"/claimed_by", longActor("actor")),
	})
	return &in.Losses[len(in.Losses)-1].Claim
}

func (g *longGroup) attribution(in *incidents.Incident, p string) *incidents.Claim {
	in.Attributions = append(in.Attributions, incidents.Attribution{
		Accused: g.someone(p+"/accused", "accused"), Claimant: g.actor(p+"/claimant", longActor("actor")),
		Basis:      termOf[incidents.Basis](g.reading, p+"/basis", longRule("basis")),
		Confidence: termOf[incidents.Confidence](g.reading, p+"/confidence", longRule("confidence")), Stated: g.date(p+"/stated", longRule("date")),
	})
	return &in.Attributions[len(in.Attributions)-1].Claim
}

func (g *longGroup) response(in *incidents.Incident, p string) *incidents.Claim {
	in.Responses = append(in.Responses, incidents.Response{
		Actor: g.someone(p+"/actor", "actor"), Kind: termOf[incidents.ResponseKind](g.reading, p+"/kind", longRule("kind")),
		Status: termOf[incidents.ResponseStatus](g.reading, p+"/status", longRule("status")), Date: g.date(p+"/date", longRule("date")), Due: g.date(p+"/due", longRule("due")),
		SpokenBy: g.line(p+"/spoken_by", longRule("spoken_by")), Summary: g.one(p+"/summary", longRule("summary")),
		ViaUnnamedSource: g.truth(p+"/via_unnamed_source", "via_unnamed_source"),
		Fulfils:          g.link(p+"/fulfils", "fulfils"), Answers: g.link(p+"/answers", "answers"),
	})
	return &in.Responses[len(in.Responses)-1].Claim
}

// claimName is the name that a row gives its claim, or by which it refers to
// another one. The ids are those of the ledger that wrote them: here they are
// names within the incident, which do not have the form of an id.
func (g *longGroup) claimName(pointer, column string) string {
	name := g.line(pointer, longRule(column))
	if id, err := uuid.Parse(name); err == nil {
		return "id-" + id.String()
	}
	return name
}

func (g *longGroup) link(pointer, column string) incidents.ClaimRef {
	return incidents.ClaimRef(g.claimName(pointer, column))
}
