package web_test

import (
	"compress/gzip"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/web"
)

func TestStart(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := s.anybody().page("/")
	has(t, body, "4 incidents: 2 with a number of victims, 2 without one",
		"Breach of customer records at Anthem", "at most 78,800,000 records", `class="ceiling"`, "claimed by the source", "quoted", "contested",
		"as many as 78.8 million customer records", "Read the sentence in the article",
		"U.S. Office of Personnel Management", "more than 21,000,000 national IDs", `class="open"`,
		"Without a number", "an unquantified number of people", "no count recorded",
		"Breached, and no response recorded", "Anthem", "How organisations answered", "4 incidents state", "Newest entries", "Sign in to log it")
	has(t, s.anybody().page("/?payment=true"), "1 incident about payments", `<a href="/?payment=true" aria-current="true">Payments</a>`)
}

func TestIncident(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := s.anybody().page("/incidents/opm-breach")
	has(t, body, "How many", "more than 21,000,000 national IDs", "Who was breached", "U.S. Office of Personnel Management", "no date recorded",
		"Who is accused", "Chinese government", "denied by Chinese government", "Chinese hackers",
		"3 figures, side by side", "more than 21,000,000 national IDs", "<mark>", "Read it in the article", "19,700,000 forms", "5,600,000 fingerprints",
		"Who is accused, and who denies it", "contested", "Accused by the source itself", "Xi Jinping",
		"What each organisation did", "None recorded.", "Chinese government", "not breached itself", "Denial",
		"No date is recorded.", "Permanent address of this version")
	// Every claim has a permanent address that answers.
	link := regexp.MustCompile(`/incidents/opm-breach/history/1#(claim-[0-9a-f-]{36})`).FindStringSubmatch(body)
	if link == nil {
		t.Fatal("no claim has a permanent address")
	}
	has(t, s.anybody().page("/incidents/opm-breach/history/1"), "This is version 1", `id="`+link[1]+`"`)
	if strings.Contains(body, "/edit") {
		t.Error("readers see editing controls")
	}
	if strings.Contains(body, "alleged attacker") {
		t.Error("who is accused stands among the others involved, too")
	}
	has(t, s.anybody().page("/incidents/apple-id-payment-thefts"), "an unquantified number of people", "claimed by Apple",
		"at most 2,000 CNY stolen (290 USD in the source)", "promised", "known from an unnamed source")
}

func TestSource(t *testing.T) {
	t.Parallel()
	s := open(t)
	incident := s.anybody().page("/incidents/opm-breach")
	link := regexp.MustCompile(`href="(/sources/[0-9a-f-]{36})\?at=([0-9]+-[0-9]+)#(q-[0-9-]+)"`).FindStringSubmatch(incident)
	if link == nil {
		t.Fatal("no quote leads to its passage")
	}
	body := s.anybody().page(link[1] + "?at=" + link[2])
	has(t, body, "Cybersecurity Leads As China", `id="`+link[3]+`"`, `mark class="quote`, "What rests on it", "Count", "/incidents/")
	if !strings.Contains(body, "deep") || !strings.Contains(body, "here") {
		t.Error("overlapping passages, or the one asked for, are not told apart")
	}
	// What the marks hold together is the article, letter by letter.
	text := regexp.MustCompile(`(?s)<div class="text"[^>]*>(.*?)</div>\s*<aside`).FindStringSubmatch(body)
	if text == nil {
		t.Fatal("no text")
	}
	plain := html.UnescapeString(regexp.MustCompile(`(?s)<sup>.*?</sup>|<[^>]+>|\n`).ReplaceAllString(text[1], ""))
	has(t, plain, "as many as 78.8 million customer records")
	plain = strings.Join(strings.Fields(plain), " ") // no-break spaces among them
	has(t, plain, "over 21 million Social Security numbers, 19.7 million forms with data and 5.6 million fingerprint records")
	has(t, s.anybody().page("/sources"), "No incident:")
}

func TestSourceTextsForKeysOnly(t *testing.T) {
	t.Parallel()
	s := openWith(t, web.Config{KeyedTexts: true})
	incident := s.anybody().page("/incidents/opm-breach")
	path := regexp.MustCompile(`/sources/[0-9a-f-]{36}`).FindString(incident)
	const beyond = "Susan Rice" // stands in the article, and in no quote
	for _, page := range []string{path, "/incidents/opm-breach", "/sources"} {
		if strings.Contains(s.anybody().page(page), beyond) {
			t.Errorf("%s shows more than quotes", page)
		}
	}
	has(t, s.anybody().page(path), "shown to those who are", "over 21 million Social Security numbers")
	if !strings.Contains(s.as(access.Reader).page(path), beyond) {
		t.Error("a reader does not see the text")
	}
	// Nor are its words found by those who may not read it.
	for _, search := range []string{"/incidents?q=Susan+Rice", "/incidents.csv?q=Susan+Rice", "/responses.csv?q=Susan+Rice"} {
		if strings.Contains(strings.ToLower(s.anybody().page(search)), "personnel management") {
			t.Errorf("%s finds by a closed text", search)
		}
		if !strings.Contains(strings.ToLower(s.as(access.Reader).page(search)), "personnel management") {
			t.Errorf("%s finds nothing for a reader", search)
		}
	}
}

func TestKeyedReads(t *testing.T) {
	t.Parallel()
	s := openWith(t, web.Config{KeyedReads: true})
	for _, path := range []string{"/", "/incidents", "/incidents.csv", "/incidents/opm-breach", "/sources", "/actors", "/responses", "/responses/list", "/responses/list.csv"} {
		if r := s.anybody().get(path); r.Code != http.StatusSeeOther || !strings.HasPrefix(r.Header().Get("Location"), "/sign-in?to=") {
			t.Errorf("GET %s: status %d to %q", path, r.Code, r.Header().Get("Location"))
		}
	}
	s.anybody().page("/sign-in")
	s.as(access.Reader).page("/incidents")
}

func TestList(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.anybody()
	has(t, v.page("/incidents"), "Breach of customer records at Anthem", "at most 78,800,000 records", "claimed by the source", "quoted",
		"Data breach at the U.S. Office", "Thefts from Alipay", "claimed by Apple")
	body := v.page("/incidents?category=theft_of_funds")
	if has(t, body, "Thefts from Alipay"); strings.Contains(body, "Anthem") {
		t.Error("the category does not filter")
	}
	has(t, v.page("/incidents?q=fingerprint"), "Data breach at the U.S. Office")
	body = v.page("/incidents?q=anthem")
	if has(t, body, `<a href="/actors/anthem"><mark>Anthem</mark></a>`); strings.Contains(body, "Actor:") {
		t.Error("a name that is shown stands there twice")
	}
	has(t, v.page("/incidents?q=hackers"), "Actor:", "Chinese <mark>hackers</mark>")
	has(t, v.page("/incidents?q=nothingsuch"), "No incident matches")
	has(t, v.page("/incidents?actor=Apple+Incorporated,R%26D+Bank,Apple+Pay"), "No incident matches",
		`begin with <a href="/actors?q=Apple">Apple</a>, <a href="/actors?q=R%26D">R&amp;D</a>.`)
	r := v.get("/incidents?q=&category=data_breach&category=extortion&from=")
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/incidents?category=data_breach,extortion" {
		t.Errorf("a form's address is not tidied: %d %s", r.Code, r.Header().Get("Location"))
	}
	for _, path := range []string{
		"/incidents?category=x", "/incidents?from=20", "/incidents?min_victims=-1", "/incidents?publication=draft", "/incidents?cursor=x",
		"/incidents?sort=x", "/incidents?payment=x", "/incidents?updated_since=x",
	} {
		if r := v.get(path); r.Code != http.StatusBadRequest {
			t.Errorf("GET %s: status %d", path, r.Code)
		} else {
			checkPage(t, path, r)
		}
	}
	r = v.get("/incidents.csv")
	has(t, r.Body.String(), "slug,title,category", "anthem-records-breach,", "at_most,78800000,records,(the source),quoted,,78800000,\"at most 78,800,000 records\",Anthem")
}

func TestActorsAndResponses(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	has(t, v.page("/actors"), "Alipay", "Wallet", "Anthem")
	has(t, v.page("/actors/us-office-of-personnel-management"), "Also ", "OPM")
	has(t, v.page("/actors/apple"), "Affected platform", "Its responses", "Apology", "Its promises", "open")
	has(t, v.page("/responses"), "Who answered in which way", "Chinese government", "None recorded", "Breach of customer records at Anthem")
	has(t, v.get("/responses.csv").Body.String(), "actor,name,kind", "anthem,Anthem,company,health,1,1,0")
	has(t, v.page("/incidents/opm-breach/history"), "Version 1", "Import")
	if r := v.get("/responses?actor_kind=x"); r.Code != http.StatusBadRequest {
		t.Errorf("a wrong kind: status %d", r.Code)
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	for _, path := range []string{
		"/nothing", "/incidents/nothing", "/incidents/..%2f..", "/sources/x", "/sources/00000000-0000-7000-8000-000000000000", "/actors/x-y",
		"/incidents/opm-breach/history/9", "/incidents/opm-breach/history/x", "/assets/x.css",
	} {
		r := v.get(path)
		if r.Code != http.StatusNotFound {
			t.Errorf("GET %s: status %d", path, r.Code)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	body := v.page("/")
	total := 0
	for _, path := range regexp.MustCompile(`/assets/[a-z]+\.[0-9a-f]{10}\.[a-z0-9]+`).FindAllString(body, -1) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		w := v.do(r)
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, %q", path, w.Code, w.Header().Get("Cache-Control"))
		}
		total += w.Body.Len()
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := v.do(r)
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Error("the page is not compressed")
	} else if _, err := gzip.NewReader(w.Body); err != nil {
		t.Error(err)
	}
	if page := w.Body.Len(); total+page > 120_000 || page > 30_000 {
		t.Errorf("the first load is %d bytes, the page %d", total+page, page)
	}
}

// TestHeatMapLinks: a cell leads to as many responses as it counts, and the name to the
// organisation.
func TestHeatMapLinks(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.record(incidents.Incident{
		Title: "Two victims", Category: incidents.DataBreach,
		Participants: []incidents.Participant{
			{Actor: incidents.ActorRef{Name: "Alpha", Kind: incidents.Company}, Role: incidents.RoleVictim},
			{Actor: incidents.ActorRef{Name: "Beta", Kind: incidents.Company}, Role: incidents.RoleVictim},
		},
		Responses: []incidents.Response{{Actor: incidents.ActorRef{Name: "Alpha"}, Kind: "apology"}},
	})
	for path, filter := range map[string]string{"/responses?category=data_breach": "category=data_breach", "/responses": "", "/": "", "/?payment=true": "payment=true"} {
		_, heat, _ := strings.Cut(s.anybody().page(path), `<table class="heat">`)
		heat, _, _ = strings.Cut(heat, "</table>")
		if filter != "payment=true" {
			has(t, heat, `<a href="/actors/alpha">Alpha</a>`, `<a href="/responses/list?actor=alpha&amp;`)
		}
		cells := regexp.MustCompile(`<td class="h[1-5]"><a href="([^"]*)">(\d+)</a></td>`).FindAllStringSubmatch(heat, -1)
		if len(cells) < 2 || len(cells) != strings.Count(heat, `<td class="h`)-strings.Count(heat, `<td class="h0"`)-strings.Count(heat, `<td class="hs"`) {
			t.Errorf("%s: %d cells lead somewhere", path, len(cells))
		}
		for _, cell := range cells {
			link := html.UnescapeString(cell[1])
			if list := s.anybody().page(link); strconv.Itoa(strings.Count(list, `<a class="title"`)) != cell[2] || !strings.Contains(link, filter) {
				t.Errorf("%s: %s leads to %d responses, and counts %s", path, link, strings.Count(list, `<a class="title"`), cell[2])
			}
		}
	}
	// Here roles and responses are those of incidents, and in the list those of who answered.
	for _, path := range []string{"/responses?role=victim", "/responses?response=apology"} {
		if strings.Contains(s.anybody().page(path), `<a href="/responses/list?actor=`) {
			t.Errorf("%s: a cell leads to what it does not count", path)
		}
	}
	beta := regexp.MustCompile(`(?s)/actors/beta">Beta</a></th>\s*<td class="hs">1</td>`)
	if !beta.MatchString(s.anybody().page("/responses?category=data_breach")) {
		t.Error("Beta has no response recorded in one incident, and the map does not say so")
	}
}

// TestQuotesNameTheirSources: where figures of several articles stand side by side,
// each says whose it is before anything is unfolded.
func TestQuotesNameTheirSources(t *testing.T) {
	t.Parallel()
	s := open(t)
	count := func(source string, n int64) incidents.Count {
		return incidents.Count{Unit: "cards", Quantity: &n, Headline: n == 5, Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: source}, Quote: "cards in " + source}}}}
	}
	slug := s.record(incidents.Incident{
		Title: "Two say so", Category: incidents.DataBreach, Counts: []incidents.Count{count("one", 5), count("two", 9)},
		Sources: []incidents.Source{{Key: "one", Title: "The Gazette", Text: "5 cards in one."}, {Key: "two", Title: "The Courier", Text: "9 cards in two."}},
	})
	has(t, s.anybody().page("/incidents/"+slug), "cards in one</q> <span", "The Gazette</span></summary>", "cards in two</q> <span", "The Courier</span></summary>")
	if strings.Contains(s.anybody().page("/incidents/opm-breach"), "</q> <span") {
		t.Error("the only source is named at every quote")
	}
}

// TestTablesAndPreviews: a table says what it is, and a preview of a page is short.
func TestTablesAndPreviews(t *testing.T) {
	t.Parallel()
	s := open(t)
	slug := s.record(incidents.Incident{Title: "Wordy", Category: incidents.DataBreach, Summary: strings.Repeat("Many words. ", 40) + "\n\nThe end."})
	v := s.anybody()
	for _, path := range []string{"/", "/incidents", "/responses", "/actors", "/actors/apple", "/incidents/" + slug} {
		body := v.page(path)
		for _, table := range strings.Split(body, "<table")[1:] {
			if _, inside, _ := strings.Cut(table, ">"); !strings.HasPrefix(inside, "<caption") {
				t.Errorf("%s has a table without a caption: %.60s", path, table)
			}
		}
		description := regexp.MustCompile(`<meta name="description" content="([^"]*)">`).FindStringSubmatch(body)
		if len(description) != 2 || len([]rune(html.UnescapeString(description[1]))) > 300 {
			t.Errorf("%s is described by %q", path, description)
		}
	}
	has(t, v.page("/incidents/"+slug), "Many words. Many", `…">`)
}

// TestAPromiseIsNoDeed: where a response stands in a few words, these say that it is
// a promise, or a broken one; and who accuses without a source is not said to be one.
func TestAPromiseIsNoDeed(t *testing.T) {
	t.Parallel()
	s := open(t)
	date, err := incidents.ParseDate("2015-01-02")
	if err != nil {
		t.Fatal(err)
	}
	acme := incidents.ActorRef{Name: "Acme", Kind: incidents.Company}
	slug := s.record(incidents.Incident{
		Title: "Promises", Category: incidents.DataBreach,
		Attributions: []incidents.Attribution{{Accused: incidents.ActorRef{Name: "Void", Kind: "group"}, Basis: "third_party_attributes", Stated: date}},
		Responses: []incidents.Response{
			{Actor: acme, Kind: "refund", Status: incidents.Promised, Date: date},
			{Actor: acme, Kind: "compensation", Status: incidents.Broken, Date: date},
			{Actor: acme, Kind: "apology", Date: date},
		},
	})
	body := s.anybody().page("/incidents/" + slug)
	has(t, body, "Cite", "Acme: refund (promised), unsourced (Promises)", "Acme: compensation (broken), unsourced (Promises)", "Acme: apology, unsourced (Promises)",
		"<h2 id=\"timeline\">", "Somebody who is not named accuses Void", "Acme: refund (promised)</a>", "Acme: compensation (broken)</a>", "Acme: apology</a>")
}
