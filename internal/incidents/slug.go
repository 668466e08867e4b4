package incidents

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
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

// Slugify makes a valid slug of a title or name; "" when it has no Latin letter
// or digit. Words that have the form of an id get "id-" in front.
func Slugify(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	gap := false
	for _, r := range decomposed(s) {
		r = unicode.ToLower(r) // of some letters, such as the Kelvin sign, that is in ASCII
		switch {
		case r < utf8.RuneSelf:
			gap = foldASCII(&out, byte(r), '-', gap)
		case isApostrophe(r) || unicode.Is(unicode.Mn, r) || isInvisible(r):
		case latinLetters[r] != "":
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteString(latinLetters[r])
		default:
			gap = true
		}
	}
	slug := out.String()
	if len(slug) > maxMadeSlug {
		// Cut between two words, unless the last one is very long.
		if i := strings.LastIndexByte(slug[:maxMadeSlug+1], '-'); i > maxMadeSlug/2 {
			slug = slug[:i]
		} else {
			slug = slug[:maxMadeSlug]
		}
	}
	if uuid.Validate(slug) == nil {
		slug = "id-" + slug
	}
	return slug
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
