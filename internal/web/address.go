package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A page's address is its whole state: what it shows is changed by changing that.

// tidy is the query as a shared address should be: without empty parameters, and
// with each list in one parameter. changed says whether it differs.
func tidy(given url.Values) (out url.Values, changed bool) {
	out = url.Values{}
	for name, values := range given {
		kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.TrimSpace(v) == "" })
		if len(kept) != len(values) || len(kept) > 1 {
			changed = true
		}
		if len(kept) > 0 {
			out.Set(name, strings.Join(kept, ","))
		}
	}
	return out, changed
}

// with is the query with one parameter changed; "" takes it out. A page of a
// list does not survive a change of the list.
func with(query url.Values, name, value string) string {
	q := url.Values{}
	for key, values := range query {
		if key != "cursor" && key != "done" {
			q[key] = values
		}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	return encode(q)
}

// without is the query with some parameters taken out.
func without(query url.Values, names ...string) url.Values {
	q := maps.Clone(query)
	for _, name := range names {
		delete(q, name)
	}
	return q
}

// encode writes a query with its commas as they are, for people to read.
func encode(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.ReplaceAll(q.Encode(), "%2C", ",")
}

// fileOf is the address of a page's list as a file: with what the page was made
// by, and without what it paid no attention to.
func fileOf(path string, query url.Values, others ...string) string {
	kept := maps.Clone(query)
	maps.DeleteFunc(kept, func(name string, _ []string) bool {
		return !slices.Contains(filterNames, name) && !slices.Contains(others, name)
	})
	return path + encode(kept)
}
