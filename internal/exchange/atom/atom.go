// Package atom writes lists of incidents as feeds (Atom, RFC 4287; paged as in
// RFC 5005).
//
// [EntryOf] puts an incident in words and [Encode] writes the feed. Texts are
// plain text and never markup: whatever a title or name holds, a reader shows
// it as it is. Ids are tag URIs (RFC 4151) that depend on the incident alone,
// so that a reader knows an entry again after a change of its title, of its
// slug, or of the address of the whole ledger.
//
// The package is pure: which incidents, and what an unchanged feed is answered
// with, is the API's business.
package atom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// authority gives the ids, as tag URIs (RFC 4151). It never changes: a reader would
// take every entry for a new one.
const authority = "breachledger.github.io,2026"

// Feed is a list of incidents, or one page of it.
type Feed struct {
	// Name tells this feed from every other, the same for all its pages:
	// "example.org/feed.atom?category=extortion".
	Name string

	Title    string
	Subtitle string

	Self      string // the address of this page
	Alternate string // of the list as a page for people; "" = none
	Next      string // of the next page; "" = this is the last one

	Updated time.Time // the newest entry's when zero
	Entries []Entry
}

// Entry is one incident in a feed.
type Entry struct {
	ID         uuid.UUID // the incident's
	Title      string
	Summary    string // plain text
	Page       string // the address of the incident's page
	JSON       string // the address of its document; "" = none
	Published  time.Time
	Updated    time.Time
	Categories []Category
}

// Category is a word of one of the ledger's vocabularies.
type Category struct {
	Vocabulary string // "category", "vector", "sector", "country"
	Term       string
	Label      string
}

// The elements of RFC 4287 that are written.
type (
	feedXML struct {
		XMLName   xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string     `xml:"xml:lang,attr"`
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Subtitle  string     `xml:"subtitle,omitempty"`
		Updated   string     `xml:"updated"`
		Author    authorXML  `xml:"author"`
		Generator string     `xml:"generator"`
		Links     []linkXML  `xml:"link"`
		Entries   []entryXML `xml:"entry"`
	}
	authorXML struct {
		Name string `xml:"name"`
	}
	linkXML struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	entryXML struct {
		ID         string        `xml:"id"`
		Title      string        `xml:"title"`
		Published  string        `xml:"published,omitempty"`
		Updated    string        `xml:"updated"`
		Links      []linkXML     `xml:"link"`
		Categories []categoryXML `xml:"category"`
		Summary    string        `xml:"summary,omitempty"`
	}
	categoryXML struct {
		Term   string `xml:"term,attr"`
		Scheme string `xml:"scheme,attr"`
		Label  string `xml:"label,attr,omitempty"`
	}
)

// Media types of what a feed links to.
const (
	MediaType = "application/atom+xml"
	htmlType  = "text/html"
	jsonType  = "application/json"
)

// Encode writes the feed. The same feed gives the same bytes.
func Encode(f Feed) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	out := feedXML{
		Lang: "en", ID: tagURI("feed", f.Name), Title: f.Title, Subtitle: f.Subtitle, Updated: stamp(f.updated()),
		Author: authorXML{Name: f.Title}, Generator: "Breachledger",
		Links: []linkXML{{"self", MediaType, f.Self}}, Entries: make([]entryXML, len(f.Entries)),
	}
	if f.Alternate != "" {
		out.Links = append(out.Links, linkXML{"alternate", htmlType, f.Alternate})
	}
	if f.Next != "" {
		out.Links = append(out.Links, linkXML{"next", MediaType, f.Next})
	}
	for i, e := range f.Entries {
		out.Entries[i] = e.xml()
	}
	buffer := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(buffer)
	enc.Indent("", " ")
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	buffer.WriteByte('\n')
	return buffer.Bytes(), nil
}

func (e Entry) xml() entryXML {
	out := entryXML{
		ID: tagURI("incident", e.ID.String()), Title: e.Title, Updated: stamp(e.Updated), Summary: e.Summary,
		Links: []linkXML{{"alternate", htmlType, e.Page}},
	}
	if !e.Published.IsZero() {
		out.Published = stamp(e.Published)
	}
	if e.JSON != "" {
		out.Links = append(out.Links, linkXML{"alternate", jsonType, e.JSON})
	}
	for _, c := range e.Categories {
		out.Categories = append(out.Categories, categoryXML{c.Term, tagURI("vocabulary", c.Vocabulary), c.Label})
	}
	return out
}

// tagURI names a thing of that kind.
func tagURI(kind, name string) string {
	return "tag:" + authority + ":" + kind + ":" + escape(name)
}

// escape keeps what RFC 4151 allows in the specific part of a tag.
func escape(s string) string {
	const plain = "-._~!$&'()*+,;=:@/?"
	var out strings.Builder
	for _, b := range []byte(s) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte(plain, b) >= 0 {
			out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (f Feed) updated() time.Time {
	latest := f.Updated
	if latest.IsZero() {
		for _, e := range f.Entries {
			if e.Updated.After(latest) {
				latest = e.Updated
			}
		}
	}
	return latest
}

// check refuses what would make no valid feed.
func (f Feed) check() error {
	switch {
	case f.Name == "" || f.Title == "":
		return errors.New("a feed needs a name and a title")
	case f.updated().IsZero():
		return errors.New("a feed without entries needs a time at which it was updated")
	}
	addresses := []string{f.Self}
	for _, a := range []string{f.Alternate, f.Next} {
		if a != "" {
			addresses = append(addresses, a)
		}
	}
	for i, e := range f.Entries {
		if e.ID == uuid.Nil || e.Title == "" || e.Updated.IsZero() {
			return fmt.Errorf("entry %d needs an id, a title and a time at which it was updated", i+1)
		}
		addresses = append(addresses, e.Page)
		if e.JSON != "" {
			addresses = append(addresses, e.JSON)
		}
	}
	for _, a := range addresses {
		if u, err := url.Parse(a); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return fmt.Errorf("%q is not an http or https address", a)
		}
	}
	return nil
}
