package web

import (
	"fmt"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// fact is one thing that a document says, in words.
type fact struct {
	Key   string // the same in every version: a field, or the id of a claim
	Label string
	Text  string
}

// difference is a fact that two versions say differently. Before or After is ""
// where a version does not say it at all.
type difference struct {
	Label, Before, After string
	Was, Is              []stretch // the same, word by word
}

func newDifference(f fact, before, after string) difference {
	was, is := byWords(before, after)
	return difference{f.Label, before, after, was, is}
}

// differences compares two versions by what they say, not by where it stands. It
// returns at most so many, and how many more there are.
func differences(before, after *incidents.Incident, most int) (out []difference, more int) {
	was, is := facts(before), facts(after)
	old := map[string]fact{}
	for _, f := range was {
		old[f.Key] = f
	}
	add := func(f fact, before, after string) {
		if len(out) == most {
			more++
			return
		}
		out = append(out, newDifference(f, before, after))
	}
	seen := map[string]bool{}
	for _, f := range is {
		seen[f.Key] = true
		if o := old[f.Key]; o.Text != f.Text {
			add(f, o.Text, f.Text)
		}
	}
	for _, f := range was {
		if !seen[f.Key] {
			add(f, f.Text, "")
		}
	}
	return out, more
}

func facts(in *incidents.Incident) []fact {
	var out []fact
	add := func(key, label string, parts ...string) {
		var said []string
		for _, p := range parts {
			if p != "" {
				said = append(said, p)
			}
		}
		if len(said) > 0 {
			out = append(out, fact{key, label, strings.Join(said, "; ")})
		}
	}
	add("publication", "State", label(in.Publication))
	add("retraction_reason", "Reason", in.RetractionReason)
	add("slug", "Address", in.Slug)
	add("title", "Title", in.Title)
	add("summary", "Summary", in.Summary)
	add("category", "Category", label(in.Category))
	add("certainty", "Certainty", label(in.Certainty))
	add("occurred", "Happened", periodWords(in.Occurred))
	add("discovered", "Discovered", dateWords(in.Discovered))
	add("disclosed", "Became public", dateWords(in.Disclosed))
	add("contained", "Stopped", dateWords(in.Contained))
	add("countries", "Countries", countries(in.Countries))
	add("vectors", "Ways in", labels(in.Vectors))
	add("data_classes", "Data", labels(in.DataClasses))
	add("payment_methods", "Payment methods", labels(in.PaymentMethods))
	add("tags", "Tags", strings.Join(in.Tags, ", "))
	for _, p := range in.Participants {
		add("participant:"+p.Actor.Slug+":"+string(p.Role), "Involved", p.Actor.Name+" ("+lower(label(p.Role))+")")
	}
	for _, c := range in.Counts {
		add("claim:"+c.ID.String(), "Count", c.Text, by("claimed by", c.ClaimedBy), dated("as of", c.AsOf), flagged(c.Headline, "the headline"),
			flagged(c.Supersedes != "", "corrects an older count"), flagged(c.PartOf != "", "a part of another count"), evidenceWords(c.Evidence))
	}
	for _, l := range in.Losses {
		add("claim:"+l.ID.String(), "Loss", l.Text, by("claimed by", l.ClaimedBy), evidenceWords(l.Evidence))
	}
	for _, a := range in.Attributions {
		add("claim:"+a.ID.String(), "Accusation", a.Accused.Name, by("claimant:", a.Claimant), lower(label(a.Basis)), prefixed("confidence:", lower(label(a.Confidence))), dated("stated", a.Stated), evidenceWords(a.Evidence))
	}
	for _, r := range in.Responses {
		add("claim:"+r.ID.String(), "Response", r.Actor.Name+": "+lower(label(r.Kind))+" ("+lower(label(r.Status))+")", prefixed("spoken by", r.SpokenBy),
			dated("on", r.Date), dated("due", r.Due), r.Summary, flagged(r.ViaUnnamedSource, "known from an unnamed source"),
			flagged(r.Answers != "", "denies an accusation"), flagged(r.Fulfils != "", "keeps or breaks a promise"), evidenceWords(r.Evidence))
	}
	for _, s := range in.Sources {
		add("source:"+s.ID.String(), "Source", sourceName(s.Title, s.Publisher, s.URL), prefixed("", s.URL))
	}
	for _, r := range in.ExternalRefs {
		add("ref:"+r.Scheme+":"+r.ID, "Reference", r.Scheme+" "+r.ID)
	}
	return out
}

func by(word string, a *incidents.ActorRef) string {
	if a == nil {
		return ""
	}
	return word + " " + a.Name
}

func dated(word string, d incidents.PartialDate) string {
	if d.IsZero() {
		return ""
	}
	return word + " " + dateWords(d)
}

func flagged(on bool, word string) string {
	if on {
		return word
	}
	return ""
}

func prefixed(word, text string) string {
	if text == "" {
		return ""
	}
	return strings.TrimSpace(word + " " + text)
}

func evidenceWords(evidence []incidents.Evidence) string {
	out := make([]string, len(evidence))
	for i, e := range evidence {
		if out[i] = sourceName(e.Source.Title, e.Source.Publisher, e.Source.URL); e.Quote != "" {
			out[i] = fmt.Sprintf("“%s” (%s)", e.Quote, out[i])
		}
	}
	return list(out)
}
