package incidents

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// NormalAddress is a web address without what makes no difference to where it leads
// (RFC 3986, 6.2.2 and 6.2.3): the case of scheme and host, the usual port, and a
// missing path. What follows is kept to the letter, as is what is no web address.
func NormalAddress(address string) string {
	if isNormal(address) || !isWebAddress(address) {
		return address
	}
	scheme, rest, _ := strings.Cut(address, "://")
	scheme = lowerASCII(scheme)
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := lowerASCII(rest[:end]), rest[end:]
	usual := ":80"
	if scheme == "https" {
		usual = ":443"
	}
	host = strings.TrimSuffix(strings.TrimSuffix(host, usual), ":")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + host + path
}

// isNormal knows at a glance that most normal addresses are; false means only that
// one has to look.
func isNormal(address string) bool {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(address, "http://"); !ok {
			return false
		}
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '.', c == '-':
		default:
			return c == '/' && i > 0
		}
	}
	return false
}

// lowerASCII leaves other letters as they are: which of them are equal is a matter
// for the rules of internationalised domain names.
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// normalAddresses makes the addresses of sources normal, and those by which evidence
// names them. A source that has an id is known by that, and evidence that names a
// source by its key keeps the key as it is, even where it looks like an address.
func (in *Incident) normalAddresses() {
	for i := range in.Sources {
		if s := &in.Sources[i]; s.ID == uuid.Nil {
			s.URL = NormalAddress(s.URL)
		}
	}
	in.EachClaim(func(_ string, c *Claim) {
		for i := range c.Evidence {
			s := &c.Evidence[i].Source
			if s.ID != uuid.Nil {
				continue
			}
			s.URL = NormalAddress(s.URL)
			if s.Given != "" && !in.namesSource(s.Given) {
				s.Given = NormalAddress(s.Given)
			}
		}
	})
}

// namesSource reports whether a source of the document has the key.
func (in *Incident) namesSource(key string) bool {
	return slices.ContainsFunc(in.Sources, func(s Source) bool { return s.Key == key })
}
