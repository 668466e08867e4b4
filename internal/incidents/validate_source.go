package incidents

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

func (v *validator) sources(sources []Source) {
	keys, ids, urls := map[string]bool{}, map[uuid.UUID]bool{}, map[string]bool{}
	v.atMost("/sources", len(sources), MaxClaims)
	for i, s := range sources {
		p := at("/sources", i)
		if s.Key != "" && keys[s.Key] || s.ID != uuid.Nil && ids[s.ID] || s.URL != "" && urls[s.URL] {
			v.Add(p, "the same source is listed twice")
		}
		keys[s.Key], ids[s.ID], urls[s.URL] = true, true, true
		v.source(p, s)
	}
}

// source checks what is given of a source.
func (v *validator) source(p string, s Source) {
	if s.ID == uuid.Nil && s.URL == "" && s.Title == "" && s.Text == "" {
		v.Add(p, "must have an address (url), a title or a text")
	}
	v.url(p+"/url", s.URL)
	v.key(p+"/key", s.Key)
	v.line(p+"/title", s.Title, 500)
	v.line(p+"/publisher", s.Publisher, maxName)
	v.line(p+"/author", s.Author, maxName)
	v.text(p+"/no_incident_reason", s.NoIncidentReason, 1000)
	v.verbatim(p+"/text", s.Text, 0)
	if s.Language != "" && (len(s.Language) > 35 || !languagePattern.MatchString(s.Language)) {
		v.Add(p+"/language", "must be a language tag such as en or pt-BR")
	}
}

// key checks the name that a document gives a source or a claim.
func (v *validator) key(pointer, key string) {
	if uuid.Validate(key) == nil {
		v.Add(pointer, "must not have the form of an id")
	}
	v.line(pointer, key, 60)
}

func (v *validator) url(pointer, value string) {
	if value == "" {
		return
	}
	if !isWebAddress(value) {
		v.Add(pointer, "must be an http or https address, without a user name, a password or spaces")
		return
	}
	v.webAddress(pointer, value)
}

// webAddress checks what is an http or https address.
func (v *validator) webAddress(pointer, value string) {
	v.line(pointer, value, 0)
	if len(value) > MaxURL {
		v.Add(pointer, "must have at most %s bytes, has %s", Number(MaxURL), Number(int64(len(value))))
	}
}

// MaxURL is how many bytes the address of a source may have: an index row of the
// ledger's database holds 2,704.
const MaxURL = 2_000

// ValidURL reports whether a source may have the address: http or https, of a host, in
// one line without spaces, a user name or a password.
func ValidURL(address string) bool {
	v := &validator{}
	v.url("", address)
	return address != "" && len(v.found) == 0
}

func isWebAddress(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil &&
		!hasSpace(value)
}

func hasSpace(text string) bool {
	if isPlain(text) {
		return strings.Contains(text, " ")
	}
	return strings.ContainsFunc(text, unicode.IsSpace)
}

func (v *validator) allEvidence(in *Incident) {
	keys, urls := map[string]bool{}, map[string]bool{}
	for _, s := range in.Sources {
		keys[s.Key], urls[s.URL] = true, true
	}
	in.EachClaim(func(p string, c *Claim) {
		p += "/evidence"
		v.atMost(p, len(c.Evidence), maxEvidence)
		for i, e := range c.Evidence {
			p := at(p, i)
			v.evidence(p, e)
			switch ref := e.Source; {
			case ref.IsZero():
				if n := len(in.Sources); n != 1 {
					v.Add(p+"/source", "is required, as the incident has %d sources; it can be left out only where there is exactly one", n)
				}
			case ref.Given != "":
				web := isWebAddress(ref.Given)
				if !keys[ref.Given] && !urls[ref.Given] && uuid.Validate(ref.Given) != nil && !web {
					v.Add(p+"/source", "%q is neither the key of one of the document's sources, nor an id, nor an http or https address", clip(ref.Given))
				}
				if web {
					v.webAddress(p+"/source", ref.Given)
				} else {
					v.line(p+"/source", ref.Given, MaxURL)
				}
			case ref.Key != "" && !keys[ref.Key]:
				v.Add(p+"/source/key", "%q is not the key of one of the document's sources", clip(ref.Key))
			}
		}
	})
}

// evidence checks what of a piece of evidence depends on nothing else.
func (v *validator) evidence(p string, e Evidence) {
	v.verbatim(p+"/quote", e.Quote, maxQuote)
	if e.Quote != "" && strings.TrimSpace(e.Quote) == "" {
		v.Add(p+"/quote", "must not be blank")
	}
	if e.Occurrence < 0 || e.Occurrence > 0 && e.Quote == "" {
		v.Add(p+"/occurrence", "counts from 1 and needs a quote")
	}
	if e.Start != nil && *e.Start < 0 {
		v.Add(p+"/start", "must not be negative")
	}
	if e.End != nil && *e.End < 0 {
		v.Add(p+"/end", "must not be negative")
	}
	s := e.Source
	if s.Publisher != "" && s.ID == uuid.Nil && s.Key == "" && s.URL == "" && s.Title == "" {
		v.Add(p+"/source", "must have an id, a key, a url or a title")
	}
	v.url(p+"/source/url", s.URL)
	v.line(p+"/source/title", s.Title, 500)
	v.line(p+"/source/publisher", s.Publisher, maxName)
}
