package web

import "strconv"

// What is not named is not cited: a figure whose evidence names no source would be
// shown as unsourced, though the only source stands right below it in the form.

// onlySource is what the evidence of a new claim names: the one source of the form,
// if there is just one.
func (f *form) onlySource() string {
	sources := f.Rows("/sources")
	if len(sources) != 1 {
		return ""
	}
	source, _ := f.name("/sources", sources[0])
	return source
}

// restOn names a source in the evidence of all claims that are not stored yet.
func (f *form) restOn(source string) {
	for _, list := range []string{"/counts", "/losses", "/attributions", "/responses"} {
		for _, i := range f.Rows(list) {
			row := list + "/" + strconv.Itoa(i)
			if f.get(row+"/id") != "" {
				continue // what is stored rests on what it did
			}
			for _, j := range f.Rows(row + "/evidence") {
				f.values[row+"/evidence/"+strconv.Itoa(j)+"/source"] = []string{source}
			}
		}
	}
}
