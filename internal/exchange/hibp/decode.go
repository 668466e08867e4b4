// Package hibp reads what Have I Been Pwned knows of breaches: the items of its
// answer to GET /api/v3/breaches. docs/exchange.md tells the mapping field by
// field.
//
// The package is pure. Streams are taken apart by package jsonstream, and what
// is read is stored by others.
package hibp

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Result is what was read of a breach.
type Result struct {
	// Incident is completed and valid. Its actors are described in place.
	Incident incidents.Incident
	// Ref is {hibp, Name}, by which the breach is known again.
	Ref incidents.ExternalRef
	// Notes say what was not usable, by its pointers.
	Notes incidents.Problems
}

// claimant is whose figures they are.
var claimant = incidents.ActorRef{Name: "Have I Been Pwned", Kind: incidents.Company, Sector: "technology", Domain: "haveibeenpwned.com"}

// Decode reads one breach. Problems mean that nothing was read.
func Decode(document []byte) (Result, incidents.Problems) {
	var problems incidents.Problems
	n, err := strict.ParseJSON(document)
	if err != nil {
		problems.Add("", "must be JSON: %s", err)
		return Result{}, problems
	}
	d := &decoder{doc: n}
	d.name = d.text("Name")
	const longest = 200
	switch {
	case n.Kind != strict.Object:
		problems.Add("", "must be an object, a breach of Have I Been Pwned")
	case d.name == "":
		problems.Add("/Name", "is required: the breach is known by it")
	case len([]rune(d.name)) > longest:
		problems.Add("/Name", "must have at most %d characters", longest)
	}
	if len(problems) > 0 {
		return Result{}, problems
	}
	d.read()
	d.in.Complete()
	if problems := d.in.Validate(); len(problems) > 0 {
		return Result{}, problems
	}
	return Result{Incident: d.in, Ref: d.in.ExternalRefs[0], Notes: d.notes}, nil
}

type decoder struct {
	doc                 *strict.Node
	name, title, domain string
	in                  incidents.Incident
	notes               incidents.Problems
}

func (d *decoder) read() {
	d.title = clip(d.text("Title"), longestName)
	if d.title == "" {
		d.title = d.name
	}
	d.domain = strings.ToLower(d.text("Domain"))
	d.in.ExternalRefs = []incidents.ExternalRef{{Scheme: "hibp", ID: d.name}}
	d.in.Title = d.title
	if !d.compilation() && !saysWhat.MatchString(d.title) {
		d.in.Title += ": data breach"
	}
	d.in.Category = incidents.DataBreach
	d.in.Certainty = d.certainty()
	d.in.Occurred.From = d.date("BreachDate")
	d.description()
	d.participants()
	d.dataClasses()
	d.count()
	d.flags()
}

// saysWhat finds titles that say already what it is.
var saysWhat = regexp.MustCompile(`(?i)\b(breach(es)?|dump|scraped?|data|lists?|logs|combolists|exposed|spambot|malware|stealer)\b`)

const longestName = 200

// text is a field's text on one line, "" when there is none.
func (d *decoder) text(field string) string {
	n := d.doc.Member(field)
	switch {
	case n == nil || n.Kind == strict.Null:
		return ""
	case n.Kind != strict.String:
		d.notes.Add("/"+field, "was not read: it must be a text")
		return ""
	}
	return line(n.Text)
}

// line is a text on one line, without what no page could show.
func line(s string) string {
	s = incidents.WithoutReordering(s)
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

func (d *decoder) flag(field string) bool {
	n := d.doc.Member(field)
	return n != nil && n.Kind == strict.Bool && n.Text == "true"
}

// certainty: what HIBP calls fabricated did not happen, and what it could not
// verify is suspected.
func (d *decoder) certainty() incidents.Certainty {
	switch {
	case d.flag("IsFabricated"):
		return incidents.FalsePositive
	case !d.flag("IsVerified"):
		return incidents.Suspected
	default:
		return incidents.Confirmed
	}
}

// date is the day of a date or time.
func (d *decoder) date(field string) incidents.PartialDate {
	day, _, _ := strings.Cut(d.text(field), "T")
	if day == "" {
		return incidents.PartialDate{}
	}
	date, err := incidents.ParseDate(day)
	if err != nil {
		d.notes.Add("/"+field, "was not read: it %s", err)
	}
	return date
}

func (d *decoder) participants() {
	victims := d.victims()
	for _, name := range victims {
		if incidents.IsNobody(name) {
			continue
		}
		victim := incidents.ActorRef{Name: name} // a company, an agency, a forum: HIBP doesn't say
		if len(victims) == 1 && incidents.ValidDomain(d.domain) {
			victim.Domain = d.domain
		}
		d.in.Participants = append(d.in.Participants, incidents.Participant{Actor: victim, Role: incidents.RoleVictim})
	}
}

// count is the number of accounts, as HIBP states it since it last changed the
// entry. Its page is the source.
func (d *decoder) count() {
	page := incidents.Source{
		URL: "https://haveibeenpwned.com/Breach/" + url.PathEscape(d.name), Title: d.title,
		Publisher: claimant.Name, Published: d.date("AddedDate"),
	}
	d.in.Sources = slices.DeleteFunc(d.in.Sources, func(s incidents.Source) bool { return s.URL == page.URL })
	d.in.Sources = append([]incidents.Source{page}, d.in.Sources...)
	n := d.doc.Member("PwnCount")
	var quantity int64
	if n == nil || n.Kind == strict.Null {
		d.notes.Add("/PwnCount", "is missing: no count was read")
		return
	}
	if problems := strict.Decode(n, &quantity, strict.Options{}); len(problems) > 0 || quantity < 0 || quantity > incidents.MaxQuantity {
		d.notes.Add("/PwnCount", "was not read: it must be a whole number from 0 to %s", incidents.Number(incidents.MaxQuantity))
		return
	}
	asOf := d.date("ModifiedDate")
	if asOf.IsZero() {
		asOf = page.Published
	}
	d.in.Counts = []incidents.Count{{
		Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{URL: page.URL}}}},
		Unit:  incidents.Accounts, Qualifier: incidents.Exact, Quantity: &quantity, ClaimedBy: new(claimant), AsOf: asOf, Headline: true,
	}}
}

// flags become tags.
func (d *decoder) flags() {
	if d.compilation() {
		d.tag(incidents.Compilation)
	}
	for _, f := range []struct{ field, tag string }{
		{"IsSpamList", "hibp:spam-list"},
		{"IsStealerLog", "hibp:stealer-log"},
		{"IsMalware", "hibp:malware"},
		{"IsSensitive", "hibp:sensitive"},
		{"IsRetired", "hibp:retired"},
		{"IsSubscriptionFree", "hibp:subscription-free"},
	} {
		if d.flag(f.field) {
			d.tag(f.tag)
		}
	}
	if d.flag("IsMalware") || d.flag("IsStealerLog") {
		d.in.Vectors = []incidents.Vector{"malware"}
	}
}

func (d *decoder) tag(tag string) {
	const longest, most = 60, 100
	if len(tag) <= longest && len(d.in.Tags) < most && !slices.Contains(d.in.Tags, tag) {
		d.in.Tags = append(d.in.Tags, tag)
	}
}
