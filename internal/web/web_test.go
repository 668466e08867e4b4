package web_test

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/internal/web"
	"github.com/breachledger/breachledger/seeds"
)

// site is the pages on a ledger of their own with the five seed articles, and a
// key for each role.
type site struct {
	t      *testing.T
	ledger *ledger.Ledger
	web    *web.Web
	keys   map[access.Role]string
}

func open(t *testing.T) *site {
	t.Helper()
	return openWith(t, web.Config{})
}

func openWith(t *testing.T, c web.Config) *site {
	t.Helper()
	l := ledgertest.Open(t)
	set, err := factfile.Load(seeds.Files, "seeds")
	if err != nil {
		t.Fatalf("read the seeds: %v", err)
	}
	if _, err := importer.Facts(context.Background(), l, set); err != nil {
		t.Fatalf("import the seeds: %v", err)
	}
	c.Ledger = l
	w, err := web.New(c)
	if err != nil {
		t.Fatalf("make the pages: %v", err)
	}
	s := &site{t: t, ledger: l, web: w, keys: map[access.Role]string{}}
	for _, role := range access.Roles() {
		_, secret, err := l.CreateKey(context.Background(), "the "+role, access.Role(role), nil)
		if err != nil {
			t.Fatalf("make a key: %v", err)
		}
		s.keys[access.Role(role)] = secret
	}
	return s
}

// visitor is somebody with a cookie, or nobody.
type visitor struct {
	*site
	cookie *http.Cookie
}

func (s *site) anybody() visitor { return visitor{site: s} }

// as signs in through the form.
func (s *site) as(role access.Role) visitor {
	s.t.Helper()
	r := s.anybody().post("/sign-in", url.Values{"key": {s.keys[role]}, "to": {"/drafts"}})
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/drafts" {
		s.t.Fatalf("sign in as %s: status %d, to %q", role, r.Code, r.Header().Get("Location"))
	}
	cookies := r.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		s.t.Fatalf("the session cookie is %+v", cookies)
	}
	return visitor{site: s, cookie: cookies[0]}
}

func (v visitor) do(r *http.Request) *httptest.ResponseRecorder {
	v.t.Helper()
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	w := httptest.NewRecorder()
	v.web.ServeHTTP(w, r)
	return w
}

func (v visitor) get(path string) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.do(httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, path, nil))
}

func (v visitor) post(path string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(r)
}

// page is a page that must be there, well-formed, with the security headers.
func (v visitor) page(path string) string {
	v.t.Helper()
	r := v.get(path)
	if r.Code != http.StatusOK {
		v.t.Fatalf("GET %s: status %d\n%s", path, r.Code, r.Body)
	}
	checkPage(v.t, path, r)
	return r.Body.String()
}

func checkPage(t *testing.T, path string, r *httptest.ResponseRecorder) {
	t.Helper()
	if policy := r.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: Content-Security-Policy is %q", path, policy)
	}
	body := r.Body.String()
	wellFormed(t, path, body)
	for _, bad := range []string{" style=", "<style", " onclick=", "javascript:", "<script>", "%!", "&lt;nil&gt;", "<no value>", "ZgotmplZ"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s has %q", path, bad)
		}
	}
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if seen[id[1]] {
			t.Errorf("%s has the id %q twice", path, id[1])
		}
		seen[id[1]] = true
	}
}

// wellFormed reads a page as XML with HTML's entities and void elements: every
// element must be closed, in order.
func wellFormed(t *testing.T, path, body string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(body))
	dec.Strict = false
	dec.AutoClose = xml.HTMLAutoClose
	dec.Entity = xml.HTMLEntity
	var open []string
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("%s is not well-formed: %v", path, err)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !isVoid(token.Name.Local) {
				open = append(open, token.Name.Local)
			}
		case xml.EndElement:
			if isVoid(token.Name.Local) {
				continue
			}
			if len(open) == 0 || open[len(open)-1] != token.Name.Local {
				t.Errorf("%s: </%s> closes nothing; open are %v", path, token.Name.Local, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: never closed: %v", path, open)
	}
}

func isVoid(name string) bool {
	switch name {
	case "meta", "link", "input", "br", "hr", "img":
		return true
	default:
		return false
	}
}

// has checks that a page says all of these, in this order.
func has(t *testing.T, body string, parts ...string) {
	t.Helper()
	rest := body
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("the page does not have %q (in that order)", part)
			return
		}
		rest = after
	}
}

// record logs an incident through the ledger.
func (s *site) record(in incidents.Incident) string {
	s.t.Helper()
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "record"}
	doc, err := s.ledger.Record(context.Background(), c, in)
	if err != nil {
		s.t.Fatalf("record: %v", err)
	}
	return doc.Slug
}
