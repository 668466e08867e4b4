package incidents

import (
	"strings"
	"testing"
)

const (
	notASlug    = "must be lower-case letters and digits in words joined by single hyphens, at most 100 characters, and not in the form of an id"
	notATag     = "must be lower-case letters and digits, joined by single hyphens, dots, colons or underscores, at most 60 characters"
	notAScheme  = "must be lower-case letters and digits, joined by single hyphens, dots or underscores, at most 40 characters"
	notADomain  = "must be an internet domain in lower case, such as example.com"
	noActor     = "is required: the slug or name of a known actor, or a new one as an object with a name"
	notACountry = " is not a country code of ISO 3166-1 alpha-2, such as US or GB"
)

func TestValidateOwnFields(t *testing.T) {
	t.Parallel()
	check(t, []rule{
		{"no title", func(in *Incident) { in.Title = "" }, []string{"/title: is required"}},
		{"blank title", func(in *Incident) { in.Title = " \u00a0" }, []string{"/title: is required"}},
		{"title of 300 characters", func(in *Incident) { in.Title = strings.Repeat("夜", 300) }, nil},
		{"title of 301 characters", func(in *Incident) { in.Title = strings.Repeat("夜", 301) }, []string{"/title: must have at most 300 characters, has 301"}},
		{"title of two lines", func(in *Incident) { in.Title = "a\nb" }, []string{"/title: must be one line, without tabs"}},
		{"title with a tab", func(in *Incident) { in.Title = "a\tb" }, []string{"/title: must be one line, without tabs"}},
		{"title with a Unicode line separator", func(in *Incident) { in.Title = "a\u2028b" }, []string{"/title: must be one line, without tabs"}},
		{"title with NUL", func(in *Incident) { in.Title = "a\x00b" }, []string{"/title: must not contain the control character U+0000"}},
		{"title with an escape sequence", func(in *Incident) { in.Title = "\x1b[31mred" }, []string{"/title: must not contain the control character U+001B"}},
		{"title not in UTF-8", func(in *Incident) { in.Title = "a\xff" }, []string{"/title: must be valid UTF-8"}},
		{"summary of several lines", func(in *Incident) { in.Summary = "a\r\n\tb" }, nil},
		{"long summary", func(in *Incident) { in.Summary = strings.Repeat("a", 10_001) }, []string{"/summary: must have at most 10,000 characters, has 10,001"}},
		{"summary with a control character", func(in *Incident) { in.Summary = "a\u0085" }, []string{"/summary: must not contain the control character U+0085"}},
		{"slug", func(in *Incident) { in.Slug = ".." }, []string{"/slug: " + notASlug}},
		{"slug like an id", func(in *Incident) { in.Slug = id(1).String() }, []string{"/slug: " + notASlug}},
		{"no category", func(in *Incident) { in.Category = "" }, []string{"/category: is required"}},
		{"category", func(in *Incident) { in.Category = "breach" }, []string{`/category: "breach" is not a known category`}},
		{"certainty", func(in *Incident) { in.Certainty = "sure" }, []string{`/certainty: "sure" is not a known certainty`}},
		{"publication", func(in *Incident) { in.Publication = "live" }, []string{`/publication: "live" is not a known publication`}},
		{"a long value is clipped", func(in *Incident) { in.Certainty = Certainty(strings.Repeat("夜", 500)) }, []string{`/certainty: "` + strings.Repeat("夜", 60) + `…" is not a known certainty`}},
		{"occurred backwards", func(in *Incident) { in.Occurred = Period{date(t, "2014-10"), date(t, "2014-09")} }, []string{"/occurred: from (2014-10) must not be after to (2014-09)"}},
		{"occurred within one year", func(in *Incident) { in.Occurred = Period{date(t, "2014-10"), date(t, "2014")} }, nil},
		{"occurred, only the end", func(in *Incident) { in.Occurred.To = date(t, "2014") }, nil},
	})
}

func TestValidateLists(t *testing.T) {
	t.Parallel()
	many := make([]string, maxList+1)
	for i, code := range strings.Fields(isoCountries)[:len(many)] {
		many[i] = code
	}
	check(t, []rule{
		{"country in lower case", func(in *Incident) { in.Countries = []string{"US", "cn"} }, []string{`/countries/1: "cn"` + notACountry}},
		{"country twice", func(in *Incident) { in.Countries = []string{"US", "US"} }, []string{`/countries/1: "US" is listed twice`}},
		{"too many countries", func(in *Incident) { in.Countries = many }, []string{"/countries: must have at most 100 items, has 101"}},
		{"vector", func(in *Incident) { in.Vectors = []Vector{"phishing", "magic"} }, []string{`/vectors/1: "magic" is not a known vector`}},
		{"vector twice", func(in *Incident) { in.Vectors = []Vector{"phishing", "phishing"} }, []string{`/vectors/1: "phishing" is listed twice`}},
		{"empty vector", func(in *Incident) { in.Vectors = []Vector{""} }, []string{"/vectors/0: must not be empty"}},
		{"data class", func(in *Incident) { in.DataClasses = []DataClass{"secrets"} }, []string{`/data_classes/0: "secrets" is not a known data class`}},
		{"payment method", func(in *Incident) { in.PaymentMethods = []PaymentMethod{"cash"} }, []string{`/payment_methods/0: "cash" is not a known payment method`}},
		{"tags", func(in *Incident) { in.Tags = []string{"pos", "year:2014", "a.b_c-d"} }, nil},
		{"tag in upper case", func(in *Incident) { in.Tags = []string{"POS"} }, []string{"/tags/0: " + notATag}},
		{"empty tag", func(in *Incident) { in.Tags = []string{""} }, []string{"/tags/0: " + notATag}},
		{"long tag", func(in *Incident) { in.Tags = []string{strings.Repeat("a", 61)} }, []string{"/tags/0: " + notATag}},
		{"tag twice", func(in *Incident) { in.Tags = []string{"pos", "pos"} }, []string{`/tags/1: "pos" is listed twice`}},
		{"external reference without scheme and id", func(in *Incident) { in.ExternalRefs = []ExternalRef{{}} }, []string{"/external_refs/0/scheme: is required", "/external_refs/0/id: is required"}},
		{"external scheme", func(in *Incident) { in.ExternalRefs = []ExternalRef{{"My register", "1"}} }, []string{"/external_refs/0/scheme: " + notAScheme}},
		{"long external scheme", func(in *Incident) { in.ExternalRefs = []ExternalRef{{strings.Repeat("a", 41), "1"}} }, []string{"/external_refs/0/scheme: " + notAScheme}},
		{"long external id", func(in *Incident) { in.ExternalRefs = []ExternalRef{{"case", strings.Repeat("1", 201)}} }, []string{"/external_refs/0/id: must have at most 200 characters, has 201"}},
		{"external reference twice", func(in *Incident) { in.ExternalRefs = []ExternalRef{{"case", "1"}, {"case", "1"}} }, []string{`/external_refs/1: case "1" is listed twice`}},
		{"two numbers of one register", func(in *Incident) { in.ExternalRefs = []ExternalRef{{"case", "1"}, {"case", "2"}} }, nil},
	})
}

func TestValidateParticipants(t *testing.T) {
	t.Parallel()
	join := func(ps ...Participant) func(*Incident) { return func(in *Incident) { in.Participants = ps } }
	acme := named("Acme")
	check(t, []rule{
		{"an actor in two roles", join(Participant{acme, RoleVictim}, Participant{acme, RoleReporter}), nil},
		{"an actor twice in a role", join(Participant{acme, RoleVictim}, Participant{named("ACME"), RoleVictim}), []string{"/participants/1: the same actor is listed twice in the role victim"}},
		{"no role", join(Participant{Actor: acme}), []string{"/participants/0/role: is required"}},
		{"role", join(Participant{acme, "loser"}), []string{`/participants/0/role: "loser" is not a known role`}},
		{"no actor", join(Participant{Role: RoleVictim}, Participant{Role: RoleVictim}), []string{"/participants/0/actor: " + noActor, "/participants/1/actor: " + noActor}},
		{"nobody by name", join(Participant{named("N/A"), RoleVictim}), []string{`/participants/0/actor: "N/A" names nobody; leave the actor out`}},
		{"name of two lines", join(Participant{named("Acme\nPay"), RoleVictim}), []string{"/participants/0/actor: must be one line, without tabs"}},
		{"long name", join(Participant{named(strings.Repeat("a", 201)), RoleVictim}), []string{"/participants/0/actor: must have at most 200 characters, has 201"}},
	})
}

func TestValidateActors(t *testing.T) {
	t.Parallel()
	victim := func(r ActorRef) func(*Incident) {
		return func(in *Incident) { in.Participants = []Participant{{r, RoleVictim}} }
	}
	const p = "/participants/0/actor"
	check(t, []rule{
		{"a slug alone", victim(ActorRef{Slug: "acme"}), nil},
		{"a name alone", victim(ActorRef{Name: "Acme"}), nil},
		{"neither slug nor name", victim(ActorRef{Kind: Company}), []string{p + "/name: is required, or the slug of a known actor; what is known of an actor is changed on the actor itself"}},
		{"only a country", victim(ActorRef{Country: "US"}), []string{p + ": " + noActor}},
		{"slug", victim(ActorRef{Slug: "Acme Pay"}), []string{p + "/slug: " + notASlug}},
		{"nobody", victim(ActorRef{Name: "Unknown"}), []string{p + `/name: "Unknown" names nobody; leave the actor out`}},
		{"name without letters", victim(ActorRef{Name: "???"}), []string{p + `/name: "???" names nobody; leave the actor out`}},
		{"kind", victim(ActorRef{Name: "Acme", Kind: "firm"}), []string{p + `/kind: "firm" is not a known actor kind`}},
		{"sector", victim(ActorRef{Name: "Acme", Sector: "banking"}), []string{p + `/sector: "banking" is not a known sector`}},
		{"country", victim(ActorRef{Name: "Acme", Country: "USA"}), []string{p + `/country: "USA"` + notACountry}},
		{"domain", victim(ActorRef{Name: "Acme", Domain: "https://acme.example"}), []string{p + "/domain: " + notADomain}},
		{"domain in upper case", victim(ActorRef{Name: "Acme", Domain: "Acme.example"}), []string{p + "/domain: " + notADomain}},
		{"domain of one word", victim(ActorRef{Name: "Acme", Domain: "localhost"}), []string{p + "/domain: " + notADomain}},
		{"address for a domain", victim(ActorRef{Name: "Acme", Domain: "127.0.0.1"}), []string{p + "/domain: " + notADomain}},
		{"domain with a long label", victim(ActorRef{Name: "Acme", Domain: strings.Repeat("a", 64) + ".example"}), []string{p + "/domain: " + notADomain}},
		{"long domain", victim(ActorRef{Name: "Acme", Domain: strings.Repeat("a.", 127) + "example"}), []string{p + "/domain: " + notADomain}},
		{"international domain", victim(ActorRef{Name: "Acme", Domain: "xn--e1afmkfd.xn--p1ai"}), nil},
		{"empty alias", victim(ActorRef{Name: "Acme", Aliases: []string{""}}), []string{p + "/aliases/0: is required"}},
		{"alias of nobody", victim(ActorRef{Name: "Acme", Aliases: []string{"A", "n/a"}}), []string{p + `/aliases/1: "n/a" names nobody; leave it out`}},
		{"too many aliases", victim(ActorRef{Name: "Acme", Aliases: strings.Fields(strings.Repeat("A ", 101))}), []string{p + "/aliases: must have at most 100 items, has 101"}},
		{"a slug does not shield the rest", victim(ActorRef{Slug: "acme", Name: "A\x00", Kind: "firm", Country: "zz", Domain: "javascript:alert(1)", Aliases: []string{"-"}}), []string{
			p + "/name: must not contain the control character U+0000",
			p + `/kind: "firm" is not a known actor kind`,
			p + `/country: "zz"` + notACountry,
			p + "/domain: " + notADomain,
			p + `/aliases/0: "-" names nobody; leave it out`,
		}},
	})
}

// Every place that names an actor is looked at.
func TestValidateEveryActor(t *testing.T) {
	t.Parallel()
	nobody := named("unknown")
	in := small()
	in.Participants = []Participant{{nobody, RoleVictim}}
	in.Counts = []Count{{Unit: People, Qualifier: NotDisclosed, ClaimedBy: &nobody}}
	in.Losses = []Loss{{Kind: "stolen", Qualifier: NotDisclosed, ClaimedBy: &nobody}}
	in.Attributions = []Attribution{{Accused: nobody, Claimant: &nobody, Basis: "media_attributes"}}
	in.Responses = []Response{{Actor: nobody, Kind: "apology"}}
	in.Complete()
	var pointers []string
	for _, p := range in.Validate() {
		pointers = append(pointers, p.Pointer)
	}
	want := "/participants/0/actor /counts/0/claimed_by /losses/0/claimed_by /attributions/0/accused /attributions/0/claimant /responses/0/actor"
	if got := strings.Join(pointers, " "); got != want {
		t.Errorf("reported at %s\nwant %s", got, want)
	}
}

func TestActorValidate(t *testing.T) {
	t.Parallel()
	if problems := (Actor{Name: "Acme", Slug: "acme"}).Validate(""); problems != nil {
		t.Errorf("a valid actor: %v", problems)
	}
	got := (Actor{Slug: "-", Country: "us"}).Validate("/actors/2").Error()
	want := "/actors/2/name: is required; /actors/2/slug: " + notASlug + `; /actors/2/country: "us"` + notACountry
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
