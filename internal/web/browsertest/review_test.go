package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/incidents"
)

func TestReview(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, title := range []string{"Breach at Acme Pay", "Acme Pay breach"} {
		s.record(t, incidents.Incident{Title: title, Category: incidents.DataBreach, Participants: victim("Acme Pay"), Counts: count(incidents.Exact, 4100), Disclosed: date(t, "2015-03-01")})
	}
	b := s.browse(t, look{})
	b.signIn()
	b.open("/duplicates")
	b.has("Breach at Acme Pay", "the same organisation was breached")
	b.accessible("/duplicates with a pair")
	b.press("Not the same")
	b.has("Noted: they are not the same.", "No pair is waiting.")

	b.open("/incidents/acme-pay-breach-2015")
	b.press("Publish, retract, merge")
	b.accessible("the steps of an incident")
	b.run(chromedp.SendKeys("#why", "It is not true"))
	b.press("Retract")
	b.has("The incident is retracted.", "Retracted: It is not true")
	reader := s.browse(t, look{})
	if text := reader.refused("/incidents/acme-pay-breach-2015"); text != "Retracted\n\nThis incident was retracted: It is not true\n\nStart · All incidents" {
		t.Errorf("a reader sees: %q", text)
	}
	reader.accessible("a retracted incident")
	b.quiet("the review")
}

// TestMergeActors: by name, with what the form suggests, and from the queue.
func TestMergeActors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, name := range []string{"Acme Pay", "Acme Pay Inc", "Acme Payments"} {
		s.record(t, incidents.Incident{Title: "Breach at " + name, Category: incidents.DataBreach, Participants: victim(name)})
	}
	b := s.browse(t, look{})
	b.signIn()
	b.open("/duplicates")
	b.press("Actors")
	b.has("Acme Pay Inc", "Company")
	b.accessible("a pair of actors")
	b.press("Merge into “Acme Pay” …")
	b.accessible("the question before a merge")
	b.press("Merge “Acme Pay Inc” into “Acme Pay”")
	b.has("The two actors are one now.", "Also Acme Pay Inc", "May be the same", "Acme Payments")
	b.accessible("an actor that may be another")

	b.open("/actors/acme-payments/merge")
	b.run(chromedp.SendKeys("#into", "Acme P"), chromedp.WaitReady(`#suggest-into option[value="Acme Pay"]`))
	b.accessible("the choice of an actor")
	b.run(chromedp.SendKeys("#into", "ay Inc"))
	b.press("Show both")
	b.has("This cannot be undone.", "“Acme Payments” goes", "“Acme Pay” stays")
	b.press("Merge “Acme Payments” into “Acme Pay”")
	b.has("The two actors are one now.", "3")
	b.quiet("merging actors")
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	s := serve(t)
	slug := s.record(t, incidents.Incident{
		Title: "Dated", Category: incidents.DataBreach, Participants: victim("Dated Bank"),
		Occurred: incidents.Period{From: date(t, "2014-03"), To: date(t, "2014-05-02")}, Discovered: date(t, "2014-06"), Disclosed: date(t, "2014-07-01"), Contained: date(t, "2014-06-03"),
		Counts:    []incidents.Count{{Unit: incidents.People, Quantity: new(int64(100)), AsOf: date(t, "2014-08")}},
		Responses: []incidents.Response{{Actor: incidents.ActorRef{Name: "Dated Bank"}, Kind: "refund", Status: incidents.Promised, Date: date(t, "2014-09-01"), Due: date(t, "2015")}},
	})
	b := s.browse(t, look{})
	b.open("/incidents/" + slug)
	b.run(chromedp.ScrollIntoView("#timeline"))
	var events []string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll(".timeline li")].map((li) => li.querySelector("time").dateTime + " " + li.textContent.replace(/\s+/g, " ").trim())`, &events))
	want := []string{
		"2014-03 March 2014 It began", "2014-05-02 2 May 2014 It ended", "2014-06 June 2014 The organisation found out", "2014-06-03 3 June 2014 It was stopped",
		"2014-07-01 1 July 2014 It became public", "2014-08 August 2014 Count: 100 people", "2014-09-01 1 September 2014 Dated Bank: refund (promised)", "2015 2015 Dated Bank: refund due",
	}
	if len(events) != len(want) {
		t.Fatalf("the timeline is %q", events)
	}
	for i := range want {
		if events[i] != want[i] {
			t.Errorf("event %d is %q, not %q", i, events[i], want[i])
		}
	}
	b.open("/responses?state=overdue")
	b.has("Register of promises", "overdue Dated Bank: refund", "made 1 September 2014 · due 2015")
	b.open("/responses?state=kept")
	b.has("No kept promise is recorded here.")
}

// TestCorrectedFigure: what was corrected can be read as well as what corrects it,
// and a correction without a headline says so where that can be set right.
func TestCorrectedFigure(t *testing.T) {
	t.Parallel()
	s := serve(t)
	in := incidents.Incident{Title: "Corrected", Category: incidents.DataBreach, Participants: victim("Corrected Bank"), Counts: append(count(incidents.AtMost, 40_000_000), count(incidents.Exact, 38_500_000)...)}
	in.Counts[0].Key, in.Counts[1].Supersedes, in.Counts[1].Headline = "old", "old", true
	b := s.browse(t, look{})
	b.signIn()
	b.open("/incidents/" + s.record(t, in))
	b.has("38,500,000 people", "at most 40,000,000 people", "Corrected by 38,500,000 people")
	b.accessible("a corrected figure")
	b.open("/incidents/corrected/edit")
	b.run(chromedp.Evaluate(`document.querySelectorAll("[name$='/headline']").forEach((box) => { box.checked = false })`, nil), chromedp.Click(".save .button"), chromedp.WaitVisible("#errors"))
	b.takeComplaints() // 422
	b.is("the error is in sight", `document.getElementById("f-counts-0-headline-error").checkVisibility()`)
	b.accessible("a correction without a headline")
}
