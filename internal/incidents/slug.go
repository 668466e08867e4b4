package incidents

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the longest slug, in characters. A made-up one stays shorter, so
// that a year and a number can follow.
const MaxSlug = 100

const maxMadeSlug = 80

var slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidSlug reports whether s may be a slug: lower-case letters and digits in
// words joined by single hyphens, and not the form of an id.
func ValidSlug(s string) bool {
	return len(s) <= MaxSlug && slugPattern.MatchString(s) && uuid.Validate(s) != nil
}

// Slugify makes a slug of a title or name; "" when it has no Latin letter or
// digit.
func Slugify(s string) string {
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r == '\'' || r == '’' || unicode.Is(unicode.Mn, r):
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
		default:
			gap = true
		}
	}
	slug := out.String()
	if len(slug) <= maxMadeSlug {
		return slug
	}
	slug = slug[:maxMadeSlug]
	if i := strings.LastIndexByte(slug, '-'); i > maxMadeSlug/2 {
		slug = slug[:i]
	}
	return strings.Trim(slug, "-")
}

// DefaultSlug is the slug of an incident that gives none: the title, and the
// year when it is known and the title does not name it.
func (in Incident) DefaultSlug() string {
	slug := Slugify(in.Title)
	if slug == "" {
		slug = "incident"
	}
	if year := in.year(); year != "" && !strings.Contains("-"+slug+"-", "-"+year+"-") {
		slug += "-" + year
	}
	if uuid.Validate(slug) == nil {
		slug = "incident-" + slug
	}
	return slug
}

func (in Incident) year() string {
	for _, d := range []PartialDate{in.occurredFrom(), in.Disclosed, in.Discovered} {
		if !d.IsZero() {
			return d.String()[:4]
		}
	}
	return ""
}
