package veris

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Upgrade brings a document of an older version, or one that breaks rules, to
// VERIS 1.4.1. Names and shapes change as VERIS changed them; what is required
// and missing is "Unknown". What 1.4.1 has no place for is kept, with its old
// pointer, under /plus/breachledger/upgraded, and is what the changes tell.
//
// VERIS's own scripts also add what their authors infer, such as motives and
// value chains. That is not done here.
//
// Problems mean that it can't be done: something is required that nobody can
// make up, such as the year.
func Upgrade(document []byte) (upgraded []byte, changes, problems incidents.Problems) {
	n, problems := parse(document)
	if n == nil {
		return nil, nil, problems
	}
	changes, problems = upgrade(n)
	if len(problems) > 0 {
		return nil, nil, problems
	}
	return appendJSON(nil, n), changes, nil
}

// upgrade changes the document in place.
func upgrade(doc *strict.Node) (changes, problems incidents.Problems) {
	u := &upgrader{doc: doc}
	from := doc.Member("schema_version")
	u.names()
	set(doc, "schema_version", text(Version))
	u.required()
	u.object("", "", doc, root())
	if from == nil || from.Text != Version || len(u.displaced) > 0 {
		u.remember(from)
	}
	return u.changes, u.problems
}

type upgrader struct {
	doc       *strict.Node
	displaced []*strict.Node
	changes   incidents.Problems
	problems  incidents.Problems
}

// displace keeps what the document can't hold any more.
func (u *upgrader) displace(pointer string, was *strict.Node, detail string) {
	if len(u.changes) < maxProblems {
		u.changes.Add(pointer, "%s", detail)
	}
	u.displaced = append(u.displaced, set(set(object(), "pointer", text(pointer)), "value", was))
}

func (u *upgrader) remember(from *strict.Node) {
	own := within(within(u.doc, "plus"), plusName)
	upgraded := object()
	if from != nil {
		set(upgraded, "from", from)
	}
	if len(u.displaced) > 0 {
		set(upgraded, "displaced", list(u.displaced...))
	}
	set(own, "upgraded", upgraded)
}

// names does the changes that are more than a new name for a value.
func (u *upgrader) names() {
	u.discovery()
	if hacking := find(u.doc, "action", "hacking"); isObject(hacking) && take(hacking, "variety", "Use of backdoor or C2") {
		add(hacking, "vector", "Backdoor")
	}
	if malware := find(u.doc, "action", "malware"); isObject(malware) && take(malware, "variety", "SQL injection") {
		hacking := within(within(u.doc, "action"), "hacking")
		add(hacking, "variety", "SQLi")
	}
	for _, action := range items("", find(u.doc, "action")) {
		for _, m := range action.node.Members {
			for _, result := range []string{"Elevate", "Exfiltrate", "Infiltrate"} { // 1.3.1
				if flag := m.Value.Member(result); flag != nil && flag.Kind == strict.Bool {
					remove(m.Value, result)
					if flag.Text == "true" {
						add(m.Value, "result", result)
					}
				}
			}
		}
	}
	u.cloud()
	secondary := find(u.doc, "victim", "secondary")
	if names := secondary.Member("victim_id"); names != nil && names.Kind == strict.String {
		set(secondary, "victim_id", terms(commaBetweenNames.Split(names.Text, -1)...))
	}
}

func isObject(n *strict.Node) bool { return n != nil && n.Kind == strict.Object }

// take removes a text from a list and reports whether it was there.
func take(n *strict.Node, name, value string) bool {
	l := n.Member(name)
	if l == nil || l.Kind != strict.List {
		return false
	}
	before := len(l.Items)
	l.Items = slices.DeleteFunc(l.Items, func(i *strict.Node) bool { return i.Kind == strict.String && i.Text == value })
	return len(l.Items) < before
}

// discovery was one text up to 1.3.2: "Ext - fraud detection".
func (u *upgrader) discovery() {
	n := u.doc.Member("discovery_method")
	switch {
	case n == nil:
		set(u.doc, "discovery_method", set(object(), "unknown", truth()))
	case n.Kind == strict.String:
		method := set(object(), "unknown", truth())
		if n.Text == other {
			method = set(object(), "other", truth())
		}
		for prefix, who := range discoverers {
			if how, ok := strings.CutPrefix(n.Text, prefix); ok && how != "" {
				method = set(object(), who, set(object(), "variety", terms(strings.ToUpper(how[:1])+strings.ToLower(how[1:]))))
			}
		}
		set(u.doc, "discovery_method", method)
	case n.Kind == strict.Object:
		if external := n.Member("external"); isObject(external) && take(external, "variety", "Monitoring service") {
			add(within(n, "partner"), "variety", "Monitoring service")
			if len(find(external, "variety").Items) == 0 {
				remove(n, "external")
			}
		}
	}
}

// cloud said until 1.3.4 how a cloud was attacked, and since then whose it is.
func (u *upgrader) cloud() {
	v := version(0)
	if named := u.doc.Member("schema_version"); named != nil {
		v, _ = versionOf(named.Text)
	}
	cloud := find(u.doc, "asset", "cloud")
	if cloud == nil || v > mustVersion("1.3.4") {
		return
	}
	for _, i := range items("/asset/cloud", cloud) {
		was := *i.node
		if now, ok := cloudSince135[was.Text]; ok && was.Kind == strict.String {
			*i.node = *text(now)
			if now != was.Text {
				u.displace(i.pointer, &was, quoted(was.Text)+" is not a value since 1.3.5")
			}
		}
	}
}

var cloudSince135 = map[string]string{
	"Hosting error": "External Cloud Asset(s)", "Hosting governance": "External Cloud Asset(s)", "No": notApplicable,
	notApplicable: unknown, "Customer attack": unknown, "Hypervisor": unknown, "Partner application": unknown, "User breakout": unknown,
}

// required puts in what 1.4.1 requires of every document, where it is missing.
func (u *upgrader) required() {
	for name, missing := range map[string]func() *strict.Node{
		"summary":           func() *strict.Node { return text("") },
		"security_incident": func() *strict.Node { return text("Suspected") },
		"actor":             func() *strict.Node { return set(object(), "unknown", object()) },
		"action":            func() *strict.Node { return set(object(), "unknown", object()) },
		"asset":             object,
	} {
		if n := u.doc.Member(name); n == nil || n.Kind == strict.Null || n.Kind == strict.Object && len(n.Members) == 0 {
			set(u.doc, name, missing())
		}
	}
	if n := within(u.doc, "asset"); n.Member("assets") == nil {
		set(n, "assets", list(set(object(), "variety", text(unknown))))
	}
	if victim := u.doc.Member("victim"); isObject(victim) && victim.Member("government") == nil {
		industry := ""
		if n := victim.Member("industry"); n != nil {
			industry = n.Text
		}
		set(victim, "government", terms(governmentOf(industry)))
	}
}
