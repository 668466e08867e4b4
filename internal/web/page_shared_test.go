package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestEditAnActor: what nobody knew of an actor when it was first named is put right on
// the pages, and every incident has it.
func TestEditAnActor(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	slug := s.record(incidents.Incident{
		Title: "Tills", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Pay"}, Role: incidents.RoleVictim}},
	})
	has(t, v.page("/actors/acme-pay"), `href="/actors/acme-pay/edit"`)
	f := fields(t, v.page("/actors/acme-pay/edit"), "actor-form")
	f.Set("/kind", "company")
	f.Set("/sector", "payment_processor")
	f.Set("/country", "atlantis")
	f.Set("/aliases", "Acme Payments, Inc.\r\nAnthem")
	r := v.post("/actors/acme-pay/edit", f)
	checkPage(t, "the form with mistakes", r)
	if r.Code != http.StatusUnprocessableEntity {
		t.Fatalf("mistakes: status %d", r.Code)
	}
	has(t, r.Body.String(), "2 things are not right", `href="#f-country"`, `href="#f-aliases"`, "“Anthem”: the name belongs to the actor anthem", "Acme Payments, Inc.\r\nAnthem</textarea>")
	// Somebody else names it rightly in the meantime; that stays.
	c := ledger.Change{By: access.Identity{Name: "another", Role: access.Editor}, Action: "edit actor"}
	if err := s.ledger.EditActor(t.Context(), c, "acme-pay", func(a *incidents.Actor) error { a.Name = "Acme Pay Ltd"; return nil }); err != nil {
		t.Fatal(err)
	}
	f = fields(t, r.Body.String(), "actor-form")
	f.Set("/country", "us")
	f.Set("/aliases", "Acme Payments, Inc.")
	f.Set("/reason", "Its register says so")
	if r = v.post("/actors/acme-pay/edit", f); r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/actors/acme-pay?done=actor" {
		t.Fatalf("status %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	has(t, s.anybody().page("/actors/acme-pay"), "Company · payment processor · United States", "<h1>Acme Pay Ltd</h1>", "Also Acme Payments, Inc.")
	has(t, s.anybody().page("/incidents/"+slug), "payments", "Acme Pay Ltd", "payment processor")
	has(t, v.page("/actors/acme-pay/history"), "Changed", "Its register says so", "Other names", "Acme Payments, Inc.", "Sector", "Payment processor", "Country", "US")
	for name, one := range map[string]visitor{"nobody": s.anybody(), "a contributor": s.as(access.Contributor)} {
		if r := one.post("/actors/acme-pay/edit", f); r.Code != http.StatusForbidden {
			t.Errorf("%s: status %d", name, r.Code)
		}
	}
}

// TestEditASource: a headline is put right, and a text is added, for claims to quote.
func TestEditASource(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	slug := s.record(incidents.Incident{Title: "Tills", Category: incidents.DataBreach, Sources: []incidents.Source{{URL: "https://example.com/tills", Title: "Tils"}}})
	path := regexp.MustCompile(`/sources/[0-9a-f-]{36}`).FindString(v.page("/incidents/" + slug))
	has(t, v.page(path), `href="`+path+`/edit"`)
	if strings.Contains(v.page(path+"/edit"), "required") {
		t.Error("something is required of a source, which may have any of these")
	}
	f := fields(t, v.page(path+"/edit"), "source-form")
	f.Set("/title", "Tills")
	f.Set("/published", "2024-13")
	f.Set("/text", "Ten cards\r\nwere taken.")
	r := v.post(path+"/edit", f)
	checkPage(t, "the form with mistakes", r)
	if r.Code != http.StatusUnprocessableEntity {
		t.Fatalf("mistakes: status %d", r.Code)
	}
	has(t, r.Body.String(), `href="#f-published"`, "there is no month 13", `value="Tills"`, "were taken.</textarea>")
	f = fields(t, r.Body.String(), "source-form")
	f.Set("/published", "2024-12")
	f.Set("/reason", "As <printed>")
	if r = v.post(path+"/edit", f); r.Code != http.StatusSeeOther || r.Header().Get("Location") != path+"?done=source" {
		t.Fatalf("status %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	has(t, s.anybody().page("/incidents/"+slug), ">Tills</a>", "December 2024", "text held", "https://example.com/tills")
	has(t, v.page(path), `href="`+path+`/history"`)
	has(t, s.as(access.Contributor).page(path+"/history"), "Changed", "As &lt;printed&gt;", "Headline", "Tils", "Tills", "2024-12", "Text, by its SHA-256")
	if r := s.as(access.Reader).get(path + "/history"); r.Code != http.StatusForbidden {
		t.Errorf("a reader reads who wrote what: %d", r.Code)
	}
	if body := v.page(path + "/edit"); strings.Contains(body, "<textarea") {
		t.Error("a text that is held is asked for")
	}
	if r := s.anybody().post(path+"/edit", f); r.Code != http.StatusForbidden {
		t.Errorf("nobody: status %d", r.Code)
	}
}
