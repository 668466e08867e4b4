package hibp

import (
	_ "embed" // the list of names
	"regexp"
	"strings"
	"sync"
)

//go:embed names.tsv
var namesTable string

// named is what the list says of a breach.
type named struct {
	compilation string   // why it is one, "" when it isn't
	nobody      string   // why the title names no victim, "" when it does
	victims     []string // who was breached, when it isn't the title
}

var names = sync.OnceValue(func() map[string]named {
	out := map[string]named{}
	for line := range strings.Lines(namesTable) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 3 {
			panic("hibp: the list of names has the line " + line)
		}
		n := out[columns[1]]
		switch kind, says := columns[0], columns[2]; kind {
		case "compilation":
			n.compilation = says
		case "nobody":
			n.nobody = says
		case "victim":
			n.victims = append(n.victims, says)
		default:
			panic("hibp: the list of names has the unknown kind " + kind)
		}
		out[columns[1]] = n
	}
	return out
})

// dated is what tells two breaches of one organisation apart in their titles:
// "Bell (2014 breach)", "Carding Mafia (December 2021)".
var dated = regexp.MustCompile(`\s*\([^()]*\b(19|20)\d\d\b[^()]*\)$`)

// victims are the organisations breached. Without a domain a title may name
// anything, so only the list tells.
func (d *decoder) victims() []string {
	n := names()[d.name]
	switch {
	case d.compilation() || n.nobody != "":
		return nil
	case n.victims != nil:
		return n.victims
	case d.domain == "":
		d.notes.Add("/Title", "was read as no victim: without a domain it may name no organisation")
		return nil
	default:
		return []string{dated.ReplaceAllString(d.title, "")}
	}
}

func (d *decoder) compilation() bool {
	return names()[d.name].compilation != "" || d.flag("IsSpamList") || d.flag("IsStealerLog")
}
