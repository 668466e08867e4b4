package web

import (
	"strings"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/access"
)

// Frame is what every page has around its content.
type Frame struct {
	Title       string
	Description string // for previews of shared links
	Nav         string // the part of the navigation that is current
	Canonical   string // the page's own address
	Feed        string // the address of an Atom feed of what the page shows
	NoIndex     bool
	Wide        bool

	By       access.Identity
	SignedIn bool
	Writes   bool // may log incidents
	Edits    bool // may publish, edit, merge
	Here     string
	Absolute string // scheme and host
	Notice   string
}

type framed interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

// notices are the messages that a page can be opened with: ?done=… after a form
// was sent. They are a closed list, so that a link cannot put words on a page.
var notices = map[string]string{
	"logged":    "The incident is in the ledger.",
	"draft":     "The incident is logged as a draft. An editor will look at it.",
	"saved":     "Saved as a new version.",
	"unchanged": "Nothing was changed.",
	"response":  "The response is recorded.",
	"source":    "Saved, in every incident that names the source.",
	"actor":     "Saved, in every incident that names the actor.",
	"published": "The incident is public.",
	"rejected":  "The draft is rejected.",
	"retracted": "The incident is retracted.",
	"merged":    "The two incidents are one now.",
	"one":       "The two actors are one now.",
	"different": "Noted: they are not the same.",
	"restored":  "The earlier version is back, as a new version.",
	"in":        "You are signed in.",
	"out":       "You are signed out.",
}

// fill completes the frame from the visit.
func (f *Frame) fill(v *visit) {
	f.By = v.by
	f.SignedIn = v.by.Role != access.Anonymous
	f.Writes = v.by.Role.AtLeast(access.Contributor)
	f.Edits = v.by.Role.AtLeast(access.Editor)
	f.Absolute = v.origin
	f.Here = v.URL.RequestURI()
	if f.Canonical == "" {
		f.Canonical = v.URL.Path
	}
	f.Notice = notices[v.query.Get("done")]
	f.Description = opening(f.Description)
	if f.Description == "" {
		f.Description = "Payments-security incidents, in which every figure, accusation and response keeps its source and the sentence it came from."
	}
}

// mostDescription is how many characters of a description a preview has room for.
const mostDescription = 300

// opening is a text on one line, or as many of its first words as there is room for.
func opening(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= mostDescription {
		return text
	}
	text = string([]rune(text)[:mostDescription-1])
	if at := strings.LastIndexByte(text, ' '); at > mostDescription/2 {
		text = text[:at]
	}
	return text + "…"
}
