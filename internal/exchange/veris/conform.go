package veris

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/strict"
)

// renamed are values that have a new name, by field.
var renamed = map[string]map[string]string{
	"action.malware.variety": {"Ram scraper": "RAM scraper", "MitM": "AitM"},
	"action.malware.vector":  {"Web drive-by": "Web application - drive-by", "Web download": "Web application - download"},
	"action.hacking.variety": {"Footprinting": "Profile host", "HTTP Response Splitting": "HTTP response splitting", "MitM": "AitM"},
	"action.hacking.vector":  {"Backdoor or C2": "Backdoor"},
	"action.social.vector":   {"Website": "Web application"},
	"action.physical.vector": {"Privileged access": "Victim secure area", "Uncontrolled location": "Public facility", "Visitor privileges": "Victim work area"},
	"asset.assets.variety":   {"N - HSM": "S - Secrets vault", "S - Remote access": "N - Remote access", "S - SCADA": "S - ICS"},
	"asset.hosting": {
		"External":        "External - unknown environment",
		"External shared": "External - shared environment", "External dedicated": "External - dedicated environment",
	},
	"attribute.confidentiality.data.variety": {"API key ": "API key"},
}

// value makes a value fit its field; nil when it can't.
func (u *upgrader) value(pointer, path string, n *strict.Node, f *field) *strict.Node {
	kind, isList := strings.CutPrefix(f.kind, "[]")
	if !isList {
		return u.single(pointer, path, n, f, f.kind)
	}
	out := list()
	seen := map[string]bool{}
	for _, i := range items(pointer, n) {
		v := u.single(i.pointer, path, i.node, f, kind)
		if v == nil {
			continue
		}
		same := string(appendJSON(nil, v))
		if f.unique && seen[same] {
			continue
		}
		seen[same] = true
		out.Items = append(out.Items, v)
	}
	if len(out.Items) == 0 && f.some {
		return nil
	}
	return out
}

func (u *upgrader) single(pointer, path string, n *strict.Node, f *field, kind string) *strict.Node {
	var out *strict.Node
	switch kind {
	case "{}":
		if n.Kind == strict.Object && u.object(pointer, path, n, f) {
			return n
		}
	case "text":
		return u.text(pointer, path, n, f)
	case "bool":
		if n.Kind == strict.Bool {
			return n
		}
	default:
		out = numeral(n, kind == "integer", f)
	}
	if out == nil && n.Kind != strict.Null {
		u.displace(pointer, n, "can't be what VERIS 1.4.1 wants there")
	}
	return out
}

// object makes the fields of an object fit, and fills in the required ones. It
// is false when nothing is left where something must be.
func (u *upgrader) object(pointer, path string, n *strict.Node, f *field) bool {
	if path != "" {
		path += "."
	}
	members := n.Members[:0:0]
	for _, m := range n.Members {
		at := pointer + "/" + strict.Escape(m.Name)
		child := f.child(m.Name, newest)
		switch {
		case child != nil:
			m.Value = u.value(at, path+m.Name, m.Value, child)
		case !f.takesAny(newest):
			u.displace(at, m.Value, "is not a field of VERIS 1.4.1")
			m.Value = nil
		}
		if m.Value != nil {
			members = append(members, m)
		}
	}
	n.Members = members
	complete := true
	for _, child := range f.fields {
		if !child.in.has(newest) || !child.needs(newest) || n.Member(child.name) != nil {
			continue
		}
		v := filler(path+child.name, child)
		if v == nil {
			complete = false
			if !optional(path) {
				u.problems.Add(pointer+"/"+child.name, "is required, and nothing in the document says it")
			}
			continue
		}
		set(n, child.name, v)
	}
	return complete && (!f.some || len(n.Members) > 0)
}

// optional reports whether the object of the path can be left out when something
// that it requires is not known.
func optional(path string) bool {
	return path != "" && path != "timeline." && path != "timeline.incident."
}

// filler is what a required field has when nothing is known; nil when nobody can
// make it up.
func filler(path string, f *field) *strict.Node {
	switch path {
	case "victim.industry":
		return text(unknownIndustry)
	case "victim.government":
		return terms(notApplicable)
	}
	switch {
	case f.country || slices.Contains(f.allowed(newest), unknown):
		if strings.HasPrefix(f.kind, "[]") {
			return terms(unknown)
		}
		return text(unknown)
	default:
		return nil
	}
}

// text makes a text fit: by its new name, its usual spelling, or as "Other".
func (u *upgrader) text(pointer, path string, n *strict.Node, f *field) *strict.Node {
	if n.Kind == strict.Null {
		return nil
	}
	if n.Kind != strict.String && n.Kind != strict.Number {
		u.displace(pointer, n, "can't be what VERIS 1.4.1 wants there")
		return nil
	}
	fits := func(s string) bool {
		c := &checker{version: newest}
		c.text(pointer, text(s), f)
		return len(c.problems) == 0
	}
	if fits(n.Text) {
		return text(n.Text)
	}
	if now, ok := renamed[path][n.Text]; ok && fits(now) {
		return text(now)
	}
	for _, v := range f.allowed(newest) {
		if strings.EqualFold(v, strings.TrimSpace(n.Text)) {
			return text(v)
		}
	}
	if n.Text != "" {
		u.displace(pointer, n, quoted(clipped(n.Text))+" is not a value of VERIS 1.4.1")
	}
	for _, instead := range []string{other, unknown} {
		if len(f.values) > 0 && n.Text != "" && fits(instead) {
			return text(instead)
		}
	}
	return nil
}

func clipped(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60])
}

// numeral makes a number fit, also one that stands as a text.
func numeral(n *strict.Node, whole bool, f *field) *strict.Node {
	digits := strings.TrimSpace(n.Text)
	if n.Kind != strict.Number && n.Kind != strict.String {
		return nil
	}
	as, err := strict.ParseJSON([]byte(digits))
	if err != nil || as.Kind != strict.Number {
		return nil
	}
	if !whole {
		return number(digits)
	}
	if before, after, ok := strings.Cut(digits, "."); ok && strings.Trim(after, "0") == "" {
		digits = before
	}
	c := &checker{version: newest}
	c.integer("", number(digits), f)
	if _, err := strconv.ParseInt(digits, 10, 64); err != nil || len(c.problems) > 0 {
		return nil
	}
	return number(digits)
}
