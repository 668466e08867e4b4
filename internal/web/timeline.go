package web

import (
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// event is a dated thing of an incident.
type event struct {
	Date incidents.PartialDate
	What string
	Href string // the claim within the page, "" for the incident's own dates
	Due  bool   // still to come when it was said
}

// timeline puts everything dated in order.
func timeline(in *incidents.Incident) []event {
	var out []event
	add := func(d incidents.PartialDate, what, href string) {
		if !d.IsZero() {
			out = append(out, event{Date: d, What: what, Href: href})
		}
	}
	anchor := func(c incidents.Claim) string { return "#claim-" + c.ID.String() }
	if in.Occurred.From == in.Occurred.To {
		add(in.Occurred.From, "It happened", "")
	} else {
		add(in.Occurred.From, "It began", "")
		add(in.Occurred.To, "It ended", "")
	}
	add(in.Discovered, "The organisation found out", "")
	add(in.Contained, "It was stopped", "")
	add(in.Disclosed, "It became public", "")
	for _, c := range in.Counts {
		add(c.AsOf, "Count: "+c.Text, anchor(c.Claim))
	}
	for _, a := range in.Attributions {
		who := "The source"
		switch {
		case a.Claimant != nil:
			who = a.Claimant.Name
		case a.Support == incidents.Unsourced:
			who = "Somebody who is not named"
		}
		add(a.Stated, who+" accuses "+a.Accused.Name, anchor(a.Claim))
	}
	for _, r := range in.Responses {
		add(r.Date, responseWords(r), anchor(r.Claim))
		if r.Status == incidents.Promised {
			add(r.Due, r.Actor.Name+": "+lower(label(r.Kind))+" due", anchor(r.Claim))
		}
	}
	for _, s := range in.Sources {
		add(s.Published, "Published: "+sourceName(s.Title, s.Publisher, s.URL), "/sources/"+s.ID.String())
	}
	slices.SortStableFunc(out, func(a, b event) int { return a.Date.First().Compare(b.Date.First()) })
	return out
}
