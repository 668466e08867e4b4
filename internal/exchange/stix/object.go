package stix

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

type bundle struct {
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Objects []object `json:"objects"`
}

// object is a STIX object of any of the kinds that are written. STIX has no
// nulls and no empty lists: what is not said is left out.
type object struct {
	Type               string      `json:"type"`
	SpecVersion        string      `json:"spec_version"`
	ID                 string      `json:"id"`
	CreatedByRef       string      `json:"created_by_ref,omitempty"`
	Created            string      `json:"created"`
	Modified           string      `json:"modified"`
	Revoked            bool        `json:"revoked,omitempty"`
	Labels             []string    `json:"labels,omitempty"`
	Confidence         *int        `json:"confidence,omitempty"`
	ExternalReferences []reference `json:"external_references,omitempty"`

	Name             string   `json:"name,omitempty"`
	Description      string   `json:"description,omitempty"`
	IdentityClass    string   `json:"identity_class,omitempty"`     // identity
	Sectors          []string `json:"sectors,omitempty"`            // identity
	ThreatActorTypes []string `json:"threat_actor_types,omitempty"` // threat-actor
	RelationshipType string   `json:"relationship_type,omitempty"`  // relationship
	SourceRef        string   `json:"source_ref,omitempty"`         // relationship
	TargetRef        string   `json:"target_ref,omitempty"`         // relationship
	Abstract         string   `json:"abstract,omitempty"`           // note
	Content          string   `json:"content,omitempty"`            // note
	Explanation      string   `json:"explanation,omitempty"`        // opinion
	Authors          []string `json:"authors,omitempty"`            // opinion
	Opinion          string   `json:"opinion,omitempty"`            // opinion
	ReportTypes      []string `json:"report_types,omitempty"`       // report
	Published        string   `json:"published,omitempty"`          // report
	ObjectRefs       []string `json:"object_refs,omitempty"`        // note, opinion, report
}

type reference struct {
	SourceName  string `json:"source_name"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
	ExternalID  string `json:"external_id,omitempty"`
}

// namespace is where the ledger's ids become STIX ids. STIX asks for ids of the
// versions 1 to 5 and the ledger's are of version 7; and one incident makes
// many objects. It never changes.
var namespace = uuid.MustParse("6d0c1f3c-8a0e-4b56-9f1d-3b8c5f6e2a71")

// id makes the id of an object from what it stands for.
func id(kind string, parts ...string) string {
	name := kind + "\x00" + strings.Join(parts, "\x00")
	return kind + "--" + uuid.NewSHA1(namespace, []byte(name)).String()
}

// stamp writes a time as STIX does, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

var (
	cvePattern   = regexp.MustCompile(`^CVE-\d{4}-(0\d{3}|[1-9]\d{3,})$`)
	capecPattern = regexp.MustCompile(`^CAPEC-\d+$`)
)

// registered is the incident's number in another register. STIX keeps the names
// cve and capec for numbers of their form, and numbers of that form for them.
func registered(r incidents.ExternalRef) reference {
	upper := strings.ToUpper(r.ID)
	switch {
	case r.Scheme == "cve" && cvePattern.MatchString(upper), r.Scheme == "capec" && capecPattern.MatchString(upper):
		return reference{SourceName: r.Scheme, ExternalID: upper}
	case r.Scheme == "cve", r.Scheme == "capec":
		return reference{SourceName: r.Scheme + "-other", Description: r.ID}
	case cvePattern.MatchString(r.ID), capecPattern.MatchString(r.ID):
		return reference{SourceName: r.Scheme, Description: r.ID}
	default:
		return reference{SourceName: r.Scheme, ExternalID: r.ID}
	}
}

// published is a source.
func published(s incidents.Source) reference {
	var words []string
	for _, w := range []string{s.Title, s.Author, s.Published.String()} {
		if w != "" {
			words = append(words, w)
		}
	}
	return reference{SourceName: sourceName(s.Ref()), Description: strings.Join(words, ", "), URL: ascii(s.URL), ExternalID: s.ID.String()}
}

// evidence are the sources of a claim, each with the sentence quoted from it.
func evidence(c incidents.Claim) []reference {
	var out []reference
	for _, e := range c.Evidence {
		out = append(out, reference{SourceName: sourceName(e.Source), Description: e.Quote, URL: ascii(e.Source.URL), ExternalID: e.Source.ID.String()})
	}
	return out
}

// sourceName is who published a source, as far as that is known.
func sourceName(s incidents.SourceRef) string {
	if s.Publisher != "" {
		return s.Publisher
	}
	if u, err := url.Parse(s.URL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	if s.Title != "" {
		return s.Title
	}
	return "source"
}

// ascii writes an address with the characters of RFC 3986 only.
func ascii(address string) string {
	const others = `"<>\^{|}` + "`"
	var out strings.Builder
	for _, b := range []byte(address) {
		if b <= ' ' || b >= 0x7f || strings.IndexByte(others, b) >= 0 {
			fmt.Fprintf(&out, "%%%02X", b)
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}
