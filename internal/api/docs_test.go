package api_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var loadedPattern = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// TestDocsPage: the page and everything that it loads come from here.
func TestDocsPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	page := s.get(t, "/docs").must(t, http.StatusOK)
	policy := page.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the page's policy has no %s: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the page's policy is too weak: %s", policy)
	}
	loaded := loadedPattern.FindAllStringSubmatch(string(page.body), -1)
	if len(loaded) < 5 {
		t.Fatalf("the page loads only %v", loaded)
	}
	for _, m := range loaded {
		if m[1] == "data:," {
			continue
		}
		if strings.Contains(m[1], ":") || strings.HasPrefix(m[1], "/") {
			t.Errorf("the page loads %s, which may be elsewhere", m[1])
		}
		s.get(t, "/"+m[1]).must(t, http.StatusOK)
	}
}

// TestDocsCompressed: who takes compressed files gets them so, and everybody
// gets the same.
func TestDocsCompressed(t *testing.T) {
	t.Parallel()
	s := start(t)
	path := "/docs/swagger-ui-bundle.js"
	for accepts, compressed := range map[string]bool{"": false, "gzip": true, "deflate, GZIP;q=0.5, br": true, "gzip;q=0": false, "gzip; q=0.0": false, "br": false} {
		got := s.send(t, request{path: path, header: map[string]string{"Accept-Encoding": accepts}}).must(t, http.StatusOK)
		same(t, accepts, got.header.Get("Content-Encoding") == "gzip", compressed)
		body := got.body
		if compressed {
			reader, err := gzip.NewReader(strings.NewReader(string(body)))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(reader); err != nil {
				t.Fatal(err)
			}
		}
		if len(body) < 1<<20 || !strings.HasPrefix(string(body), "/*! For license information") {
			t.Errorf("%q: the file has %d bytes and begins %.30q", accepts, len(body), body)
		}
		again := s.send(t, request{path: path, header: map[string]string{"Accept-Encoding": accepts, "If-None-Match": got.header.Get("ETag")}})
		again.must(t, http.StatusNotModified)
		same(t, "the body of a 304", len(again.body), 0)
	}
}
