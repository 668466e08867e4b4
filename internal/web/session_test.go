package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/web"
)

func TestSessionSurvivesARestart(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	again, err := web.New(web.Config{Ledger: s.ledger})
	if err != nil {
		t.Fatal(err)
	}
	s.web = again
	has(t, v.page("/"), "Sign out")
	keys, err := s.ledger.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key.Role == access.Editor {
			if err := s.ledger.RevokeKey(t.Context(), key.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r := v.post("/log", url.Values{"/title": {"x"}}); r.Code != http.StatusForbidden {
		t.Errorf("with a revoked key: status %d", r.Code)
	}
}

func TestCookieIsSecureBehindTLS(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, tt := range map[string]struct {
		config web.Config
		tls    *tls.ConnectionState
		want   bool
	}{
		"plain":    {web.Config{}, nil, false},
		"TLS here": {web.Config{}, &tls.ConnectionState{}, true},
		"HSTS":     {web.Config{HSTS: time.Hour}, nil, true},
		"a proxy":  {web.Config{PublicURL: "https://ledger.example.org/"}, nil, true},
	} {
		tt.config.Ledger = s.ledger
		w, err := web.New(tt.config)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sign-in", strings.NewReader(url.Values{"key": {s.keys[access.Reader]}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.TLS = tt.tls
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		cookies := out.Result().Cookies()
		if len(cookies) != 1 || cookies[0].Secure != tt.want || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
			t.Errorf("%s: the cookie is %+v", name, cookies)
		}
		if hsts := out.Header().Get("Strict-Transport-Security"); (hsts != "") != (tt.config.HSTS > 0) {
			t.Errorf("%s: Strict-Transport-Security is %q", name, hsts)
		}
	}
}

func TestRespondToWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	const path = "/incidents/anthem-records-breach/respond"
	one, other := fields(t, v.page(path), "response-form"), fields(t, v.page(path), "response-form")
	for _, f := range []url.Values{one, other} {
		f.Set("/kind", "apology")
		f.Set("/summary", "Sorry.")
	}
	if r := v.post(path, one); r.Code != http.StatusSeeOther {
		t.Fatalf("the first: status %d\n%s", r.Code, r.Body)
	}
	r := v.post(path, other)
	checkPage(t, path, r)
	if r.Code != http.StatusConflict {
		t.Fatalf("the second: status %d", r.Code)
	}
	has(t, r.Body.String(), "Somebody else saved", "Sorry.")
	if r = v.post(path, fields(t, r.Body.String(), "response-form")); r.Code != http.StatusSeeOther {
		t.Errorf("on purpose: status %d", r.Code)
	}
	other.Del("etag")
	if r := v.post(path, other); r.Code != http.StatusBadRequest {
		t.Errorf("without a version: status %d", r.Code)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	for path, parts := range map[string][]string{
		"/promises.csv":                     {"incident,incident_title,actor", "apple-id-payment-thefts,", "apple,Apple", "refund,open"},
		"/promises.csv?state=kept":          {"incident,incident_title,actor"},
		"/incidents/opm-breach/claims.csv":  {"incident_id,incident_slug", "opm-breach", "19700000", "over 21 million Social Security numbers, 19.7 million forms"},
		"/incidents.csv?q=fingerprint":      {"slug,title", "opm-breach,"},
		"/incidents.csv?sort=victims_low":   {"slug,title", "opm-breach,"},
		"/responses.csv?actor_kind=company": {"actor,name", "apple,Apple,company,technology,"},
	} {
		r := v.get(path)
		if r.Code != http.StatusOK || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/csv") || !strings.Contains(r.Header().Get("Content-Disposition"), ".csv") {
			t.Errorf("GET %s: status %d, %q", path, r.Code, r.Header())
		}
		has(t, r.Body.String(), parts...)
	}
	for _, path := range []string{
		"/incidents.csv?category=x", "/promises.csv?state=x", "/responses.csv?from=x", "/promises.csv?from=x",
		"/incidents.csv?catgory=data_breach", "/responses.csv?state=open", "/promises.csv?sector=health&stat=open", // none is passed over
		"/incidents.csv?q=100%", "/incidents?sector=health;q=data", "/?%", "/incidents/opm-breach?%zz", "/promises.csv?state=%2",
	} {
		if r := v.get(path); r.Code != http.StatusBadRequest {
			t.Errorf("GET %s: status %d", path, r.Code)
		}
	}
	has(t, v.get("/incidents.csv?catgory=data_breach").Body.String(), "there is no such parameter here")
	// What a page pays no attention to is not in the addresses of its files.
	has(t, v.page("/incidents?sector=health&utm_source=x"), `href="/incidents.csv?sector=health"`)
	has(t, v.page("/responses?sector=health&state=open&utm_source=x"), `href="/responses.csv?sector=health"`, `href="/promises.csv?sector=health&amp;state=open"`)
}

// TestMethodsThatNoPageHas: a page that is there is not said to be missing.
func TestMethodsThatNoPageHas(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	for _, c := range []struct {
		method, path, allow string
		status              int
	}{
		{http.MethodPut, "/incidents", "GET, HEAD", http.StatusMethodNotAllowed},
		{http.MethodPost, "/incidents.csv", "GET, HEAD", http.StatusMethodNotAllowed},
		{http.MethodDelete, "/sign-in", "GET, HEAD, POST", http.StatusMethodNotAllowed},
		{http.MethodPut, "/sign-out", "POST", http.StatusMethodNotAllowed},
		{"PROPFIND", "/", "GET, HEAD", http.StatusMethodNotAllowed},
		{http.MethodPut, "/nothing", "", http.StatusNotFound},
		{http.MethodGet, "/sign-out", "", http.StatusNotFound},
	} {
		r := v.do(httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil))
		if r.Code != c.status || r.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: status %d, Allow %q", c.method, c.path, r.Code, r.Header().Get("Allow"))
		}
	}
}

// TestAFormOutlivesItsSession: what was typed while the session ended is not lost.
func TestAFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	f := fields(t, v.page("/log"), "incident-form")
	f.Set("/title", `Typed "before" the end`)
	f.Set("/category", "data_breach")
	f.Set("/summary", "First line\nsecond line")
	v.post("/sign-out", nil)
	r := v.post("/log", f)
	checkPage(t, "/log after the end", r)
	if r.Code != http.StatusForbidden {
		t.Fatalf("status %d", r.Code)
	}
	body := r.Body.String()
	has(t, body, "nothing was saved", `<form method="post" action="/log" data-unsaved>`)
	again := fields(t, strings.Replace(body, `<form method="post" action="/log" data-unsaved>`, `<form id="again">`, 1), "again")
	if r = s.as(access.Editor).post("/log", again); r.Code != http.StatusSeeOther {
		t.Fatalf("sent again: status %d\n%s", r.Code, r.Body)
	}
	has(t, s.anybody().page(r.Header().Get("Location")), "Typed &#34;before&#34; the end", "First line", "second line")
}
