package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// The parameters have the names that the API gives them, and every value that it
// takes; people may write more ("1,000", "us", a day), which [filterQuery] turns
// into what the API takes. A list of values is parted by commas; a form sends it as
// one parameter a value.

// params reads parameters and collects what is wrong with them.
type params struct {
	url.Values
	problems incidents.Problems
}

func (p *params) list(name string) []string {
	var out []string
	for _, value := range p.Values[name] {
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func terms[T ~string](p *params, name string) []T {
	var out []T
	for _, value := range p.list(name) {
		out = append(out, T(value))
	}
	return out
}

func (p *params) flag(name string) *bool {
	value := p.Get(name)
	if value == "" {
		return nil
	}
	b, err := strconv.ParseBool(value)
	if err != nil {
		p.problems.Add("/"+name, "must be true or false")
		return nil
	}
	return &b
}

func (p *params) number(name string) *int64 {
	value := plainNumber(p.Get(name))
	if value == "" {
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		p.problems.Add("/"+name, "must be a whole number, 0 or more")
		return nil
	}
	return &n
}

func (p *params) date(name string) incidents.PartialDate {
	value := strings.TrimSpace(p.Get(name))
	if value == "" {
		return incidents.PartialDate{}
	}
	d, err := incidents.ParseDate(value)
	if err != nil {
		p.problems.Add("/"+name, "%v", err)
	}
	return d
}

// longestQuery is how many characters may be searched for, as in the API.
const longestQuery = 400

// filter reads what a list is about. The public reads published incidents only.
func (p *params) filter(by access.Identity) ledger.Filter {
	f := ledger.Filter{
		Query: strings.TrimSpace(p.Get("q")), Categories: terms[incidents.Category](p, "category"), Certainties: terms[incidents.Certainty](p, "certainty"),
		Publications: terms[incidents.Publication](p, "publication"), Vectors: terms[incidents.Vector](p, "vector"),
		DataClasses: terms[incidents.DataClass](p, "data_class"), PaymentMethods: terms[incidents.PaymentMethod](p, "payment_method"),
		Payment: p.flag("payment"), Unanswered: p.flag("unanswered"), Contested: p.flag("contested"),
		Sectors: terms[incidents.Sector](p, "sector"), ActorKinds: terms[incidents.ActorKind](p, "actor_kind"),
		Actors: p.list("actor"), Roles: terms[incidents.Role](p, "role"), Units: terms[incidents.Unit](p, "unit"),
		Supports: terms[incidents.Support](p, "support"), Responses: terms[incidents.ResponseKind](p, "response"),
		MinVictims: p.number("min_victims"), MaxVictims: p.number("max_victims"), Date: ledger.DateField(p.Get("date")),
		From: p.date("from"), To: p.date("to"), Tags: p.list("tag"),
	}
	if all := p.flag("compilations"); all != nil {
		f.Compilations = *all
	}
	for _, code := range p.list("country") {
		code = strings.ToUpper(code)
		if !incidents.KnownCountry(code) {
			p.problems.Add("/country", "%q is not a country: two letters of ISO 3166-1 are, such as US or GB", code)
		}
		f.Countries = append(f.Countries, code)
	}
	if utf8.RuneCountInString(f.Query) > longestQuery {
		p.problems.Add("/q", "must have at most %d characters", longestQuery)
	}
	if since := strings.TrimSpace(p.Get("updated_since")); since != "" {
		at, err := time.Parse(time.RFC3339, since)
		if day, dayErr := time.Parse(time.DateOnly, since); dayErr == nil {
			at, err = day, nil
		}
		if err != nil {
			p.problems.Add("/updated_since", "must be a day such as 2024-05-01, or a time of RFC 3339")
		}
		f.UpdatedSince = at
	}
	if !by.Role.SeesUnpublished() && slices.ContainsFunc(f.Publications, func(p incidents.Publication) bool { return p != incidents.Published }) {
		p.problems.Add("/publication", "only published incidents are shown to those who are not signed in as a contributor")
		f.Publications = nil
	}
	return f
}

// only refuses parameters that are neither filters nor among these. A page shows
// what it was filtered by; a file does not, and would hold everything instead.
func (p *params) only(others ...string) {
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		if !slices.Contains(filterNames, name) && !slices.Contains(others, name) {
			p.problems = append(p.problems, incidents.Problem{Pointer: "/" + name, Detail: "there is no such parameter here", Allowed: slices.Concat(filterNames, others)})
		}
	}
}

// filter is what the parameters mean to the ledger, for a visitor.
func (s *Web) filter(p *params, by access.Identity) ledger.Filter {
	f := p.filter(by)
	f.TextsClosed = f.Query != "" && !s.seesTexts(by)
	return f
}
