package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/web"
)

// fields reads a form as a browser without JavaScript would send it.
func fields(t *testing.T, body, id string) url.Values {
	t.Helper()
	_, form, found := strings.Cut(body, `id="`+id+`"`)
	if !found {
		t.Fatalf("there is no form %s", id)
	}
	form, _, _ = strings.Cut(form, "</form>")
	out := url.Values{}
	attribute := func(tag, name string) (string, bool) {
		m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return "", false
		}
		return html.UnescapeString(m[1]), true
	}
	for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(form, -1) {
		if kind, _ := attribute(tag, "type"); kind == "checkbox" && !strings.Contains(tag, " checked") {
			continue
		}
		if name, ok := attribute(tag, "name"); ok {
			value, _ := attribute(tag, "value")
			out.Add(name, value)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>`).FindAllStringSubmatch(form, -1) {
		out.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(form, -1) {
		option := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[2])
		if option == nil {
			option = regexp.MustCompile(`<option value="([^"]*)"`).FindStringSubmatch(m[2])
		}
		out.Add(html.UnescapeString(m[1]), html.UnescapeString(option[1]))
	}
	return out
}

func TestLogAnIncident(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	f := fields(t, v.page("/log"), "incident-form")
	for name, value := range map[string]string{
		"/title": "Acme Pay card skimming", "/category": "data_breach", "/participants/0/actor/name": "Acme Pay",
		"/participants/0/actor/kind": "company", "/participants/0/actor/sector": "payment_processor",
		"/counts/0/qualifier": "about", "/counts/0/quantity": "30,000,000", "/counts/0/unit": "cards",
		"/sources/0/url": "https://example.com/notice", "/sources/0/text": "About thirty million cards were skimmed, Acme Pay said.",
		"/counts/0/evidence/0/quote": "About thirty million cards were skimmed",
		"/disclosed":                 "2015-13",
	} {
		f.Set(name, value)
	}
	// A row more, without JavaScript: nothing that was typed is lost.
	f.Set("add", "/counts")
	r := v.post("/log", f)
	checkPage(t, "/log with a row more", r)
	f = fields(t, r.Body.String(), "incident-form")
	if f.Get("/title") != "Acme Pay card skimming" || !f.Has("/counts/1/quantity") {
		t.Fatalf("the form with a row more is %v", f)
	}
	f.Set("/counts/1/quantity", "many")
	r = v.post("/log", f)
	checkPage(t, "/log with mistakes", r)
	if r.Code != http.StatusUnprocessableEntity {
		t.Fatalf("mistakes: status %d", r.Code)
	}
	has(t, r.Body.String(), "things are not right", `value="many"`, "Must be a whole number", `value="2015-13"`, "there is no month 13")
	f = fields(t, r.Body.String(), "incident-form")
	f.Set("/disclosed", "2015-03")
	f.Set("remove", "/counts/1")
	f = fields(t, v.post("/log", f).Body.String(), "incident-form")
	r = v.post("/log", f)
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/incidents/acme-pay-card-skimming-2015?done=logged" {
		t.Fatalf("log: status %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	has(t, v.page("/incidents/acme-pay-card-skimming-2015"), "about 30,000,000 cards", "quoted", "March 2015", "About thirty million cards were skimmed")
	has(t, s.anybody().page("/incidents"), "Anthem", "Acme Pay card skimming", "U.S. Office of Personnel Management") // at its rank
	// The same again: a warning, and only on purpose a second time.
	r = v.post("/log", f)
	has(t, r.Body.String(), "Is it one of these?", "the same organisation was breached")
	// A response, and the report has it.
	f = fields(t, v.page("/incidents/acme-pay-card-skimming-2015/respond"), "response-form")
	f.Set("/kind", "apology")
	f.Set("/summary", "Acme Pay is sorry.")
	f.Set("url", "https://example.com/sorry")
	if r = v.post("/incidents/acme-pay-card-skimming-2015/respond", f); r.Code != http.StatusSeeOther {
		t.Fatalf("respond: status %d\n%s", r.Code, r.Body)
	}
	has(t, s.anybody().page("/responses"), "Acme Pay")
	has(t, s.anybody().page("/incidents/acme-pay-card-skimming-2015"), "Apology", "Acme Pay is sorry.", "example.com/sorry")
}

// ticked sees that what is ticked in boxes keeps the order that it was stored in.
func ticked(t *testing.T, s *site) {
	t.Helper()
	change := ledger.Change{By: access.Identity{Name: "editor", Role: access.Editor}, Action: "replace"}
	_, err := s.ledger.Edit(t.Context(), change, "opm-breach", "", func(in *incidents.Incident) error {
		in.DataClasses = []incidents.DataClass{"national_id", "biometric", "contact"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v := s.as(access.Editor)
	f := fields(t, v.page("/incidents/opm-breach/edit"), "incident-form")
	if r := v.post("/incidents/opm-breach/edit", f); !strings.HasSuffix(r.Header().Get("Location"), "?done=unchanged") {
		t.Errorf("unchanged: status %d to %q", r.Code, r.Header().Get("Location"))
	}
}

// TestEditsPutTogether: of two who edit at once neither loses what the other left alone.
func TestEditsPutTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, other := s.as(access.Editor), s.as(access.Admin)
	const path = "/incidents/opm-breach/edit"
	add := func(v visitor, f url.Values, list string) url.Values {
		f.Set("add", list)
		out := fields(t, v.post(path, f).Body.String(), "incident-form")
		f.Del("add")
		return out
	}
	mine, theirs := fields(t, one.page(path), "incident-form"), fields(t, other.page(path), "incident-form")
	theirs.Set("/counts/0/counted", "people on file")
	theirs.Set("/countries", "US, CN")
	theirs = add(other, theirs, "/counts")
	theirs.Set("/counts/3/quantity", "12345")
	for name := range theirs { // a figure is taken out
		if strings.HasPrefix(name, "/counts/2/") {
			theirs.Del(name)
		}
	}
	if r := other.post(path, theirs); r.Code != http.StatusSeeOther {
		t.Fatalf("theirs: status %d\n%s", r.Code, r.Body)
	}
	mine.Set("/title", "My title")
	mine.Set("/counts/1/counted", "of both sides")
	mine = add(one, mine, "/responses")
	last := 0
	for i := range 9 {
		if mine.Has(fmt.Sprintf("/responses/%d/kind", i)) {
			last = i
		}
	}
	mine.Set(fmt.Sprintf("/responses/%d/kind", last), "apology")
	mine.Set(fmt.Sprintf("/responses/%d/actor/name", last), "OPM")
	r := one.post(path, mine)
	checkPage(t, "the conflict", r)
	has(t, r.Body.String(), "Somebody else saved", "Your form has what both of you changed", "Only they changed this.", "Only you changed this.", "Save both")
	if strings.Contains(r.Body.String(), "Both of you changed this") {
		t.Error("nothing was changed by both")
	}
	if r = one.post(path, fields(t, r.Body.String(), "incident-form")); r.Code != http.StatusSeeOther {
		t.Fatalf("both: status %d\n%s", r.Code, r.Body)
	}
	page := one.page("/incidents/opm-breach")
	for _, want := range []string{"My title", "people on file", "of both sides", "12,345 people", "China", "Apology", "3 figures, side by side"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in what both made of it", want)
		}
	}
}

func TestEditAndConflict(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, other := s.as(access.Editor), s.as(access.Admin)
	const path = "/incidents/apple-id-payment-thefts/edit"
	mine, theirs := fields(t, one.page(path), "incident-form"), fields(t, other.page(path), "incident-form")
	// Sent back as it came, the form changes nothing.
	if r := one.post(path, mine); r.Header().Get("Location") != "/incidents/apple-id-payment-thefts?done=unchanged" {
		t.Fatalf("unchanged: status %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	ticked(t, s)
	theirs.Set("/title", "Their title")
	theirs.Set("/summary", "Their summary.")
	if r := other.post(path, theirs); r.Code != http.StatusSeeOther {
		t.Fatalf("theirs: status %d", r.Code)
	}
	mine.Set("/title", "My title")
	r := one.post(path, mine)
	checkPage(t, "the conflict", r)
	if r.Code != http.StatusConflict {
		t.Fatalf("conflict: status %d", r.Code)
	}
	has(t, r.Body.String(), "Somebody else saved", "<b>Their </b>title", "<b>My </b>title")
	if n := strings.Count(r.Body.String(), "<del>"); n != 2 {
		t.Errorf("the conflict shows %d differences, and there are two", n)
	}
	// What only they changed is told apart, and is in the form.
	has(t, r.Body.String(), "Both of you changed this.", "<dt>Summary</dt>", "Their summary.", "Only they changed this.", "Save mine over theirs")
	if n := strings.Count(r.Body.String(), "Only they changed this."); n != 1 {
		t.Errorf("%d differences are said to be theirs alone, and it is the summary", n)
	}
	again := fields(t, r.Body.String(), "incident-form")
	if r := one.post(path, again); r.Code != http.StatusSeeOther {
		t.Fatalf("on purpose: status %d", r.Code)
	}
	has(t, one.page("/incidents/apple-id-payment-thefts/history"), "Version 3", "<b>Their </b>title", "<b>My </b>title", "Version 2", "Version 1")
	has(t, one.page("/incidents/apple-id-payment-thefts"), "My title", "Their summary.")
	// Bring the first version back.
	if r := one.post("/incidents/apple-id-payment-thefts/restore", url.Values{"version": {"1"}}); r.Code != http.StatusSeeOther {
		t.Errorf("restore: status %d", r.Code)
	}
	has(t, s.anybody().page("/incidents/apple-id-payment-thefts"), "Thefts from Alipay")
}

func TestDraftsAndDuplicates(t *testing.T) {
	t.Parallel()
	s := open(t)
	contributor, editor := s.as(access.Contributor), s.as(access.Editor)
	logged := func(title string) {
		t.Helper()
		f := url.Values{"/title": {title}, "/category": {"data_breach"}, "/participants/0/actor/name": {"Anthem"}, "/participants/0/role": {"victim"}, "anyway": {"1"},
			"/counts/0/quantity": {"78800000"}, "/counts/0/unit": {"records"}, "/counts/0/qualifier": {"at_most"}}
		if r := contributor.post("/log", f); r.Code != http.StatusSeeOther || !strings.HasSuffix(r.Header().Get("Location"), "done=draft") {
			t.Fatalf("log a draft: status %d\n%s", r.Code, r.Body)
		}
	}
	logged("Draft to publish")
	logged("Draft to reject")
	if r := s.anybody().get("/incidents/draft-to-publish"); r.Code != http.StatusNotFound {
		t.Errorf("a draft is public: %d", r.Code)
	}
	has(t, editor.page("/drafts"), "Draft to publish", "Publish", "Reject")
	if strings.Contains(contributor.page("/drafts"), `/publish"`) {
		t.Error("a contributor sees the editor's buttons")
	}
	if r := contributor.post("/incidents/draft-to-publish/publish", nil); r.Code != http.StatusForbidden {
		t.Errorf("a contributor publishes: %d", r.Code)
	}
	if r := editor.post("/incidents/draft-to-publish/publish", nil); r.Code != http.StatusSeeOther {
		t.Errorf("publish: %d", r.Code)
	}
	if r := editor.post("/incidents/draft-to-reject/reject", url.Values{}); r.Code != http.StatusBadRequest {
		t.Errorf("reject without a reason: %d", r.Code)
	}
	if r := editor.post("/incidents/draft-to-reject/reject", url.Values{"reason": {"A duplicate"}}); r.Code != http.StatusSeeOther {
		t.Errorf("reject: %d", r.Code)
	}
	// Who logged it finds what became of it.
	_, link, _ := strings.Cut(contributor.page("/drafts"), `<a class="gone" href="`)
	link, _, _ = strings.Cut(html.UnescapeString(link), `"`)
	has(t, contributor.page(link), "Draft to reject")
	has(t, contributor.page("/incidents/draft-to-reject"), "A duplicate")
	has(t, editor.page("/duplicates"), "Not the same")
	r := editor.post("/duplicates", url.Values{"one": {"draft-to-publish"}, "other": {"anthem-records-breach"}, "decision": {"keep-other"}})
	if r.Header().Get("Location") != "/incidents/anthem-records-breach?done=merged" {
		t.Errorf("merge: %d to %q", r.Code, r.Header().Get("Location"))
	}
	if r := s.anybody().get("/incidents/draft-to-publish"); r.Code != http.StatusPermanentRedirect || r.Header().Get("Location") != "/incidents/anthem-records-breach" {
		t.Errorf("the merged one leads with %d to %q", r.Code, r.Header().Get("Location"))
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	if r := s.anybody().post("/sign-in", url.Values{"key": {"blk_wrong"}}); r.Code != http.StatusUnprocessableEntity || len(r.Result().Cookies()) > 0 {
		t.Errorf("a wrong key: status %d", r.Code)
	}
	r := s.anybody().post("/sign-in", url.Values{"key": {s.keys[access.Reader]}, "to": {"//elsewhere.example/"}})
	if r.Header().Get("Location") != "/" {
		t.Errorf("sign-in leads to %q", r.Header().Get("Location"))
	}
	v := s.as(access.Editor)
	has(t, v.page("/"), "Log an incident", "Sign out")
	v.post("/sign-out", nil)
	if strings.Contains(v.page("/"), "Sign out") {
		t.Error("the session goes on after signing out")
	}
	for _, path := range []string{"/log", "/drafts", "/duplicates", "/duplicates/actors", "/actors/apple/merge", "/incidents/opm-breach/edit", "/incidents/opm-breach/respond"} {
		if r := s.anybody().get(path); r.Code != http.StatusSeeOther {
			t.Errorf("nobody opens %s: %d", path, r.Code)
		}
		if r := s.as(access.Reader).get(path); r.Code != http.StatusForbidden {
			t.Errorf("a reader opens %s: %d", path, r.Code)
		}
	}
	if strings.Contains(s.as(access.Reader).page("/incidents/opm-breach"), "/edit") {
		t.Error("readers see editing controls")
	}
}

func TestWritesFromElsewhere(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Editor)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/incidents/opm-breach/retract", strings.NewReader("reason=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := v.do(r); w.Code != http.StatusForbidden {
		t.Errorf("a write from another site: status %d", w.Code)
	}
}

// TestWritesThroughAProxy: one that asks with a host of its own does not make the
// forms those of another site. Browsers that do not say where a form is from (as
// over plain http) send its origin.
func TestWritesThroughAProxy(t *testing.T) {
	t.Parallel()
	s := openWith(t, web.Config{PublicURL: "http://ledger.example.org/"})
	v := s.as(access.Editor)
	for origin, status := range map[string]int{
		"http://ledger.example.org": http.StatusUnprocessableEntity, // it has no reason
		"http://example.org":        http.StatusForbidden,
		"null":                      http.StatusForbidden,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/incidents/opm-breach/retract", strings.NewReader("reason="))
		r.Host = "127.0.0.1:8080"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		if w := v.do(r); w.Code != status {
			t.Errorf("a form from %s: status %d", origin, w.Code)
		}
	}
}

// TestDuplicatesShowTheirDates: whether two are one is decided by their dates too.
func TestDuplicatesShowTheirDates(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, month := range []string{"2015-03", "2019-03"} {
		disclosed, err := incidents.ParseDate(month)
		if err != nil {
			t.Fatal(err)
		}
		s.record(incidents.Incident{
			Title: "Breach at Acme Pay", Category: incidents.DataBreach, Disclosed: disclosed, Occurred: incidents.Period{From: disclosed, To: disclosed},
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Pay"}, Role: incidents.RoleVictim}},
			Counts:       []incidents.Count{{Unit: incidents.People, Quantity: new(int64(4100))}},
		})
	}
	body := s.as(access.Editor).page("/duplicates")
	// Their titles are the same, and what stays when they are merged must be told apart.
	for _, slug := range []string{"breach-at-acme-pay-2015", "breach-at-acme-pay-2019"} {
		has(t, body, `<span class="meta">`+slug+`</span></h2>`, "Merge into “Breach at Acme Pay” ("+slug+")</button>")
	}
	has(t, body, "happened March 2015 · public since March 2015", "happened March 2019 · public since March 2019", "the same number of people, but their dates are 1461 days apart")
}
