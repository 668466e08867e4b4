package csvfile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/strict"
)

// rule says where the value of a field comes from, and how it is read.
type rule struct {
	column   string
	template string   // text with {columns}
	columns  []string // those of the template
	constant []string

	values    map[string][]string // folded words → what they mean
	otherwise []string            // what every other word means
	hasOther  bool
	dates     []dateFormat // nil: the mapping's
	numbers   *numberFormat
	separator string // "": the mapping's
}

// all are the columns that the rule reads.
func (r *rule) all() []string {
	if r.column != "" {
		return []string{r.column}
	}
	return r.columns
}

// shown is the column to blame for what is wrong with the rule's value.
func (r *rule) shown() string { return strings.Join(r.all(), " and ") }

type ruleFile struct {
	Column    string       `json:"column"`
	Template  string       `json:"template"`
	Constant  *strict.Node `json:"constant"`
	Values    *strict.Node `json:"values"`
	Otherwise *strict.Node `json:"otherwise"`
	Dates     []string     `json:"dates"`
	Numbers   *numbersFile `json:"numbers"`
	Separator string       `json:"separator"`
}

var templateColumn = regexp.MustCompile(`\{([^{}]*)\}`)

// rule reads a rule: the name of a column, or an object.
func (p *mappingParser) rule(pointer string, n *strict.Node) *rule {
	if n == nil {
		return nil
	}
	if n.Kind == strict.String {
		return p.named(pointer, n.Text)
	}
	if n.Kind != strict.Object {
		p.add(pointer, "must be the name of a column, or an object with column, template or constant")
		return nil
	}
	var f ruleFile
	p.problems.Merge(strict.Decode(n, &f, strict.Options{}).Under(pointer))
	r := &rule{template: f.Template, separator: f.Separator}
	given := 0
	for _, is := range []bool{f.Column != "", f.Template != "", f.Constant != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		p.add(pointer, "must have exactly one of column, template and constant")
	}
	if f.Column != "" {
		r.column = p.named(pointer+"/column", f.Column).column
	}
	for _, found := range templateColumn.FindAllStringSubmatch(f.Template, -1) {
		r.columns = append(r.columns, p.named(pointer+"/template", found[1]).column)
	}
	if f.Template != "" && len(r.columns) == 0 {
		p.add(pointer+"/template", "must name a column in braces, such as {Company}; a text that is always the same is a constant")
	}
	r.constant = p.words(pointer+"/constant", f.Constant)
	if f.Values != nil {
		r.values = p.values(pointer+"/values", f.Values)
	}
	r.otherwise, r.hasOther = p.words(pointer+"/otherwise", f.Otherwise), f.Otherwise != nil
	if f.Dates != nil {
		r.dates = p.dates(pointer+"/dates", f.Dates)
	}
	if f.Numbers != nil {
		numbers := p.numbers(pointer+"/numbers", *f.Numbers)
		r.numbers = &numbers
	}
	return r
}

func (p *mappingParser) named(pointer, column string) *rule {
	column = strings.TrimSpace(column)
	if column == "" {
		p.add(pointer, "must name a column")
	}
	if !slices.Contains(p.columns, column) {
		p.columns = append(p.columns, column)
	}
	return &rule{column: column}
}

// words reads one word or a list of words; null is none.
func (p *mappingParser) words(pointer string, n *strict.Node) []string {
	switch {
	case n == nil || n.Kind == strict.Null:
		return nil
	case n.Kind == strict.Object:
		p.add(pointer, "must be a word or a list of words")
		return nil
	case n.Kind != strict.List:
		return []string{n.Text}
	}
	var out []string
	for _, item := range n.Items {
		if item.Kind == strict.List || item.Kind == strict.Object || item.Kind == strict.Null {
			p.add(pointer, "must be a word or a list of words")
			continue
		}
		out = append(out, item.Text)
	}
	return out
}

// values reads a table of words and what they mean.
func (p *mappingParser) values(pointer string, n *strict.Node) map[string][]string {
	if n.Kind != strict.Object {
		p.add(pointer, "must be a table of words and what they mean, such as Bank: bank")
		return nil
	}
	out := map[string][]string{}
	for _, m := range n.Members {
		at := pointer + "/" + strict.Escape(m.Name)
		word := foldWord(m.Name)
		if _, twice := out[word]; twice {
			p.add(at, "stands twice: case and spaces make no difference")
		}
		out[word] = p.words(at, m.Value)
	}
	return out
}

// actor reads whom a part of the mapping is about: a rule for the name, or an
// object with rules for more than the name.
func (p *mappingParser) actor(pointer string, n *strict.Node) *actorRules {
	if n == nil {
		return nil
	}
	if n.Member("name") == nil {
		return &actorRules{name: p.rule(pointer, n)}
	}
	var f struct {
		Name    *strict.Node `json:"name"`
		Kind    *strict.Node `json:"kind"`
		Sector  *strict.Node `json:"sector"`
		Country *strict.Node `json:"country"`
		Domain  *strict.Node `json:"domain"`
	}
	p.problems.Merge(strict.Decode(n, &f, strict.Options{}).Under(pointer))
	at := func(name string, n *strict.Node) *rule { return p.rule(pointer+"/"+name, n) }
	return &actorRules{at("name", f.Name), at("kind", f.Kind), at("sector", f.Sector), at("country", f.Country), at("domain", f.Domain)}
}

// condition reads a column that must say something, or one of several words.
func (p *mappingParser) condition(pointer string, n *strict.Node) *condition {
	if n == nil {
		return nil
	}
	if n.Kind == strict.String {
		return &condition{column: p.named(pointer, n.Text).column}
	}
	var f struct {
		Column string       `json:"column"`
		Is     *strict.Node `json:"is"`
	}
	p.problems.Merge(strict.Decode(n, &f, strict.Options{}).Under(pointer))
	c := &condition{column: p.named(pointer+"/column", f.Column).column}
	if f.Is != nil {
		c.is = map[string]bool{}
		for _, word := range p.words(pointer+"/is", f.Is) {
			c.is[foldWord(word)] = true
		}
	}
	return c
}

// foldWord is the form in which words of cells are compared: without case, and
// spaces as one.
func foldWord(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
