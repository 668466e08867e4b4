package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestProblemsStandAtTheirFields: each problem of a form leads to a field, which
// says what is wrong with it and keeps what was typed.
func TestProblemsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	for _, c := range []struct {
		path, form string
		typed      map[string]string
		fields     []string
	}{
		{"/log", "incident-form", map[string]string{"/countries": "US, Atlantis", "/tags": "Not a Tag, fine"}, []string{"f-title", "f-category", "f-countries", "f-tags"}},
		{
			"/log", "incident-form", map[string]string{
				"/title": "Two counts", "/category": "data_breach", "/counts/0/quantity": "5", "/counts/1/quantity": "6", "/counts/1/unit": "cards", "/occurred/from": "2015", "/occurred/to": "2014",
				"/participants/0/actor/name": "Acme", "/participants/1/actor/name": "Acme", "/participants/1/role": "victim", "/sources/0/author": "Nobody",
				"/losses/0/kind": "stolen", "/losses/0/qualifier": "not_disclosed", "/losses/0/converted/amount": "5", "/losses/0/converted/currency": "USD",
			},
			[]string{"f-counts-0-headline", "f-occurred-from", "f-participants-1-actor-name", "f-sources-0-url", "f-losses-0-converted-amount"},
		},
		{
			"/incidents/opm-breach/respond", "response-form", map[string]string{"/kind": "apology", "/answers": "<first>", "url": "ftp://example.com"},
			[]string{"f-answers", "f-evidence-0-source-url"},
		},
	} {
		body := v.page(c.path)
		f := fields(t, body, c.form)
		for name, typed := range c.typed {
			if typed == "<first>" {
				choices := regexp.MustCompile(`(?s)name="` + name + `".*?<option value="([^"]+)"`).FindStringSubmatch(body)
				c.typed[name], typed = choices[1], choices[1]
			}
			f.Set(name, typed)
		}
		r := v.post(c.path, f)
		checkPage(t, c.path, r)
		if r.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%s: status %d", c.path, r.Code)
		}
		checkProblems(t, c.path, r.Body.String(), c.fields, c.typed, fields(t, r.Body.String(), c.form))
	}
}

func checkProblems(t *testing.T, path, body string, at []string, typed map[string]string, kept url.Values) {
	t.Helper()
	if strings.Contains(body, "data_breach,") || strings.Contains(body, "(data_breach") {
		t.Errorf("%s shows codes where a label stands to choose", path)
	}
	for _, id := range at {
		has(t, body, `href="#`+id+`"`, `id="`+id+`"`)
		described := `aria-describedby="` + id + `-error`
		if strings.Contains(body, `id="`+id+`-help"`) {
			described += " " + id + "-help" // both are read out
		}
		if !strings.Contains(body, described+`"`) || !strings.Contains(body, `id="`+id+`-error"`) {
			t.Errorf("%s: the field %s does not say what is wrong with it", path, id)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, ` id="`+link[1]+`"`) {
			t.Errorf("%s: a problem leads to #%s, which is not there", path, link[1])
		}
	}
	for name, value := range typed {
		if kept.Get(name) != value {
			t.Errorf("%s: %s was %q and is %q", path, name, value, kept.Get(name))
		}
	}
}

// TestNumbersAsPeopleWriteThem: a number that is understood is stored, and any other
// is refused at its field; none fails.
func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	for typed, shown := range map[string]string{"007": "at most 7 cards", "40 million": "at most 40,000,000 cards", "+7": "at most 7 cards", "00": "at most 0 cards"} {
		f := url.Values{"/title": {"Numbers " + typed}, "/category": {"data_breach"}, "/counts/0/qualifier": {"at_most"}, "/counts/0/quantity": {typed}, "/counts/0/unit": {"cards"}, "anyway": {"1"}}
		r := v.post("/log", f)
		if r.Code != http.StatusSeeOther {
			t.Errorf("%s: status %d\n%s", typed, r.Code, r.Body)
			continue
		}
		has(t, v.page(r.Header().Get("Location")), shown)
	}
	for _, typed := range []string{"1,5", "78,8 million", "1e5", "many", strings.Repeat("9", 30)} {
		f := url.Values{"/title": {"A number"}, "/category": {"data_breach"}, "/counts/0/quantity": {typed}, "/counts/0/unit": {"cards"}}
		r := v.post("/log", f)
		if r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", typed, r.Code)
		}
		has(t, r.Body.String(), `value="`+typed+`"`, `id="f-counts-0-quantity-error"`)
	}
	// A currency is written in small letters too.
	f := url.Values{"/title": {"Money"}, "/category": {"data_breach"}, "/losses/0/kind": {"stolen"}, "/losses/0/amount": {"1.5 million"}, "/losses/0/currency": {"usd"}}
	if r := v.post("/log", f); r.Code != http.StatusSeeOther {
		t.Errorf("money: status %d\n%s", r.Code, r.Body)
	}
	has(t, v.page("/incidents/money"), "1,500,000 USD")
}

// TestProblemsAreInTheWordsOfTheForm, and not in those of the API: no pointer, no
// code of a term, and no other way to write a document.
func TestProblemsAreInTheWordsOfTheForm(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Editor)
	r := v.post("/log", url.Values{
		"/title": {"In words"}, "/category": {"data_breach"}, "/tags": {"not_disclosed, not_disclosed"},
		"/counts/0/quantity": {"5"}, "/counts/0/unit": {"cards"}, "/counts/0/headline": {"true"},
		"/counts/1/quantity": {"6"}, "/counts/1/unit": {"cards"}, "/counts/1/headline": {"true"}, "/counts/1/qualifier": {"not_disclosed"},
		"/counts/2/low": {"9"}, "/counts/2/high": {"8"}, "/counts/2/unit": {"cards"}, "/counts/2/qualifier": {"between"},
		"/attributions/0/key": {"a"}, "/attributions/0/accused/name": {"Night Ring"}, "/attributions/0/basis": {"media_attributes"},
		"/responses/0/kind": {"apology"}, "/responses/0/answers": {"a"},
	})
	if r.Code != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.Code)
	}
	var told []string
	for _, found := range regexp.MustCompile(`(?s)<p class="error"[^>]*>(.*?)</p>|<li><a href="#f-[^>]*>(.*?)</li>`).FindAllStringSubmatch(r.Body.String(), -1) {
		told = append(told, html.UnescapeString(found[1]+found[2]))
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"figure 1 is it already", "must be left out with the qualifier not disclosed", "must not be above the upper bound", "only a denial or denial of scope",
		`"not_disclosed" is listed twice`, "Response 1, name</a>: is required",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	for _, of := range []string{"/counts", "scope_denial", "slug", "object", "headline:"} {
		if strings.Contains(all, of) {
			t.Errorf("a problem has %q", of)
		}
	}
	if t.Failed() {
		t.Log(all)
	}
}

// TestProblemsInTheOrderOfTheForm: whoever mends them goes through the form once.
func TestProblemsInTheOrderOfTheForm(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Editor)
	f := fields(t, v.page("/log"), "incident-form")
	for name, typed := range map[string]string{
		"/contained": "tomorrow", "/occurred/to": "31.12.2024", "/countries": "USA", "/counts/0/quantity": "1,2 million", "/counts/0/as_of": "2024-13",
		"/sources/0/url": "ftp://example.com", "/losses/0/kind": "stolen", "/losses/0/amount": "HK$5", "/losses/0/currency": "HKD",
	} {
		f.Set(name, typed)
	}
	_, list, _ := strings.Cut(v.post("/log", f).Body.String(), `id="errors"`)
	list, _, _ = strings.Cut(list, "</ul>")
	has(t, list, ">Title</a>", ">Category</a>", ">Figure 1, as of</a>", ">Figure 1, number</a>", "such as 1200000, 1,200,000 or 1.2 million",
		">Source 1, address</a>", ">Loss 1, amount</a>", ">Happened, until</a>", ">Stopped</a>", ">Countries 1</a>")
}

// TestAQuoteThatCannotBePlaced: what a form says of it can be done in the form.
func TestAQuoteThatCannotBePlaced(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Editor)
	f := fields(t, v.page("/log"), "incident-form")
	for name, typed := range map[string]string{"/title": "Tills", "/category": "data_breach", "/counts/0/quantity": "10", "/counts/0/evidence/0/quote": "Ten cards"} {
		f.Set(name, typed)
	}
	body := v.post("/log", f).Body.String()
	has(t, body, "Figure 1, sentence 1, source</a>: is required with a sentence: say which source it is from")
	f = fields(t, body, "incident-form")
	f.Set("/sources/0/text", "Ten cards. Ten cards, they said.")
	body = v.post("/log", f).Body.String()
	has(t, body, "stands in the text 2 times; quote more, so that it stands there once: (1) line 1")
	f = fields(t, body, "incident-form")
	f.Set("/counts/0/evidence/0/quote", "Ten cards, they said.")
	if r := v.post("/log", f); r.Code != http.StatusSeeOther {
		t.Errorf("a longer quote: status %d\n%s", r.Code, r.Body)
	}
}
