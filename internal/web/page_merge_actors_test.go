package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// atActor is an incident in which an organisation was breached.
func atActor(title, name string) incidents.Incident {
	return incidents.Incident{
		Title: title, Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: name, Kind: incidents.Company}, Role: incidents.RoleVictim}},
	}
}

// TestMergeIntoANameThatManyBeginWith: whom a name means does not depend on how many
// other names begin with it.
func TestMergeIntoANameThatManyBeginWith(t *testing.T) {
	t.Parallel()
	s := open(t)
	change := ledger.Change{By: access.Identity{Name: "ann", Role: access.Editor}, Action: "create actor"}
	for i := range ledger.MaxLimit + 1 {
		actor := incidents.Actor{Name: fmt.Sprintf("Bank %d", i)}
		if i == ledger.MaxLimit {
			actor = incidents.Actor{Name: "Zenith", Aliases: []string{"Bank"}} // the last one by its slug
		}
		if _, err := s.ledger.CreateActor(t.Context(), change, actor); err != nil {
			t.Fatal(err)
		}
	}
	has(t, s.as(access.Editor).page("/actors/bank-1/merge?into=bank"), "Merge “Bank 1” into “Zenith”")
}

// TestMergeActors goes from the queue to the question, and from there to the one actor.
func TestMergeActors(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	for i, name := range []string{"Acme Pay", "Acme Pay, Inc.", "Hess AG", "Hess Corporation", "<b>Bold</b> Bank", "<b>Bold</b> Bank Ltd"} {
		s.record(atActor("Case "+string(rune('A'+i)), name))
	}
	queue := v.page("/duplicates/actors")
	has(t, queue, "&lt;b&gt;Bold&lt;/b&gt; Bank Ltd", "Acme Pay, Inc.", `href="/actors/acme-pay-inc/merge?into=acme-pay"`, `href="/actors/acme-pay/merge?into=acme-pay-inc"`, "Not the same")
	has(t, v.page("/duplicates"), `href="/duplicates/actors"`)
	has(t, v.page("/actors/acme-pay"), "May be the same", "a name is the same but for its legal form", `href="/actors/acme-pay/merge?into=acme-pay-inc"`)
	if body := s.anybody().page("/actors/acme-pay"); strings.Contains(body, "May be the same") || strings.Contains(body, "/merge") {
		t.Error("readers are asked what only editors decide")
	}

	// Not the same, from the queue and from the page of one.
	if r := v.post("/duplicates/actors", url.Values{"one": {"hess-ag"}, "other": {"hess-corporation"}}); r.Header().Get("Location") != "/duplicates/actors?done=different" {
		t.Errorf("not the same: %d to %q", r.Code, r.Header().Get("Location"))
	}
	if r := v.post("/duplicates/actors", url.Values{"one": {"b-bold-b-bank"}, "other": {"b-bold-b-bank-ltd"}, "back": {"actor"}}); r.Header().Get("Location") != "/actors/b-bold-b-bank?done=different" {
		t.Errorf("not the same, from an actor: %d to %q", r.Code, r.Header().Get("Location"))
	}
	if queue = v.page("/duplicates/actors"); strings.Contains(queue, "Hess") || strings.Contains(queue, "Bold") || !strings.Contains(queue, "Acme") {
		t.Errorf("the queue after two decisions is %s", queue)
	}

	// The other is chosen by its name, address or slug; nobody and itself are refused.
	for typed, want := range map[string]int{
		"acme-pay": 200, " ACME PAY ": 200, "https://ledger.example/actors/acme-pay?x=1": 200,
		"nobody": 422, "acme-pay-inc": 422, "Acme Pay, Inc.": 422, "%00": 422, "\xff": 422,
	} {
		r := v.get("/actors/acme-pay-inc/merge?into=" + url.QueryEscape(typed))
		checkPage(t, "merge into "+typed, r)
		if r.Code != want || strings.Contains(r.Body.String(), "This cannot be undone") != (want == 200) {
			t.Errorf("merge into %q: status %d", typed, r.Code)
		}
	}
	for name, one := range map[string]visitor{"nobody": s.anybody(), "a contributor": s.as(access.Contributor)} {
		for path, form := range map[string]url.Values{"/actors/acme-pay-inc/merge": {"into": {"acme-pay"}}, "/duplicates/actors": {"one": {"acme-pay"}, "other": {"acme-pay-inc"}}} {
			if r := one.post(path, form); r.Code != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, path, r.Code)
			}
		}
	}
	long := v.post("/actors/acme-pay-inc/merge", url.Values{"into": {"acme-pay"}, "reason": {strings.Repeat("x", 2001)}})
	checkPage(t, "a reason that is too long", long)
	if long.Code != http.StatusUnprocessableEntity || !strings.Contains(long.Body.String(), "ust have at most 2,000 characters") {
		t.Errorf("a reason that is too long: %d %s", long.Code, long.Body)
	}
	if r := v.post("/actors/acme-pay-inc/merge", url.Values{"into": {"nobody"}}); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("merge into nobody: %d", r.Code)
	}
	if r := v.post("/actors/acme-pay-inc/merge", url.Values{"into": {"acme-pay"}, "reason": {"One <company>"}}); r.Header().Get("Location") != "/actors/acme-pay?done=one" {
		t.Fatalf("merge: %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	has(t, s.anybody().page("/actors/acme-pay?done=one"), "The two actors are one now.", "Also Acme Pay, Inc.", "Case B", "Case A")
	has(t, v.page("/duplicates/actors"), "No pair is waiting.")
	has(t, v.page("/actors/acme-pay"), `href="/actors/acme-pay/history"`)
	has(t, s.as(access.Contributor).page("/actors/acme-pay/history"), "Merged “Acme Pay, Inc.” into it", "One &lt;company&gt;", "Other names", "Acme Pay, Inc.")
	has(t, v.page("/actors/hess-ag/history"), "It was not changed")
	if r := s.anybody().get("/actors/acme-pay/history"); r.Code != http.StatusSeeOther {
		t.Errorf("nobody reads who wrote what: %d", r.Code)
	}
	if r := v.get("/actors/acme-pay-inc/merge"); r.Code != http.StatusPermanentRedirect {
		t.Errorf("the page to merge a merged one answers %d", r.Code)
	}
}
