package veris

import (
	_ "embed" // the table of fields
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed fields.txt
var fieldsTable string

// versions are those of VERIS that are known, oldest first. A version is a
// place in this list.
var versions = []string{"1.3", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5", "1.3.6", "1.3.7", "1.4.0", Version}

type version int

var newest = version(len(versions) - 1)

// versionOf knows a version by its name; 1.3.0 and 1.4 are two that people write.
func versionOf(name string) (version, bool) {
	switch name {
	case "1.3.0":
		name = "1.3"
	case "1.4":
		name = "1.4.0"
	}
	i := slices.Index(versions, name)
	return version(i), i >= 0
}

// span is the versions from since to before until.
type span struct{ since, until version }

var always = span{0, newest + 1}

func (s span) has(v version) bool { return s.since <= v && v < s.until }

// narrow reads ">=1.3.3" or "<1.3.5".
func (s span) narrow(word string) (span, bool) {
	if name, ok := strings.CutPrefix(word, ">="); ok {
		s.since = mustVersion(name)
		return s, true
	}
	if name, ok := strings.CutPrefix(word, "<"); ok {
		s.until = mustVersion(name)
		return s, true
	}
	return s, false
}

// field is a field of VERIS, as the table describes it.
type field struct {
	name     string
	kind     string // {} []{} []text text integer number bool
	in       span
	required *span
	some     bool
	unique   bool
	open     *span
	country  bool

	min, max          byVersion
	shortest, longest byVersion
	format            byVersion

	values []value
	fields []*field
}

// value is a value that a field may have.
type value struct {
	text string
	in   span
}

// byVersion is a setting that changes with the version.
type byVersion []struct {
	since   version
	setting string
}

func (b byVersion) at(v version) (setting string, ok bool) {
	for _, s := range b {
		if s.since <= v {
			setting, ok = s.setting, true
		}
	}
	return setting, ok
}

func (b byVersion) number(v version) (n int, ok bool) {
	setting, ok := b.at(v)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(setting)
	if err != nil {
		panic(err)
	}
	return n, true
}

// child is the field of that name in a version, nil when it has none.
func (f *field) child(name string, v version) *field {
	for _, c := range f.fields {
		if c.name == name && c.in.has(v) {
			return c
		}
	}
	return nil
}

func (f *field) needs(v version) bool { return f.required != nil && f.required.has(v) }

// takesAny reports whether the field takes other fields than those of the table.
func (f *field) takesAny(v version) bool { return f.open != nil && f.open.has(v) }

// allowed are the values in a version; nil when any will do.
func (f *field) allowed(v version) []string {
	var out []string
	for _, a := range f.values {
		if a.in.has(v) {
			out = append(out, a.text)
		}
	}
	return out
}

// formats are the shapes that the table names, as VERIS's schemas have them: a
// text must contain the shape, so that they take more than they mean to.
var formats = map[string]struct {
	pattern *regexp.Regexp
	says    string
}{
	"naics":  {regexp.MustCompile(`\d{2}-?\d{0,4}`), "must be a NAICS code of two to six digits, or a range such as 31-33"},
	"sector": {regexp.MustCompile(`(00|11|2[1-3]|3[1-3]|4[24589]|5[1-6]|6[1-2]|7[12]|81|92)-?\d{0,4}`), "must be a NAICS code of two to six digits that begins with a NAICS sector, or 000"},
	"region": {regexp.MustCompile(`\d{6}`), "must be six digits: UN M.49 region and sub-region"},
	"clock":  {regexp.MustCompile(`^0[1-9]|1[0-2]:[0-5][0-9]:[0-5][0-9] [AP]M$`), "must be a time such as 01:30:00 PM"},
}

// root is the whole table.
var root = sync.OnceValue(func() *field { return readFields(fieldsTable) })

// readFields reads the table. A mistake in it is a mistake in the program.
func readFields(table string) *field {
	top := &field{kind: "{}", in: always}
	open := []*field{top} // the field last read at each depth
	shared := map[string][]value{}
	list := ""
	for text := range strings.Lines(table) {
		line := strings.TrimLeft(text, "\t")
		depth := len(text) - len(line)
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@':
			list = line[1:]
		case line[0] == '=' && list != "":
			shared[list] = append(shared[list], readValues(line[1:])...)
		case line[0] == '=':
			open[depth].values = append(open[depth].values, readValues(line[1:])...)
		default:
			list = ""
			f := readField(line, shared)
			open = append(open[:depth+1], f)
			open[depth].fields = append(open[depth].fields, f)
		}
	}
	return top
}

func readField(line string, shared map[string][]value) *field {
	name, rest, _ := strings.Cut(line, ": ")
	words := strings.Fields(rest)
	f := &field{name: name, kind: words[0], in: always}
	for _, word := range words[1:] {
		if in, ok := f.in.narrow(word); ok {
			f.in = in
			continue
		}
		flag, setting, _ := strings.Cut(word, "=")
		switch {
		case strings.HasPrefix(word, "required"):
			in, _ := always.narrow(strings.TrimPrefix(word, "required"))
			f.required = &in
		case flag == "some":
			f.some = true
		case flag == "unique":
			f.unique = true
		case strings.HasPrefix(word, "open"):
			in, _ := always.narrow(strings.TrimPrefix(word, "open"))
			f.open = &in
		case flag == "country":
			f.country = true
		case flag == "currency":
			f.values = shared["currency"]
		case flag == "in":
			f.values = shared[setting]
		case flag == "min":
			f.min = readByVersion(setting)
		case flag == "max":
			f.max = readByVersion(setting)
		case flag == "shortest":
			f.shortest = readByVersion(setting)
		case flag == "longest":
			f.longest = readByVersion(setting)
		case flag == "format":
			f.format = readByVersion(setting)
		default:
			panic(fmt.Sprintf("veris: the table of fields has the unknown flag %q: %s", word, line))
		}
	}
	return f
}

func readValues(line string) []value {
	var out []value
	for item := range strings.SplitSeq(line, "|") {
		v := value{in: always}
		words := strings.Fields(item)
		for len(words) > 0 {
			in, ok := v.in.narrow(words[len(words)-1])
			if !ok {
				break
			}
			v.in, words = in, words[:len(words)-1]
		}
		v.text = strings.Join(words, " ")
		if quoted, err := strconv.Unquote(strings.TrimSpace(item[:strings.LastIndexByte(item, '"')+1])); err == nil {
			v.text = quoted // one that ends with a space
		}
		out = append(out, v)
	}
	return out
}

func readByVersion(setting string) byVersion {
	var out byVersion
	for part := range strings.SplitSeq(setting, ",") {
		since := version(0)
		if name, rest, ok := strings.Cut(part, ":"); ok {
			since, part = mustVersion(name), rest
		}
		out = append(out, struct {
			since   version
			setting string
		}{since, part})
	}
	return out
}

func mustVersion(name string) version {
	v, ok := versionOf(name)
	if !ok {
		panic("veris: the table of fields names the unknown version " + name)
	}
	return v
}
