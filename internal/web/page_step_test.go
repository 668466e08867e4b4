package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestRefusedSteps: what an editor typed to retract or merge an incident is there
// again, with what is wrong beside it.
func TestRefusedSteps(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Editor)
	for _, c := range []struct {
		step  string
		typed url.Values
		shown []string
	}{
		{
			"merge", url.Values{"into": {"no-such-thing"}, "reason": {"They are one"}},
			[]string{`href="#into"`, `<details class="act" open>`, `value="no-such-thing"`, `aria-describedby="into-error"`, `id="into-error"`, `value="They are one"`},
		},
		{"merge", url.Values{"into": {"opm-breach"}}, []string{`id="errors"`, `value="opm-breach"`, "Is the same incident."}},
		{"retract", url.Values{"reason": {"  "}}, []string{`href="#why"`, `aria-describedby="why-error"`, "Is required."}},
	} {
		r := v.post("/incidents/opm-breach/"+c.step, c.typed)
		checkPage(t, c.step, r)
		if r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %v: status %d", c.step, c.typed, r.Code)
		}
		has(t, r.Body.String(), c.shown...)
	}
	// The other incident may be named by its address, as it is copied.
	r := v.post("/incidents/opm-breach/merge", url.Values{"into": {" http://127.0.0.1:8080/incidents/anthem-records-breach?done=saved#responses"}})
	if r.Header().Get("Location") != "/incidents/anthem-records-breach?done=merged" {
		t.Errorf("merge by address: status %d to %q", r.Code, r.Header().Get("Location"))
	}
}

// TestWhatIsOfferedIsAllowed: who may not change an incident is not led to a form
// that is then refused.
func TestWhatIsOfferedIsAllowed(t *testing.T) {
	t.Parallel()
	s := open(t)
	const path = "/incidents/opm-breach"
	for _, role := range []access.Role{access.Reader, access.Contributor, access.Editor} {
		v := s.as(role)
		body := v.page(path)
		for _, form := range []string{"respond", "edit"} {
			offered, status := strings.Contains(body, `href="`+path+"/"+form+`"`), v.get(path+"/"+form).Code
			if offered != (status == http.StatusOK) {
				t.Errorf("%s: the form %s is offered: %v, and answers %d", role, form, offered, status)
			}
		}
	}
}
