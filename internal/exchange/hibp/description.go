package hibp

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

const (
	longestSummary = 10_000
	mostLinks      = 100
)

// description turns the HTML into plain text, and its links into sources.
func (d *decoder) description() {
	n := d.doc.Member("Description")
	if n == nil || n.Kind != strict.String {
		return
	}
	text, links := plain(n.Text)
	d.in.Summary = clip(text, longestSummary)
	if d.in.Summary != text {
		d.notes.Add("/Description", "was cut to %s characters", incidents.Number(longestSummary))
	}
	for _, link := range links {
		switch {
		case strings.HasPrefix(link, "mailto:"): // it stands in the text
		case !incidents.ValidURL(link):
			d.notes.Add("/Description", "was not read in part: a link leads to no web address")
		case len(d.in.Sources) == mostLinks:
			d.notes.Add("/Description", "was not read in part: it has more than %d links", mostLinks)
			return
		case !slices.ContainsFunc(d.in.Sources, func(s incidents.Source) bool { return s.URL == link }):
			d.in.Sources = append(d.in.Sources, incidents.Source{URL: link})
		}
	}
}

// base is where the descriptions stand; links may be relative to it.
var base = &url.URL{Scheme: "https", Host: "haveibeenpwned.com", Path: "/"}

// plain is the text of a piece of HTML, and where its links lead. What isn't
// meant to be read (scripts, styles, comments) is left out, and no markup is
// left: "<" in the text is a character.
func plain(fragment string) (text string, links []string) {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	hidden := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return tidy(out.String()), links
		}
		token := z.Token()
		switch {
		case kind == html.TextToken && hidden == "":
			out.WriteString(token.Data)
		case kind == html.StartTagToken && unread[token.Data]:
			hidden = token.Data
		case kind == html.EndTagToken && token.Data == hidden:
			hidden = ""
		case hidden != "":
		case (kind == html.StartTagToken || kind == html.SelfClosingTagToken) && token.Data == "a":
			if href := attribute(token, "href"); href != "" {
				links = append(links, absolute(href))
			}
		case blocks[token.Data]:
			out.WriteString("\n")
		}
	}
}

var (
	unread = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "iframe": true, "title": true}
	blocks = map[string]bool{"br": true, "p": true, "div": true, "li": true, "ul": true, "ol": true, "h1": true, "h2": true, "h3": true, "tr": true}
)

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// absolute is the address of a link, "" when it can't be read.
func absolute(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return base.ResolveReference(u).String()
}

// tidy makes lines of single blanks, without what no page could show.
func tidy(s string) string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = line(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.ToValidUTF8(strings.Join(lines, "\n"), "\ufffd")
}
