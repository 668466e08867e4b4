package incidents

import (
	"regexp"
	"strings"
)

// Limits of a document.
const (
	MaxClaims = 500 // of each kind

	// MaxQuantity is the largest figure of a count: 100,000 for everybody alive. Sums
	// of thousands of them fit in 64 bits, and every reader of JSON holds it exactly.
	MaxQuantity = 1_000_000_000_000_000

	// maxParticipants leaves room for those whom the claims name and whom JoinActors
	// adds: what is stored must be valid when it is sent back.
	maxParticipants = 4 * MaxClaims

	maxEvidence = 50  // of one claim
	maxList     = 100 // of countries, tags and the like
	maxTitle    = 300
	maxSummary  = 10_000
	maxQuote    = 5_000
	maxName     = 200
	maxNameKey  = 1_000 // bytes of a folded name: an index row of the ledger's database holds 2,704

	// maxProblems keeps the answer to a hostile document in proportion to it.
	maxProblems = 1_000
)

var (
	schemePattern   = regexp.MustCompile(`^[a-z0-9]+([-_.][a-z0-9]+)*$`)
	languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	domainPattern   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)
)

// Validate returns everything that is wrong with the document, each with its
// JSON Pointer. It expects a completed document (see [Incident.Complete]), and
// looks at nothing outside it: whether a named actor or source exists is the
// ledger's to say. Two names may belong to one actor, so what depends on who an
// actor is shows only once actors are resolved: validate again then.
func (in *Incident) Validate() Problems {
	v := &validator{}
	v.required("/title", in.Title)
	v.line("/title", in.Title, maxTitle)
	v.text("/summary", in.Summary, maxSummary)
	v.slug("/slug", in.Slug)
	requiredTerm(v, "/category", in.Category)
	term(v, "/certainty", in.Certainty)
	term(v, "/publication", in.Publication)
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
	return v.problems()
}

// Validate returns everything that is wrong with an actor, its pointers
// beginning with the given one.
func (a Actor) Validate(pointer string) Problems {
	v := &validator{}
	v.required(pointer+"/name", a.Name)
	v.actor(pointer, a)
	return v.problems()
}

// Validate returns everything that is wrong with a source, its pointers
// beginning with the given one.
func (s Source) Validate(pointer string) Problems {
	v := &validator{}
	v.source(pointer, s)
	return v.problems()
}

// validator collects problems, up to maxProblems.
type validator struct {
	found    Problems
	unlisted int
}

// Add adds a problem.
func (v *validator) Add(pointer, format string, args ...any) {
	if v.full() {
		return
	}
	v.found.Add(pointer, format, args...)
}

func (v *validator) full() bool {
	if len(v.found) < maxProblems {
		return false
	}
	v.unlisted++
	return true
}

// problems are those found; the last one says how many are left out.
func (v *validator) problems() Problems {
	if v.unlisted > 0 {
		v.found.Add("", "has %s more problems, which are not listed", Number(int64(v.unlisted)))
	}
	return v.found
}

func (v *validator) externalRefs(refs []ExternalRef) {
	seen := map[ExternalRef]bool{}
	v.atMost("/external_refs", len(refs), maxList)
	for i, r := range refs {
		p := at("/external_refs", i)
		v.required(p+"/scheme", r.Scheme)
		if strings.TrimSpace(r.Scheme) != "" && (len(r.Scheme) > 40 || !schemePattern.MatchString(r.Scheme)) {
			v.Add(p+"/scheme", "must be lower-case letters and digits, joined by single hyphens, dots or underscores, at most 40 characters")
		}
		v.required(p+"/id", r.ID)
		v.line(p+"/id", r.ID, 200)
		if seen[r] && r != (ExternalRef{}) {
			v.Add(p, "%s %q is listed twice", clip(r.Scheme), clip(r.ID))
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
	v.atMost("/participants", len(ps), maxParticipants)
	for i, p := range ps {
		requiredTerm(v, at("/participants", i, "role"), p.Role)
		k := key{p.Actor.Key(), p.Role}
		if seen[k] && !p.Actor.IsZero() && p.Role != "" {
			v.Add(at("/participants", i), "the same actor is listed twice in the role %s", clip(string(p.Role)))
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
		default:
			if r.Slug == "" && r.Name == "" { // a slug alone may name a known actor
				v.Add(pointer+"/name", "is required, or the slug of a known actor; what is known of an actor is changed on the actor itself")
			} else if r.Slug == "" {
				v.required(pointer+"/name", r.Name)
			}
			v.actor(pointer, r.Actor())
		}
	})
}

// actor checks what is given of an actor.
func (v *validator) actor(p string, a Actor) {
	v.name(p+"/name", a.Name)
	if strings.TrimSpace(a.Name) != "" && IsNobody(a.Name) {
		v.Add(p+"/name", "%q names nobody; leave the actor out", clip(a.Name))
	}
	v.slug(p+"/slug", a.Slug)
	term(v, p+"/kind", a.Kind)
	term(v, p+"/sector", a.Sector)
	if a.Country != "" && !KnownCountry(a.Country) {
		v.Add(p+"/country", "%s", UnknownCountry(a.Country))
	}
	if a.Domain != "" && !ValidDomain(a.Domain) {
		v.Add(p+"/domain", "must be an internet domain in lower case, such as example.com")
	}
	v.atMost(p+"/aliases", len(a.Aliases), maxList)
	for i, alias := range a.Aliases {
		v.required(at(p, "aliases", i), alias)
		v.name(at(p, "aliases", i), alias)
		if strings.TrimSpace(alias) != "" && IsNobody(alias) {
			v.Add(at(p, "aliases", i), "%q names nobody; leave it out", clip(alias))
		}
	}
}

// ValidDomain reports whether an actor may have the internet domain.
func ValidDomain(domain string) bool { return len(domain) <= 253 && domainPattern.MatchString(domain) }

func (v *validator) slug(pointer, value string) {
	if value != "" && !ValidSlug(value) {
		v.Add(pointer, "must be lower-case letters and digits in words joined by single hyphens, at most %d characters, and not in the form of an id", MaxSlug)
	}
}
