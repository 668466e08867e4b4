package incidents

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Limits of a document.
const (
	MaxClaims   = 500 // of each kind
	maxEvidence = 50  // of one claim
	maxList     = 100 // of countries, tags and the like
	maxTitle    = 300
	maxSummary  = 10_000
	maxQuote    = 5_000
	maxName     = 200
	maxURL      = 2_000
)

var (
	tagPattern      = regexp.MustCompile(`^[a-z0-9]+([-:._][a-z0-9]+)*$`)
	schemePattern   = regexp.MustCompile(`^[a-z0-9]+([-_.][a-z0-9]+)*$`)
	languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	domainPattern   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)
)

// Validate returns everything that is wrong with the document, each with its
// JSON Pointer. It expects a completed document (see [Incident.Complete]), and
// looks at nothing outside it: whether a named actor or source exists is the
// ledger's to say.
func (in *Incident) Validate() Problems {
	v := &validator{}
	v.required("/title", in.Title)
	v.line("/title", in.Title, maxTitle)
	v.text("/summary", in.Summary, maxSummary)
	if in.Slug != "" && !ValidSlug(in.Slug) {
		v.Add("/slug", "must be lower-case letters and digits in words joined by single hyphens, at most %d characters, and not an id", MaxSlug)
	}
	v.required("/category", string(in.Category))
	term(v, "/category", in.Category)
	term(v, "/certainty", in.Certainty)
	if from, to := in.Occurred.From, in.Occurred.To; !from.IsZero() && !to.IsZero() && from.First().After(to.Last()) {
		v.Add("/occurred", "from (%s) must not be after to (%s)", from, to)
	}
	v.countries(in.Countries)
	terms(v, "/vectors", in.Vectors)
	terms(v, "/data_classes", in.DataClasses)
	terms(v, "/payment_methods", in.PaymentMethods)
	v.tags(in.Tags)
	v.externalRefs(in.ExternalRefs)
	v.participants(in.Participants)
	v.sources(in.Sources)
	v.actors(in)
	v.claims(in)
	return v.Problems
}

// Validate returns everything that is wrong with an actor, its pointers
// beginning with the given one.
func (a Actor) Validate(pointer string) Problems {
	v := &validator{}
	v.actor(pointer, a)
	return v.Problems
}

// Validate returns everything that is wrong with a source, its pointers
// beginning with the given one.
func (s Source) Validate(pointer string) Problems {
	v := &validator{}
	v.source(pointer, s)
	return v.Problems
}

type validator struct{ Problems }

func (v *validator) required(pointer, value string) {
	if strings.TrimSpace(value) == "" {
		v.Add(pointer, "is required")
	}
}

// line checks a text of one line.
func (v *validator) line(pointer, value string, limit int) {
	if strings.ContainsAny(value, "\n\r\t") {
		v.Add(pointer, "must be one line")
		return
	}
	v.text(pointer, value, limit)
}

// text checks a text that may have several lines.
func (v *validator) text(pointer, value string, limit int) {
	if detail := badText(value); detail != "" {
		v.Add(pointer, "%s", detail)
		return
	}
	if n := utf8.RuneCountInString(value); limit > 0 && n > limit {
		v.Add(pointer, "must have at most %s characters, has %s", Number(int64(limit)), Number(int64(n)))
	}
}

func badText(value string) string {
	if !utf8.ValidString(value) {
		return "must be valid UTF-8"
	}
	for _, r := range value {
		if r != '\n' && r != '\r' && r != '\t' && unicode.IsControl(r) {
			return fmt.Sprintf("must not hold the control character U+%04X", r)
		}
	}
	return ""
}

func term[T Worded](v *validator, pointer string, value T) {
	if voc := value.Vocabulary(); value != "" && !voc.Has(string(value)) {
		v.Problems = append(v.Problems, Problem{Pointer: pointer, Detail: fmt.Sprintf("%q is not a known %s", clip(string(value)), strings.ReplaceAll(voc.Name, "_", " ")), Allowed: voc.Values()})
	}
}

func requiredTerm[T Worded](v *validator, pointer string, value T) {
	if value == "" {
		v.Problems = append(v.Problems, Problem{Pointer: pointer, Detail: "is required", Allowed: value.Vocabulary().Values()})
		return
	}
	term(v, pointer, value)
}

func terms[T Worded](v *validator, pointer string, values []T) {
	seen := map[T]bool{}
	for i, value := range values {
		switch {
		case value == "":
			v.Add(at(pointer, i), "must not be empty")
		case seen[value]:
			v.Add(at(pointer, i), "%q stands twice", clip(string(value)))
		default:
			term(v, at(pointer, i), value)
		}
		seen[value] = true
	}
}

// clip keeps an error message short when it repeats a value.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func (v *validator) countries(codes []string) {
	seen := map[string]bool{}
	v.atMost("/countries", len(codes), maxList)
	for i, code := range codes {
		switch {
		case !KnownCountry(code):
			v.Add(at("/countries", i), "%q is not a country code of ISO 3166-1 alpha-2, such as US or CN", clip(code))
		case seen[code]:
			v.Add(at("/countries", i), "%q stands twice", code)
		}
		seen[code] = true
	}
}

func (v *validator) tags(tags []string) {
	seen := map[string]bool{}
	v.atMost("/tags", len(tags), maxList)
	for i, tag := range tags {
		switch {
		case len(tag) > 60 || !tagPattern.MatchString(tag):
			v.Add(at("/tags", i), "must be lower-case letters and digits, joined by single hyphens, dots, colons or underscores, at most 60 characters")
		case seen[tag]:
			v.Add(at("/tags", i), "%q stands twice", tag)
		}
		seen[tag] = true
	}
}

func (v *validator) atMost(pointer string, n, limit int) {
	if n > limit {
		v.Add(pointer, "must have at most %d items, has %d", limit, n)
	}
}

func (v *validator) externalRefs(refs []ExternalRef) {
	seen := map[ExternalRef]bool{}
	v.atMost("/external_refs", len(refs), maxList)
	for i, r := range refs {
		p := at("/external_refs", i)
		if len(r.Scheme) > 40 || !schemePattern.MatchString(r.Scheme) {
			v.Add(p+"/scheme", "is required: lower-case letters and digits joined by single hyphens, dots or underscores, at most 40 characters")
		}
		v.required(p+"/id", r.ID)
		v.line(p+"/id", r.ID, 200)
		if seen[r] {
			v.Add(p, "%s %q stands twice", clip(r.Scheme), clip(r.ID))
		}
		seen[r] = true
	}
}

func (v *validator) participants(ps []Participant) {
	type key struct {
		actor string
		role  Role
	}
	seen := map[key]bool{}
	v.atMost("/participants", len(ps), MaxClaims)
	for i, p := range ps {
		requiredTerm(v, at("/participants", i, "role"), p.Role)
		k := key{p.Actor.Key(), p.Role}
		if seen[k] && !p.Actor.IsZero() {
			v.Add(at("/participants", i), "the same actor stands twice in the role %s", p.Role)
		}
		seen[k] = true
	}
}

func (v *validator) actors(in *Incident) {
	in.EachActor(func(pointer string, r *ActorRef) {
		switch {
		case r.IsZero():
			v.Add(pointer, "is required: the slug or name of a known actor, or a new one as an object with a name")
		case r.Given != "":
			v.line(pointer, r.Given, maxName)
			if IsNobody(r.Given) {
				v.Add(pointer, "%q names nobody; leave the actor out", clip(r.Given))
			}
		case r.Slug != "":
			if !ValidSlug(r.Slug) {
				v.Add(pointer+"/slug", "is not a slug")
			}
			term(v, pointer+"/kind", r.Kind)
			term(v, pointer+"/sector", r.Sector)
		default:
			v.actor(pointer, r.Actor())
		}
	})
}

func (v *validator) actor(p string, a Actor) {
	v.required(p+"/name", a.Name)
	v.line(p+"/name", a.Name, maxName)
	if strings.TrimSpace(a.Name) != "" && IsNobody(a.Name) {
		v.Add(p+"/name", "%q names nobody; leave the actor out", clip(a.Name))
	}
	if a.Slug != "" && !ValidSlug(a.Slug) {
		v.Add(p+"/slug", "must be lower-case letters and digits in words joined by single hyphens, at most %d characters, and not an id", MaxSlug)
	}
	term(v, p+"/kind", a.Kind)
	term(v, p+"/sector", a.Sector)
	if a.Country != "" && !KnownCountry(a.Country) {
		v.Add(p+"/country", "%q is not a country code of ISO 3166-1 alpha-2, such as US or CN", clip(a.Country))
	}
	if a.Domain != "" && (len(a.Domain) > 253 || !domainPattern.MatchString(a.Domain)) {
		v.Add(p+"/domain", "must be an internet domain in lower case, such as example.com")
	}
	v.atMost(p+"/aliases", len(a.Aliases), maxList)
	for i, alias := range a.Aliases {
		v.required(at(p, "aliases", i), alias)
		v.line(at(p, "aliases", i), alias, maxName)
		if strings.TrimSpace(alias) != "" && IsNobody(alias) {
			v.Add(at(p, "aliases", i), "%q names nobody", clip(alias))
		}
	}
}

func (v *validator) sources(sources []Source) {
	keys, ids, urls := map[string]bool{}, map[uuid.UUID]bool{}, map[string]bool{}
	v.atMost("/sources", len(sources), MaxClaims)
	for i, s := range sources {
		p := at("/sources", i)
		if s.Key != "" && keys[s.Key] || s.ID != uuid.Nil && ids[s.ID] || s.URL != "" && urls[s.URL] {
			v.Add(p, "the same source stands twice")
		}
		keys[s.Key], ids[s.ID], urls[s.URL] = true, true, true
		if s.ID == uuid.Nil {
			v.source(p, s)
		}
	}
}

func (v *validator) source(p string, s Source) {
	if s.URL == "" && s.Title == "" && s.Text == "" {
		v.Add(p, "must have a url, a title or a text")
	}
	v.url(p+"/url", s.URL)
	v.line(p+"/key", s.Key, 60)
	v.line(p+"/title", s.Title, 500)
	v.line(p+"/publisher", s.Publisher, maxName)
	v.line(p+"/author", s.Author, maxName)
	v.text(p+"/no_incident_reason", s.NoIncidentReason, 1000)
	v.text(p+"/text", s.Text, 0)
	if s.Language != "" && (len(s.Language) > 35 || !languagePattern.MatchString(s.Language)) {
		v.Add(p+"/language", "must be a language tag such as en or pt-BR")
	}
}

func (v *validator) url(pointer, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsFunc(value, unicode.IsSpace) {
		v.Add(pointer, "must be an http or https address without user and password")
		return
	}
	v.line(pointer, value, maxURL)
}
