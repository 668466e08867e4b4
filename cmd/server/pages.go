package main

import (
	"net/http"
	"strings"
)

// apiAndPages is the API and the pages under one address.
type apiAndPages struct {
	drainer // the API
	pages   http.Handler
}

func withPages(api drainer, pages http.Handler) apiAndPages { return apiAndPages{api, pages} }

// ServeHTTP sends what belongs to the API there, and everything else to the
// pages.
func (s apiAndPages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isAPI(r.URL.Path) {
		s.drainer.ServeHTTP(w, r)
		return
	}
	s.pages.ServeHTTP(w, r)
}

// isAPI reports whether a path is the API's, and not one of the pages.
func isAPI(path string) bool {
	switch first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); first {
	case "v1", "docs", "healthz", "readyz", "metrics", "feed.atom":
		return true
	default:
		return strings.HasPrefix(first, "openapi.")
	}
}
