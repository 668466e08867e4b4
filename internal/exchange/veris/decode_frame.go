package veris

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// reference is the document's own number.
func (d *decoder) reference() incidents.ExternalRef {
	id := d.text("/incident_id", d.doc.Member("incident_id"))
	source := d.text("/source_id", d.doc.Member("source_id"))
	switch {
	case id == "":
		d.note("/incident_id", "is missing: the document can't be known again")
		return incidents.ExternalRef{}
	case source == "vcdb":
		return d.refOf("vcdb", id)
	case source == "":
		return d.refOf("veris", id)
	default:
		return d.refOf("veris", source+":"+id)
	}
}

func (d *decoder) refOf(scheme, id string) incidents.ExternalRef {
	const longest = 200
	if len([]rune(id)) > longest {
		d.note("/incident_id", "was not read: it must have at most %d characters", longest)
		return incidents.ExternalRef{}
	}
	return incidents.ExternalRef{Scheme: scheme, ID: id}
}

const longestSummary = 10_000

func (d *decoder) summary() {
	s := d.paragraphs("/summary", d.doc.Member("summary"))
	if n := utf8.RuneCountInString(s); n > longestSummary {
		d.note("/summary", "was cut: it has %s characters, and may have %s", incidents.Number(int64(n)), incidents.Number(longestSummary))
		s = strings.TrimSpace(string([]rune(s)[:longestSummary-1])) + "…"
	}
	d.in.Summary = s
}

var certainties = map[string]incidents.Certainty{
	"Confirmed": incidents.Confirmed, "Suspected": incidents.Suspected,
	"Near miss": incidents.NearMiss, "False positive": incidents.FalsePositive,
}

// certainty is not confirmed where the document doesn't say so.
func (d *decoder) certainty() {
	said := d.text("/security_incident", d.doc.Member("security_incident"))
	c, ok := certainties[said]
	if !ok {
		d.note("/security_incident", "%s is not a known value; the incident counts as suspected", quoted(said))
		c = incidents.Suspected
	}
	d.in.Certainty = c
}

func (d *decoder) timeline() {
	d.in.Occurred.From = d.date("/timeline/incident", find(d.doc, "timeline", "incident"))
	// The date of notification isn't described in VERIS itself. In the VERIS
	// Community Database it is that of the first report: where a reference has its
	// date in its address, the two are within three days in five of six cases.
	disclosed := d.date("/plus/timeline/notification", find(d.doc, "plus", "timeline", "notification"))
	modified, _, _ := strings.Cut(d.text("/plus/modified", find(d.doc, "plus", "modified")), "-")
	switch {
	case disclosed.IsZero():
	case !d.in.Occurred.From.IsZero() && disclosed.Last().Before(d.in.Occurred.From.First()):
		d.note("/plus/timeline/notification", "was not read: %s lies before the incident (%s)", disclosed, d.in.Occurred.From)
	case modified != "" && disclosed.String()[:4] > modified:
		d.note("/plus/timeline/notification", "was not read: %s lies after the last change of the document (%s)", disclosed, modified)
	default:
		d.in.Disclosed = disclosed
	}
}

// date reads {year, month, day} with the precision that it has. A month or day
// that doesn't exist is left out.
func (d *decoder) date(pointer string, n *strict.Node) incidents.PartialDate {
	if n == nil {
		return incidents.PartialDate{}
	}
	written := ""
	names := []string{"year", "month", "day"}
	var steps []string // the date to the year, the month and the day
	for i, digits := range [...]int{4, 2, 2} {
		part := d.count(pointer+"/"+names[i], n.Member(names[i]))
		if part == nil || *part == 0 {
			break
		}
		if i > 0 {
			written += "-"
		}
		number := strconv.FormatInt(*part, 10)
		written += "0000"[:max(0, digits-len(number))] + number
		steps = append(steps, written)
	}
	date, err := incidents.ParseDate(written)
	if err == nil || written == "" {
		return date
	}
	known := incidents.PartialDate{}
	for i, step := range steps {
		if date, err = incidents.ParseDate(step); err != nil {
			d.note(pointer+"/"+names[i], "was not read: %s", strings.TrimPrefix(err.Error(), incidents.ErrDate.Error()+": "))
			break
		}
		known = date
	}
	return known
}

// discovery, and what else the coder says of the incident as a whole, becomes tags.
func (d *decoder) discovery() {
	n := d.doc.Member("discovery_method")
	if n != nil && n.Kind == strict.String { // up to 1.3.2
		for prefix, who := range discoverers {
			if how, ok := strings.CutPrefix(n.Text, prefix); ok && how != "unknown" {
				d.tag("discovery", who, how)
			}
		}
		return
	}
	for _, who := range []string{"external", "internal", "partner"} {
		if find(n, who) == nil {
			continue
		}
		d.tag("discovery", who)
		for _, how := range d.texts("discovery_method", who, "variety") {
			if says(how) {
				d.tag("discovery", who, how)
			}
		}
	}
}

// discoverers are the prefixes that discovery methods had up to 1.3.2.
var discoverers = map[string]string{"Ext - ": "external", "Int - ": "internal", "Prt - ": "partner"}

func (d *decoder) tags() {
	for _, field := range []string{"targeted", "confidence"} {
		if s := d.text("/"+field, d.doc.Member(field)); s != "" && says(s) {
			d.tag(field, s)
		}
	}
	if s := d.text("/impact/overall_rating", find(d.doc, "impact", "overall_rating")); s != "" && says(s) {
		d.tag("impact", s)
	}
	if s := d.text("/campaign_id", d.doc.Member("campaign_id")); s != "" {
		d.tag("campaign", s)
	}
	for _, s := range d.texts("attribute", "confidentiality", "data_victim") {
		if says(s) {
			d.tag("data-victim", s)
		}
	}
}
